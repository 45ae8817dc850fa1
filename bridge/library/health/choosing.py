"""Which of many questions on record are asked again: near what is edited first, then something of everything; pure."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from math import log
from typing import TypeVar

from bridge.library.writing.checks import key_of

#: Letters by which two words are taken for forms of one, and letters of a word that is not looked at.
STEM = 5
SHORT = 3
#: Shares of the whole that questions of the article itself, and those that sound like it, have at most.
OWN = 0.4
NEAR = 0.3

Key = TypeVar("Key", bound=Hashable)


def chosen(asked: Sequence[tuple[str, Key]], own: Key, sounds: Iterable[str], most: int) -> list[int]:
    """Return which questions are asked, by number and `most` at most; `asked`: texts, newest first, and their answers.

    Those that `own` answers and those with words rare among all that `sounds` (an article's wordings) have too come
    first, each kind up to its share; the rest is shared out among all answers in turn, newest first.
    """
    if len(asked) <= most:
        return list(range(len(asked)))
    words = [_words(text) for text, _ in asked]
    often = Counter(word for each in words for word in each)
    heard = {word for text in sounds for word in _words(text)}
    rare = {word: log(len(asked) / often[word]) for word in heard if word in often}
    near = {number: sum(rare.get(word, 0.0) for word in each) for number, each in enumerate(words)}
    mine = [number for number, (_, answer) in enumerate(asked) if answer == own]
    alike = sorted((number for number in near if near[number] > 0), key=lambda number: -near[number])
    found = dict.fromkeys(mine[: int(OWN * most)])
    left = [number for number in alike if number not in found]
    found |= dict.fromkeys(left[: int(NEAR * most)])
    for number in _in_turn([answer for _, answer in asked]):
        if len(found) == most:
            break
        found.setdefault(number)
    return sorted(found)


def _words(text: str) -> set[str]:
    return {word[:STEM] for word in key_of(text).split() if len(word) > SHORT}


def _in_turn(answers: Sequence[Key]) -> list[int]:
    """Return numbers so that the first of each answer come first, then the second of each, and so on."""
    places: defaultdict[Key, int] = defaultdict(int)
    turns = []
    for number, answer in enumerate(answers):
        turns.append((places[answer], number))
        places[answer] += 1
    return [number for _, number in sorted(turns)]
