"""Tags the desk knows customers by: what a person who types one may go on with."""

from bridge.context import Bridge
from bridge.model.operators import Operator
from bridge.rights import require

#: Tags returned.
SHOWN = 1000


async def known(bridge: Bridge, actor: Operator) -> list[str]:
    """Return the tags of all customers, the most used first; raises Forbidden."""
    require(actor, "read")
    return await bridge.store.people.tags(SHOWN)
