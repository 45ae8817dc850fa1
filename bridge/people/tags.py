"""Tags the desk knows customers by: what a person who types one may go on with."""

from collections import Counter
from datetime import datetime, timedelta

from bridge.context import Bridge
from bridge.model.operators import Operator
from bridge.rights import require

#: Newest customers whose tags are counted, tags returned, and how long a count is good for.
LOOKED_AT = 500
SHOWN = 200
FRESH = timedelta(seconds=30)
_NAME = "customer_tags"


async def known(bridge: Bridge, actor: Operator) -> list[str]:
    """Return the tags of the newest customers, the most used first; raises Forbidden."""
    require(actor, "read")
    async with bridge.memory.lock(_NAME):
        kept: tuple[datetime, list[str]] | None = bridge.memory.kept.get(_NAME)
        now = bridge.clock.now()
        if kept is None or now - kept[0] > FRESH:
            kept = bridge.memory.kept[_NAME] = (now, await _counted(bridge))
        return kept[1]


async def _counted(bridge: Bridge) -> list[str]:
    written: dict[str, str] = {}
    count: Counter[str] = Counter()
    for customer in await bridge.store.people.search("", LOOKED_AT):
        for tag in customer.tags:
            count[written.setdefault(tag.lower(), tag).lower()] += 1
    return [written[tag] for tag, _ in count.most_common(SHOWN)]
