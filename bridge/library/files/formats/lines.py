"""articles.jsonl: one JSON object a line; pure."""

import json
from collections.abc import Iterable, Iterator

from bridge.library.files.formats.records import File, Row, packed, record_of, row_of
from bridge.model.articles import Article


def read(file: File) -> Iterator[Row]:
    """Read rows, empty lines left out."""
    for number, line in enumerate(file.text.removeprefix("\ufeff").split("\n"), 1):
        if line.strip():
            yield _row(f"{file.name}:{number}", line)


def _row(place: str, line: str) -> Row:
    row = Row(place)
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        row.fault("row", "bad_json")
        return row
    if not isinstance(record, dict):
        row.fault("row", "no_object")
        return row
    return row_of(place, record)


def write(articles: Iterable[Article]) -> str:
    """Write a line for each article."""
    return "".join(f"{packed(record_of(article))}\n" for article in articles)
