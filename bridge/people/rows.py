"""One row of a table of customers, understood or refused; and a customer as such a row. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bridge.errors import Invalid
from bridge.model.customers import Customer, Identity
from bridge.model.records import CustomField
from bridge.people import records
from bridge.people.cards import checked_name, checked_note
from bridge.people.contacts import Contact
from bridge.people.identity import USER_ID
from bridge.people.plain import contact_of
from bridge.people.proofs import USER_ID_LIMIT
from bridge.people.table import COLUMNS, LEFT_OUT, Sheet

LANGUAGES = ("ru", "en")
#: What people put between several addresses in one cell.
_SEVERAL = re.compile(r"[;,\n]+")


@dataclass(frozen=True, slots=True)
class Record:
    """What a row says of a customer; what is empty says nothing and changes nothing."""

    line: int
    id: str = ""
    external_id: str = ""
    name: str = ""
    company: str = ""
    note: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


def record_of(line: int, cells: Sequence[str], sheet: Sheet, fields: Mapping[str, CustomField]) -> Record:
    """Understand a row; raises Invalid with every (column, code) that is wrong."""
    wrong: list[tuple[str, str]] = []
    if len(cells) > len(sheet.targets):
        wrong.append(("row", "too_many_cells"))
    pairs = zip(sheet.targets, cells, strict=False)
    given = {target: cell for target, cell in pairs if target != LEFT_OUT and cell.strip()}
    read: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    for column, cell in given.items():
        try:
            if column.startswith("field."):
                key = column.removeprefix("field.")
                custom[key] = records.read(fields[key], cell)
            else:
                read[column] = _cell(column, cell if column == "note" else cell.strip())
        except Invalid as fault:
            wrong += [(column, code) for _, code in fault.errors]
        except ValueError as fault:
            wrong.append((column, str(fault)))
    if not {"id", "external_id"} & given.keys():
        wrong.append(("external_id", "required"))
    if wrong:
        raise Invalid(*wrong)
    told = (*read.pop("email", ()), *read.pop("phone", ()))
    return Record(line, contacts=told, fields=custom, **read)


def _cell(column: str, cell: str) -> Any:
    match column:
        case "name":
            return checked_name(cell)
        case "company":
            return records.company_of(cell)
        case "note":
            return checked_note(cell)
        case "tags":
            return records.tags_of(cell.split(records.BETWEEN))
        case "email" | "phone":
            return _contacts(column, cell)
        case "language" if cell.lower() not in LANGUAGES:
            raise ValueError("unknown_value")
        case "language":
            return cell.lower()
        case _ if len(cell) > USER_ID_LIMIT or "\0" in cell:
            raise ValueError("too_long")
    return cell


def _contacts(kind: str, cell: str) -> tuple[Contact, ...]:
    found = [contact_of(kind, part) for part in _SEVERAL.split(cell) if part.strip()]
    if not found or None in found:
        raise ValueError("invalid")
    return tuple(each for each in dict.fromkeys(found) if each)


def changed(row: Customer, record: Record) -> Customer:
    """Return a customer after a record was taken over."""
    return replace(
        row,
        name=record.name or row.name,
        named=row.named or bool(record.name),
        company=record.company or row.company,
        note=record.note or row.note,
        language=record.language or row.language,
        tags=record.tags or row.tags,
        fields={**row.fields, **record.fields},
    )


def headings(fields: Sequence[CustomField]) -> list[str]:
    """Return the columns of an export."""
    return [*COLUMNS, *(f"field.{each.key}" for each in fields)]


def cells_of(row: Customer, identities: Sequence[Identity], fields: Sequence[CustomField]) -> list[str]:
    """Return a customer as a row of an export."""
    of_kind: dict[str, list[str]] = {}
    for each in identities:
        of_kind.setdefault(each.kind, [])
        if each.value not in of_kind[each.kind]:
            of_kind[each.kind].append(each.value)
    between = f"{records.BETWEEN} "
    plain = {
        "id": row.id,
        "external_id": next(iter(of_kind.get(USER_ID, ())), ""),
        "name": row.name if row.named else "",
        "company": row.company,
        "email": between.join(of_kind.get("email", ())),
        "phone": between.join(of_kind.get("phone", ())),
        "tags": between.join(row.tags),
        "note": row.note,
        "language": row.language,
    }
    custom = [records.written(row.fields[each.key]) if each.key in row.fields else "" for each in fields]
    return [*(plain[column] for column in COLUMNS), *custom]
