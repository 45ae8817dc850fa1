"""Exact and nearly exact wordings: these are answered whatever the thresholds say."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from kb_matcher.hashing import bucket
from kb_matcher.index import Index
from kb_matcher.normalise import key, latin, stem, strip_politeness
from kb_matcher.questions import Ints

MIN_TYPO_LETTERS = 5
MAX_TYPOS = 2
SAFE_START = 2  # letters that a typo must leave alone: prefixes turn a meaning round (включить, выключить)


def find(index: Index, tokens: Sequence[str], candidates: Ints) -> list[int]:
    """Return wordings that the words repeat: the same in any alphabet, else `candidates` that differ by typos only."""
    same = index.same(key(tokens))
    if same:
        return same
    spelled, spaces = [latin(token) for token in tokens], len(tokens) - 1
    keys = zip(candidates.tolist(), index.keys.many(candidates), strict=True)
    long = ((number, wording) for number, wording in keys if wording.count(" ") == spaces)
    alike = (number for number, wording in long if _alike(spelled, wording.split(" ")))
    return [number for number in alike if _typos_only(index, tokens, strip_politeness(index.tokens[number]))]


def _alike(asked: Sequence[str], wording: Sequence[str]) -> bool:
    """Tell by the words of keys, which are at hand, whether a wording is worth reading."""
    few = min(MAX_TYPOS, len(asked) - 1)
    return len(asked) == len(wording) and sum(one != other for one, other in zip(asked, wording, strict=True)) <= few


def _typos_only(index: Index, asked: Sequence[str], wording: Sequence[str]) -> bool:
    """Tell whether one or two words are misspelled by one letter each and all else is equal, order included.

    A misspelled word must be long, without digits, start alike and be unknown to the index: a known one is meant.
    """
    if len(asked) != len(wording):
        return False
    typos = [(one, other) for one, other in zip(asked, wording, strict=True) if one != other]
    if len(typos) > min(MAX_TYPOS, len(asked) - 1):
        return False
    return all(
        min(len(one), len(other)) >= MIN_TYPO_LETTERS
        and one[:SAFE_START] == other[:SAFE_START]
        and one.isalpha()
        and OSA.distance(one, other, score_cutoff=1) <= 1
        and not index.stems.knows(bucket(stem(one)))
        for one, other in typos
    )
