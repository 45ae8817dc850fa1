"""Two profiles become one, and two again: which values the customer who stands takes from who joins him. Pure.

Whoever joins keeps his own row as it is. What the other took is written into the step that joined them, value before
and value after; when they part, each value that still stands as taken is what it was before, and what somebody changed
since is left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bridge.errors import Invalid
from bridge.model.customers import Customer
from bridge.people.records import TAGS

#: Characters of the shared note on a customer.
NOTE_LIMIT = 4000
#: Whose value is kept; both: a note under the other one, the tags of both.
Keep = Literal["this", "other", "both"]
#: How a custom field's name begins.
CUSTOM = "fields."
_MANY = ("note", "tags")
#: What becomes of a field whose values differ, if nobody says: nothing typed by the desk is lost.
_USUAL: dict[str, Keep] = {"note": "both", "tags": "both"}
_OWN = ("name", "company", "note", "tags")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two profiles have different values, what may be kept, and what is if nobody says."""

    field: str
    this: Any
    other: Any
    choices: tuple[Keep, ...]
    usual: Keep


def values(customer: Customer) -> dict[str, Any]:
    """Return what a profile holds by the field's name: "name", "company", "note", "tags", "fields.<key>"."""
    own = {field: getattr(customer, field) for field in _OWN}
    return own | {CUSTOM + key: value for key, value in customer.fields.items()}


def differences(this: Customer, other: Customer) -> list[Difference]:
    """Return the fields in which both say something, and not the same."""
    mine, theirs = values(this), values(other)
    return [
        Difference(field, value, theirs[field], _choices(field), _USUAL.get(field, "this"))
        for field, value in mine.items()
        if _said(value) and _said(theirs.get(field)) and theirs[field] != value
    ]


def _choices(field: str) -> tuple[Keep, ...]:
    return ("this", "other", "both") if field in _MANY else ("this", "other")


def _said(value: Any) -> bool:
    return value is not None and value != "" and value != ()


def taken(parent: Customer, child: Customer, keep: Mapping[str, Keep]) -> list[Any]:
    """Return what the parent takes from who joins him: [field, before, after]; "this" is the parent's value.

    Where he says nothing, he takes what the child says. Raises Invalid(("keep.<field>", unknown or invalid)).
    """
    mine, theirs = values(parent), values(child)
    wrong = [(f"keep.{field}", "unknown") for field in keep if field not in mine and field not in theirs]
    wrong += [(f"keep.{field}", "invalid") for field, whose in keep.items() if whose not in _choices(field)]
    if wrong:
        raise Invalid(*wrong)
    found: list[Any] = []
    for field, value in theirs.items():
        before = mine.get(field)
        after = _kept(field, before, value, keep.get(field))
        if after != before:
            found.append([field, _plain(before), _plain(after)])
    return found


def _kept(field: str, mine: Any, theirs: Any, whose: Keep | None) -> Any:
    if not _said(theirs):
        return mine
    if not _said(mine):
        return mine if whose == "this" else theirs
    match whose or _USUAL.get(field, "this"):
        case "this":
            return mine
        case "other":
            return theirs
    if field == "tags":
        known = {tag.lower() for tag in mine}
        return (*mine, *(tag for tag in theirs if tag.lower() not in known))[:TAGS]
    both = f"{mine}\n\n{theirs}"
    return mine if theirs in mine or len(both) > NOTE_LIMIT else both


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def joined(parent: Customer, kept: Sequence[Any]) -> Customer:
    """Return the parent with what he takes; a value that somebody changed meanwhile stays."""
    mine = values(parent)
    return _with(parent, {field: after for field, before, after in kept if _plain(mine.get(field)) == before})


def parted(parent: Customer, kept: Sequence[Any]) -> Customer:
    """Return the parent without what he took; a value that somebody changed since stays, of tags those changed."""
    mine, back = values(parent), {}
    for field, before, after in kept:
        now = _plain(mine.get(field))
        if now == after:
            back[field] = before
        elif field == "tags":
            added = set(after) - set(before)
            lost = [tag for tag in before if tag not in after]
            back[field] = [tag for tag in now if tag not in added] + [tag for tag in lost if tag not in now]
    return _with(parent, back)


def _with(customer: Customer, new: Mapping[str, Any]) -> Customer:
    fields = dict(customer.fields)
    for field, value in new.items():
        if field.startswith(CUSTOM):
            fields[field.removeprefix(CUSTOM)] = value
    own = {field: value for field, value in new.items() if field in _OWN}
    if "tags" in own:
        own["tags"] = tuple(own["tags"])
    return replace(customer, fields={key: value for key, value in fields.items() if value is not None}, **own)


def swapped(keep: Mapping[str, Keep]) -> dict[str, Keep]:
    """Return the same choice as the other customer would say it."""
    other: dict[Keep, Keep] = {"this": "other", "other": "this", "both": "both"}
    return {field: other[whose] for field, whose in keep.items()}
