"""What speaks for each article of the short list: cosines of both views, the classifier, words in common, spelling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from kb_matcher.hashing import Bag, bag, bucket, letter_features, stem_features
from kb_matcher.index import VIEWS, Index
from kb_matcher.normalise import key, stem
from kb_matcher.postings import Postings
from kb_matcher.questions import Floats, Ints, Query, Reading
from kb_matcher.stopwords import STOPWORDS
from kb_matcher.texts import Texts

SHORT_LIST = 14  # articles that get the costly features
SPELLED = 3  # wordings an article that are compared by spelling
BUDGET = 20_000  # postings read per view; 99 % of the exact top 5 stay inside the short list (measured at 100,000)
PROFILE_BUDGET = 5_000  # of views of articles in a larger library: as exact there as with four times as many (measured)
SMALL = 5_000  # wordings up to which all articles are added up
NEAR, LEAST_NEAR = 0.5, 0.1  # share of the best that is tried first in a larger library; below the other all are added
EDGE = 1e-3  # by so much more are taken than could be as good: sums are rounded
MAX_SPELLED = 300  # characters of a question compared by spelling

NAMES = (
    "stem", "letter", "profile_stem", "profile_letter", "second", "mean_of_three", "classifier", "answer",
    "covered", "covering", "subject_stem", "subject_letter", "subject_told",
    "token_set", "token_sort", "ratio", "partial", "log_wordings", "log_share",
    "best_stem", "best_letter", "best_profile", "best_classifier", "best_covered", "best_subject",
)  # fmt: skip
_SCORERS = (fuzz.token_set_ratio, fuzz.token_sort_ratio, fuzz.ratio, fuzz.partial_ratio)
COLUMN = {name: number for number, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The short list for one text; row i of `matrix` (columns NAMES) belongs to `articles[i]`."""

    articles: Ints
    wordings: Ints  # the closest wording of each
    matrix: NDArray[np.float64]
    known_stems: float
    known_letters: float
    known_subject: float
    length: int  # words
    stems: Bag
    letters: Bag


@dataclass(frozen=True, slots=True)
class _Cosines:
    stem: Floats  # per wording
    letter: Floats
    profile_stem: Floats  # per article
    profile_letter: Floats
    both: Floats  # per wording
    classifier: Floats
    log_share: Floats
    answer: Floats


def gather(index: Index, tokens: Sequence[str]) -> Evidence | None:
    """Return the evidence for a text's words; None when nothing in the index resembles them."""
    stems, letters = bag(stem_features(tokens)), bag(letter_features(tokens))
    asked = (index.stems.query(stems), index.letters.query(letters))
    profiles = index.article_stems.query(stems, asked[0]), index.article_letters.query(letters, asked[1])
    answers = index.answers.query(stems, asked[0])
    *read, answer = _read(index, (*asked, *profiles, answers))
    both = read[0].cosines + read[1].cosines
    if not both.max() > 0:
        return None
    classes = (
        index.classifier.scores(both, asked) if index.classifier else np.zeros((2, len(index.articles)), np.float32)
    )
    stem_cosine, letter_cosine, profile_stem, profile_letter = (one.cosines for one in read)
    cosines = _Cosines(
        stem_cosine, letter_cosine, profile_stem, profile_letter, both, classes[0], classes[1], answer.cosines
    )
    articles = _short_list(index, cosines)
    if not len(articles):
        return None
    *about, known_subject = _subject(index, tokens, articles, (*profiles, answers), read[2:])
    matrix, closest = _matrix(index, tokens, articles, cosines, (asked[0], read[0]), about)
    return Evidence(
        articles,
        closest,
        matrix,
        asked[0].known,
        asked[1].known,
        known_subject,
        len(tokens),
        stems,
        letters,
    )


def _read(index: Index, queries: Sequence[Query]) -> list[Reading]:
    """Read the views, by the names of VIEWS."""
    if index.together is not None and (read := index.together.read(queries, BUDGET)) is not None:
        return read
    profile = PROFILE_BUDGET if len(index.wordings) > SMALL else BUDGET
    budgets = (BUDGET, BUDGET, profile, profile, profile)
    views: list[Postings] = [getattr(index, view) for view in VIEWS]
    return [view.read(query, most) for view, query, most in zip(views, queries, budgets, strict=True)]


def _subject(
    index: Index, tokens: Sequence[str], articles: Ints, asked: tuple[Query, Query, Query], read: Sequence[Reading]
) -> tuple[Floats, Floats, Floats, float]:
    """Return shares of idf of the question's subject.

    What wordings of each article say by stems and by letters, what they or its answer say by stems, and what letters
    the index knows.
    """
    subject = [token for token in tokens if token not in STOPWORDS] or tokens
    stems = _among(asked[0].bag, [bucket(stem(token)) for token in subject])
    letters = _among(asked[1].bag, letter_features(subject))
    said = index.article_stems.has(asked[0], stems, articles)
    told = said | index.answers.has(asked[2], stems, articles)
    weights = asked[0].idf[stems] / asked[0].idf[stems].sum()
    spelled = index.article_letters.masses(asked[1], letters, articles, read[1])
    by_stems, by_letters = weights @ said, spelled.documents / spelled.total
    return by_stems.astype(np.float32), by_letters, (weights @ told).astype(np.float32), spelled.known / spelled.total


