"""/kb: files into the knowledge base and out of it."""

import base64
import io
import zipfile
import zlib

from aiohttp import web

from bridge.library.files import bringing
from bridge.library.files.formats import write
from bridge.library.files.formats.records import File
from bridge.library.files.importing import Item, Plan
from bridge.model.articles import Article, ArticleFilters, Import, Signed
from bridge.rights import require
from operator_panel.api import article_shapes, article_views, kb_shapes
from operator_panel.problems import invalid
from operator_panel.serving import Call

#: Bytes of a body that brings files, and of what an archive holds unpacked.
LARGEST = 64 << 20
UNPACKED = 64 << 20
#: Rows a report names, articles read at once.
NAMED = 1000
PORTION = 500

_MIMES = {"jsonl": "application/jsonl", "csv": "text/csv", "markdown": "application/zip"}


async def kb_import(call: Call, body: kb_shapes.NewImport) -> kb_shapes.ImportReport:
    """Take files into the knowledge base, or say what would become of them."""
    require(call.actor, "article")
    planned = await bringing.look(call.bridge, call.actor, body.format, _files(body), body.columns)
    if body.dry_run:
        return _report(planned, None, [])
    done = await bringing.bring(call.bridge, call.actor, body.name, planned, skip_broken=body.skip_broken)
    return _report(planned, done.run.id, [str(id) for id in done.left])


def _files(body: kb_shapes.NewImport) -> list[File]:
    given = [name for name in ("text", "files", "archive") if getattr(body, name) is not None]
    if len(given) != 1:
        raise invalid(*((name, "one_of") for name in ("text", "files", "archive")))
    if body.text is not None:
        return [File(body.name, body.text)]
    if body.files is not None:
        return [File(each.name, each.text) for each in body.files]
    return _unpacked(body.archive or "")


def _unpacked(archive: str) -> list[File]:
    """Return an archive's files in the order of their names; folders and files of systems are left out."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(base64.b64decode(archive, validate=True)))
        inside = sorted((each for each in packed.infolist() if _wanted(each.filename)), key=lambda each: each.filename)
        if sum(each.file_size for each in inside) > UNPACKED:
            raise invalid(("archive", "too_large"))
        return [File(each.filename, packed.read(each).decode("utf-8-sig")) for each in inside]
    except UnicodeDecodeError:
        raise invalid(("archive", "not_utf8")) from None
    # zipfile says NotImplementedError of a compression it does not know, RuntimeError of a password.
    except (ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
        raise invalid(("archive", "broken")) from None


def _wanted(name: str) -> bool:
    parts = name.split("/")
    return bool(parts[-1]) and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _report(planned: Plan, id: str | None, left: list[str]) -> kb_shapes.ImportReport:
    told = [item for item in planned.items if item.change != "unchanged" or item.flags]
    counts = {change: len(planned.of(change)) for change in ("new", "changed", "unchanged", "broken")}
    return kb_shapes.ImportReport(id=id, items=[_item(item) for item in told[:NAMED]], left=left, **counts)


def _item(item: Item) -> kb_shapes.ImportItem:
    article = item.after or item.before
    return kb_shapes.ImportItem(
        place=item.place,
        id=item.id,
        title=article.title if article else "",
        change=item.change,  # type: ignore[arg-type]  # the words of importing.Item
        fields=item.fields,
        errors=article_views.errors(item.errors),
        flags=article_views.flags(item.flags),
    )


async def kb_imports(call: Call, query: kb_shapes.ImportQuery) -> kb_shapes.Imports:
    """List imports, newest first."""
    rows = await bringing.imports(call.bridge, call.actor, query.limit)
    return kb_shapes.Imports(items=[_import(row) for row in rows])


def _import(row: Import) -> kb_shapes.ImportInfo:
    return kb_shapes.ImportInfo(
        id=row.id,
        source=row.source,
        signed=_signed(row.signed),
        articles=len(row.taken),
        undone=_signed(row.undone) if row.undone else None,
        at=row.signed.at,
    )


def _signed(row: Signed) -> article_shapes.Signed:
    return article_shapes.Signed(id=row.by, name=row.name, at=row.at)


async def kb_import_undo(call: Call, id: str) -> kb_shapes.Undone:
    """Take an import back; what was changed since stays."""
    done = await bringing.take_back(call.bridge, call.actor, id)
    left = [str(each) for each in done.left]
    return kb_shapes.Undone(removed=len(done.removed), restored=len(done.written), left=left)


async def kb_export(call: Call, query: kb_shapes.ExportQuery) -> web.StreamResponse:
    """Download articles: JSON lines, a table, or a ZIP archive of Markdown."""
    require(call.actor, "read")
    filters = ArticleFilters(query.q or "", query.state, query.team, query.tag, query.lang)
    files = write(query.format, await _stored(call, filters))
    body = _packed(files) if query.format == "markdown" else files[0].text.encode()
    name = "articles.zip" if query.format == "markdown" else files[0].name
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": _MIMES[query.format]}
    return web.Response(body=body, headers=headers)


async def _stored(call: Call, filters: ArticleFilters) -> list[Article]:
    found: list[Article] = []
    cursor: str | None = None
    while True:
        rows, cursor = await call.bridge.store.articles.page(cursor, PORTION, filters)
        found += rows
        if cursor is None:
            return found


def _packed(files: list[File]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            packed.writestr(zipfile.ZipInfo(file.name), file.text)
    return out.getvalue()
