"""The views of a small base read in one go: what a call costs matters there more than what is read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_matcher.postings import OFTEN, Postings
from kb_matcher.questions import Floats, Ints, Query, Reading

MOST = 2_000  # wordings of a base whose postings are kept here once more: 8 bytes each, about 60 a wording


@dataclass(frozen=True, slots=True)
class Together:
    """Rows, postings and documents of several views without tails, one view after the other."""

    rows: Ints  # first row of each view, and the end of all
    documents: Ints  # so are these
    starts: Ints  # of the postings of each row, and the end of all
    where: NDArray[np.int32]  # document of each posting
    often: Floats  # weight of each posting by how often the feature stands in the document
    idf: Floats  # of each row
    scale: Floats  # of each document

    @classmethod
    def of(cls, views: Sequence[Postings]) -> "Together | None":
        """Put views side by side; None: one of them has grown since it was made."""
        if any(view.tail.size or view.lost is not None for view in views):
            return None
        rows, postings, documents = (_bounds([len(part) for part in parts]) for parts in (
            [view.features for view in views], [view.documents for view in views], [view.scale for view in views]
        ))  # fmt: skip
        starts = [view.starts[:-1] + at for view, at in zip(views, postings[:-1], strict=True)]
        where = [view.documents.astype(np.int32) + np.int32(at) for view, at in zip(views, documents[:-1], strict=True)]
        return cls(
            rows=rows,
            documents=documents,
            starts=np.append(np.concatenate(starts), postings[-1]),
            where=np.concatenate(where),
            often=OFTEN[np.concatenate([view.base.counts for view in views])],
            idf=np.concatenate([view.idf for view in views]),
            scale=np.concatenate([view.scale for view in views]),
        )

    def read(self, queries: Sequence[Query], budget: int) -> list[Reading] | None:
        """Do what each view's `read` does, to the bit; None: all postings together are more than the budget."""
        offsets = self.rows.tolist()
        rows = np.concatenate([query.rows + at for query, at in zip(queries, offsets[:-1], strict=True)])
        starts = self.starts[rows]
        spread = self.starts[rows + 1] - starts
        ends = spread.cumsum()
        total = int(ends[-1]) if len(ends) else 0
        if total > budget:
            return None
        at = (starts - (ends - spread)).repeat(spread)
        at += np.arange(total)
        where, values = self.where[at], self.often[at]
        weights = np.concatenate([query.weights[query.found] for query in queries])
        values *= (weights * self.idf[rows]).repeat(spread)
        values *= self.scale[where]
        scores = np.zeros(len(self.scale), np.float32)
        np.add.at(scores, where, values)
        return self._parted(queries, scores, where, spread, ends.tolist())

    def _parted(
        self, queries: Sequence[Query], scores: Floats, where: NDArray[np.int32], spread: Ints, ends: list[int]
    ) -> list[Reading]:
        parts, row, begun = [], 0, 0
        bounds = self.documents.tolist()
        for query, first, last in zip(queries, bounds[:-1], bounds[1:], strict=True):
            until = row + len(query.rows)
            end = ends[until - 1] if until else 0
            parts.append(Reading(scores[first:last], where[begun:end] - first, spread[row:until]))
            row, begun = until, end
        return parts


def _bounds(lengths: Sequence[int]) -> Ints:
    return np.append(0, np.cumsum(lengths, dtype=np.int64))
