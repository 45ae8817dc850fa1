"""Misspelled words: put right by the words of the wordings that are nearest anyway."""

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import OSA

from kb_matcher import features
from kb_matcher.features import Evidence
from kb_matcher.hashing import bucket
from kb_matcher.index import Index
from kb_matcher.normalise import latin, stem
from kb_matcher.questions import Ints

LEAST_LETTERS = 5  # in a word that may be misspelled
TWICE_LETTERS = 9  # letters from which it may be misspelled twice
FOLDED = 3  # slips in a folded word that are worth a closer look: one letter may be written by two
SAFE_START = 2  # letters that a slip must leave alone: prefixes turn a meaning round (включить, выключить)


def gather(index: Index, tokens: Sequence[str]) -> Evidence | None:
    """Return the evidence for a text's words as they were probably meant; None when nothing resembles them."""
    evidence = features.gather(index, tokens)
    if evidence is None:
        return None
    meant = mended(index, tokens, evidence.wordings)
    return evidence if meant == list(tokens) else features.gather(index, meant)


def mended(index: Index, tokens: Sequence[str], nearest: Ints) -> list[str]:
    """Return the words of a text, those that the index does not know put right by a word of some wordings.

    A word is replaced by the closest one that differs by one letter (long ones: two), has the same start and no digits.
    """
    buckets = np.array([bucket(stem(token)) for token in tokens], np.int32)
    common = index.stems.features
    places = np.searchsorted(common, buckets)
    known = common.take(places, mode="clip") == buckets if len(common) else np.zeros(len(tokens), bool)
    strange = [
        number
        for number in np.flatnonzero(~known).tolist()
        if len(tokens[number]) >= LEAST_LETTERS
        and tokens[number].isalpha()
        and not index.stems.knows(int(buckets[number]))
    ]
    right = list(tokens)
    if strange:
        near = _worth_reading(index, [latin(tokens[number]) for number in strange], nearest)
        spoken = {word for one in near for word in index.tokens[one] if len(word) >= LEAST_LETTERS}
        for number in strange if spoken else ():
            right[number] = _closest(tokens[number], spoken) or tokens[number]
    return right


def _worth_reading(index: Index, folded: Sequence[str], nearest: Ints) -> list[int]:
    """Return the wordings with a word like one of these, by their keys, which are at hand."""
    found = []
    alike: dict[str, bool] = {}
    starts = {one[0] for one in folded}
    for number, key in zip(nearest.tolist(), index.keys.many(nearest), strict=True):
        for word in key.split(" "):
            if len(word) < LEAST_LETTERS or word[0] not in starts:
                continue
            if word not in alike:
                alike[word] = _alike(word, folded)
            if alike[word]:
                found.append(number)
                break
    return found


def _alike(word: str, folded: Sequence[str]) -> bool:
    return any(one[0] == word[0] and OSA.distance(one, word, score_cutoff=FOLDED) <= FOLDED for one in folded)


def _closest(token: str, words: set[str]) -> str | None:
    most = 2 if len(token) >= TWICE_LETTERS else 1
    alike = [word for word in words if word[:SAFE_START] == token[:SAFE_START] and word.isalpha()]
    found = [(OSA.distance(token, word, score_cutoff=most), word) for word in alike]
    near = min((one for one in found if one[0] <= most), default=None)
    return near[1] if near else None
