"""What each document of a segment holds: the postings once more, document by document."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb_matcher.segments import Segment, slices


@dataclass(frozen=True, slots=True)
class Forward:
    """Document d has the features of `rows[starts[d]:starts[d + 1]]`, which rise."""

    features: int  # of the segment
    starts: NDArray[np.int64]
    rows: NDArray[Any]  # uint16, or int32 where there are more features

    @classmethod
    def of(cls, whole: Segment) -> "Forward":
        """Turn a segment round, a slice at a time: little memory beside the result."""
        ends = np.zeros(whole.size + 1, np.int64)
        for _, cells in slices(whole):
            ends[1:] += np.bincount(whole.documents[cells], minlength=whole.size)
        starts = np.cumsum(ends)
        free = starts[:-1].copy()  # the place of each document's next row
        rows_of = np.empty(int(starts[-1]), np.uint16 if len(whole.features) <= 1 << 16 else np.int32)
        spread = whole.spread
        for rows, cells in slices(whole):
            documents = whole.documents[cells]
            order = np.argsort(documents, kind="stable")
            documents = documents[order].astype(np.int64)
            many = np.bincount(documents, minlength=whole.size)
            at = np.arange(len(documents)) + np.repeat(free - (np.cumsum(many) - many), many)
            rows_of[at] = np.repeat(np.arange(rows.start, rows.stop), spread[rows])[order]
            free += many
        return cls(len(whole.features), starts, rows_of)

    def sums(
        self, rows: NDArray[np.int64], weights: NDArray[np.float64], documents: NDArray[Any]
    ) -> NDArray[np.float64]:
        """Add up for each document the weights of those of some rows that it holds."""
        table = np.zeros(self.features)
        table[rows] = weights
        starts = self.starts.take(documents)
        spread = self.starts.take(documents + 1) - starts
        at = np.asarray((starts - (spread.cumsum() - spread)).repeat(spread), np.int64)
        at += np.arange(len(at))
        owner = np.arange(len(documents)).repeat(spread)
        return np.asarray(np.bincount(owner, table.take(self.rows.take(at)), len(documents)), np.float64)
