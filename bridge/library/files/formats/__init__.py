"""The knowledge base as files: JSON lines, a table, a folder of Markdown; each reads what it wrote without loss."""

from collections.abc import Iterable, Mapping, Sequence

from bridge.library.files.formats import lines, markdown, table
from bridge.library.files.formats.records import File, Row
from bridge.model.articles import Article

#: The formats by their names.
FORMATS = ("jsonl", "csv", "markdown")


def read(form: str, files: Sequence[File], columns: Mapping[str, str] | None = None) -> list[Row]:
    """Read rows with their places; what is wrong with one stands in it. `columns`: headings of a table -> our names."""
    if form == "csv":
        return [row for file in files for row in table.read(file, columns or {})]
    if form == "markdown":
        return [markdown.read(file) for file in files]
    return [row for file in files for row in lines.read(file)]


def write(form: str, articles: Iterable[Article], name: str = "articles") -> list[File]:
    """Write articles into a file, or (Markdown) into one file each."""
    if form == "csv":
        return [File(f"{name}.csv", table.write(articles))]
    if form == "markdown":
        return [markdown.write(article) for article in articles]
    return [File(f"{name}.jsonl", lines.write(articles))]
