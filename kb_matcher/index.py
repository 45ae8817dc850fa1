"""The index of a library: every wording and every article in two views. Never changed: growth makes another one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

from bridge.model.articles import Article
from bridge.model.ids import ArticleId
from kb_matcher import classifier, layout
from kb_matcher.classifier import Classifier
from kb_matcher.forward import Forward
from kb_matcher.hashing import bag, letter_features, stem_features
from kb_matcher.normalise import MAX_CHARS, key, mask, question_words, strip_politeness, wording_words, words
from kb_matcher.postings import Postings
from kb_matcher.questions import Floats, Ints
from kb_matcher.segments import Segment, give_back, joined, segment
from kb_matcher.texts import Places, Texts
from kb_matcher.together import MOST, Together

MAX_ANSWER_WORDS = 300
PORTION = 2000  # wordings counted at once while a library is indexed
VIEWS = ("stems", "letters", "article_stems", "article_letters", "answers")


@dataclass(frozen=True, slots=True)
class Entry:
    """What of an article is shown in a ranking."""

    id: ArticleId
    title: str
    lang: str | None


@dataclass(frozen=True, slots=True)
class Entries(Sequence[Entry]):
    """The articles of an index by number."""

    ids: Places
    titles: Texts
    langs: Texts  # "": any

    def __len__(self) -> int:
        return len(self.titles)

    @overload
    def __getitem__(self, number: int) -> Entry: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Entry]: ...

    def __getitem__(self, number: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        return Entry(ArticleId(self.ids.texts[number]), self.titles[number], self.langs[number] or None)


@dataclass(frozen=True, slots=True)
class Spoken(Sequence[tuple[str, ...]]):
    """The words of each wording, read when asked for."""

    wordings: Texts

    def __len__(self) -> int:
        return len(self.wordings)

    @overload
    def __getitem__(self, number: int) -> tuple[str, ...]: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[tuple[str, ...]]: ...

    def __getitem__(self, number: int | slice) -> tuple[str, ...] | Sequence[tuple[str, ...]]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        return wording_words(self.wordings[number])


@dataclass(frozen=True, slots=True)
class Index:
    """An immutable index; wordings of one article stand together, `first[a]:first[a + 1]` are those of article a."""

    articles: Entries
    prints: NDArray[np.uint64]  # of what was indexed of each article
    alive: NDArray[np.bool_]  # False: the article is gone or stands again further on
    wordings: Texts
    by_key: Places
    masses: Floats  # summed idf of each wording's stems
    owner: NDArray[np.int32]
    first: Ints
    stems: Postings
    letters: Postings
    article_stems: Postings
    article_letters: Postings
    answers: Postings
    classifier: Classifier | None
    together: Together | None = field(init=False, compare=False, default=None)  # the VIEWS of a small base

    def __post_init__(self) -> None:
        """Put the views of a small base side by side."""
        if 0 < len(self.owner) <= MOST:
            object.__setattr__(self, "together", Together.of([getattr(self, view) for view in VIEWS]))

    @property
    def counts(self) -> NDArray[np.int64]:
        """Wordings per article."""
        return np.diff(self.first)

    @property
    def keys(self) -> Texts:
        """What each wording is compared by (normalise.key)."""
        return self.by_key.texts

    @property
    def tokens(self) -> Spoken:
        """The words of each wording."""
        return Spoken(self.wordings)

    def heard(self, text: str) -> tuple[str, list[str]]:
        """Return the first MAX_CHARS of a customer's text, the wrong layout mended, and its words to be matched."""
        spoken: dict[str, list[str]] = {}

        def known(one: str) -> float:
            spoken[one] = question_words(one)
            return self.letters.known(bag(letter_features(spoken[one])))

        meant = layout.meant(text[:MAX_CHARS], known)
        return meant, spoken[meant]

    def known(self, text: str) -> float:
        """Tell which idf share (0..1) of the letter groups of a customer's text occurs in the index."""
        return self.letters.known(bag(letter_features(question_words(text))))

    def meant(self, text: str) -> str:
        """Return the first MAX_CHARS of a customer's text, the wrong layout mended."""
        return self.heard(text)[0]

    def read(self, text: str) -> list[str]:
        """Return the words that are matched: personal data and politeness out, the wrong layout mended."""
        return self.heard(text)[1]

    def same(self, spelled: str) -> list[int]:
        """Return the wordings of articles that are there whose key is this one."""
        return [number for number in self.by_key.get(spelled) if self.alive[self.owner[number]]]

    def number(self, id: ArticleId) -> int | None:
        """Return where an article stands; None: it is not there."""
        return next((one for one in self.articles.ids.get(id) if self.alive[one]), None)


