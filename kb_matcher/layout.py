"""The wrong keyboard layout: "ghbdtn" was meant as "привет", "рщц" as "how"."""

from collections.abc import Callable

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?"
_CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
_TO_CYRILLIC = str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS)
_TO_LATIN = str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)

# Measured rule: a text is swapped when the index knows less than 75 % of it and 12 points more of the swapped text.
KNOWN_ENOUGH = 0.75
GAIN = 0.12


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
    return other if known(other) > share + GAIN else text
