"""articles.csv: a heading and a row for each article; lists stand line by line in a cell; pure."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bridge.library.files.formats.records import (
    FIELDS,
    LISTS,
    NAMES,
    NESTED,
    TIMES,
    File,
    Row,
    packed,
    record_of,
    row_of,
)
from bridge.model.articles import Article
from bridge.model.ids import derive

#: What separates cells: a comma, or what spreadsheets of other countries write.
SEPARATORS = ",;\t"
#: A cell that begins so is run as a formula by spreadsheets; an apostrophe before it keeps it a text.
FORMULAS = tuple("=+-@\t\r'")

# An article's variants stand in one cell; the module's own limit is 128 KB.
csv.field_size_limit(16 << 20)


def read(file: File, columns: Mapping[str, str]) -> Iterator[Row]:
    """Read rows; a row without an id gets one made from its title or first wording, always the same."""
    text = file.text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    names: list[str] | None = None
    line = 1
    while True:
        place = f"{file.name}:{line}"
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = Row(place)
            row.fault("row", "bad_csv")
            yield row
            return  # where one row ends and the next begins is not known any more
        line = reader.line_num + 1
        if names is None:
            names = [columns.get(cell.strip(), cell.strip()).lower() for cell in cells]
            if faults := _faults_of_heading(names):
                row = Row(place)
                row.faults += faults
                yield row
                return
        elif any(cell.strip() for cell in cells):
            yield _row(place, names, cells)


def _separator(text: str) -> str:
    """Return what separates the cells of the heading."""
    heading = text.partition("\n")[0]
    return max(SEPARATORS, key=heading.count)


def _faults_of_heading(names: list[str]) -> list[tuple[str, str]]:
    known = [name for name in names if name in FIELDS]
    if "title" not in known and "questions" not in known:
        return [("row", "no_heading")]
    return [(name, "twice") for name in sorted({name for name in known if known.count(name) > 1})]


def _row(place: str, names: list[str], cells: list[str]) -> Row:
    if len(cells) > len(names):
        row = Row(place)
        row.fault("row", "too_many_cells")
        return row
    record: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=False):
        if name in FIELDS or cell.strip():
            record[name] = _value(name, _bare(cell))
    if not record.get("state"):
        record.pop("state", None)
    if not record.get("id"):
        named = record.get("title") or next(iter(record.get("questions") or []), "")
        record["id"] = derive("article", named) if named else ""
    return row_of(place, record)


def _bare(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULAS) else cell


def _value(name: str, cell: str) -> Any:
    if name in NESTED:
        return _unpacked(cell, cell) if cell.strip() else []
    if name in LISTS:
        signs = ",\n" if name == "tags" else "\n"
        return _unpacked(cell, _split(cell, signs)) if cell.lstrip().startswith("[") else _split(cell, signs)
    return cell.strip() or None if name in (*NAMES, *TIMES, "state", "id") else cell


def _unpacked(cell: str, otherwise: Any) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return otherwise


def _split(cell: str, signs: str) -> list[str]:
    for sign in signs[1:]:
        cell = cell.replace(sign, signs[0])
    return [each.strip() for each in cell.split(signs[0]) if each.strip()]


def write(articles: Iterable[Article]) -> str:
    """Write the table; it begins with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for article in articles:
        record = record_of(article)
        writer.writerow([_cell(name, record[name]) for name in FIELDS])
    return "\ufeff" + out.getvalue()


def _cell(name: str, value: Any) -> str:
    if name in NESTED:
        text = packed(value) if value else ""
    elif name in LISTS:
        text = _listed(value, ",\n" if name == "tags" else "\n")
    else:
        text = value or ""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _listed(values: list[str], signs: str) -> str:
    """Return items line by line; as JSON where reading the lines would give others."""
    lines = "\n".join(values)
    return lines if _split(lines, signs) == values and not lines.startswith("[") else packed(values)
