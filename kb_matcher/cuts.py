"""How far questions may be apart and still ask the same: read off how alike all of them are; made by `main` below.

A distance that suits a board of ten subjects puts together what has nothing to do with each other on one of a hundred.
So each cut of the tree is described by what it puts together and by how alike the questions are anyway, and a logistic
model says what share of the pairs would be right. The furthest cut that is right enough is taken.
"""

import json
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bridge.model.articles import Label
from kb_matcher.files import read_labels

Table = NDArray[np.float32]

#: Distances (1 - cosine) that are tried.
CUTS = np.arange(0.36, 0.92, 0.02)
#: Share of pairs put together that is to be right, as the model thinks.
RIGHT = 0.88
#: Questions up to which a cut is never nearer than FEW_APART: so few tell little of themselves.
FEW, FEW_APART = 60, 0.5
#: Of CLINC150's and BANKING77's labelled questions (README.md), boards of 25 to 700 of them about 6 to 150 subjects.
#: Order as in `described`.
WEIGHTS = np.array(
    [
        -0.9539,
        0.2246,
        0.001918,
        -0.5813,
        2.415,
        1.534,
        -0.472,
        -5.371,
        -0.9048,
        4.172,
        0.4141,
        0.04624,
        3.88,
        2.903,
        0.3516,
    ]
)
BIAS = 4.419
PULL = 0.03  # inverse: the descriptions of a cut say much the same in several ways


def tree(alike: Table) -> NDArray[np.float64]:
    """Return the average-linkage tree of questions by how alike they are (cosines), as scipy describes trees."""
    from scipy.cluster.hierarchy import linkage

    apart = np.concatenate([np.empty(0), *(1.0 - row[place:] for place, row in enumerate(alike, 1))])
    return np.asarray(linkage(np.clip(apart, 0, 1, out=apart), "average"))


def cut(joined: NDArray[np.float64], distance: float) -> NDArray[np.int64]:
    """Return the group of each question when the tree is cut there."""
    from scipy.cluster.hierarchy import fcluster

    return np.asarray(fcluster(joined, distance, "distance"), np.int64)


def furthest(alike: Table, joined: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the groups of the furthest cut whose pairs are right often enough; of the nearest one if none is."""
    groups = [cut(joined, distance) for distance in CUTS]
    sure = 1 / (1 + np.exp(-(described(alike, groups) @ WEIGHTS + BIAS)))
    good = np.flatnonzero(sure >= RIGHT)
    least = int(np.searchsorted(CUTS, FEW_APART)) if len(alike) <= FEW else 0
    return groups[max(least, int(good[-1]) if len(good) else 0)]


def described(alike: Table, groups: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Return a row for each cut: the distance, what it puts together, and how alike the questions are anyway."""
    count = len(alike)
    pairs = np.concatenate([row[place:] for place, row in enumerate(alike, 1)])
    most = min(4, count - 1)
    near = np.array([np.partition(np.delete(row, place), -most)[-most:] for place, row in enumerate(alike)])
    near.sort(axis=1)
    whole = [
        np.log(count),
        pairs.mean(dtype=float) * 10,
        *np.quantile(pairs, (0.95, 0.99)),
        np.log(1e-4 + (pairs > 0.5).mean()),
        np.log(1e-4 + (pairs > 0.3).mean()),
        *(near[:, -min(place, most)].mean(dtype=float) for place in (1, 2, 4)),
    ]
    found = []
    for distance, group in zip(CUTS, groups, strict=True):
        sizes = np.bincount(group)
        together = _within(alike, group)
        within = [together.mean(dtype=float), np.quantile(together, 0.1)] if len(together) else [1.0, 1.0]
        share = sizes[sizes > 1].sum() / count
        found.append([distance, np.log(1 + len(together) / count), share, np.log(sizes.max()), *within, *whole])
    return np.array(found)


def _within(alike: Table, group: NDArray[np.int64]) -> Table:
    """Return how alike the pairs of the same group are."""
    order = np.argsort(group, kind="stable")
    members = (one for one in np.split(order, np.flatnonzero(np.diff(group[order])) + 1) if len(one) > 1)
    blocks = (alike[np.ix_(one, one)][np.triu_indices(len(one), 1)] for one in members)
    return np.concatenate([np.empty(0, np.float32), *blocks])


def _board(labels: Sequence[Label], size: int, subjects: int, seed: int) -> list[Label] | None:
    """Draw questions about so many subjects, and a tenth of strangers; None: there are not enough."""
    dice = np.random.default_rng(seed)
    asked = sorted({str(one.article_id) for one in labels if one.article_id})
    chosen = {asked[one] for one in dice.permutation(len(asked))[:subjects]}
    inside = [one for one in labels if one.article_id in chosen]
    drawn = [inside[one] for one in dice.permutation(len(inside))[:size]]
    strangers = [one for one in labels if one.article_id is None]
    drawn += [strangers[one] for one in dice.permutation(len(strangers))[: size // 10]]
    return drawn if len(drawn) >= 0.85 * size else None


def main(files: Sequence[str]) -> None:
    """Fit WEIGHTS on files of labelled questions and print them."""
    from sklearn.linear_model import LogisticRegression

    from kb_matcher.groups import similarities

    rows, right, weights = [], [], []
    boards = product(map(Path, files), (25, 50, 100, 200, 400, 700), (6, 12, 25, 60, 150), range(3))
    for path, size, subjects, seed in boards:
        board = _board(read_labels(path), size, subjects, seed)
        if board is None:
            continue
        alike = similarities([one.text for one in board])
        joined = tree(alike)
        groups = [cut(joined, distance) for distance in CUTS]
        names = [str(one.article_id or f"stranger {number}") for number, one in enumerate(board)]
        subject = np.unique(names, return_inverse=True)[1]
        first, second = np.triu_indices(len(board), 1)
        same = subject[first] == subject[second]
        for row, group in zip(described(alike, groups), groups, strict=True):
            together = group[first] == group[second]
            if together.any():
                share = float(same[together].mean())
                rows += [row, row]
                right += [1, 0]
                weights += [share, 1 - share]
    table = np.array(rows)
    mean, spread = table.mean(0), table.std(0) + 1e-9
    model = LogisticRegression(C=PULL).fit((table - mean) / spread, right, weights)
    found = model.coef_[0] / spread
    print(json.dumps({"weights": found.tolist(), "bias": float(model.intercept_[0] - (found * mean).sum())}))


if __name__ == "__main__":
    main(sys.argv[1:])
