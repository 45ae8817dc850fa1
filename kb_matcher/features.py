"""What speaks for each article of the short list: cosines of both views, the classifier, words in common, spelling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from kb_matcher.index import Index
from kb_matcher.normalise import key, stem
from kb_matcher.postings import Floats, Ints, Postings, bucket, letter_features, stem_features

SHORT_LIST = 14  # articles that get the costly features
SPELLED = 3  # wordings an article that are compared by spelling
BUDGET = 20_000  # postings read per view; 99 % of the exact top 5 stay inside the short list (measured at 100,000)
MAX_SPELLED = 300  # characters of a question compared by spelling

NAMES = (
    "stem", "letter", "profile_stem", "profile_letter", "second", "mean_of_three", "classifier", "answer",
    "covered", "covering", "token_set", "token_sort", "ratio", "partial", "log_wordings",
    "best_stem", "best_letter", "best_profile", "best_classifier", "best_covered",
)  # fmt: skip
COLUMN = {name: number for number, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The short list for one text; row i of `matrix` (columns NAMES) belongs to `articles[i]`."""

    articles: Ints
    wordings: Ints  # the closest wording of each
    matrix: NDArray[np.float64]
    known_stems: float
    known_letters: float
    length: int  # words


@dataclass(frozen=True, slots=True)
class _Cosines:
    stem: Floats  # per wording
    letter: Floats
    both: Floats
    profile_stem: Floats  # per article
    profile_letter: Floats
    classifier: Floats
    answer: Floats


def gather(index: Index, tokens: Sequence[str]) -> Evidence | None:
    """Return the evidence for a text's words; None when nothing in the index resembles them."""
    stems, letters = stem_features(tokens), letter_features(tokens)
    asked = (index.stems.query(stems), index.letters.query(letters))
    stem_cosine, letter_cosine = index.stems.scores(asked[0], BUDGET), index.letters.scores(asked[1], BUDGET)
    both = stem_cosine + letter_cosine
    if not both.size or not both.any():
        return None
    profile = _cosine(index.article_stems, stems), _cosine(index.article_letters, letters)
    classes = index.classifier.scores(both, asked) if index.classifier else np.zeros(len(index.articles), np.float32)
    cosines = _Cosines(stem_cosine, letter_cosine, both, *profile, classes, _cosine(index.answers, stems))
    articles = _short_list(index, cosines)
    matrix, closest = _matrix(index, tokens, articles, cosines)
    return Evidence(articles, closest, matrix, asked[0].known, asked[1].known, len(tokens))


def _cosine(view: Postings, buckets: Sequence[int]) -> Floats:
    return view.scores(view.query(buckets), BUDGET)


def _short_list(index: Index, cosines: _Cosines) -> Ints:
    """Choose the articles worth a closer look, best first by the plain sum of views."""
    total = np.maximum.reduceat(cosines.both, index.first[:-1])
    total = total + cosines.profile_stem + cosines.profile_letter + 2 * cosines.classifier + 0.2 * cosines.answer
    count = min(SHORT_LIST, len(total))
    chosen = np.argpartition(-total, count - 1)[:count]
    return np.asarray(chosen[np.lexsort((chosen, -total[chosen]))], np.int64)


def _matrix(index: Index, tokens: Sequence[str], articles: Ints, cosines: _Cosines) -> tuple[NDArray[np.float64], Ints]:
    matrix = np.zeros((len(articles), len(NAMES)))
    closest = np.zeros(len(articles), np.int64)
    spelled = key(tokens)[:MAX_SPELLED]
    weight = _stem_weights(index, tokens)
    for row, article in enumerate(articles):
        start, end = index.first[article], index.first[article + 1]
        both = cosines.both[start:end]
        order = np.argsort(-both, kind="stable")[:SPELLED]
        closest[row] = start + order[0]
        ranked = both[order]
        matrix[row, :6] = (
            cosines.stem[start:end].max(),
            cosines.letter[start:end].max(),
            cosines.profile_stem[article],
            cosines.profile_letter[article],
            ranked[1] if len(ranked) > 1 else 0.0,
            ranked.mean(),
        )
        matrix[row, 6:8] = cosines.classifier[article], cosines.answer[article]
        matrix[row, 8:10] = _coverage(index, weight, start + order)
        matrix[row, 10:14] = _spelling(spelled, [index.keys[start + one] for one in order])
        matrix[row, 14] = np.log(end - start)
    profile = matrix[:, 2] + matrix[:, 3]
    for column, values in enumerate((matrix[:, 0], matrix[:, 1], profile, matrix[:, 6], matrix[:, 8]), 15):
        matrix[:, column] = (values == values.max()) & (values > 0)
    return matrix, closest


def _stem_weights(index: Index, tokens: Sequence[str]) -> dict[str, float]:
    """Return the idf of each stem of the question."""
    stems = {stem(token) for token in tokens}
    return {one: index.stems.idf_of(bucket(one)) for one in stems}


def _coverage(index: Index, weight: dict[str, float], wordings: Ints) -> tuple[float, float]:
    """Return the best shares of idf: of the question found in a wording, and of that wording found in the question."""
    total = sum(weight.values())
    best = (0.0, 0.0)
    for number in wordings:
        stems = {stem(token) for token in index.tokens[number]}
        common = sum(value for one, value in weight.items() if one in stems)
        own = float(index.masses[number])
        best = max(best, (common / total if total else 0.0, min(1.0, common / own) if own else 0.0))
    return best


def _spelling(spelled: str, keys: Sequence[str]) -> tuple[float, float, float, float]:
    """Return the best of four rapidfuzz similarities, 0..1, over a few wordings."""
    return (
        max(fuzz.token_set_ratio(spelled, one) for one in keys) / 100,
        max(fuzz.token_sort_ratio(spelled, one) for one in keys) / 100,
        max(fuzz.ratio(spelled, one) for one in keys) / 100,
        max(fuzz.partial_ratio(spelled, one) for one in keys) / 100,
    )
