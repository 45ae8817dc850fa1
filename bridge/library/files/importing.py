"""Files taken into the knowledge base: first what would become of them, then all at once, and back again."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bridge.errors import Conflict, Invalid
from bridge.library.files.formats.records import Row
from bridge.library.writing.articles import edition, known, write
from bridge.library.writing.checks import Fault, Flag, faults, flags, shared
from bridge.library.writing.compare import differences
from bridge.model.articles import CONTENT, Article, Import, Signed, Taken
from bridge.model.ids import ArticleId, FileId, fresh
from bridge.ports import Clock
from bridge.ports.stores import Store

#: Articles read at once, and written at once.
PORTION = 500
AT_ONCE = 32


@dataclass(slots=True)
class Item:
    """What would become of one row; `change` is new, changed, unchanged or broken, `fields` are those that change."""

    place: str
    id: ArticleId
    change: str
    before: Article | None = None
    after: Article | None = None
    errors: list[Fault] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of the rows of files, in their order."""

    items: tuple[Item, ...]

    def of(self, change: str) -> list[Item]:
        """Return the rows with this fate."""
        return [item for item in self.items if item.change == change]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or its undoing: articles written, removed, and those somebody else had changed meanwhile."""

    run: Import
    written: tuple[Article, ...] = ()
    removed: tuple[ArticleId, ...] = ()
    left: tuple[ArticleId, ...] = ()


async def plan(store: Store, rows: Sequence[Row]) -> Plan:
    """Say what would become of rows; nothing is written."""
    there = await _everything(store)
    kept = await _files(store, rows)
    first: dict[str, str] = {}
    items = []
    for row in rows:
        item = _item(row, there.get(row.id), kept)
        if row.id and row.id in first:
            item = replace(item, change="broken", errors=[*item.errors, ("id", "twice")])
        first.setdefault(row.id, row.place)
        items.append(item)
    after = dict(there)
    after |= {item.id: item.after for item in items if item.after is not None and item.change != "broken"}
    twice = shared(after.values())
    for item in items:
        if item.change != "broken":
            item.flags += twice.get(item.id, [])
    return Plan(tuple(items))


async def _everything(store: Store) -> dict[str, Article]:
    found: dict[str, Article] = {}
    cursor: str | None = None
    while True:
        rows, cursor = await store.articles.page(cursor, PORTION)
        found |= {row.id: row for row in rows}
        if cursor is None:
            return found


async def _files(store: Store, rows: Sequence[Row]) -> set[FileId]:
    ids = {file.file for row in rows for file in row.values.get("files", ())}
    return {file.id for file in await store.files.many(sorted(ids))} if ids else set()


def _item(row: Row, before: Article | None, kept: set[FileId]) -> Item:
    found = [Flag(name, "unknown_field") for name in row.unknown]
    if row.faults:
        return Item(row.place, ArticleId(row.id), "broken", before, errors=row.faults, flags=found)
    values = dict(row.values)
    if lost := [file for file in values.get("files", ()) if file.file not in kept]:
        values["files"] = tuple(file for file in values["files"] if file.file in kept)
        found += [Flag("files", "not_here", file.name or file.file) for file in lost]
    after = _after(row.id, before, values)
    wrong = faults(after)
    found += flags(after.content)
    if wrong:
        return Item(row.place, after.id, "broken", before, errors=wrong, flags=found)
    if before is None:
        return Item(row.place, after.id, "new", None, after, flags=found)
    names = [each.field for each in differences(before.content, after.content)]
    names += ["state"] if before.state != after.state else []
    return Item(row.place, after.id, "changed" if names else "unchanged", before, after, flags=found, fields=names)


def _after(id: str, before: Article | None, values: dict[str, Any]) -> Article:
    """Return the article a row makes: fields it does not name stay as they are."""
    row = before or Article(ArticleId(id), "", "")
    content = replace(row.content, **{name: value for name, value in values.items() if name in CONTENT})
    if not content.title.strip() and content.questions:
        content = replace(content, title=content.questions[0][:300])
    return replace(row.saying(content), state=values.get("state", row.state))


async def take(
    store: Store,
    clock: Clock,
    by: Signed,
    source: str,
    planned: Plan,
    *,
    skip_broken: bool = False,
    told: Callable[[int], None] | None = None,
) -> Outcome:
    """Do what was planned; `told` hears how many rows are written. Raises Invalid when a row is broken, by its place.

    What will be touched is noted first, so that an import broken off in the middle can be undone as well.
    """
    if not skip_broken and (broken := planned.of("broken")):
        raise Invalid(*((f"{item.place}.{name}", code) for item in broken for name, code in item.errors))
    items = [item for item in planned.items if item.change in ("new", "changed") and item.after is not None]
    taken = tuple(Taken(item.id, item.before.edition if item.before else 0) for item in items)
    run = await store.articles.put_import(Import(fresh(), source[:200], by, taken))
    written: list[Article] = []
    left: list[ArticleId] = []
    for begin in range(0, len(items), AT_ONCE):
        portion = items[begin : begin + AT_ONCE]
        for item, row in zip(
            portion, await asyncio.gather(*(_written(store, clock, item, by) for item in portion)), strict=True
        ):
            if row is None:
                left.append(item.id)
            else:
                written.append(row)
        if told is not None:
            told(begin + len(portion))
    return Outcome(run, tuple(written), (), tuple(left))


async def _written(store: Store, clock: Clock, item: Item, by: Signed) -> Article | None:
    """Write one row; None: somebody changed the article since it was planned."""
    assert item.after is not None
    try:
        return await write(store, clock, item.before, item.after, by)
    except Conflict:
        return None


async def undo(store: Store, clock: Clock, by: Signed, id: str) -> Outcome:
    """Let an import's articles be as they were before it; those changed since stay. Raises NotFound, Invalid, Conflict.

    What an import wrote carries its signature, so undoing may be broken off and done again.
    """
    run = await store.articles.import_of(id)
    if run.undone is not None:
        raise Invalid(("id", "undone"))
    written: list[Article] = []
    removed: list[ArticleId] = []
    left: list[ArticleId] = []
    for taken in run.taken:
        there = await known(store, taken.article)
        if there is None or there.signed != run.signed:
            left += [taken.article] if there is not None or taken.before else []
        elif not taken.before:
            await store.articles.keep(edition(there))
            await store.articles.delete(taken.article)
            removed.append(taken.article)
        else:
            old = await store.articles.edition(taken.article, taken.before)
            after = replace(there.saying(old.content), state=old.state)
            written.append(await write(store, clock, there, after, by))
    run = await store.articles.put_import(replace(run, undone=by))
    return Outcome(run, tuple(written), tuple(removed), tuple(left))
