"""Tables of customers out, in portions: the columns are those that importing reads."""

from collections.abc import AsyncIterator

from bridge.context import Bridge
from bridge.model.events import AuditEvent
from bridge.model.ids import CustomerId, fresh
from bridge.model.operators import Operator
from bridge.people import rows, table
from bridge.rights import require

#: Customers read at once.
PORTION = 500


async def export(bridge: Bridge, actor: Operator, delimiter: str = ",") -> AsyncIterator[str]:
    """Yield every customer as lines of a table, the headings first. Raises Forbidden, StoreDown."""
    require(actor, "customers")
    async for line in export_for(bridge, actor.id, delimiter):
        yield line


async def export_for(bridge: Bridge, by: str, delimiter: str = ",") -> AsyncIterator[str]:
    """Yield every customer for somebody who may; as `export`. Who joined another stands in that one's row."""
    fields, people = bridge.rules.fields, bridge.store.people
    event = AuditEvent(fresh(), bridge.clock.now(), by, "customers_exported", "customers")
    await bridge.store.journal.write(event)
    yield next(table.lines_of([rows.headings(fields)], delimiter))
    after: CustomerId | None = None
    while portion := await people.every(after, PORTION):
        shown = [row for row in portion if row.linked_to is None]
        owned = await people.identities_of([row.id for row in shown])
        cells = (rows.cells_of(row, owned[row.id], fields) for row in shown)
        yield "".join(table.lines_of(cells, delimiter))
        after = portion[-1].id
