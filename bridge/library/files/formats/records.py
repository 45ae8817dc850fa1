"""One article of a file as a plain record, and back; pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from bridge.library.writing.checks import Fault
from bridge.model.articles import Article, Button, Variant
from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, FileId

TEXTS = ("title", "answer")
NAMES = ("lang", "team")
LISTS = ("questions", "tags")
TIMES = ("valid_from", "valid_until")
NESTED = ("variants", "buttons", "files")
#: Everything an article has in a file, in the order it is written.
FIELDS = ("id", "title", "questions", "answer", *NAMES, "tags", "state", *NESTED[:2], *TIMES, "files")


@dataclass(frozen=True, slots=True)
class File:
    """A file by its name and its text."""

    name: str
    text: str


@dataclass(slots=True)
class Row:
    """What a file says of one article: `values` are the fields it names, `place` is where it stands."""

    place: str
    id: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # names we do not know: they are left out

    def fault(self, name: str, code: str) -> None:
        """Note what is wrong."""
        self.faults.append((name, code))


def row_of(place: str, record: Mapping[str, Any]) -> Row:
    """Read a record; what is wrong is noted in the row."""
    row = Row(place)
    id = record.get("id")
    if isinstance(id, str) and id.strip() and len(id) <= 100 and _whole(id):
        row.id = id
    else:
        row.fault("id", "invalid" if id else "required")
    for name, value in record.items():
        if name not in FIELDS:
            row.unknown.append(str(name)[:100])
        elif name != "id":
            _read(row, name, value)
    return row


def _read(row: Row, name: str, value: Any) -> None:
    try:
        row.values[name] = _value(name, value)
    except _Wrong as wrong:
        row.fault(f"{name}{wrong.where}", wrong.code)


class _Wrong(Exception):
    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.where = where


def _value(name: str, value: Any) -> Any:
    if name in TEXTS:
        return _text(value or "")
    if name in NAMES:
        return _text(value) if value else None
    if name in LISTS:
        return tuple(_text(each, f".{number}") for number, each in enumerate(_list(value)))
    if name in TIMES:
        return _time(value) if value else None
    if name == "state":
        if value not in ("draft", "review", "published", "archived"):
            raise _Wrong("unknown_value")
        return value
    made = {"variants": _variant, "buttons": _button, "files": _file}[name]
    return tuple(made(_object(each, f".{number}"), f".{number}") for number, each in enumerate(_list(value)))


def _text(value: Any, where: str = "") -> str:
    if not isinstance(value, str):
        raise _Wrong("no_text", where)
    if not _whole(value):
        raise _Wrong("broken_text", where)
    return value


def _whole(text: str) -> bool:
    """Tell whether a text is made of whole signs: JSON may name halves of one."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _Wrong("no_list")
    return value


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong("no_object", where)
    return value


def _time(value: Any) -> datetime:
    try:
        time = datetime.fromisoformat(value)
        whole = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise _Wrong("no_time") from None
    return whole.replace(microsecond=whole.microsecond // 1000 * 1000)


def _variant(value: dict[str, Any], where: str) -> Variant:
    buttons = [_button(_object(each, where), where) for each in _list(value.get("buttons"))]
    channel, lang = (_text(value.get(name) or "", where) for name in ("channel", "lang"))
    return Variant(_text(value.get("answer"), where), channel, lang, tuple(buttons))


def _button(value: dict[str, Any], where: str) -> Button:
    article = _text(value.get("article") or "", where)
    text, url = _text(value.get("text"), where), _text(value.get("url") or "", where)
    return Button(text, ArticleId(article) if article else None, url)


def _file(value: dict[str, Any], where: str) -> Attachment:
    kind, name, mime = (_text(value.get(each) or "", where) for each in ("kind", "name", "mime"))
    numbers = [value.get(each) or 0 for each in ("size", "width", "height", "seconds")]
    if not all(isinstance(each, int) and not isinstance(each, bool) and 0 <= each < 2**53 for each in numbers):
        raise _Wrong("no_number", where)
    size, width, height, seconds = numbers
    return Attachment(FileId(_text(value.get("id"), where)), kind, name, mime, size, width, height, seconds)


def record_of(article: Article) -> dict[str, Any]:
    """Return everything that stands in an article; what is worked on is not a part of it."""
    record: dict[str, Any] = {name: getattr(article, name) for name in FIELDS}
    for name in LISTS:
        record[name] = list(record[name])
    for name in TIMES:
        record[name] = record[name] and record[name].isoformat()
    record["variants"] = [
        _filled(asdict(each) | {"buttons": [_filled(asdict(one)) for one in each.buttons]}) for each in article.variants
    ]
    record["buttons"] = [_filled(asdict(each)) for each in article.buttons]
    record["files"] = [_filed(each) for each in article.files]
    return record


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if each or name in ("answer", "text")}


def _filed(file: Attachment) -> dict[str, Any]:
    names = ("kind", "name", "mime", "size", "width", "height", "seconds")
    return {"id": file.file} | _filled({name: getattr(file, name) for name in names})


def packed(value: Any) -> str:
    """Return a value as JSON on one line, letters as they are."""
    return json.dumps(value, ensure_ascii=False)