def _among(whole: Bag, part: Sequence[int]) -> NDArray[np.bool_]:
    """Tell which features of a bag are those of a part of its text."""
    chosen = np.zeros(len(whole.features), bool)
    chosen[whole.features.searchsorted(np.array(part, np.int32))] = True
    return chosen


def _short_list(index: Index, cosines: _Cosines) -> Ints:
    """Choose the articles worth a closer look, best first by the plain sum of views; those that are gone never.

    In a large library only those near the best wording or the best article are added up. If what is left out could beat
    the last one chosen, that is repeated with all that could (R. Fagin's threshold algorithm, 2003).
    """
    rest = cosines.profile_stem + cosines.profile_letter
    if index.classifier is not None:
        rest += 2 * cosines.classifier
    rest += np.float32(0.2) * cosines.answer
    best, best_rest = float(cosines.both.max()), float(rest.max())
    share = NEAR if len(cosines.both) > SMALL else 0.0
    while share >= LEAST_NEAR:
        near = rest > share * best_rest
        near[index.owner.take((cosines.both > share * best).nonzero()[0])] = True
        near &= index.alive
        chosen, last = _highest(index, cosines.both, rest, near.nonzero()[0])
        if len(chosen) < SHORT_LIST:
            share /= 2
            continue
        enough = last / (best + best_rest)
        if enough >= share:
            return chosen
        share = enough * (1 - EDGE)
    return _highest(index, cosines.both, rest, index.alive.nonzero()[0])[0]


def _highest(index: Index, both: Floats, rest: Floats, articles: Ints) -> tuple[Ints, float]:
    """Return the first SHORT_LIST of some articles by what their closest wording and the rest of them add up to."""
    if not len(articles):
        return articles, 0.0
    if len(articles) == len(index.articles):
        total = np.maximum.reduceat(both, index.first[:-1]) + rest
    else:
        before = index.first[articles]
        counts = index.first[articles + 1] - before
        starts = counts.cumsum() - counts
        wordings = np.arange(int(counts.sum())) + (before - starts).repeat(counts)
        total = np.maximum.reduceat(both[wordings], starts) + rest[articles]
    count = min(SHORT_LIST, len(total))
    chosen = np.argpartition(-total, count - 1)[:count]
    chosen = chosen[np.lexsort((articles[chosen], -total[chosen]))]
    return articles[chosen], float(total[chosen[-1]])


def _matrix(
    index: Index,
    tokens: Sequence[str],
    articles: Ints,
    cosines: _Cosines,
    asked: tuple[Query, Reading],
    spoken_of: Sequence[Floats],
) -> tuple[NDArray[np.float64], Ints]:
    """Return the rows of the short list and the closest wording of each article."""
    before = index.first[articles]
    counts = index.first[articles + 1] - before
    starts = counts.cumsum() - counts
    row = np.arange(len(articles)).repeat(counts)
    wordings = np.arange(len(row)) + (before - starts).repeat(counts)
    wordings = wordings[np.lexsort((-cosines.both[wordings], row))]  # each article's closest first
    places = starts[:, None] + np.minimum(np.arange(SPELLED), counts[:, None] - 1)
    near = wordings[places]  # articles x SPELLED, the last one repeated where there are fewer
    both = cosines.both[near]
    there = np.arange(SPELLED) < counts[:, None]
    profile_stem, profile_letter = cosines.profile_stem[articles], cosines.profile_letter[articles]
    columns = [
        np.maximum.reduceat(cosines.stem[wordings], starts),
        np.maximum.reduceat(cosines.letter[wordings], starts),
        profile_stem,
        profile_letter,
        np.where(counts > 1, both[:, 1], 0.0),
        (both * there).sum(axis=1) / there.sum(axis=1),
        cosines.classifier[articles],
        cosines.answer[articles],
        *_coverage(index, *asked, near),
        *spoken_of,
        *_spelling(key(tokens)[:MAX_SPELLED], index.keys, near),
        np.log(counts),
        cosines.log_share[articles],
    ]
    leaders = (
        columns[0], columns[1], profile_stem + profile_letter, columns[6], columns[8], spoken_of[0] + spoken_of[1]
    )  # fmt: skip
    flags = [(values == values.max()) & (values > 0) for values in leaders]
    return np.ascontiguousarray(np.array([*columns, *flags], np.float64).T), near[:, 0]


def _coverage(index: Index, asked: Query, read: Reading, near: Ints) -> tuple[Floats, Floats]:
    """Return the best shares of idf: of the question found in a wording, and of a wording found in the question."""
    masses = index.stems.masses(asked, asked.bag.features % 2 == 0, near, read)
    shared = masses.documents
    return (shared / masses.total).max(axis=1), np.minimum(shared / index.masses[near], 1).max(axis=1)


def _spelling(spelled: str, keys: Texts, near: Ints) -> list[Floats]:
    """Return the best of four rapidfuzz similarities, 0..1, over each article's SPELLED wordings."""
    alike = np.empty((len(_SCORERS), near.size), np.float32)
    wordings = keys.many(near.ravel())
    for scorer, row in zip(_SCORERS, alike, strict=True):
        row[:] = process.cdist([spelled], wordings, scorer=scorer, dtype=np.float32, workers=1)[0]
    return list(alike.reshape(len(_SCORERS), -1, near.shape[1]).max(axis=2) / 100)
