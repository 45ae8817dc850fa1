"""Tables of customers out, all or some of them, in portions: the columns are those that importing reads."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.context import Bridge
from bridge.model.customers import Customer, Identity
from bridge.model.events import AuditEvent
from bridge.model.ids import CustomerId, fresh
from bridge.model.operators import Operator
from bridge.people import rows, table
from bridge.rights import require

#: Customers read at once.
PORTION = 500
#: Up to so many candidates are named by an index; beyond it everybody is looked through.
FEW = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which customers stand in a table: those for whom all that is asked holds; empty asks nothing.

    `q` as customers are searched; `tag` and `company` in any case; `channel`: he wrote in it; `created_since`;
    `active_since`: somebody spoke in one of his conversations since then.
    """

    q: str = ""
    tag: str = ""
    channel: str = ""
    company: str = ""
    created_since: datetime | None = None
    active_since: datetime | None = None

    @property
    def asked(self) -> list[str]:
        """The names of what is asked."""
        return [name for name in self.__slots__ if getattr(self, name)]


ALL = Wanted()


async def export(bridge: Bridge, actor: Operator, delimiter: str = ",", wanted: Wanted = ALL) -> AsyncIterator[str]:
    """Yield customers as lines of a table, the headings first. Raises Forbidden, StoreDown."""
    require(actor, "customers")
    async for line in export_for(bridge, actor.id, delimiter, wanted):
        yield line


async def export_for(bridge: Bridge, by: str, delimiter: str = ",", wanted: Wanted = ALL) -> AsyncIterator[str]:
    """Yield customers for somebody who may; as `export`. Who joined another stands in that one's row."""
    fields, people = bridge.rules.fields, bridge.store.people
    # Not what was asked for: that may be a name, and would stay when its owner is erased.
    told = {"by": wanted.asked} if wanted.asked else {}
    event = AuditEvent(fresh(), bridge.clock.now(), by, "customers_exported", "customers", told)
    await bridge.store.journal.write(event)
    yield next(table.lines_of([rows.headings(fields)], delimiter))
    async for portion in _portions(bridge, wanted):
        owned = await people.identities_of([row.id for row in portion])
        shown = await _fitting(bridge, portion, owned, wanted)
        cells = (rows.cells_of(row, owned[row.id], fields) for row in shown)
        if lines := "".join(table.lines_of(cells, delimiter)):
            yield lines


async def _portions(bridge: Bridge, wanted: Wanted) -> AsyncIterator[list[Customer]]:
    """Yield everybody who may be wanted and joined nobody: by an index if it names few, else whoever is there."""
    people = bridge.store.people
    few = await people.few(f"{wanted.tag} {wanted.company}", wanted.q, wanted.active_since, FEW)
    if few is not None:
        for start in range(0, len(few), PORTION):
            yield few[start : start + PORTION]
        return
    after: Customer | None = None
    while portion := await people.since(wanted.created_since, after, PORTION):
        yield [row for row in portion if row.linked_to is None]
        after = portion[-1]


async def _fitting(
    bridge: Bridge, portion: Sequence[Customer], owned: dict[CustomerId, list[Identity]], wanted: Wanted
) -> list[Customer]:
    found = [row for row in portion if _fits(bridge, row, owned[row.id], wanted)]
    if wanted.active_since is None or not found:
        return found
    active = await bridge.store.people.active([row.id for row in found], wanted.active_since)
    return [row for row in found if row.id in active]


def _fits(bridge: Bridge, row: Customer, identities: Sequence[Identity], wanted: Wanted) -> bool:
    """Tell whether all that is asked of a customer himself holds."""
    return (
        (not wanted.tag or wanted.tag.lower() in (tag.lower() for tag in row.tags))
        and (not wanted.company or wanted.company.lower() == row.company.lower())
        and (not wanted.channel or any(each.kind == wanted.channel for each in identities))
        and (wanted.created_since is None or row.created_at >= wanted.created_since)
        and (not wanted.q or bridge.store.people.finds(wanted.q, row, identities))
    )
