"""Telegram's MarkdownV2 and the older Markdown: marks become entities, reserved characters must be escaped."""

import re
from dataclasses import dataclass, field

from bots.emulators.telegram.errors import Json
from bots.emulators.telegram.html_text import cannot_parse, units

RESERVED = "_*[]()~`>#+-=|{}.!"
MARKS = (("||", "spoiler"), ("__", "underline"), ("*", "bold"), ("_", "italic"), ("~", "strikethrough"))
NAMES = {"spoiler": "Spoiler", "underline": "Underline", "bold": "Bold", "italic": "Italic"}
LINK = re.compile(r"\]\(((?:\\.|[^)\\])*)\)")


@dataclass
class _Reader:
    """A place in the source, what was read, and the marks that are open: (kind, offset, byte)."""

    source: str
    at: int = 0
    text: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[tuple[str, int, int]] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def byte(self) -> int:
        """Return the place as an offset in bytes."""
        return len(self.source[: self.at].encode())

    def put(self, piece: str) -> None:
        """Add plain text."""
        self.text.append(piece)
        self.length += units(piece)

    def add(self, kind: str, start: int, **details: str) -> None:
        """Add an entity from a start to here; an empty one is dropped."""
        if self.length > start:
            self.entities.append({"type": kind, "offset": start, "length": self.length - start, **details})


def parse_markdown_v2(source: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities; raises BotApiError 400 "can't parse entities"."""
    reader = _Reader(source)
    while reader.at < len(source):
        char = source[reader.at]
        if char == "\\" and reader.at + 1 < len(source) and ord(source[reader.at + 1]) < 127:
            reader.put(source[reader.at + 1])
            reader.at += 2
        elif char == "`":
            _code(reader)
        elif char == "]" and reader.stack and reader.stack[-1][0] in ("text_link", "custom_emoji"):
            _end_link(reader)
        elif char == "[" or source.startswith("![", reader.at):
            kind = "text_link" if char == "[" else "custom_emoji"
            reader.stack.append((kind, reader.length, reader.byte()))
            reader.at += 1 if char == "[" else 2
        elif char == ">" and (reader.at == 0 or source[reader.at - 1] == "\n"):
            _quote(reader)
        elif not _mark(reader):
            if char in RESERVED:
                raise cannot_parse(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
            _plain(reader)
    _finish(reader)
    return "".join(reader.text), sorted(reader.entities, key=lambda e: (e["offset"], -e["length"]))


def _plain(reader: _Reader) -> None:
    char = reader.source[reader.at]
    reader.put(char)
    reader.at += 1
    if (
        char == "\n"
        and reader.stack
        and reader.stack[-1][0] == "blockquote"
        and not reader.source.startswith(">", reader.at)
    ):
        _, start, _ = reader.stack.pop()
        reader.add("blockquote", start)


def _quote(reader: _Reader) -> None:
    if not any(kind == "blockquote" for kind, _, _ in reader.stack):
        reader.stack.append(("blockquote", reader.length, reader.byte()))
    reader.at += 1


def _mark(reader: _Reader) -> bool:
    for mark, kind in MARKS:
        if not reader.source.startswith(mark, reader.at):
            continue
        opened = [name for name, _, _ in reader.stack]
        if kind in opened:
            if opened[-1] != kind:
                name, _, byte = reader.stack[-1]
                raise cannot_parse(f"Can't find end of {NAMES.get(name, name.title())} entity at byte offset {byte}")
            _, start, _ = reader.stack.pop()
            reader.add(kind, start)
        else:
            reader.stack.append((kind, reader.length, reader.byte()))
        reader.at += len(mark)
        return True
    return False


def _code(reader: _Reader) -> None:
    fence = "```" if reader.source.startswith("```", reader.at) else "`"
    kind = "pre" if fence == "```" else "code"
    byte, start = reader.byte(), reader.at + len(fence)
    end = start
    while end < len(reader.source) and not reader.source.startswith(fence, end):
        end += 2 if reader.source[end] == "\\" else 1
    if end >= len(reader.source):
        raise cannot_parse(f"Can't find end of {'Pre' if kind == 'pre' else 'Code'} entity at byte offset {byte}")
    inner = re.sub(r"\\([\\`])", r"\1", reader.source[start:end])
    details = {}
    if kind == "pre":
        language, line, body = inner.partition("\n")
        if line:
            inner = body
            if language.strip():
                details["language"] = language.strip()
    offset = reader.length
    reader.put(inner)
    reader.add(kind, offset, **details)
    reader.at = end + len(fence)


def _end_link(reader: _Reader) -> None:
    kind, start, _ = reader.stack.pop()
    link = LINK.match(reader.source, reader.at)
    if link is None:
        reader.at += 1
        return
    url = re.sub(r"\\(.)", r"\1", link.group(1))
    if kind == "custom_emoji":
        number = re.search(r"id=(\d+)", url)
        if number is None:
            raise cannot_parse("Custom emoji URL must have an emoji identifier")
        reader.add(kind, start, custom_emoji_id=number.group(1))
    elif url:
        reader.add(kind, start, url=url)
    reader.at = link.end()


def _finish(reader: _Reader) -> None:
    while reader.stack and reader.stack[-1][0] == "blockquote":
        _, start, _ = reader.stack.pop()
        reader.add("blockquote", start)
    if reader.stack:
        kind, _, byte = reader.stack[-1]
        name = {"text_link": "TextUrl", "custom_emoji": "CustomEmoji"}.get(kind, NAMES.get(kind, kind.title()))
        raise cannot_parse(f"Can't find end of {name} entity at byte offset {byte}")


def parse_markdown(source: str) -> tuple[str, list[Json]]:
    """Return text and entities of the older style, which knows bold, italic, code, pre and links, never nested."""
    reader = _Reader(source)
    kinds = {"*": "bold", "_": "italic"}
    while reader.at < len(source):
        char = source[reader.at]
        if char == "\\" and source[reader.at + 1 : reader.at + 2] in ("_", "*", "`", "["):
            reader.put(source[reader.at + 1])
            reader.at += 2
        elif char == "`":
            _code(reader)
        elif char in kinds:
            end = source.find(char, reader.at + 1)
            if end < 0:
                raise cannot_parse(f"Can't find end of the entity starting at byte offset {reader.byte()}")
            start = reader.length
            reader.put(source[reader.at + 1 : end])
            reader.add(kinds[char], start)
            reader.at = end + 1
        elif char == "[" and (link := re.compile(r"\[([^\]]*)\]\(([^)]*)\)").match(source, reader.at)):
            start = reader.length
            reader.put(link.group(1))
            reader.add("text_link", start, url=link.group(2))
            reader.at = link.end()
        else:
            reader.put(char)
            reader.at += 1
    return "".join(reader.text), reader.entities
