"""What the API asks and answers of files of the knowledge base."""

from typing import Literal

from pydantic import Field

from operator_panel.api.article_bodies import ArticleState
from operator_panel.api.article_shapes import Flag, Signed
from operator_panel.api.bodies import Asked
from operator_panel.api.shape import Shape, Time
from operator_panel.api.shapes import FieldError

Format = Literal["jsonl", "csv", "markdown"]


class NamedText(Asked):
    """A file by its name."""

    name: str = Field(min_length=1, max_length=300)
    text: str


class NewImport(Asked):
    """Files to be taken in: `text` of one, `files`, or a ZIP `archive` in Base64.

    `columns`: a table's headings and our names for them. `dry_run` says what would become of each row and writes
    nothing; broken rows refuse all of it unless `skip_broken`.
    """

    format: Format
    name: str = Field("articles", min_length=1, max_length=200)
    text: str | None = None
    files: list[NamedText] | None = Field(None, max_length=20_000)
    archive: str | None = None
    columns: dict[str, str] = Field({})
    dry_run: bool = False
    skip_broken: bool = False


class ExportQuery(Asked):
    """In which format, and of which articles."""

    format: Format = "jsonl"
    state: ArticleState | None = None
    team: str | None = Field(None, max_length=64)
    tag: str | None = Field(None, max_length=40)
    lang: str | None = Field(None, max_length=2)
    q: str | None = Field(None, max_length=400)


class ImportQuery(Asked):
    """How many imports."""

    limit: int = Field(20, ge=1, le=100)


class ImportItem(Shape):
    """What became, or would become, of one row; `fields` are those that change."""

    place: str
    id: str
    title: str
    change: Literal["new", "changed", "unchanged", "broken"]
    fields: list[str]
    errors: list[FieldError]
    flags: list[Flag]


class ImportReport(Shape):
    """What became, or would become, of files; `id` undoes it, of a dry run it is null.

    `items` are the rows with something to tell, at most 1000; `left` were changed by somebody else meanwhile.
    """

    id: str | None
    new: int
    changed: int
    unchanged: int
    broken: int
    items: list[ImportItem]
    left: list[str]


class ImportInfo(Shape):
    """An import that was done, and perhaps undone."""

    id: str
    source: str
    signed: Signed
    articles: int
    undone: Signed | None
    at: Time


class Imports(Shape):
    """Imports, newest first."""

    items: list[ImportInfo]


class Undone(Shape):
    """What undoing an import did; `left` were changed since."""

    removed: int
    restored: int
    left: list[str]
