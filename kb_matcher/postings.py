"""One view of a collection of texts as an inverted index: hashed features weighed by TF-IDF.

A view is a large segment with the statistics of its documents, and a tail of documents added since. Documents of the
tail are weighed by the statistics of the segment, until both are joined and weighed anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kb_matcher.normalise import latin, stem
from kb_matcher.segments import MOST, Segment, segment, slices
from kb_matcher.tails import EMPTY, NONE, Hits, Tail

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Rows = NDArray[Any]  # integers of any width

BUCKETS = 1 << 20  # features are crc32 hashes, so an index is the same in every process

_NO_ENDS = np.empty(0, np.int64)
#: Weight of a feature by how often it stands in a document: 1 + ln(count).
OFTEN = np.append(0, 1 + np.log(np.arange(1, MOST + 1))).astype(np.float32)


def stem_features(tokens: Sequence[str]) -> list[int]:
    """Hash the stems of the words and the pairs of neighbours; pairs have odd numbers."""
    stems = [stem(token) for token in tokens]
    pairs = [crc32(f"{one} {two}".encode()) % BUCKETS << 1 | 1 for one, two in pairwise(stems)]
    return [bucket(one) for one in stems] + pairs


def letter_features(tokens: Sequence[str]) -> list[int]:
    """Hash the groups of 3 and 4 letters inside each transliterated word; its ends count as a letter."""
    return [group for token in tokens for group in _groups(token)]


@lru_cache(maxsize=50_000)
def bucket(stem: str) -> int:
    """Return the hashed number of a stem, an even one below 2 * BUCKETS."""
    return crc32(stem.encode()) % BUCKETS << 1


@lru_cache(maxsize=20_000)
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

    features: NDArray[np.int32]
    weights: NDArray[np.float64]


def bag(buckets: Sequence[int]) -> Bag:
    """Count hashed features."""
    ordered = np.sort(np.asarray(buckets, np.int32))
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, len(ordered)) if len(ordered) else _NO_ENDS
    counts = ends.copy()
    counts[1:] -= ends[:-1]
    return Bag(ordered[ends - 1], 1 + np.log(counts))


@dataclass(frozen=True, slots=True)
class Query:
    """The features of a question that a view knows: places in its rows and weights of a vector of length <= 1."""

    rows: Ints
    weights: Floats
    known: float  # idf share of the question that the view knows, 0..1
    hits: Hits  # where the tail has features of the question
    later: Floats  # and the weight of each of these


@dataclass(frozen=True, slots=True)
class Masses:
    """Summed idf: what each asked document shares with a question, what the view knows of it, and all of it."""

    documents: Floats
    known: float
    total: float


@dataclass(frozen=True, slots=True)
class Postings:
    """An immutable view: a segment, its statistics, and a tail whose documents are numbered on from the segment's."""

    base: Segment
    idf: Floats  # of each feature of the segment
    scale: Floats  # of each of its documents: one over the length of its vector
    unknown: float  # idf of a feature never seen
    tail: Tail = EMPTY
    lost: NDArray[np.int32] | None = None  # postings of each feature whose documents are gone

    @classmethod
    def build(cls, texts: Sequence[Sequence[int]]) -> "Postings":
        """Index documents given as lists of hashed features; document vectors have length 1."""
        return cls.of(segment(texts))

    @classmethod
    def of(cls, base: Segment) -> "Postings":
        """Weigh a segment by its own statistics."""
        idf = (np.log((1 + base.size) / (1 + base.spread)) + 1).astype(np.float32)
        squares = np.zeros(base.size)
        spread = base.spread
        for rows, cells in slices(base):
            weights = OFTEN[base.counts[cells]] * np.repeat(idf[rows], spread[rows])
            squares += np.bincount(base.documents[cells], weights**2, base.size)
        return cls(base, idf, scaled(squares), float(np.log(1 + base.size) + 1))

    @property
    def size(self) -> int:
        """Documents, those of the tail included."""
        return self.base.size + self.tail.size

    @property
    def features(self) -> NDArray[np.int32]:
        """Features of the segment, rising; rows of a query are places in it."""
        return self.base.features

    @property
    def starts(self) -> Ints:
        """Where the postings of each feature of the segment begin, and the end of all."""
        return self.base.starts

    @property
    def documents(self) -> Rows:
        """Document of each posting of the segment."""
        return self.base.documents

    @property
    def weights(self) -> Floats:
        """Weight of each posting of the segment in its document's vector; made when asked for."""
        weights = OFTEN[self.base.counts] * np.repeat(self.idf, self.base.spread)
        return np.asarray(weights * self.scale[self.base.documents], np.float32)

    def added(self, texts: Sequence[Sequence[int]]) -> "Postings":
        """Add documents at the end."""
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        flat = np.fromiter(chain.from_iterable(texts), np.int64, int(lengths.sum()))
        flat += np.repeat(np.arange(len(texts)) << 32, lengths)
        cells, many = np.unique(flat, return_counts=True)
        features, documents = (cells & 0xFFFFFFFF).astype(np.int32), cells >> 32
        counts = np.minimum(many, MOST).astype(np.uint8)
        squares = np.bincount(documents, (OFTEN[counts] * self._idf(features)) ** 2, len(texts)).astype(float)
        return replace(self, tail=self.tail.added(features, documents, counts, scaled(squares)))

    def removed(self, documents: Sequence[int], texts: Sequence[Sequence[int]]) -> "Postings":
        """Take documents out of what is known; those of the segment still score, those of the tail do not."""
        lost = np.zeros(len(self.features), np.int32) if self.lost is None else self.lost.copy()
        for document, text in zip(documents, texts, strict=True):
            if document < self.base.size:
                rows, _ = self._find(np.unique(np.asarray(text, np.int32)))
                lost[rows] += 1
        later = [document - self.base.size for document in documents if document >= self.base.size]
        return replace(self, lost=lost, tail=self.tail.without(later))

    def knows(self, feature: int) -> bool:
        """Tell whether any document has the feature."""
        return self.query(bag([feature])).known > 0

    def query(self, bag: Bag) -> Query:
        """Weigh a question. Unknown features count at the highest idf in its length, so strange texts score low."""
        if not len(bag.features):
            return Query(np.empty(0, np.int64), np.empty(0, np.float32), 0.0, NONE, np.empty(0, np.float32))
        rows, found = self._find(bag.features)
        idf = self._weighed(rows, found)
        exact = bag.weights * idf
        weights: Floats = (exact / np.sqrt(exact @ exact)).astype(np.float32)
        hits = self.tail.hits(bag.features)
        known = float(idf[self._known(rows, found, hits)].sum() / idf.sum())
        later = (weights * idf.astype(np.float32))[hits.asked]
        return Query(rows, weights[found], known, hits, later)

    def masses(self, bag: Bag, documents: Rows) -> Masses:
        """Sum up the idf of a bag's features that is not empty, over some documents (an array of any shape)."""
        rows, found = self._find(bag.features)
        idf, hits, flat = self._weighed(rows, found), self.tail.hits(bag.features), documents.ravel()
        shared = np.where(self._has(rows, flat), idf[found][:, None], 0).sum(axis=0)
        if len(hits.places):
            totals = np.bincount(self.tail.documents[hits.places], idf[hits.asked], self.tail.size)
            in_tail = flat >= self.base.size
            shared[in_tail] = totals[flat[in_tail] - self.base.size]
        known = float(idf[self._known(rows, found, hits)].sum())
        return Masses(shared.reshape(documents.shape).astype(np.float32), known, float(idf.sum()))

    def scores(self, query: Query, budget: int | None = None) -> Floats:
        """Return the cosine of the question with every document, removed ones of the segment included.

        With a budget, rare features are read first and those beyond `budget` postings of the segment are left out.
        """
        rows, weights = query.rows, query.weights
        starts, ends = self.starts[rows], self.starts[rows + 1]
        spread = ends - starts
        if budget is not None and spread.sum() > budget:
            order = np.argsort(spread, kind="stable")
            kept = np.sort(order[: max(1, int(np.searchsorted(np.cumsum(spread[order]), budget)))])
            rows, weights, starts, ends, spread = rows[kept], weights[kept], starts[kept], ends[kept], spread[kept]
        scores = np.zeros(self.size, np.float32)
        if len(rows):
            slices = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
            documents = np.concatenate([self.base.documents[one] for one in slices])
            values = OFTEN.take(np.concatenate([self.base.counts[one] for one in slices]))
            values *= np.repeat(weights * self.idf[rows], spread)
            values *= self.scale.take(documents)
            np.add.at(scores, documents, values)
        if len(query.hits.places):
            tail, places = self.tail, query.hits.places
            documents = tail.documents[places]
            values = OFTEN[tail.counts[places]] * query.later * tail.scale[documents]
            np.add.at(scores, documents + self.base.size, values)
        return scores

    def sums(self, chosen: NDArray[np.bool_]) -> Floats:
        """Return for each document of the segment the summed idf of its features that are `chosen` (one flag a row)."""
        totals = np.zeros(self.base.size)
        spread, idf = self.base.spread, self.idf * chosen
        for rows, cells in slices(self.base):
            totals += np.bincount(self.base.documents[cells], np.repeat(idf[rows], spread[rows]), self.base.size)
        return totals.astype(np.float32)

    def masses_of(self, documents: Rows) -> Floats:
        """Return the summed idf of the single stems of documents of the tail, the rising numbers of which are given."""
        tail, single = self.tail, self.tail.features % 2 == 0
        totals = np.bincount(tail.documents[single], self._idf(tail.features[single]), tail.size)
        return np.asarray(totals[documents - self.base.size], np.float32)

    def _idf(self, features: NDArray[np.int32]) -> NDArray[np.float64]:
        return self._weighed(*self._find(features))

    def _weighed(self, rows: Ints, found: NDArray[np.bool_]) -> NDArray[np.float64]:
        idf = np.full(len(found), self.unknown)
        idf[found] = self.idf[rows]
        return idf

    def _find(self, features: NDArray[np.int32]) -> tuple[Ints, NDArray[np.bool_]]:
        """Return the rows of the features that the segment has and which features these are."""
        if not len(self.features):
            return np.empty(0, np.int64), np.zeros(len(features), bool)
        places = np.minimum(np.searchsorted(self.features, features), len(self.features) - 1)
        found = self.features[places] == features
        return places[found], found

    def _known(self, rows: Ints, found: NDArray[np.bool_], hits: Hits) -> NDArray[np.bool_]:
        """Tell of each feature of a bag whether a document that is there has it."""
        known = found.copy()
        if self.lost is not None:
            known[found] = self.starts[rows + 1] - self.starts[rows] > self.lost[rows]
        known[hits.asked] = True
        return known

    def _has(self, rows: Ints, documents: Rows) -> NDArray[np.bool_]:
        """Tell which rows (first axis) stand in which documents, by halving all their postings at once."""
        at = np.repeat(self.starts[rows][:, None] - 1, len(documents), axis=1)  # the last posting known to be too low
        if not at.size:
            return np.zeros(at.shape, bool)
        last = self.starts[rows + 1][:, None] - 1
        step = 1 << int((self.starts[rows + 1] - self.starts[rows]).max()).bit_length()
        while step > 1:
            step >>= 1
            there = at + step
            low = self.documents.take(there, mode="clip") < documents
            low &= there <= last
            at += low * step
        at += 1
        return np.asarray((self.documents.take(at, mode="clip") == documents) & (at <= last))


def scaled(squares: NDArray[np.float64]) -> Floats:
    """Return one over the length of each vector, given its square; 0 where there is nothing."""
    return np.asarray(np.where(squares > 0, 1 / np.sqrt(np.maximum(squares, 1e-12)), 0), np.float32)
