"""Postings as they lie in memory or in a file: which documents hold a hashed feature, and how often.

A segment is raw counts without any statistics, so that segments are joined and filtered without reading a text again.
"""

import ctypes
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 255  # a feature that stands in a document more often counts as that
SLICE = 200_000  # postings moved at once: joining stays small beside what is joined

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Segment:
    """`size` documents; those of feature `features[i]` stand at `starts[i]:starts[i + 1]`, in rising order."""

    size: int
    features: Numbers  # rising
    starts: NDArray[np.int64]
    documents: NDArray[Any]  # int32, of a small segment uint16
    counts: NDArray[np.uint8]

    @property
    def spread(self) -> NDArray[np.int64]:
        """Postings of each feature."""
        return np.diff(self.starts)


def segment(texts: Sequence[Sequence[int]]) -> Segment:
    """Count documents given as lists of hashed features."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    flat = np.fromiter(chain.from_iterable(texts), np.int64, int(lengths.sum()))
    flat <<= 32
    flat += np.repeat(np.arange(len(texts)), lengths)
    cells, counts = np.unique(flat, return_counts=True)
    features, first = np.unique(cells >> 32, return_index=True)
    return Segment(
        size=len(texts),
        features=features.astype(np.int32),
        starts=np.append(first, len(cells)).astype(np.int64),
        documents=(cells & 0xFFFFFFFF).astype(np.uint16 if len(texts) <= 1 << 16 else np.int32),
        counts=np.minimum(counts, MOST).astype(np.uint8),
    )


def filtered(whole: Segment, kept: NDArray[np.bool_]) -> Segment:
    """Leave out documents and number the others anew, order kept."""
    numbers = (np.cumsum(kept) - 1).astype(np.int32)
    documents, counts, spread = [], [], whole.spread
    for rows, cells in slices(whole):
        part = whole.documents[cells]
        there = kept[part]
        documents.append(numbers[part[there]])
        counts.append(whole.counts[cells][there])
        row = np.repeat(np.arange(rows.stop - rows.start), spread[rows])[there]
        spread[rows] = np.bincount(row, minlength=rows.stop - rows.start)
    left = spread > 0
    return Segment(
        size=int(kept.sum()),
        features=whole.features[left],
        starts=np.append(0, np.cumsum(spread[left])),
        documents=np.concatenate(documents) if documents else np.empty(0, np.int32),
        counts=np.concatenate(counts) if counts else np.empty(0, np.uint8),
    )


def joined(parts: Iterable[Segment]) -> Segment:
    """Put the documents of the parts one after the other: the same segment as counted at once."""
    parts = list(parts)
    features = np.unique(np.concatenate([np.empty(0, np.int32), *(part.features for part in parts)]))
    rows_of = [np.searchsorted(features, part.features) for part in parts]
    spread = np.zeros(len(features), np.int64)
    for part, places in zip(parts, rows_of, strict=True):
        spread[places] += part.spread
    starts = np.append(0, np.cumsum(spread))
    free = starts[:-1].copy()  # the place of each feature's next posting
    kind = np.uint16 if sum(part.size for part in parts) <= 1 << 16 else np.int32
    documents, counts = np.empty(int(starts[-1]), kind), np.empty(int(starts[-1]), np.uint8)
    before = 0
    for part, places in zip(parts, rows_of, strict=True):
        all_of_it = part.spread
        for rows, cells in slices(part):
            many, place = all_of_it[rows], places[rows]
            shift = free[place] - (part.starts[rows] - cells.start)
            at = np.arange(cells.stop - cells.start) + np.repeat(shift, many)
            documents[at] = part.documents[cells].astype(np.int32) + before
            counts[at] = part.counts[cells]
            free[place] += many
        before += part.size
    return Segment(before, features, starts, documents, counts)


def slices(whole: Segment) -> Iterable[tuple[slice, slice]]:
    """Cut a segment into whole rows of about SLICE postings: rows, and where their postings stand."""
    row = 0
    while row < len(whole.features):
        end = int(np.searchsorted(whole.starts, whole.starts[row] + SLICE, "right")) - 1
        end = min(max(end, row + 1), len(whole.features))
        yield slice(row, end), slice(int(whole.starts[row]), int(whole.starts[end]))
        row = end


def give_back() -> None:
    """Let the system have what was freed: of a large base 25 MB that lie between what stays. Only glibc knows how."""
    if (trim := getattr(ctypes.CDLL(None) if os.name == "posix" else None, "malloc_trim", None)) is not None:
        trim(0)
