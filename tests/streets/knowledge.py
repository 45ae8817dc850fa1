"""The knowledge base of the streets: the sample one, two of whose answers are very long."""

from dataclasses import replace
from functools import cache

from bridge.model.articles import Library
from bridge.phrases import utf16_length
from kb_matcher import KbMatcher
from tests.shop import sample_library, sample_matcher

LONG, LONGER = 5000, 10_000


def long(units: int) -> str:
    """Return a text of so many UTF-16 units at most, with signs of two units all over it."""
    text = "".join(f"слово{number}😀 " for number in range(units))
    while utf16_length(text) > units:
        text = text[: len(text) - max(1, (utf16_length(text) - units) // 2)]
    return text.strip()


@cache
def long_winded() -> tuple[Library, KbMatcher]:
    """Return the base and its index, which holds questions alone. Not to be called inside a loop."""
    library = sample_library()
    first, second = library.articles[:2]
    grown = {first.id: replace(first, answer=long(LONG)), second.id: replace(second, answer=long(LONGER))}
    return Library(tuple(grown.get(each.id, each) for each in library.articles), library.labels), sample_matcher()
