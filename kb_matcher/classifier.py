"""A classifier over all wordings: which article speaks like this text. It sees what no single wording shows.

Small bases use two kernel machines in numpy (0.1-1 s to fit, no import of scikit-learn): ridge regression, as exact as
the linear machine at 2-12 wordings an article, and multinomial logistic regression, which adds 1 to 2 points to it from
5 wordings an article up (measured). Larger ones use scikit-learn's LinearSVC on the same features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb_matcher.postings import Postings
from kb_matcher.questions import Floats, Ints, Query

MIN_WORDINGS_PER_ARTICLE = 1.3  # below it a classifier adds nothing to the cosines (measured)
MAX_ARTICLES = 2000
MAX_KERNEL_WORDINGS = 2000
MAX_FITTED = 5_000_000  # wordings times articles: the linear machine takes 4 s a million (2,000 articles took 85 s)
MAX_CELLS = 40_000_000  # float32 coefficients kept by the linear machine: 160 MB

LEAST_SHARE = -12.0

_GAMMA = 1.0
_RIDGE = 0.1
_SVC_C = 0.5
_STEEP = 6.0  # a margin of the linear machine as a logit
_LOGISTIC_RIDGE = 0.1
_LOGISTIC_STEPS = 30


class Classifier(Protocol):
    """Scores every article for one text."""

    def scores(self, cosines: Floats, queries: Sequence[Query]) -> Floats:
        """Return two rows over the articles, given summed cosines and the weighed views.

        The first is about 0 (not this article) to 1 (this one), the second the logarithm of its share among all.
        """


@dataclass(frozen=True, slots=True)
class KernelMachines:
    """Ridge regression over exp(gamma * (cosine sum - views)) and logistic regression over the cosine sum."""

    dual: Floats  # wordings x articles
    base: Floats
    logistic: Floats  # wordings x articles
    bias: Floats

    def scores(self, cosines: Floats, queries: Sequence[Query]) -> Floats:
        """See Classifier."""
        kernel = np.exp(_GAMMA * (cosines - len(queries)))
        return np.stack([kernel @ self.dual + self.base, log_shares(cosines @ self.logistic + self.bias)])


@dataclass(frozen=True, slots=True)
class LinearMachine:
    """One-against-all margins, moved from -1..1 to 0..1."""

    coefficients: tuple[Floats, ...]  # per view: features x articles
    intercept: Floats

    def scores(self, cosines: Floats, queries: Sequence[Query]) -> Floats:
        """See Classifier."""
        margins = self.intercept.copy()
        for query, coefficients in zip(queries, self.coefficients, strict=True):
            margins += query.weights[query.found] @ coefficients[query.rows]
        return np.stack([(np.clip(margins, -1.5, 1.5) + 1) / 2, log_shares(_STEEP * margins)])


def log_shares(logits: Floats) -> Floats:
    """Return the logarithm of softmax, not below LEAST_SHARE."""
    moved = logits - logits.max()
    return np.asarray(np.maximum(moved - np.log(np.exp(moved).sum()), LEAST_SHARE), np.float32)


def fit(views: Sequence[Postings], owner: Ints, articles: int) -> Classifier | None:
    """Fit the classifier that suits the base; None: too few wordings, one article or too many."""
    from threadpoolctl import threadpool_limits

    if articles < 2 or articles > MAX_ARTICLES or len(owner) <= MIN_WORDINGS_PER_ARTICLE * articles:
        return None
    if len(owner) <= MAX_KERNEL_WORDINGS:
        # One core: for matrices of this size more of them cost more than they bring, and others serve customers.
        with threadpool_limits(1):
            return _fit_kernel(views, owner, articles)
    cells = sum(len(view.features) for view in views) * articles
    if cells > MAX_CELLS or len(owner) * articles > MAX_FITTED:
        return None
    return _fit_linear(views, owner, articles)


def _dense(view: Postings) -> Floats:
    matrix = np.zeros((view.size, len(view.features)), np.float32)
    matrix[view.documents, np.repeat(np.arange(len(view.features)), np.diff(view.starts))] = view.weights
    return matrix


def _fit_kernel(views: Sequence[Postings], owner: Ints, articles: int) -> KernelMachines:
    cosines = np.zeros((len(owner), len(owner)), np.float32)
    for view in views:
        matrix = _dense(view)
        cosines += matrix @ matrix.T
    kernel = np.exp(_GAMMA * (cosines.astype(np.float64) - len(views)))
    targets: NDArray[np.float64] = np.zeros((len(owner), articles))
    targets[np.arange(len(owner)), owner] = 1
    base = targets.mean(axis=0)
    dual = np.linalg.solve(kernel + _RIDGE * np.eye(len(owner)), targets - base)
    logistic, bias = _fit_logistic(cosines, targets.astype(np.float32))
    return KernelMachines(dual.astype(np.float32), base.astype(np.float32), logistic, bias)


def _fit_logistic(cosines: Floats, targets: Floats) -> tuple[Floats, Floats]:
    """Fit softmax(cosines @ weights + bias) to the targets by L-BFGS; the kernel's norm of the weights is kept low."""
    from scipy.linalg import solve_triangular
    from scipy.optimize import fmin_l_bfgs_b

    wordings, articles = targets.shape
    root = np.linalg.cholesky(cosines.astype(np.float64) + 1e-4 * np.eye(wordings)).astype(np.float32)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat[articles:].reshape(wordings, articles).astype(np.float32)
        logits = root @ weights + flat[:articles].astype(np.float32)
        logits -= logits.max(axis=1, keepdims=True)
        powers = np.exp(logits)
        total = powers.sum(axis=1, keepdims=True)
        error = powers / total - targets
        value = float(np.log(total).sum() - (logits * targets).sum() + _LOGISTIC_RIDGE / 2 * (weights**2).sum())
        slope = root.T @ error + _LOGISTIC_RIDGE * weights
        return value, np.concatenate([error.sum(axis=0), slope.ravel()]).astype(np.float64)

    start = np.zeros(articles * (wordings + 1))
    flat, _, _ = fmin_l_bfgs_b(loss, start, m=6, maxiter=_LOGISTIC_STEPS, pgtol=1e-3, factr=1e9)
    weights = solve_triangular(root.T, flat[articles:].reshape(wordings, articles), lower=False)
    return np.asarray(weights, np.float32), flat[:articles].astype(np.float32)


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
