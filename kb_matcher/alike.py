"""Which wordings of a large base are worth comparing with all others: those that share rare words with another article.

Every wording is held against those that share its rarest stems with it, up to a number of them: the time grows with the
wordings, not with their square.
"""

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from kb_matcher.hashing import bucket
from kb_matcher.index import Index
from kb_matcher.normalise import stem
from kb_matcher.questions import Floats, Ints

#: Cosine of stems from which two wordings may be nearly the same question.
MAYBE = 0.35
#: Wordings that share a stem with one, looked at at most; the rarest stems come first.
READ = 4_000


@dataclass(frozen=True, slots=True)
class Shared:
    """Stems of wordings that stand in several articles, each with its wordings, and of each wording the rarest first.

    `starts` and `firsts` say where the wordings of a stem, and the stems of a wording, begin.
    """

    owner: NDArray[np.int32]
    lengths: Floats  # of the wordings' vectors, all their stems counted
    stems: Ints  # of the wordings
    firsts: Ints
    wordings: Ints  # of the stems
    starts: Ints
    weights: Floats  # of the stems, squared

    def likest(self, begin: int, end: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the cosine of wordings with the likest of another article's, and of which not all were looked at."""
        sums = np.zeros(len(self.owner), np.float32)
        best = np.zeros(end - begin, np.float32)
        cut = np.zeros(end - begin, bool)
        for number in range(begin, end):
            stems = self.stems[self.firsts[number] : self.firsts[number + 1]]
            if not len(stems):
                continue
            many = np.cumsum(self.starts[stems + 1] - self.starts[stems])
            read = stems[: max(1, int(np.searchsorted(many, READ, "right")))]
            cut[number - begin] = many[-1] > READ
            met = []
            for one in read.tolist():
                found = self.wordings[self.starts[one] : self.starts[one + 1]][:READ]
                sums[found] += self.weights[one]
                met.append(found)
            touched = np.concatenate(met)
            near = sums[touched] / (self.lengths[touched] * self.lengths[number])
            near[self.owner[touched] == self.owner[number]] = 0
            best[number - begin] = near.max()
            sums[touched] = 0
        return best, cut


def shared(index: Index) -> Shared:
    """Read the stems of all wordings of articles that are there."""
    owner = np.asarray(index.owner)
    there = index.alive[owner]
    spoken = [
        tuple({bucket(stem(word)) for word in index.tokens[number]}) if there[number] else ()
        for number in range(len(owner))
    ]
    sizes = np.array([len(each) for each in spoken], np.int64)
    flat = np.fromiter(chain.from_iterable(spoken), np.int64, int(sizes.sum()))
    _, stems = np.unique(flat, return_inverse=True)
    wording = np.repeat(np.arange(len(owner)), sizes)
    often = np.bincount(stems)
    weights = (np.log((1 + len(owner)) / (1 + often)) + 1) ** 2
    lengths = np.sqrt(np.bincount(wording, weights[stems], len(owner)))
    by_stem = np.argsort(stems, kind="stable")
    begins = np.append(0, np.cumsum(often))
    owners = owner[wording[by_stem]]  # wordings of an article stand together: a stem of one has the same at both ends
    several = owners[begins[:-1]] != owners[begins[1:] - 1] if len(often) else np.zeros(0, bool)
    kept = several[stems]
    order = np.lexsort((often[stems[kept]], wording[kept]))
    return Shared(
        owner,
        np.maximum(lengths, 1e-9),
        stems[kept][order],
        np.append(0, np.cumsum(np.bincount(wording[kept], minlength=len(owner)))),
        wording[by_stem],
        begins,
        weights,
    )


def worth(best: Floats, cut: NDArray[np.bool_], most: int) -> tuple[list[int], bool]:
    """Return the wordings worth comparing, `most` at most, the likest before others; were none passed over?"""
    found = np.flatnonzero(best >= MAYBE)
    whole = len(found) <= most and not cut.any()
    if len(found) > most:
        found = found[np.argsort(-best[found], kind="stable")[:most]]
    return np.sort(found).tolist(), whole
