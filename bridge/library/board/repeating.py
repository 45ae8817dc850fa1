"""Texts that say nearly the same, word by word; pure."""

from collections import Counter
from collections.abc import Sequence

from bridge.library.board.anonymous import for_everybody, unmarked
from bridge.library.writing.checks import key_of

#: Share of the pairs of neighbouring words that two texts must have in common.
ALIKE = 0.6


def alike(text: str, other: str) -> bool:
    """Tell whether two texts say nearly the same, whatever was masked in them and whatever greeting they begin with."""
    return _share(_pairs(text), _pairs(other)) >= ALIKE


def repeated(texts: Sequence[str]) -> list[list[int]]:
    """Return texts that say nearly the same together, by their numbers; each is held against the first of a group."""
    groups: list[list[int]] = []
    leaders: list[frozenset[tuple[str, str]]] = []
    holding: dict[tuple[str, str], list[int]] = {}
    for number, text in enumerate(texts):
        pairs = _pairs(text)
        near = Counter(group for pair in pairs for group in holding.get(pair, ()))
        best = max(near, key=lambda group: (_share(pairs, leaders[group]), -group), default=None)
        if best is not None and _share(pairs, leaders[best]) >= ALIKE:
            groups[best].append(number)
            continue
        for pair in pairs:
            holding.setdefault(pair, []).append(len(groups))
        groups.append([number])
        leaders.append(pairs)
    return groups


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    words = key_of(unmarked(for_everybody(text))).split()
    return frozenset(zip(["", *words], [*words, ""], strict=True)) if words else frozenset()


def _share(pairs: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    return len(pairs & other) / len(pairs | other) if pairs and other else 0.0
