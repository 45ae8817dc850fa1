"""The words customers use for what articles call otherwise, learned from labels: a word counts for whole articles.

A word of messages speaks for an article as far as the articles that were meant, where it was said, resemble that one
more than the others the ranker thought of. That is one step of fitting a ranker with a weight for each pair of a
customer's word and an article's word, taken for each word apart. No message is kept, and none teaches a word alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_matcher.hashing import Bag, bucket
from kb_matcher.index import Index
from kb_matcher.linear import Array
from kb_matcher.normalise import stem
from kb_matcher.questions import Floats
from kb_matcher.samples import Sample
from kb_matcher.stopwords import STOPWORDS

FOLDS = 5
LEAST = 2  # messages with a word that it is learned from
DOUBT = 3.0  # messages that every word counts as having had where it spoke for nothing
MAX_ARTICLES = 2000
MAX_CELLS = 2_000_000  # articles times words: the most frequent words are kept

_STOPPED = frozenset(bucket(stem(word)) for word in STOPWORDS)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How much each word of customers (hashed stems, rising) speaks for each article."""

    stems: NDArray[np.int32]
    articles: dict[str, int]
    speaks: Floats  # words x articles

    def column(self, asked: Bag, articles: Sequence[str]) -> Array:
        """Return how much the words of a text speak for some articles; 0 for those that came later."""
        said = subject(asked)
        known = np.array([self.articles.get(id, -1) for id in articles], np.int64)
        total = self.speaks[_places(self.stems, said)[:, None], known].sum(axis=0)
        return np.where(known >= 0, total, 0.0) / math.sqrt(max(len(said), 1))


def subject(asked: Bag) -> NDArray[np.int32]:
    """Return the stems of a text that carry a subject; pairs have odd numbers."""
    stems = [one for one in asked.features.tolist() if not one % 2 and one not in _STOPPED]
    return np.array(stems, np.int32)


def _places(stems: NDArray[np.int32], said: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return where words stand among the stems, at least one; those that do not are left out."""
    places = np.minimum(np.searchsorted(stems, said), len(stems) - 1)
    found: NDArray[np.int64] = places[stems[places] == said]
    return found


def learn(index: Index, known: Sequence[Sample], shares: Sequence[Array]) -> tuple[Vocabulary, list[Array]] | None:
    """Learn words from samples, given the shares that a ranker gives the articles of each.

    Also returns the column of each sample by what the samples of other folds taught. None: the base is too large, or no
    word was said often enough.
    """
    if int(index.alive.sum()) > MAX_ARTICLES:
        return None
    ids = [index.articles.ids.texts[one] for one in np.flatnonzero(index.alive).tolist()]
    numbers = {id: number for number, id in enumerate(ids)}
    said = [subject(sample.evidence.stems) for sample in known]
    meant = [sample.article in numbers for sample in known]
    taught = [words for words, one in zip(said, meant, strict=True) if one]
    stems = _frequent(taught, MAX_CELLS // max(len(ids), 1))
    if not len(stems):
        return None
    alike = _alike(index)
    fold = np.random.default_rng(7).permutation(len(known)) % FOLDS
    moved = np.zeros((FOLDS, len(stems), len(ids)), np.float32)
    counts = np.zeros((FOLDS, len(stems)))
    for number, sample in enumerate(known):
        if meant[number]:
            rows = _places(stems, said[number])
            counts[fold[number], rows] += 1
            moved[fold[number]][rows] += _surprise(sample, numbers, shares[number])
    columns: list[Array] = [np.empty(0)] * len(known)
    for held in range(FOLDS):
        part = _weighed(stems, numbers, moved.sum(axis=0) - moved[held], counts.sum(axis=0) - counts[held], alike)
        for number in np.flatnonzero(fold == held).tolist():
            columns[number] = part.column(known[number].evidence.stems, known[number].ids)
    return _weighed(stems, numbers, moved.sum(axis=0), counts.sum(axis=0), alike), columns


def _frequent(said: Sequence[NDArray[np.int32]], most: int) -> NDArray[np.int32]:
    """Return the words that LEAST messages have, rising; the most frequent ones where they are too many."""
    stems, often = np.unique(np.concatenate([np.empty(0, np.int32), *said]), return_counts=True)
    common = np.argsort(-often, kind="stable")[:most]
    return np.sort(stems[common[often[common] >= LEAST]])


def _surprise(sample: Sample, numbers: dict[str, int], shares: Array) -> Floats:
    """Return what the ranker lacked for each article: 1 for the one that was meant, less the shares it gave."""
    lacked = np.zeros(len(numbers), np.float32)
    for id, share in zip(sample.ids, shares.tolist(), strict=True):
        if id in numbers:
            lacked[numbers[id]] -= share
    lacked[numbers[str(sample.article)]] += 1
    return lacked


def _weighed(
    stems: NDArray[np.int32], numbers: dict[str, int], moved: Floats, counts: Array, alike: Floats
) -> Vocabulary:
    often = np.where(counts >= LEAST - 1, 1 / (counts + DOUBT), 0).astype(np.float32)
    return Vocabulary(stems, numbers, np.asarray((moved * often[:, None]) @ alike, np.float32))


def _alike(index: Index) -> Floats:
    """Return the cosine of the stems of each pair of articles that are there; later ones are like themselves alone."""
    from scipy.sparse import csc_matrix

    view = index.article_stems
    chosen = np.flatnonzero((view.features % 2 == 0) & ~np.isin(view.features, sorted(_STOPPED)))
    table = csc_matrix((view.weights, view.documents, view.starts), shape=(view.base.size, len(view.features)))
    rows = np.flatnonzero(index.alive)
    early = rows[rows < view.base.size]
    vectors = table[:, chosen].tocsr()[early]
    lengths = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    scale = np.where(lengths > 0, 1 / np.maximum(lengths, 1e-6), 0)
    cosines = (vectors @ vectors.T).toarray() * scale * scale[:, None]
    alike = np.eye(len(rows), dtype=np.float32)
    alike[: len(early), : len(early)] = cosines
    return alike
