"""What VK's events leave out and its history has: words cut short, words told while nobody could hear."""

import asyncio
import logging
from typing import Any

from bots.vk.api import VkApi
from bots.vk.budget import SendBudget
from bots.vk.events import CHATS, Event, message_of
from bridge.errors import BridgeError

log = logging.getLogger("mostik.vk")

#: Conversations, and messages of one, that are read at once (VK gives 200 at most).
PAGE = 200
#: Pages of unread conversations that are looked through after VK has forgotten events.
PAGES = 10
#: An event waits so long for the rest of its words, seconds: VK waits for our "ok".
PATIENCE = 3.0


class History:
    """The history of one community's chats."""

    def __init__(self, api: VkApi, budget: SendBudget) -> None:
        self._api = api
        self._budget = budget

    async def whole(self, event: Event) -> Event:
        """Return an event with its message whole: of long ones VK tells the beginning. Never raises."""
        message = message_of(event) if isinstance(event.get("object"), dict) else {}
        if event.get("type") != "message_new" or not message.get("is_cropped"):
            return event
        try:
            where = {"peer_id": message["peer_id"], "conversation_message_ids": [message["conversation_message_id"]]}
            async with asyncio.timeout(PATIENCE):
                found = await self._asked("messages.getByConversationMessageId", **where)
            return {**event, "object": {**event["object"], "message": found["items"][0]}}
        except (BridgeError, TimeoutError, LookupError, TypeError) as fault:
            log.warning("the rest of a message cannot be had: %s", fault)
            return event

    async def unread(self, group: int) -> list[Event]:
        """Return every unread word of people as the event it was; those that are known already are known by number.

        Raises BridgeErrors.
        """
        events: list[Event] = []
        for page in range(PAGES):
            told = await self._asked("messages.getConversations", filter="unread", count=PAGE, offset=page * PAGE)
            items = told.get("items") or ()
            for each in items:
                peer = int(each["conversation"]["peer"]["id"])
                if 0 < peer < CHATS:
                    events += await self._of_chat(group, peer, int(each["conversation"].get("unread_count") or 0))
            if len(items) < PAGE:
                break
        return events

    async def _of_chat(self, group: int, peer: int, count: int) -> list[Event]:
        told = await self._asked("messages.getHistory", peer_id=peer, count=min(count, PAGE))
        said = [each for each in told.get("items") or () if each.get("from_id") == peer]
        return [
            {
                "type": "message_new",
                "group_id": group,
                "event_id": f"history.{peer}.{each['conversation_message_id']}",
                "object": {"message": each},
            }
            for each in sorted(said, key=lambda each: int(each["conversation_message_id"]))
        ]

    async def _asked(self, method: str, **values: Any) -> dict[str, Any]:
        await self._budget.wait()
        told = await self._api.call(method, **values)
        return told if isinstance(told, dict) else {}
