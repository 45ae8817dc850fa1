"""In what two editions of an article differ, in words; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from bridge.model.articles import CONTENT, Button, Content

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
#: Pieces of a text that are compared one by one at most; longer ones are shown whole.
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: same, gone, or new."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """In what one field differs."""

    field: str
    pieces: tuple[Piece, ...]


def differences(before: Content, after: Content) -> list[FieldChange]:
    """Return the fields in which two contents differ: texts word by word, lists item by item."""
    found = []
    for name in CONTENT:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            pieces = (
                _of_lists(_items(was), _items(now)) if isinstance(was, tuple) else _of_texts(_text(was), _text(now))
            )
            found.append(FieldChange(name, tuple(pieces)))
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else value.isoformat(timespec="seconds")


def _items(values: Sequence[Any]) -> list[str]:
    return [value if isinstance(value, str) else _line(value) for value in values]


def _line(value: Any) -> str:
    """Return a variant, a button or a file as a line that people can read."""
    if isinstance(value, Button):
        return " → ".join(filter(None, [value.text, value.article or value.url]))
    if hasattr(value, "file"):
        return str(value.name or value.file)
    where = "/".join(filter(None, [value.channel, value.lang]))
    under = "".join(f" [{_line(button)}]" for button in value.buttons)
    return f"{where}: {value.answer}{under}"


def _of_texts(before: str, after: str) -> Iterator[Piece]:
    was, now = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(was), len(now)) > LONGEST:
        was, now = [before], [after]
    return _pieces(was, now, "")


def _of_lists(before: list[str], after: list[str]) -> Iterator[Piece]:
    return _pieces(before, after, "\n")


def _pieces(was: list[str], now: list[str], glue: str) -> Iterator[Piece]:
    for kind, a, b, c, d in SequenceMatcher(None, was, now).get_opcodes():
        if kind == "equal":
            yield Piece("same", glue.join(was[a:b]))
            continue
        if b > a:
            yield Piece("gone", glue.join(was[a:b]))
        if d > c:
            yield Piece("new", glue.join(now[c:d]))
