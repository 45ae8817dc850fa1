"""Linear models small enough to refit in a blink, each pulled towards known weights (a Gaussian prior)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STEPS = 40
_HALVINGS = 30
_CLOSE = 1e-6
_BIAS_PULL = 0.1


@dataclass(frozen=True, slots=True)
class Linear:
    """weights * (x - mean) / scale + bias."""

    mean: Array
    scale: Array
    weights: Array
    bias: float = 0.0

    def __call__(self, rows: Array) -> Array:
        """Return one score a row."""
        return np.asarray((rows - self.mean) / self.scale @ self.weights + self.bias)

    def as_json(self) -> dict[str, Any]:
        """Return plain numbers, six digits each."""
        lists = {name: [round(float(one), 6) for one in getattr(self, name)] for name in ("mean", "scale", "weights")}
        return {**lists, "bias": round(self.bias, 6)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Linear":
        """Read what `as_json` wrote."""
        return cls(
            np.asarray(value["mean"], float),
            np.asarray(value["scale"], float),
            np.asarray(value["weights"], float),
            float(value["bias"]),
        )

    def widened(self, columns: Array, weight: float = 0.0) -> "Linear":
        """Return the model with more columns at the end, of one weight each; `columns` give their mean and scale."""
        more = neutral(columns)
        return Linear(
            np.append(self.mean, more.mean),
            np.append(self.scale, more.scale),
            np.append(self.weights, np.full(columns.shape[1], weight)),
            self.bias,
        )


def neutral(rows: Array) -> Linear:
    """Return zero weights with the mean and scale of the rows; columns that never change get scale 1."""
    scale = rows.std(axis=0)
    return Linear(rows.mean(axis=0), np.where(scale > _CLOSE, scale, 1.0), np.zeros(rows.shape[1]))


def sigmoid(values: Array) -> Array:
    """Logistic function, safe for any finite value."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -35, 35))))


def softmax(values: Array) -> Array:
    """Return shares that sum to 1 along the last axis."""
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _newton(start: Array, loss: Callable[[Array], float], bend: Callable[[Array], tuple[Array, Array]]) -> Array:
    """Minimise a convex loss; `bend` gives slope and Hessian. A step that does not lower the loss is halved."""
    weights, value = start.copy(), loss(start)
    for _ in range(_STEPS):
        slope, hessian = bend(weights)
        step = np.linalg.solve(hessian, slope)
        if float(slope @ step) < _CLOSE:
            break
        for _ in range(_HALVINGS):
            lower = loss(weights - step)
            if lower < value:
                break
            step = step / 2
        else:
            break
        weights, value = weights - step, lower
    return weights


def fit_logistic(rows: Array, right: Array, prior: Linear, strength: float) -> Linear:
    """Fit P(right); `strength` is the prior's precision of every weight, the bias is nearly free."""
    design = np.column_stack([(rows - prior.mean) / prior.scale, np.ones(len(rows))])
    start = np.append(prior.weights, prior.bias)
    pull = np.append(np.full(len(prior.weights), strength), _BIAS_PULL)

    def loss(weights: Array) -> float:
        scores = design @ weights
        return float(np.logaddexp(0, scores).sum() - right @ scores + (pull * (weights - start) ** 2).sum() / 2)

    def bend(weights: Array) -> tuple[Array, Array]:
        chance = sigmoid(design @ weights)
        slope = design.T @ (chance - right) + pull * (weights - start)
        return slope, (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(pull)

    weights = _newton(start, loss, bend)
    return Linear(prior.mean, prior.scale, weights[:-1], float(weights[-1]))


def fit_choice(lists: Sequence[Array], chosen: Sequence[int], prior: Linear, strength: float) -> Linear:
    """Fit a conditional logit: a softmax over each list's rows, of which `chosen` is the right one."""
    depth = max(len(rows) for rows in lists)
    cube = np.zeros((len(lists), depth, len(prior.weights)))
    absent = np.full((len(lists), depth), -np.inf)
    for number, rows in enumerate(lists):
        cube[number, : len(rows)] = (rows - prior.mean) / prior.scale
        absent[number, : len(rows)] = 0
    gold = cube[np.arange(len(lists)), np.asarray(chosen)]

    def loss(weights: Array) -> float:
        scores = cube @ weights + absent
        highest = scores.max(axis=1)
        total = np.log(np.exp(scores - highest[:, None]).sum(axis=1)) + highest
        return float((total - gold @ weights).sum() + strength * ((weights - prior.weights) ** 2).sum() / 2)

    def bend(weights: Array) -> tuple[Array, Array]:
        chance = softmax(cube @ weights + absent)
        expected = np.einsum("nd,ndf->nf", chance, cube)
        slope = (expected - gold).sum(axis=0) + strength * (weights - prior.weights)
        spread = (cube - expected[:, None]).reshape(-1, len(weights))
        return slope, (spread * chance.reshape(-1, 1)).T @ spread + strength * np.eye(len(weights))

    return Linear(prior.mean, prior.scale, _newton(prior.weights, loss, bend))
