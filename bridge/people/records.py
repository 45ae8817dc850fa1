"""The typed part of a customer's card: custom fields, company and tags, as they are checked, read and written. Pure."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bridge.errors import Invalid
from bridge.model.records import CustomField, FieldKind

#: Characters of a custom field, of a company's name; tags of one customer, and characters of one.
FIELD_LIMIT = 2000
COMPANY_LIMIT = 200
TAGS = 30
TAG_LIMIT = 40
#: What stands between several values in one cell of a file: no tag holds it.
BETWEEN = ";"

_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_YES = frozenset({"да", "yes", "true", "1", "y", "д", "истина", "+"})
_NO = frozenset({"нет", "no", "false", "0", "n", "н", "ложь", "-"})
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,12})?")


def changed_fields(
    fields: Sequence[CustomField], known: Mapping[str, Any], given: Mapping[str, object]
) -> dict[str, Any]:
    """Return a customer's custom fields after a change; None takes a value away.

    Raises Invalid(("fields.<key>", code)) with unknown, invalid, too_long or unknown_value.
    """
    by_key = {field.key: field for field in fields}
    after, wrong = dict(known), []
    for key, value in given.items():
        if value is None:
            after.pop(key, None)  # also one whose definition is gone
        elif key not in by_key:
            wrong.append((f"fields.{key}", "unknown"))
        else:
            try:
                after[key] = checked(by_key[key], value)
            except ValueError as fault:
                wrong.append((f"fields.{key}", str(fault)))
    if wrong:
        raise Invalid(*wrong)
    return after


def checked(field: CustomField, value: object) -> Any:
    """Return a value as it is kept; raises ValueError with a code."""
    match field.kind:
        case FieldKind.YES_NO:
            if isinstance(value, bool):
                return value
        case FieldKind.NUMBER:
            if isinstance(value, int | float) and not isinstance(value, bool) and _is_kept(value):
                return value
        case _:
            if isinstance(value, str) and value.strip():
                return _text(field, value.strip())
    raise ValueError("invalid")


def _is_kept(value: float) -> bool:
    return abs(value) < 2**53 if isinstance(value, int) else math.isfinite(value)


def _text(field: CustomField, value: str) -> str:
    if len(value) > FIELD_LIMIT:
        raise ValueError("too_long")
    if "\0" in value:
        raise ValueError("invalid")
    match field.kind:
        case FieldKind.DATE:
            return _date(value)
        case FieldKind.CHOICE if value not in field.choices:
            raise ValueError("unknown_value")
        case FieldKind.LINK if not _is_link(value):
            raise ValueError("invalid")
    return value


def _date(value: str) -> str:
    found = _DAY.fullmatch(value)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("invalid") from None


def _is_link(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s\x00-\x1f]", value)
    except ValueError:
        return False


def read(field: CustomField, text: str) -> Any:
    """Return the value a cell of a file means; raises ValueError with a code."""
    text = text.strip()
    if field.kind is FieldKind.YES_NO:
        word = text.lower()
        if word in _YES or word in _NO:
            return word in _YES
        raise ValueError("invalid")
    if field.kind is FieldKind.NUMBER:
        plain = re.sub(r"[\s\u00a0\u202f]", "", text)
        if not _NUMBER.fullmatch(plain):
            raise ValueError("invalid")
        number = float(plain.replace(",", "."))
        return int(number) if number.is_integer() else number
    return checked(field, text)


def written(value: Any) -> str:
    """Return a value as a cell of a file; `read` gives it back."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def company_of(text: str) -> str:
    """Return a company's name as it is kept; raises Invalid."""
    text = " ".join(text.split())
    if len(text) > COMPANY_LIMIT:
        raise Invalid(("company", "too_long"))
    return text


def tags_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags as they are kept, each once whatever its case; raises Invalid."""
    found = {tag.lower(): tag for tag in (" ".join(tag.split()) for tag in tags) if tag}
    if len(found) > TAGS:
        raise Invalid(("tags", "too_many"))
    if any(len(tag) > TAG_LIMIT for tag in found.values()):
        raise Invalid(("tags", "too_long"))
    if any(BETWEEN in tag for tag in found.values()):
        raise Invalid(("tags", "invalid"))
    return tuple(found.values())
