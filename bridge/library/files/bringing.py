"""Files into the knowledge base and back while Mostik runs: who may, what the matcher hears, what is noted."""

from collections.abc import Mapping, Sequence

from bridge.context import Bridge
from bridge.library.files.formats import read
from bridge.library.files.formats.records import File
from bridge.library.files.importing import Outcome, Plan, plan, take, undo
from bridge.library.index import take_up
from bridge.library.writing.articles import require_publishing, signed
from bridge.model.articles import Import
from bridge.model.events import AuditEvent
from bridge.model.ids import fresh
from bridge.model.operators import Operator
from bridge.rights import require


async def look(
    bridge: Bridge, actor: Operator, form: str, files: Sequence[File], columns: Mapping[str, str] | None = None
) -> Plan:
    """Say what would become of files; nothing is written. Raises Forbidden."""
    require(actor, "article")
    return await plan(bridge.store, read(form, files, columns))


async def bring(bridge: Bridge, actor: Operator, source: str, planned: Plan, *, skip_broken: bool = False) -> Outcome:
    """Take into the knowledge base what was planned. Raises Forbidden, Invalid where a row is broken."""
    require_publishing(bridge, actor)
    by = signed(bridge, actor)
    done = await take(bridge.store, bridge.clock, by, source, planned, skip_broken=skip_broken)
    await _heard(bridge, actor, "articles_imported", done)
    return done


async def take_back(bridge: Bridge, actor: Operator, id: str) -> Outcome:
    """Let an import's articles be as they were before it. Raises Forbidden, NotFound, Invalid(("id", "undone"))."""
    require_publishing(bridge, actor)
    done = await undo(bridge.store, bridge.clock, signed(bridge, actor), id)
    await _heard(bridge, actor, "articles_import_undone", done)
    return done


async def imports(bridge: Bridge, actor: Operator, limit: int) -> list[Import]:
    """List imports, newest first. Raises Forbidden."""
    require(actor, "article")
    return await bridge.store.articles.imports(limit)


async def _heard(bridge: Bridge, actor: Operator, action: str, done: Outcome) -> None:
    counts = {"written": len(done.written), "removed": len(done.removed)}
    event = AuditEvent(fresh(), bridge.clock.now(), actor.id, action, f"import:{done.run.id}", counts)
    await bridge.store.journal.write(event)
    await take_up(bridge, done.written, done.removed)