def wordings_of(article: Article) -> dict[tuple[str, ...], str]:
    """Return the article's wordings with its title by their words, each once; personal data in them masked."""
    seen: dict[tuple[str, ...], str] = {}
    for text in (article.title, *article.questions):
        tokens = tuple(words(text))
        if tokens:
            seen.setdefault(tokens, mask(text))
    return seen


def fingerprint(article: Article) -> int:
    """Return 64 bits that change when anything does that is indexed or shown of an article."""
    parts = (article.id, article.title, article.lang or "", article.state, article.answer, *article.questions)
    packed = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(packed, digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Read:
    """Articles taken apart: their wordings and the hashed features of each view's documents, by the names of VIEWS."""

    articles: tuple[Article, ...]
    wordings: tuple[str, ...]
    keys: tuple[str, ...]
    counts: tuple[int, ...]  # wordings per article
    features: dict[str, list[list[int]]]


def take_apart(articles: Iterable[Article]) -> Read:
    """Read the published ones among the articles that have at least one word in title or wordings."""
    owned = [(article, wordings_of(article)) for article in articles if article.state == "published"]
    owned = [(article, own) for article, own in owned if own]
    tokens = [one for _, own in owned for one in own]
    counts = tuple(len(own) for _, own in owned)
    first = np.append(0, np.cumsum(counts, dtype=np.int64))
    stems, letters = [stem_features(one) for one in tokens], [letter_features(one) for one in tokens]
    return Read(
        articles=tuple(article for article, _ in owned),
        wordings=tuple(text for _, own in owned for text in own.values()),
        keys=tuple(key(strip_politeness(one)) for one in tokens),
        counts=counts,
        features={
            "stems": stems,
            "letters": letters,
            "article_stems": _joined(stems, first),
            "article_letters": _joined(letters, first),
            "answers": [stem_features(words(article.answer)[:MAX_ANSWER_WORDS]) for article, _ in owned],
        },
    )


def build(articles: Sequence[Article]) -> Index:
    """Index the published articles that have at least one word in title or wordings; of the same id the last one."""
    parts: dict[str, list[Segment]] = {view: [] for view in VIEWS}
    kept: list[Article] = []
    wordings: list[Texts] = []
    keys: list[Texts] = []
    counts: list[int] = []
    for portion in _portions(list({one.id: one for one in articles}.values())):
        read = take_apart(portion)
        for view in VIEWS:
            parts[view].append(segment(read.features[view]))
        kept += read.articles
        wordings.append(Texts.of(read.wordings))
        keys.append(Texts.of(read.keys))
        counts += read.counts
    segments = {}
    for view in VIEWS:
        segments[view] = joined(parts.pop(view))
        if len(wordings) > 1:
            give_back()
    return assembled(
        Entries(
            Places.of(Texts.of(article.id for article in kept)),
            Texts.of(article.title for article in kept),
            Texts.of(article.lang or "" for article in kept),
        ),
        np.fromiter((fingerprint(article) for article in kept), np.uint64, len(kept)),
        Texts.joined(wordings),
        Texts.joined(keys),
        np.asarray(counts, np.int64),
        segments,
    )


def assembled(
    articles: Entries,
    prints: NDArray[np.uint64],
    wordings: Texts,
    keys: Texts,
    counts: NDArray[np.int64],
    segments: dict[str, Segment],
) -> Index:
    """Weigh the segments and fit the classifier."""
    for one, other in (("stems", "article_stems"), ("letters", "article_letters")):
        if np.array_equal(segments[one].features, segments[other].features):  # as ever: found once, kept once
            segments[other] = replace(segments[other], features=segments[one].features)
    views = {view: Postings.of(part) for view, part in segments.items()}
    if counts.sum() > MOST:  # of a small base all postings are read at once
        letters = views["article_letters"]
        views["article_letters"] = replace(letters, forward=Forward.of(letters.base))
    stems, owner = views["stems"], np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return Index(
        articles=articles,
        prints=prints,
        alive=np.ones(len(counts), bool),
        wordings=wordings,
        by_key=Places.of(keys),
        masses=stems.sums(stems.features % 2 == 0),
        owner=owner,
        first=np.append(0, np.cumsum(counts)),
        **views,
        classifier=classifier.fit((stems, views["letters"]), owner.astype(np.int64), len(counts)),
    )


def _portions(articles: Sequence[Article]) -> Iterator[list[Article]]:
    """Cut articles into lists of about PORTION wordings, one article at least."""
    portion: list[Article] = []
    many = 0
    for article in articles:
        portion.append(article)
        many += 1 + len(article.questions)
        if many >= PORTION:
            yield portion
            portion, many = [], 0
    if portion:
        yield portion


def _joined(texts: Sequence[list[int]], first: Ints) -> list[list[int]]:
    """Join the features of each article's wordings into one document."""
    return [[one for text in texts[start:end] for one in text] for start, end in pairwise(first.tolist())]
