"""The wrong keyboard layout: "ghbdtn" was meant as "привет", "рщц" as "how"."""

import re
from collections.abc import Callable

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?"
_CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
_TO_CYRILLIC = str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS)
_TO_LATIN = str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)

# Measured rule: a text is swapped when the index knows less than 75 % of it and 12 points more of the swapped text.
KNOWN_ENOUGH = 0.75
GAIN = 0.12
LEAST = 4  # letters of a word that stays as it is in a text that is swapped: shorter ones look like anything

_PIECES = re.compile(r"(\s+)")


def swap(text: str) -> str:
    """Retype a text on the other layout of the Russian and English keyboards, by its prevailing alphabet."""
    cyrillic = sum("а" <= letter <= "я" or letter == "ё" for letter in text.lower())
    latin = sum("a" <= letter <= "z" for letter in text.lower())
    return text.translate(_TO_LATIN if cyrillic > latin else _TO_CYRILLIC)


def meant(text: str, known: Callable[[str], float]) -> str:
    """Return the text as it was probably meant; `known` tells the share (0..1) of a text that the index knows."""
    share = known(text)
    if share >= KNOWN_ENOUGH:
        return text
    other = swap(text)
    gained = known(other)
    if gained <= share + GAIN:
        return text
    mixed = _mixed(text, other, known)
    return mixed if mixed != other and known(mixed) > gained else other


def _mixed(text: str, other: str, known: Callable[[str], float]) -> str:
    """Return the swapped text with the words that were typed as meant: names in Latin letters in a Russian question."""
    pairs = zip(_PIECES.split(text), _PIECES.split(other), strict=True)
    return "".join(one if one != two and _fits(one, two, known) else two for one, two in pairs)


def _fits(word: str, other: str, known: Callable[[str], float]) -> bool:
    """Tell whether the index knows a word of LEAST letters or more, and better than the swapped one."""
    return sum(map(str.isalpha, word)) >= LEAST and (share := known(word)) >= KNOWN_ENOUGH and share > known(other)
