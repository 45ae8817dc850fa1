"""A classifier over all wordings: which article speaks like this text. It sees what no single wording shows.

Small bases use kernel ridge regression in plain numpy (0.02-0.1 s to fit, no import of scikit-learn, as exact as the
linear machine at 2-12 wordings an article); larger ones scikit-learn's LinearSVC on the same features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb_matcher.postings import Floats, Ints, Postings, Query

MIN_WORDINGS_PER_ARTICLE = 1.3  # below it a classifier adds nothing to the cosines (measured)
MAX_ARTICLES = 2000
MAX_KERNEL_WORDINGS = 2000
MAX_CELLS = 40_000_000  # float32 coefficients kept by the linear machine: 160 MB

_GAMMA = 1.0
_RIDGE = 0.1
_SVC_C = 0.5


class Classifier(Protocol):
    """Scores every article for one text."""

    def scores(self, cosines: Floats, queries: Sequence[Query]) -> Floats:
        """Return about 0 (not this article) to 1 (this one), given summed cosines and the weighed views."""


@dataclass(frozen=True, slots=True)
class KernelRidge:
    """exp(gamma * (cosine sum - views)) against one column an article."""

    dual: Floats  # wordings x articles
    base: Floats

    def scores(self, cosines: Floats, queries: Sequence[Query]) -> Floats:
        """See Classifier."""
        kernel = np.exp(_GAMMA * (cosines - len(queries)))
        return np.asarray(kernel @ self.dual + self.base, np.float32)


@dataclass(frozen=True, slots=True)
class LinearMachine:
    """One-against-all margins, moved from -1..1 to 0..1."""

    coefficients: tuple[Floats, ...]  # per view: features x articles
    intercept: Floats

    def scores(self, cosines: Floats, queries: Sequence[Query]) -> Floats:
        """See Classifier."""
        margins = self.intercept.copy()
        for query, coefficients in zip(queries, self.coefficients, strict=True):
            margins += query.weights @ coefficients[query.rows]
        return np.asarray((np.clip(margins, -1.5, 1.5) + 1) / 2, np.float32)


def fit(views: Sequence[Postings], owner: Ints, articles: int) -> Classifier | None:
    """Fit the classifier that suits the base; None: too few wordings, one article or too many."""
    if articles < 2 or articles > MAX_ARTICLES or len(owner) <= MIN_WORDINGS_PER_ARTICLE * articles:
        return None
    if len(owner) <= MAX_KERNEL_WORDINGS:
        return _fit_kernel(views, owner, articles)
    if sum(len(view.features) for view in views) * articles > MAX_CELLS:
        return None
    return _fit_linear(views, owner, articles)


def _dense(view: Postings) -> Floats:
    matrix = np.zeros((view.size, len(view.features)), np.float32)
    matrix[view.documents, np.repeat(np.arange(len(view.features)), np.diff(view.starts))] = view.weights
    return matrix


def _fit_kernel(views: Sequence[Postings], owner: Ints, articles: int) -> KernelRidge:
    cosines = np.zeros((len(owner), len(owner)), np.float32)
    for view in views:
        matrix = _dense(view)
        cosines += matrix @ matrix.T
    kernel = np.exp(_GAMMA * (cosines.astype(np.float64) - len(views)))
    targets: NDArray[np.float64] = np.zeros((len(owner), articles))
    targets[np.arange(len(owner)), owner] = 1
    base = targets.mean(axis=0)
    dual = np.linalg.solve(kernel + _RIDGE * np.eye(len(owner)), targets - base)
    return KernelRidge(dual.astype(np.float32), base.astype(np.float32))


def _fit_linear(views: Sequence[Postings], owner: Ints, articles: int) -> LinearMachine:
    # Imported here: scikit-learn costs seconds and 100 MB that small bases never need.
    from scipy.sparse import csc_matrix, hstack
    from sklearn.svm import LinearSVC

    columns = [csc_matrix((v.weights, v.documents, v.starts), shape=(v.size, len(v.features))) for v in views]
    machine = LinearSVC(C=_SVC_C).fit(hstack(columns).tocsr(), owner)
    coefficients = np.asarray(machine.coef_, np.float32)
    if articles == 2:  # scikit-learn keeps one row for two classes
        coefficients = np.vstack([-coefficients, coefficients])
    intercept = np.asarray(machine.intercept_, np.float32)
    intercept = np.concatenate([-intercept, intercept]) if articles == 2 else intercept
    cuts = np.cumsum([len(view.features) for view in views])[:-1]
    parts = np.split(coefficients.T, cuts)
    return LinearMachine(tuple(np.ascontiguousarray(part) for part in parts), intercept)
