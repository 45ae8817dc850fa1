"""A question as a view of the index sees it, what was read for it, and sums of what it shares with documents."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb_matcher.hashing import Bag
from kb_matcher.tails import Hits

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Rows = NDArray[Any]  # integers of any width


@dataclass(frozen=True, slots=True)
class Query:
    """A question as a view weighs it: places of its features in the view's rows, and a vector of length <= 1."""

    bag: Bag
    features: NDArray[np.int32]  # of the view's segment
    rows: Ints  # of those features of the bag that the segment has ...
    found: NDArray[np.bool_]  # ... which are these
    there: NDArray[np.bool_]  # features of the bag that a document has that is not gone
    idf: NDArray[np.float64]  # of all features of the bag
    weights: Floats  # of all features of the bag
    hits: Hits  # where the tail has features of the question

    @property
    def known(self) -> float:
        """Share of the question's idf that the view knows, 0..1."""
        return float(self.idf[self.there].sum() / self.idf.sum()) if len(self.idf) else 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """The cosine of a question with every document, and the postings of the segment that were read for it."""

    cosines: Floats
    documents: Rows
    spread: Ints  # postings of each row of the question; empty if not all were read


@dataclass(frozen=True, slots=True)
class Masses:
    """Summed idf: what each asked document shares with a question, what the view knows of it, and all of it."""

    documents: Floats
    known: float
    total: float
