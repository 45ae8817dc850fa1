"""The community itself: its number, and what it is asked to tell us, compared before it is set."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from bots.vk.api import VERSION, VkApi
from bots.vk.events import MESSAGES, WALL
from bridge.errors import BridgeError, ChannelBroken, Rejected, RetryLater

log = logging.getLogger("mostik.vk")

#: How our callback server is called among the others (14 characters at most).
TITLE = "Mostik"
#: How often it is checked that VK still delivers to us, seconds; sooner while it has not confirmed the address.
LOOK = 300.0
SOON = 5.0
#: Waits after a call that failed, the first and the longest, seconds.
PAUSES = (1.0, 60.0)


class Community:
    """One community, as its key sees it."""

    def __init__(self, api: VkApi, number: int, wall: bool) -> None:
        self.api = api
        self.number = number
        self.name = ""
        self._events = MESSAGES + (WALL if wall else ())

    async def look(self) -> None:
        """Learn who the community is. Raises ChannelBroken for a wrong key, other BridgeErrors when VK is away."""
        told = await self.api.call("groups.getById", group_id=self.number or None)
        found: Any = told.get("groups") if isinstance(told, dict) else told
        if not isinstance(found, list) or not found:
            raise ChannelBroken("unauthorized")
        self.number, self.name = int(found[0]["id"]), str(found[0].get("name") or found[0]["id"])

    async def known(self) -> int:
        """Return the community's number, asked for when it is not known yet."""
        if not self.number:
            await self.look()
        return self.number

    async def confirmation_code(self) -> str:
        """Return what VK wants to hear at our address."""
        told = await self.api.call("groups.getCallbackConfirmationCode", group_id=self.number)
        return str(told["code"])

    async def long_poll_server(self) -> dict[str, Any]:
        """Return where to poll: key, server and ts, asked for until they are told."""
        told = await self._patiently("groups.getLongPollServer", group_id=self.number)
        return {"key": str(told["key"]), "server": str(told["server"]), "ts": str(told["ts"])}

    async def ask_for_long_poll(self) -> None:
        """Have VK keep the events we read; without the right to do so it is left as it is."""
        try:
            told = await self._patiently("groups.getLongPollSettings", group_id=self.number)
            if told.get("is_enabled") and told.get("api_version") == VERSION and self._wanted(told):
                return
            await self._patiently(
                "groups.setLongPollSettings", group_id=self.number, enabled=1, api_version=VERSION, **self._flags()
            )
        except Rejected as refusal:
            log.warning("Long Poll stays as the community set it: %s", refusal)

    async def serve(self, url: str, secret: str, told: Callable[[str | None], None]) -> None:
        """Have VK deliver to `url` until cancelled; the server is compared before it is set.

        A key without the right to do so serves a callback server that somebody set up by hand; `told` hears why VK
        refused, or that it has not confirmed the address: until then nobody's words come.
        """
        wait = SOON
        while True:
            status, reason = "refused", None
            try:
                status = await self._registered(url, secret)
            except Rejected as refusal:
                reason = refusal.reason
                log.warning("VK does not let us set its callback server to %s: %s", url, refusal)
            told(reason or (None if status in ("ok", "added") else "unconfirmed"))
            settled = status in ("ok", "refused")
            await asyncio.sleep(LOOK if settled else wait)
            wait = SOON if settled else min(wait * 2, LOOK)

    async def _registered(self, url: str, secret: str) -> str:
        """See to our callback server; returns its status: ok, added just now, or that VK cannot reach the address."""
        told = await self._patiently("groups.getCallbackServers", group_id=self.number)
        ours = next((each for each in told.get("items") or () if each.get("url") == url), None)
        about = {"group_id": self.number, "url": url, "title": TITLE, "secret_key": secret}
        if ours is None:
            server = int((await self._patiently("groups.addCallbackServer", **about))["server_id"])
        else:
            server = int(ours["id"])
            if ours.get("secret_key", secret) != secret or ours.get("status") in ("failed", "unconfigured"):
                await self._patiently("groups.editCallbackServer", server_id=server, **about)
        await self._events_of(server)
        return str(ours.get("status")) if ours is not None else "added"

    async def _events_of(self, server: int) -> None:
        where = {"group_id": self.number, "server_id": server}
        told = await self._patiently("groups.getCallbackSettings", **where)
        if told.get("api_version") != VERSION or not self._wanted(told):
            await self._patiently("groups.setCallbackSettings", api_version=VERSION, **where, **self._flags())

    def _wanted(self, settings: dict[str, Any]) -> bool:
        events = settings.get("events")
        return isinstance(events, dict) and all(events.get(each) for each in self._events)

    def _flags(self) -> dict[str, int]:
        return dict.fromkeys(self._events, 1)

    async def _patiently(self, method: str, **values: Any) -> dict[str, Any]:
        """Call until it works. Raises ChannelBroken and Rejected for what never will."""
        wait = PAUSES[0]
        while True:
            try:
                told = await self.api.call(method, **values)
                return told if isinstance(told, dict) else {"response": told}
            except (ChannelBroken, Rejected):
                raise
            except RetryLater as pause:
                wait = max(wait, pause.seconds)
            except BridgeError as fault:
                log.warning("VK refused %s: %s", method, fault)
            await asyncio.sleep(wait)
            wait = min(wait * 2, PAUSES[1])
