"""The panel's style in larger type: the same sheets with every length grown, and widths at which they change with them.

Lengths are grown where the sheet is written, not by the browser (`zoom`): what scripts measure and place stays in the
same pixels, and a window is as wide and high as it is.
"""

import re
from collections.abc import Iterable

from operator_panel.joining import join_sheets
from operator_panel.static import Statics

#: Sizes somebody may choose, in per cent of the usual one.
SIZES = (100, 110, 120, 130)
USUAL = SIZES[0]
#: A query of the window's or a container's width, and what follows it before its block.
_QUERY = re.compile(r"@(?:media|container)[^{]*")
_BOUND = re.compile(r"\b(m(?:in|ax)-width:\s*)(\d+)px")
_LENGTH = re.compile(r"(?<![\w.-])(-?)(\d*\.?\d+)px\b")
#: What lies between two neighbouring whole bounds: no window may fall between a grown one and the next.
_GAP = 0.02


def grown(sheet: str, size: int) -> str:
    """Return a style sheet with its lengths at `size` per cent; hairlines stay hairlines."""
    if size == USUAL:
        return sheet
    parts, at = list[str](), 0
    for found in _QUERY.finditer(sheet):
        parts += [_lengths(sheet[at : found.start()], size), _bounds(found.group(), size)]
        at = found.end()
    return "".join((*parts, _lengths(sheet[at:], size)))


def join_sizes(statics: Statics, home: str, paths: Iterable[str]) -> dict[int, str]:
    """Join style sheets in their order, once for every size; return the URLs by size."""
    urls = {USUAL: join_sheets(statics, home, paths)}
    text = statics.text(home)
    for size in SIZES[1:]:
        urls[size] = statics.add(home.replace(".css", f".{size}.css"), grown(text, size)).url
    return urls


def _lengths(text: str, size: int) -> str:
    def length(found: re.Match[str]) -> str:
        sign, number = found.groups()
        value = float(number)
        return f"{sign}{_number(value * size / 100 if value > 1 else value)}px"

    return _LENGTH.sub(length, text)


def _bounds(query: str, size: int) -> str:
    def bound(found: re.Match[str]) -> str:
        name, number = found.groups()
        width = (int(number) + 1) * size / 100 - _GAP if name.startswith("max") else int(number) * size / 100
        return f"{name}{_number(width)}px"

    return _BOUND.sub(bound, query)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
