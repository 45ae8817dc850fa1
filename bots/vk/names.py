"""Names of people by VK's numbers: asked of VK a crowd at a time, remembered, and never waited for long."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Collection

from bots.vk.api import VkApi
from bots.vk.budget import SendBudget
from bridge.errors import BridgeError

log = logging.getLogger("mostik.vk")

#: People asked for in one call at most (https://dev.vk.com/ru/method/users.get).
CROWD = 1000
#: Names a process remembers.
REMEMBERED = 20_000
#: An event waits so long for its names, seconds: VK waits for our "ok", and a name is no reason to let it repeat.
PATIENCE = 2.0
#: After a call that failed nobody is asked for so long, seconds.
PAUSE = 15.0


class Names:
    """Who is who in VK."""

    def __init__(self, api: VkApi, budget: SendBudget) -> None:
        self._api = api
        self._budget = budget
        self._known: OrderedDict[int, str] = OrderedDict()
        self._wanted: set[int] = set()
        self._asking: asyncio.Task[None] | None = None
        self._not_before = 0.0

    async def of(self, ids: Collection[int]) -> dict[int, str]:
        """Return the names of those who could be told in time; never raises."""
        missing = {id for id in ids if id not in self._known}
        if missing and time.monotonic() >= self._not_before:
            self._wanted |= missing
            until = time.monotonic() + PATIENCE
            # Whoever comes while a call is under way is asked for by the next one, all together.
            while missing & self._wanted and (left := until - time.monotonic()) > 0:
                if self._asking is None or self._asking.done():
                    self._asking = asyncio.create_task(self._ask())
                await asyncio.wait({self._asking}, timeout=left)
        return {id: self._known[id] for id in ids if id in self._known}

    async def _ask(self) -> None:
        crowd = sorted(self._wanted)[:CROWD]
        try:
            await self._budget.wait()
            told = await self._api.call("users.get", user_ids=crowd)
            for user in told if isinstance(told, list) else ():
                name = " ".join(str(user[part]) for part in ("first_name", "last_name") if user.get(part))
                self._known[int(user["id"])] = name
        except (BridgeError, TypeError, KeyError, ValueError) as fault:
            self._not_before = time.monotonic() + PAUSE
            log.warning("VK does not tell names: %s", fault)
        finally:
            self._wanted -= set(crowd)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
