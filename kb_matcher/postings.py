"""One view of a collection of texts as an inverted index: hashed features, TF-IDF weights, compressed rows in numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kb_matcher.normalise import latin, stem

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

BUCKETS = 1 << 20  # features are crc32 hashes, so an index is the same in every process


def stem_features(tokens: Sequence[str]) -> list[int]:
    """Hash the stems of the words and the pairs of neighbours."""
    stems = [stem(token) for token in tokens]
    return [bucket(one) for one in stems] + [bucket(f"{one} {two}") for one, two in pairwise(stems)]


def letter_features(tokens: Sequence[str]) -> list[int]:
    """Hash the groups of 3 and 4 letters inside each transliterated word; its ends count as a letter."""
    return [group for token in tokens for group in _groups(token)]


@lru_cache(maxsize=100_000)
def bucket(feature: str) -> int:
    """Return the hashed number of a feature, 0 to BUCKETS - 1."""
    return crc32(feature.encode()) % BUCKETS


@lru_cache(maxsize=50_000)
def _groups(token: str) -> tuple[int, ...]:
    word = f" {latin(token)[:40]} "
    return tuple(
        crc32(word[start : start + size].encode()) % BUCKETS
        for size in (3, 4)
        for start in range(max(1, len(word) - size + 1))
    )


@dataclass(frozen=True, slots=True)
class Bag:
    """Different features of a text, sorted, each weighed 1 + ln(how often)."""

    features: Ints
    weights: NDArray[np.float64]


def bag(buckets: Sequence[int]) -> Bag:
    """Count hashed features."""
    features, counts = np.unique(np.asarray(buckets, np.int64), return_counts=True)
    return Bag(features, 1 + np.log(counts))


@dataclass(frozen=True, slots=True)
class Query:
    """The features of a question that a view knows: places in its rows and weights of a vector of length <= 1."""

    rows: Ints
    weights: Floats
    known: float  # idf share of the question that the view knows, 0..1


@dataclass(frozen=True, slots=True)
class Masses:
    """Summed idf: what each document shares with a question, what the view knows of it, and all of it."""

    documents: Floats
    known: float
    total: float


@dataclass(frozen=True, slots=True)
class Postings:
    """An immutable view over `size` documents; those of feature `features[i]` stand at `starts[i]:starts[i + 1]`."""

    size: int
    features: Ints
    starts: Ints
    documents: NDArray[np.int32]
    weights: Floats
    idf: Floats
    unknown: float  # idf of a feature never seen

    @classmethod
    def build(cls, texts: Sequence[Sequence[int]]) -> "Postings":
        """Index documents given as lists of hashed features; document vectors have length 1."""
        lengths = np.fromiter((len(text) for text in texts), np.int64, len(texts))
        flat = np.fromiter((feature for text in texts for feature in text), np.int64, int(lengths.sum()))
        owner = np.repeat(np.arange(len(texts)), lengths)
        cells, counts = np.unique(flat * max(len(texts), 1) + owner, return_counts=True)
        feature, document = np.divmod(cells, max(len(texts), 1))
        features, first = np.unique(feature, return_index=True)
        starts = np.append(first, len(cells))
        spread = np.diff(starts)
        idf = np.log((1 + len(texts)) / (1 + spread)) + 1
        weights = (1 + np.log(counts)) * np.repeat(idf, spread)
        norms = np.sqrt(np.bincount(document, weights**2, minlength=len(texts)))
        weights /= norms[document]
        return cls(
            size=len(texts),
            features=features,
            starts=starts.astype(np.int64),
            documents=document.astype(np.int32),
            weights=weights.astype(np.float32),
            idf=idf.astype(np.float32),
            unknown=float(np.log(1 + len(texts)) + 1),
        )

    def idf_of(self, feature: int) -> float:
        """Return the idf of one feature."""
        place = int(np.searchsorted(self.features, feature))
        known = place < len(self.features) and self.features[place] == feature
        return float(self.idf[place]) if known else self.unknown

    def query(self, bag: Bag) -> Query:
        """Weigh a question. Unknown features count at the highest idf in its length, so strange texts score low."""
        if not len(bag.features):
            return Query(np.empty(0, np.int64), np.empty(0, np.float32), 0.0)
        rows, found = self._find(bag)
        idf = np.full(len(bag.features), self.unknown)
        idf[found] = self.idf[rows]
        weights = bag.weights * idf
        norm = float(np.sqrt(weights @ weights))
        known = float(idf[found].sum() / idf.sum())
        return Query(rows, (weights[found] / norm).astype(np.float32), known)

    def masses(self, bag: Bag) -> Masses:
        """Sum up the idf of a bag's features that is not empty."""
        rows, _ = self._find(bag)
        cells, spread = self._cells(rows)
        idf = self.idf[rows]
        shared = np.bincount(self.documents[cells], np.repeat(idf, spread), minlength=self.size)
        known = float(idf.sum())
        return Masses(shared.astype(np.float32), known, known + self.unknown * (len(bag.features) - len(rows)))

    def _find(self, bag: Bag) -> tuple[Ints, NDArray[np.bool_]]:
        """Return the rows of the known features and which features are known."""
        if not len(self.features):
            return np.empty(0, np.int64), np.zeros(len(bag.features), bool)
        places = np.minimum(np.searchsorted(self.features, bag.features), len(self.features) - 1)
        found = self.features[places] == bag.features
        return places[found], found

    def scores(self, query: Query, budget: int | None = None) -> Floats:
        """Return the cosine of the question with every document.

        With a budget, rare features are read first and those beyond `budget` postings are left out.
        """
        rows, weights = query.rows, query.weights
        spread = self.starts[rows + 1] - self.starts[rows]
        if budget is not None and spread.sum() > budget:
            order = np.argsort(spread, kind="stable")
            kept = order[: max(1, int(np.searchsorted(np.cumsum(spread[order]), budget)))]
            rows, weights = rows[kept], weights[kept]
        cells, spread = self._cells(rows)
        values = self.weights[cells] * np.repeat(weights, spread)
        return np.bincount(self.documents[cells], values, minlength=self.size).astype(np.float32)

    def _cells(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return where the postings of some rows stand, one after the other, and how many each row has."""
        spread = self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(spread)
        return np.arange(int(spread.sum())) + np.repeat(self.starts[rows] - (ends - spread), spread), spread
