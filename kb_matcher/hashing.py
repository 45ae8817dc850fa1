"""The features of a text as numbers: stems, pairs of them and groups of letters, hashed and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kb_matcher.normalise import latin, stem

BUCKETS = 1 << 20  # features are crc32 hashes, so an index is the same in every process


def stem_features(tokens: Sequence[str]) -> list[int]:
    """Hash the stems of the words and the pairs of neighbours; pairs have odd numbers."""
    stems = [stem(token) for token in tokens]
    pairs = [crc32(f"{one} {two}".encode()) % BUCKETS << 1 | 1 for one, two in pairwise(stems)]
    return [bucket(one) for one in stems] + pairs


def letter_features(tokens: Sequence[str]) -> list[int]:
    """Hash the groups of 3 and 4 letters inside each transliterated word; its ends count as a letter."""
    return [group for token in tokens for group in _groups(token)]


@lru_cache(maxsize=50_000)
def bucket(stem: str) -> int:
    """Return the hashed number of a stem, an even one below 2 * BUCKETS."""
    return crc32(stem.encode()) % BUCKETS << 1


@lru_cache(maxsize=20_000)
def _groups(token: str) -> tuple[int, ...]:
    word = f" {latin(token)[:40]} "
    return tuple(
        crc32(word[start : start + size].encode()) % BUCKETS
        for size in (3, 4)
        for start in range(max(1, len(word) - size + 1))
    )


@dataclass(frozen=True, slots=True)
class Bag:
    """Different features of a text, sorted, each weighed 1 + ln(how often)."""

    features: NDArray[np.int32]
    weights: NDArray[np.float64]


def bag(buckets: Sequence[int]) -> Bag:
    """Count hashed features."""
    ordered = np.array(buckets, np.int32)
    ordered.sort()
    ends = (ordered[1:] != ordered[:-1]).nonzero()[0]
    if len(ends) + 1 >= len(ordered):
        return Bag(ordered, np.ones(len(ordered)))
    ends = np.concatenate([ends, [len(ordered) - 1]])
    counts = ends + 1
    counts[1:] -= counts[:-1].copy()
    return Bag(ordered[ends], 1 + np.log(counts))
