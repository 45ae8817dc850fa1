"""How sure the first place is: P(it is the right article and anything in the base fits at all)."""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from kb_matcher import precedents
from kb_matcher.features import COLUMN, Evidence
from kb_matcher.linear import Array, Linear, neutral, softmax

NAMES = (
    "share", "gap", "entropy", "score",
    "stem", "letter", "profile_stem", "profile_letter", "classifier",
    "covered", "covering", "subject_stem", "subject_letter", "subject_told",
    "token_set", "token_sort", "ratio", "partial", "log_share",
    "highest_letter", "highest_profile", "classifier_gap", "stem_gap", "log_share_gap",
    "agreement", "known_stems", "known_letters", "known_subject", "log_length", "log_wordings",
)  # fmt: skip
PAIRED = (
    "share", "gap", "letter", "profile_letter", "subject_letter", "log_share", "known_stems", "known_letters",
    "stranger", "nearer", "log_inside", "log_right",
)  # fmt: skip
_FAR = 2.0  # standard deviations from which a value counts no more
_FAINT = 3.0  # a product counts so much less than a square
_PAIRS = list(combinations([(NAMES + precedents.NAMES).index(name) for name in PAIRED], 2))
_ONE, _OTHER = [one for one, _ in _PAIRS], [other for _, other in _PAIRS]

_COPIED = [COLUMN[name] for name in NAMES[4:19]]
_FLAGS = [number for name, number in COLUMN.items() if name.startswith("best_")]


@dataclass(frozen=True, slots=True)
class Bends:
    """Squares and products of values beside them: how sure a ranking is does not rise evenly with each, nor apart.

    Only an installation's own labels teach these: learned from other bases they mislead (measured).
    """

    mean: Array
    scale: Array

    @classmethod
    def of(cls, rows: Array) -> "Bends":
        """Take mean and scale from rows (columns NAMES and precedents.NAMES)."""
        usual = neutral(rows)
        return cls(usual.mean, usual.scale)

    def __call__(self, rows: Array) -> Array:
        """Return rows with the squares of the standardised values and the products of PAIRED ones at the end."""
        away = np.clip((rows - self.mean) / self.scale, -_FAR, _FAR)
        return np.concatenate([rows, away * away, away[..., _ONE] * away[..., _OTHER]], axis=-1)

    def start(self, prior: Linear, bent: Array) -> Linear:
        """Return what weights are pulled towards: those of `prior`, 0 for the rest, harder for products."""
        wide = prior.widened(bent[:, len(prior.weights) :])
        scale = wide.scale.copy()
        scale[-len(_ONE) :] *= _FAINT
        return replace(wide, scale=scale)


def describe(evidence: Evidence, logits: Array) -> Array:
    """Return the row (columns NAMES) that the confidence is read from; `logits` are the ranker's, list order kept."""
    order = np.argsort(-logits, kind="stable")
    shares = softmax(logits)
    top, rest = evidence.matrix[order[0]], evidence.matrix[order[1:]]
    gap = logits[order[0]] - logits[order[1]] if len(order) > 1 else 10.0
    profile = evidence.matrix[:, COLUMN["profile_letter"]]
    return np.array(
        [
            shares[order[0]],
            min(gap, 10.0),
            -float((shares * np.log(shares + 1e-12)).sum()),
            logits[order[0]],
            *top[_COPIED],
            evidence.matrix[:, COLUMN["letter"]].max(),
            profile.max(),
            _gap(top, rest, COLUMN["classifier"]),
            _gap(top, rest, COLUMN["stem"]),
            _gap(top, rest, COLUMN["log_share"]),
            top[_FLAGS].sum(),
            evidence.known_stems,
            evidence.known_letters,
            evidence.known_subject,
            np.log(1 + evidence.length),
            top[COLUMN["log_wordings"]],
        ]
    )


def _gap(top: Array, rest: Array, column: int) -> float:
    return float(top[column] - rest[:, column].max()) if len(rest) else float(top[column])


def confidences(first: float, logits: Array) -> Array:
    """Return a confidence for each article of the short list, list order kept.

    The best gets `first`, the model's probability; the others share it as the ranker's softmax does: all fall in rank.
    """
    return np.asarray(first * np.exp(logits - logits.max()))
