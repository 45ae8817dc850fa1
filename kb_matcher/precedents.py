"""Labelled messages as precedents: how often each article was meant, and whether messages like this one had an answer.

They never become wordings: which article a message was about is counted and nothing else is kept of it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_matcher.hashing import Bag
from kb_matcher.linear import Array
from kb_matcher.postings import Postings
from kb_matcher.questions import Floats

NAMES = ("stranger", "strangers", "nearer", "nearer_three", "log_inside", "log_right")
MANY = 4000  # the newest labels that are kept
FEW = 3  # nearest messages of either kind that are looked at
COMMON = 2.0  # labels that every article counts as having had, so that one label is no habit
_SCOPE, _RIGHT = 3.0, 4.0  # how fast messages that are less alike stop counting


@dataclass(frozen=True, slots=True)
class Precedents:
    """Messages in two views, what they were, and how often each article was meant."""

    stems: Postings
    letters: Postings
    inside: NDArray[np.bool_]  # an article fitted
    right: NDArray[np.bool_]  # and the ranker, which had not seen the message, put it first
    asked: dict[str, int]  # by article id
    usual: float  # labels per article

    def near(self, stems: Bag, letters: Bag) -> Floats:
        """Return how alike a text and each message are, 0..2: the sum of both views' cosines."""
        return self.stems.scores(self.stems.query(stems)) + self.letters.scores(self.letters.query(letters))

    def row(self, near: Floats) -> Array:
        """Describe a text by the messages it resembles (columns NAMES); a likeness below 0 leaves a message out."""
        inside, strange = _highest(near[self.inside]), _highest(near[~self.inside])
        there = near >= 0
        scope, right = np.exp(_SCOPE * near) * there, np.exp(_RIGHT * near) * there
        return np.array(
            [
                strange[0],
                strange.mean(),
                inside[0] - strange[0],
                inside.mean() - strange.mean(),
                np.log((scope[self.inside].sum() + 1) / (scope[~self.inside].sum() + 1)),
                np.log((right[self.right].sum() + 1) / (right[~self.right].sum() + 1)),
            ]
        )

    def habit(self, articles: Sequence[str], leave_out: str | None = None) -> Array:
        """Return the logarithm of how much more often than usual each article was meant; one label may be left out."""
        counts = np.array([self.asked.get(id, 0) - (id == leave_out) for id in articles], float)
        return np.asarray(np.log((counts + COMMON) / (self.usual + COMMON)))


def gather(
    texts: Sequence[tuple[Bag, Bag]], golds: Sequence[str | None], right: Sequence[bool], articles: int
) -> Precedents:
    """Keep messages (stems and letters, the article meant or None, whether it was put first) over so many articles."""
    asked = Counter(one for one in golds if one is not None)
    return Precedents(
        Postings.build([stems.features.tolist() for stems, _ in texts]),
        Postings.build([letters.features.tolist() for _, letters in texts]),
        np.array([one is not None for one in golds], bool),
        np.array(right, bool),
        dict(asked),
        asked.total() / max(articles, 1),
    )


def rows(kept: Precedents, texts: Sequence[tuple[Bag, Bag]]) -> Array:
    """Describe each of the kept messages by the others."""
    described = []
    for number, (stems, letters) in enumerate(texts):
        near = kept.near(stems, letters)
        near[number] = -1
        described.append(kept.row(near))
    return np.array(described)


def _highest(near: Floats) -> Floats:
    """Return the FEW highest, falling, 0 where there are fewer."""
    few = np.zeros(FEW, np.float32)
    found = np.sort(near if len(near) <= FEW else np.partition(near, -FEW)[-FEW:])[::-1]
    few[: len(found)] = np.maximum(found, 0)
    return few
