"""A table of customers as a file: which letters, which delimiter, which column is what; cells nobody runs. Pure.

A cell that a spreadsheet would take for a formula is written behind an apostrophe, and read without it; a cell that
begins so by itself gets one more, so that every text comes back as it was.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from bridge.errors import Invalid
from bridge.model.records import CustomField

#: Columns beside the custom fields, which are called field.<key>; and the target of a column that is left out.
COLUMNS = ("id", "external_id", "name", "company", "email", "phone", "tags", "note", "language")
LEFT_OUT = "-"
#: How else people head these columns.
_CALLED = {
    "external_id": "external id|код|код клиента|номер клиента|внешний код|customer id|customer_id|user_id|client id",
    "name": "имя|фио|клиент|покупатель|контакт|full name|full_name|customer|contact",
    "company": "компания|организация|фирма|юрлицо|organization|organisation",
    "email": "e-mail|mail|почта|эл. почта|электронная почта|имейл",
    "phone": "телефон|тел|тел.|мобильный|мобильный телефон|mobile|phone number",
    "tags": "теги|метки|tag|labels",
    "note": "заметка|примечание|комментарий|о клиенте|notes|comment|comments",
    "language": "язык|lang",
}
DELIMITERS = (",", ";", "\t", "|")
#: Bytes looked at to tell the delimiter, and read at once; characters a cell may have.
SAMPLE = 64 << 10
PIECE = 1 << 20
CELL = 100_000
_FORMULA = re.compile(r"'*[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r]")
_MARKED = re.compile(r"'+(?:[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a file is written: its letters (a codec), its delimiter, the headings, and to what each column goes."""

    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    targets: tuple[str, ...]  # of each column: a name of COLUMNS, field.<key>, or LEFT_OUT

    @property
    def letters(self) -> str:
        """The letters in people's words."""
        names = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with BOM", "cp1251": "Windows-1251", "utf-16": "UTF-16"}
        return names[self.encoding]


def encoding_of(file: IO[bytes]) -> str:
    """Tell a file's letters from all its bytes; it is at its beginning afterwards. Raises Invalid(("file", code))."""
    file.seek(0)
    head = file.read(3)
    file.seek(0)
    if not head:
        raise Invalid(("file", "empty"))
    if head.startswith(codecs.BOM_UTF8):
        candidates: tuple[str, ...] = ("utf-8-sig",)
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ("utf-16",)
    else:
        candidates = ("utf-8", "cp1251")
    for encoding in candidates:
        if _is(file, encoding):
            return encoding
    raise Invalid(("file", "not_text"))


def _is(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(PIECE):
            if "\0" in decoder.decode(piece):
                return False
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def delimiter_of(sample: str) -> str:
    """Tell the delimiter: the one that cuts the first lines into the same number of cells, the most there is."""
    lines = sample.splitlines()[:20]
    lines = lines[:-1] if len(lines) > 2 else lines  # the last may be cut
    best, most = DELIMITERS[0], (0, 0)
    for each in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=each) if row]
        first = widths[0] if widths else 0
        score = (sum(width == first for width in widths), first) if first > 1 else (0, 0)
        if score > most:
            best, most = each, score
    return best


def sheet_of(
    file: IO[bytes], fields: Sequence[CustomField], mapping: Mapping[str, str], delimiter: str | None = None
) -> Sheet:
    """Look at a file's beginning; `mapping` leads headings to columns and wins over what is known by name.

    Raises Invalid: ("file", empty | not_text | no_headings), ("map", unknown_heading | unknown_column | twice).
    """
    encoding = encoding_of(file)
    with _text(file, encoding) as text:
        sample = text.read(SAMPLE)
    if delimiter is None:
        delimiter = delimiter_of(sample)
    headings = next(
        (row for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if any(map(str.strip, row))), []
    )
    headings = [heading.strip() for heading in headings]
    if not any(headings):
        raise Invalid(("file", "no_headings"))
    return Sheet(encoding, delimiter, tuple(headings), _targets(headings, fields, mapping))


def _targets(headings: Sequence[str], fields: Sequence[CustomField], mapping: Mapping[str, str]) -> tuple[str, ...]:
    known = {name: name for name in COLUMNS}
    for column, names in _CALLED.items():
        known |= dict.fromkeys(names.split("|"), column)
    for field in fields:
        titles = (field.key, f"field.{field.key}", *field.names.values())
        known |= {title.lower(): f"field.{field.key}" for title in titles if title.lower() not in known}
    asked = {heading.strip().lower(): target.strip() for heading, target in mapping.items()}
    lowered = [heading.lower() for heading in headings]
    if any(heading not in lowered for heading in asked):
        raise Invalid(("map", "unknown_heading"))
    allowed = {*COLUMNS, LEFT_OUT, *(f"field.{field.key}" for field in fields)}
    if any(target not in allowed for target in asked.values()):
        raise Invalid(("map", "unknown_column"))
    taken = set(asked.values())
    targets: list[str] = []
    for heading in lowered:
        by_name = known.get(heading, LEFT_OUT)
        target = asked.get(heading) or (LEFT_OUT if by_name in taken else by_name)
        if target != LEFT_OUT and target in targets:
            raise Invalid(("map", "twice"))
        targets.append(target)
    return tuple(targets)


def rows_of(file: IO[bytes], sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows behind the headings with the number of the line each ends in; blank ones are left out.

    Raises Invalid(("line <n>", "bad_csv")) where a quotation mark is never closed.
    """
    csv.field_size_limit(CELL)
    with _text(file, sheet.encoding) as text:
        reader = csv.reader(text, delimiter=sheet.delimiter)
        headed = False
        try:
            for row in reader:
                if not any(map(str.strip, row)):
                    continue
                if headed:
                    yield reader.line_num, [plain(cell) for cell in row]
                headed = True
        except csv.Error:
            raise Invalid((f"line {reader.line_num}", "bad_csv")) from None


@contextmanager
def _text(file: IO[bytes], encoding: str) -> Iterator[io.TextIOWrapper]:
    """Read a binary file as text from its beginning; it is left open at the end."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def safe(cell: str) -> str:
    """Return a cell as it is written: nothing in it is run."""
    cell = cell.replace("\0", "")
    return f"'{cell}" if _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """Return what a cell holds; the other way of `safe`."""
    return cell[1:] if _MARKED.match(cell) else cell


def lines_of(rows: Iterable[Sequence[str]], delimiter: str) -> Iterator[str]:
    """Yield rows as lines of a file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
