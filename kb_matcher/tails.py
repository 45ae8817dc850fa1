"""The documents a view got since its segment was made: few enough to be read through, and added to in a blink."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb_matcher.segments import MOST, Segment

SIEVE = 1 << 16


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

    def added(self, bags: Sequence[tuple[NDArray[Any], NDArray[Any]]], lengths: Sequence[float]) -> "Tail":
        """Add documents: features and counts of each, and the length of its vector (0: it has no features)."""
        many = [len(features) for features, _ in bags]
        scale = [1 / length if length else 0.0 for length in lengths]
        return Tail(
            size=self.size + len(bags),
            features=np.concatenate([self.features, *(features.astype(np.int32) for features, _ in bags)]),
            documents=np.concatenate(
                [self.documents, np.repeat(np.arange(len(bags), dtype=np.int32) + np.int32(self.size), many)]
            ),
            counts=np.concatenate([self.counts, *(np.minimum(counts, MOST).astype(np.uint8) for _, counts in bags)]),
            scale=np.concatenate([self.scale, np.asarray(scale, np.float32)]),
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
        sieve[features % SIEVE] = True
        places = np.flatnonzero(sieve[self.features % SIEVE])
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
