"""The index of a library: every wording and every article in two views. Built whole, never changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bridge.model.articles import Article
from kb_matcher import classifier, layout
from kb_matcher.classifier import Classifier
from kb_matcher.normalise import clean, key, question_words, stem, strip_politeness, words
from kb_matcher.postings import Ints, Postings, bag, bucket, letter_features, stem_features

MAX_ANSWER_WORDS = 300


@dataclass(frozen=True, slots=True)
class Index:
    """An immutable index; wordings of one article stand together, `first[a]:first[a + 1]` are those of article a."""

    articles: tuple[Article, ...]
    wordings: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]
    masses: NDArray[np.float64]  # summed idf of each wording's stems
    owner: Ints
    first: Ints
    stems: Postings
    letters: Postings
    article_stems: Postings
    article_letters: Postings
    answers: Postings
    by_key: dict[str, tuple[int, ...]]
    classifier: Classifier | None

    @property
    def counts(self) -> NDArray[np.int64]:
        """Wordings per article."""
        return np.diff(self.first)

    def known(self, text: str) -> float:
        """Tell which idf share (0..1) of the letter groups of a customer's text occurs in the index."""
        return self.letters.query(bag(letter_features(question_words(text)))).known

    def read(self, text: str) -> list[str]:
        """Return the words that are matched: personal data and politeness out, the wrong layout mended."""
        return question_words(layout.meant(clean(text), self.known))


def wordings_of(article: Article) -> list[str]:
    """Return the article's wordings with its title, each once by its words."""
    seen: dict[tuple[str, ...], str] = {}
    for text in (article.title, *article.questions):
        tokens = tuple(words(text))
        if tokens:
            seen.setdefault(tokens, text)
    return list(seen.values())


def build(articles: Sequence[Article]) -> Index:
    """Index the published articles that have at least one word in title or wordings."""
    chosen: list[Article] = []
    texts: list[str] = []
    owner: list[int] = []
    for article in {one.id: one for one in articles}.values():  # of the same id the last, as a store would keep it
        own = wordings_of(article)
        if article.state == "published" and own:
            texts += own
            owner += [len(chosen)] * len(own)
            chosen.append(article)
    owners = np.asarray(owner, np.int64)
    tokens = [tuple(words(text)) for text in texts]
    keys = [key(strip_politeness(one)) for one in tokens]
    by_key: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(keys):
        by_key[one].append(number)
    stems = [stem_features(one) for one in tokens]
    letters = [letter_features(one) for one in tokens]
    views = (Postings.build(stems), Postings.build(letters))
    first = np.searchsorted(owners, np.arange(len(chosen) + 1)).astype(np.int64)
    return Index(
        articles=tuple(chosen),
        wordings=tuple(texts),
        tokens=tuple(tokens),
        keys=tuple(keys),
        masses=_masses(views[0], tokens),
        owner=owners,
        first=first,
        stems=views[0],
        letters=views[1],
        article_stems=Postings.build(_joined(stems, first)),
        article_letters=Postings.build(_joined(letters, first)),
        answers=Postings.build([stem_features(words(article.answer)[:MAX_ANSWER_WORDS]) for article in chosen]),
        by_key={one: tuple(numbers) for one, numbers in by_key.items()},
        classifier=classifier.fit(views, owners, len(chosen)),
    )


def _joined(texts: Sequence[list[int]], first: Ints) -> list[list[int]]:
    """Join the features of each article's wordings into one document."""
    return [[one for text in texts[start:end] for one in text] for start, end in pairwise(first.tolist())]


def _masses(view: Postings, tokens: Sequence[tuple[str, ...]]) -> NDArray[np.float64]:
    """Sum the idf of the different stems of each wording."""
    idf = dict(zip(view.features.tolist(), view.idf.tolist(), strict=True))
    return np.array([sum(idf[feature] for feature in {bucket(stem(token)) for token in one}) for one in tokens])
