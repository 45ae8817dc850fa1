"""One view of a collection of texts as an inverted index: hashed features weighed by TF-IDF.

A view is a large segment with the statistics of its documents, and a tail of documents added since. Documents of the
tail are weighed by the statistics of the segment, until both are joined and weighed anew.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from kb_matcher.forward import Forward
from kb_matcher.hashing import Bag
from kb_matcher.questions import Floats, Ints, Masses, Query, Reading, Rows
from kb_matcher.segments import MOST, Segment, segment, slices
from kb_matcher.tails import EMPTY, Hits, Tail

SCATTERED = 1_000  # postings that are picked one by one rather than cut out row by row
COUNTED = 20_000  # documents of a view up to which sums over all of them cost little
_NUMBERS = np.arange(SCATTERED)
_LEAST = 1e-12
#: Weight of a feature by how often it stands in a document: 1 + ln(count).
OFTEN = np.append(0, 1 + np.log(np.arange(1, MOST + 1))).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Postings:
    """An immutable view: a segment, its statistics, and a tail whose documents are numbered on from the segment's."""

    base: Segment
    idf: Floats  # of each feature of the segment
    scale: Floats  # of each of its documents: one over the length of its vector
    unknown: float  # idf of a feature never seen
    tail: Tail = EMPTY
    lost: NDArray[np.int32] | None = None  # postings of each feature whose documents are gone
    forward: Forward | None = None  # the segment document by document; None: documents are searched for

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
        features, documents, counts = _counted(texts)
        weights = OFTEN.take(counts) * self._idf(features)
        squares = np.asarray(np.bincount(documents, weights * weights, len(texts)), float)
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
        return bool(self._asked(np.array([feature], np.int32))[2][0])

    def known(self, bag: Bag) -> float:
        """Tell which share of a bag's idf, 0..1, stands in any document."""
        if not len(bag.features):
            return 0.0
        rows, found, there, _ = self._asked(bag.features)
        idf = self._weighed(rows, found)
        return float(idf[there].sum() / idf.sum())

    def query(self, bag: Bag, alike: Query | None = None) -> Query:
        """Weigh a question. Unknown features count at the highest idf in its length, so strange texts score low.

        `alike` is what another view made of the same bag: views of the same features look them up but once.
        """
        if alike is not None and alike.features is self.features and alike.bag is bag:
            rows, found = alike.rows, alike.found
        else:
            rows, found = self._find(bag.features)
        idf = self._weighed(rows, found)
        exact = bag.weights * idf
        weights: Floats = (exact / max(math.sqrt(exact @ exact), _LEAST)).astype(np.float32)
        hits = self.tail.hits(bag.features)
        return Query(bag, self.features, rows, found, self._there(rows, found, hits), idf, weights, hits)

    def masses(self, query: Query, chosen: NDArray[np.bool_], documents: Rows, read: Reading | None = None) -> Masses:
        """Sum up the idf of chosen features of a question, at least one, over some documents (an array of any shape).

        What was read for it serves again where that is less work than to search.
        """
        flat, hits, idf = documents.ravel(), query.hits, query.idf
        if read is not None and len(read.spread) == len(query.rows) and self.size <= COUNTED:
            weights = (idf * chosen)[query.found].repeat(read.spread)
            shared = np.asarray(np.bincount(read.documents, weights, self.size)[flat], np.float64)
        elif self.forward is not None:
            inside = flat < self.base.size
            shared = np.zeros(len(flat))
            shared[inside] = self.forward.sums(query.rows, (idf * chosen)[query.found], flat[inside])
        else:
            asked = chosen[query.found]
            has = self._has(query.rows[asked], flat)
            shared = np.where(has, idf[query.found][asked][:, None], 0).sum(axis=0)
        if len(hits.places):
            totals = np.bincount(self.tail.documents[hits.places], (idf * chosen)[hits.asked], self.tail.size)
            in_tail = flat >= self.base.size
            shared[in_tail] = totals[flat[in_tail] - self.base.size]
        known = float(idf[query.there & chosen].sum())
        return Masses(shared.reshape(documents.shape).astype(np.float32), known, float(idf[chosen].sum()))

    def has(self, query: Query, chosen: NDArray[np.bool_], documents: Ints) -> NDArray[np.bool_]:
        """Tell which chosen features of a question, one a row, stand in which documents."""
        has = np.zeros((len(chosen), len(documents)), bool)
        asked = chosen[query.found]
        has[np.flatnonzero(query.found)[asked]] = self._has(query.rows[asked], documents)
        for place, feature in zip(query.hits.places.tolist(), query.hits.asked.tolist(), strict=True):
            has[feature] |= documents == self.tail.documents[place] + self.base.size
        return has[chosen]

    def scores(self, query: Query, budget: int | None = None) -> Floats:
        """Return the cosine of the question with every document, removed ones of the segment included."""
        return self.read(query, budget).cosines

    def read(self, query: Query, budget: int | None = None) -> Reading:
        """Score every document, removed ones of the segment included.

        With a budget, rare features are read first and those beyond `budget` postings of the segment are left out.
        """
        rows, weights = query.rows, query.weights
        if len(rows) < len(weights):
            weights = weights[query.found]
        starts = self.starts.take(rows)
        spread = self.starts.take(rows + 1) - starts
        total, whole = int(spread.sum()), True
        if budget is not None and total > budget:
            order = spread.argsort(kind="stable")
            sums = spread.take(order).cumsum()
            many = max(1, int(sums.searchsorted(budget)))
            kept, total, whole = np.sort(order[:many]), int(sums[many - 1]), False
            rows, weights, starts, spread = rows[kept], weights[kept], starts[kept], spread[kept]
        scores = np.zeros(self.size, np.float32)
        documents, counts = self._postings(starts, spread, total)
        if total:
            values = OFTEN.take(counts)
            values *= (weights * self.idf.take(rows)).repeat(spread)
            values *= self.scale.take(documents)
            np.add.at(scores, documents, values)
        if len(query.hits.places):
            tail, places, asked = self.tail, query.hits.places, query.hits.asked
            later = tail.documents[places]
            weights = (query.weights * query.idf.astype(np.float32))[asked]
            np.add.at(scores, later + self.base.size, OFTEN[tail.counts[places]] * weights * tail.scale[later])
        return Reading(scores, documents, spread if whole else spread[:0])

    def _postings(self, starts: Ints, spread: Ints, total: int) -> tuple[Rows, NDArray[np.uint8]]:
        """Return documents and counts of some rows, one after the other."""
        documents, counts = self.base.documents, self.base.counts
        if total <= SCATTERED:
            at = np.asarray((starts - (spread.cumsum() - spread)).repeat(spread), np.int64)
            at += _NUMBERS[:total]
            return documents.take(at).astype(np.intp), counts.take(at)
        cuts = [slice(start, end) for start, end in zip(starts.tolist(), (starts + spread).tolist(), strict=True)]
        places = np.concatenate([documents[one] for one in cuts], dtype=np.intp)  # as numpy looks things up
        return places, np.concatenate([counts[one] for one in cuts])

    def sums(self, chosen: NDArray[np.bool_]) -> Floats:
        """Return for each document of the segment the summed idf of its features that are `chosen` (one flag a row)."""
        totals = np.zeros(self.base.size)
        spread, idf = self.base.spread, self.idf * chosen
        for rows, cells in slices(self.base):
            totals += np.bincount(self.base.documents[cells], np.repeat(idf[rows], spread[rows]), self.base.size)
        return totals.astype(np.float32)

    def masses_of(self, documents: Rows) -> Floats:
        """Return the summed idf of the single stems of documents of the tail, the rising numbers of which are given."""
        if not len(documents):
            return np.zeros(0, np.float32)
        tail, asked = self.tail, documents - self.base.size
        begun = int(tail.documents.searchsorted(asked[0]))
        features, owners = tail.features[begun:], tail.documents[begun:]
        single = (features % 2 == 0) & (owners <= asked[-1])
        totals = np.bincount(owners[single], self._idf(features[single]), tail.size)
        return np.asarray(totals[asked], np.float32)

    def _idf(self, features: NDArray[np.int32]) -> NDArray[np.float64]:
        return self._weighed(*self._find(features))

    def _weighed(self, rows: Ints, found: NDArray[np.bool_]) -> NDArray[np.float64]:
        if len(rows) == len(found):
            return self.idf[rows].astype(np.float64)
        idf = np.empty(len(found))
        idf.fill(self.unknown)
        idf[found] = self.idf[rows]
        return idf

    def _find(self, features: NDArray[np.int32]) -> tuple[Ints, NDArray[np.bool_]]:
        """Return the rows of the features that the segment has and which features these are."""
        if not len(self.features):
            return np.empty(0, np.int64), np.zeros(len(features), bool)
        places = self.features.searchsorted(features)
        found = self.features.take(places, mode="clip") == features
        return places[found], found

    def _asked(self, features: NDArray[np.int32]) -> tuple[Ints, NDArray[np.bool_], NDArray[np.bool_], Hits]:
        rows, found = self._find(features)
        hits = self.tail.hits(features)
        return rows, found, self._there(rows, found, hits), hits

    def _there(self, rows: Ints, found: NDArray[np.bool_], hits: Hits) -> NDArray[np.bool_]:
        """Tell of each feature of a bag whether a document that is there has it."""
        if self.lost is None and not len(hits.asked):
            return found
        known = found.copy()
        if self.lost is not None:
            known[found] = self.starts[rows + 1] - self.starts[rows] > self.lost[rows]
        known[hits.asked] = True
        return known

    def _has(self, rows: Ints, documents: Rows) -> NDArray[np.bool_]:
        """Tell which rows (first axis) stand in which documents."""
        kind = self.documents.dtype
        fits = self.size <= np.iinfo(kind).max
        asked = documents.astype(kind) if fits else documents  # of another kind, all postings would be converted
        has = np.empty((len(rows), len(asked)), bool)
        ends = zip(self.starts[rows].tolist(), self.starts[rows + 1].tolist(), strict=True)
        for there, (start, end) in zip(has, ends, strict=True):
            one = self.documents[start:end]
            np.equal(one.take(one.searchsorted(asked), mode="clip"), asked, out=there)
        return has


def _counted(texts: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], Ints, NDArray[np.uint8]]:
    """Return feature, document and count of each posting of a few texts, document by document, features rising."""
    lengths = [len(text) for text in texts]
    flat = np.fromiter(chain.from_iterable(texts), np.int64, sum(lengths))
    flat += np.arange(0, len(texts) << 32, 1 << 32).repeat(lengths)
    flat.sort()
    first = np.ones(len(flat), bool)
    np.not_equal(flat[1:], flat[:-1], out=first[1:])
    places = first.nonzero()[0]
    cells, many = flat.take(places), np.empty(len(places), np.int64)
    np.subtract(places[1:], places[:-1], out=many[:-1])
    many[-1:] = len(flat) - places[-1:]
    return (cells & 0xFFFFFFFF).astype(np.int32), cells >> 32, np.minimum(many, MOST).astype(np.uint8)


def scaled(squares: NDArray[np.float64]) -> Floats:
    """Return one over the length of each vector, given its square; 0 where there is nothing."""
    return np.asarray(np.where(squares > 0, 1 / np.sqrt(np.maximum(squares, 1e-12)), 0), np.float32)
