"""The documents a view got since its segment was made: few enough to be read through, and added to in a blink."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_matcher.room import extended
from kb_matcher.segments import Segment

SIEVE = 1 << 16
LOW = np.int32(SIEVE - 1)


@dataclass(frozen=True, slots=True)
class Hits:
    """Postings of a tail whose features are asked for: where they are, and which asked feature each has."""

    places: NDArray[np.intp]
    asked: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Tail:
    """Postings document by document, each document's features rising; documents are numbered from 0."""

    size: int
    features: NDArray[np.int32]
    documents: NDArray[np.int32]
    counts: NDArray[np.uint8]
    scale: NDArray[np.float32]  # of each document: one over the length of its vector

    def added(
        self,
        features: NDArray[np.int32],
        documents: NDArray[np.int64],
        counts: NDArray[np.uint8],
        scale: NDArray[np.float32],
    ) -> "Tail":
        """Add as many documents as there are scales, given the same way and numbered from 0."""
        return Tail(
            size=self.size + len(scale),
            features=extended(self.features, features),
            documents=extended(self.documents, documents + self.size),
            counts=extended(self.counts, counts),
            scale=extended(self.scale, scale),
        )

    def without(self, documents: Sequence[int]) -> "Tail":
        """Empty some documents; their numbers stay taken."""
        if not documents:
            return self
        kept = ~np.isin(self.documents, np.asarray(documents))
        return Tail(self.size, self.features[kept], self.documents[kept], self.counts[kept], self.scale)

    def hits(self, features: NDArray[np.int32]) -> Hits:
        """Find the postings of some features (rising): a sieve first, so that most are only looked at once."""
        if not len(self.features) or not len(features):
            return NONE
        sieve = np.zeros(SIEVE, bool)
        sieve[features & LOW] = True
        places = np.flatnonzero(sieve.take(self.features & LOW))
        asked = np.minimum(np.searchsorted(features, self.features[places]), len(features) - 1)
        same = features[asked] == self.features[places]
        return Hits(places[same], asked[same])

    def segment(self) -> Segment:
        """Return the same postings feature by feature."""
        order = np.lexsort((self.documents, self.features))
        features, first = np.unique(self.features[order], return_index=True)
        starts = np.append(first, len(order)).astype(np.int64)
        return Segment(self.size, features, starts, self.documents[order], self.counts[order])


NONE = Hits(np.empty(0, np.intp), np.empty(0, np.intp))
EMPTY = Tail(0, np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.uint8), np.empty(0, np.float32))
