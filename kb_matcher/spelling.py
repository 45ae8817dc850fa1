"""Misspelled words: put right by the words of the wordings that are nearest anyway."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import OSA

from kb_matcher import features
from kb_matcher.features import Evidence
from kb_matcher.hashing import bucket
from kb_matcher.index import Index
from kb_matcher.normalise import latin, stem
from kb_matcher.questions import Ints
from kb_matcher.stopwords import STOPWORDS

LEAST = 3  # letters of a word that may be misspelled ...
LEAST_LETTERS = 4  # ... of one with a subject
SHORT = 4  # letters up to which a word is put right only if one was left out or the hand slipped
TWICE_LETTERS = 9  # letters from which it may be misspelled twice
FOLDED = 3  # slips in a folded word that are worth a closer look: one letter may be written by two
SAFE_START = 2  # letters that an error must leave alone: prefixes turn a meaning round (включить, выключить)

_ROWS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEXT = {
    one: {other for row in _ROWS for pair in pairwise(row) if one in pair for other in pair} - {one}
    for one in "".join(_ROWS)
}
_STOPS = frozenset(word for word in STOPWORDS if len(word) >= 3)


def gather(index: Index, tokens: Sequence[str]) -> Evidence | None:
    """Return the evidence for a text's words as they were probably meant; None when nothing resembles them."""
    evidence = features.gather(index, tokens)
    if evidence is None:
        return None
    meant = mended(index, tokens, evidence.wordings)
    return evidence if meant == list(tokens) else features.gather(index, meant)


def mended(index: Index, tokens: Sequence[str], nearest: Ints) -> list[str]:
    """Return the words of a text, those that the index does not know put right by a word of some wordings.

    A word is replaced by the closest one that differs by one letter (long ones: two), has the same start, unless only
    the hand slipped, and no digits; words that resemble nothing by the word without a subject that they slipped from.
    """
    strange = _strange(index, tokens)
    long = [number for number in strange if len(tokens[number]) >= LEAST_LETTERS]
    near = _worth_reading(index, [latin(tokens[number]) for number in long], nearest) if long else []
    spoken = Counter(word for one in near for word in set(index.tokens[one]) if len(word) >= LEAST_LETTERS)
    right = list(tokens)
    for number in strange:
        slips = slipped(tokens[number])
        closest = _closest(tokens[number], slips, spoken) if spoken and number in long else None
        right[number] = closest or min(slips & _STOPS, default=tokens[number])
    return right


def _strange(index: Index, tokens: Sequence[str]) -> list[int]:
    """Return which words may be misspelled: of letters alone, no wording has their stem, and they are not common."""
    buckets = np.array([bucket(stem(token)) for token in tokens], np.int32)
    common = index.stems.features
    places = np.searchsorted(common, buckets)
    known = common.take(places, mode="clip") == buckets if len(common) else np.zeros(len(tokens), bool)
    return [
        number
        for number in np.flatnonzero(~known).tolist()
        if len(tokens[number]) >= LEAST
        and tokens[number].isalpha()
        and tokens[number] not in STOPWORDS
        and not index.stems.knows(int(buckets[number]))
    ]


def _worth_reading(index: Index, folded: Sequence[str], nearest: Ints) -> list[int]:
    """Return the wordings with a word like one of these, by their keys, which are at hand."""
    found = []
    alike: dict[str, bool] = {}
    for number, key in zip(nearest.tolist(), index.keys.many(nearest), strict=True):
        for word in key.split(" "):
            if len(word) < LEAST_LETTERS:
                continue
            if word not in alike:
                alike[word] = _alike(word, folded)
            if alike[word]:
                found.append(number)
                break
    return found


def _alike(word: str, folded: Sequence[str]) -> bool:
    return any(OSA.distance(one, word, score_cutoff=FOLDED) <= FOLDED for one in folded)


def _closest(token: str, slips: set[str], words: Mapping[str, int]) -> str | None:
    """Return the word that was probably meant: the closest, of these the most frequent."""
    most = 2 if len(token) >= TWICE_LETTERS else 1
    found = [
        (distance, -often, word)
        for word, often in words.items()
        if word.isalpha() and (distance := OSA.distance(token, word, score_cutoff=most)) <= most
        if word in slips or _fits(token, word)
    ]
    return min(found)[2] if found else None


def _fits(token: str, word: str) -> bool:
    """Tell whether words that differ little may mean the same: they start alike, and short ones lack a letter."""
    alike = token[:SAFE_START] == word[:SAFE_START]
    return alike and (min(len(token), len(word)) > SHORT or len(token) < len(word))


def slipped(token: str) -> set[str]:
    """Return what a word may be if the hand slipped once: two letters swapped, one doubled, or the key beside it."""
    meant: set[str] = set()
    for at, letter in enumerate(token):
        before, after = token[:at], token[at + 1 :]
        meant.update(before + other + after for other in _NEXT.get(letter, ()))
        if after:
            meant.add(before + after if after[0] == letter else before + after[0] + letter + after[1:])
    return meant
