"""A folder of Markdown: a file for each article, its answer under a head of names and values; pure."""

import json
from typing import Any
from urllib.parse import quote, unquote

from bridge.library.files.formats.records import FIELDS, File, Row, packed, record_of, row_of
from bridge.model.articles import Article

_MARK = "---"
_SUFFIX = ".md"


def read(file: File) -> Row:
    """Read an article: values in its head are JSON or plain words, lists may stand line by line behind dashes."""
    text = file.text.removeprefix("\ufeff")
    if "\r\n" in text and "\n" not in text.replace("\r\n", ""):
        text = text.replace("\r\n", "\n")
    record: dict[str, Any] = {}
    head, body = _parted(text)
    for number, line in enumerate(head, 2):
        name, sign, value = line.partition(":")
        if line.startswith(("- ", "  - ")) and record and isinstance(record[last := list(record)[-1]], list):
            record[last].append(_value(line.lstrip(" -")))
        elif sign and name.strip():
            record[name.strip()] = _value(value.strip()) if value.strip() else []
        elif line.strip():
            row = Row(f"{file.name}:{number}")
            row.fault("row", "bad_head")
            return row
    name = file.name.rpartition("/")[2]
    record.setdefault("id", unquote(name.removesuffix(_SUFFIX)))
    for single in ("title", "lang", "team", "valid_from", "valid_until"):
        if record.get(single) == []:
            record[single] = None
    if "title" not in record and body.startswith("# "):
        heading, _, body = body.partition("\n")
        record["title"], body = heading[2:].strip(), body.lstrip("\n")
    return row_of(file.name, record | {"answer": body})


def _parted(text: str) -> tuple[list[str], str]:
    """Return the lines of the head and the text below it."""
    begin, _, rest = text.partition("\n")
    if begin.rstrip() != _MARK:
        return [], text.removesuffix("\n")
    lines = rest.split("\n")
    end = next((number for number, line in enumerate(lines) if line.rstrip() == _MARK), None)
    if end is None:
        return [], text.removesuffix("\n")
    return lines[:end], "\n".join(lines[end + 1 :]).removesuffix("\n")


def _value(text: str) -> Any:
    if text[:1] in ('"', "[", "{") or text == "null":
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def write(article: Article) -> File:
    """Write an article; its id is the file's name as far as a name can be it."""
    record = record_of(article)
    head = [_MARK]
    for name in FIELDS:
        value = record[name]
        if name == "answer":
            continue
        if name == "questions" and value:
            head += [f"{name}:", *(f"- {packed(each)}" for each in value)]
        else:
            head.append(f"{name}: {packed(value)}")
    return File(f"{quote(article.id, safe=' ')}{_SUFFIX}", "\n".join([*head, _MARK, f"{article.answer}\n"]))
