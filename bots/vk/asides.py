"""What is done beside words: typing, read marks, answers to presses; how it went concerns nobody."""

import json
import logging

from bots import asides
from bots.vk.api import VkApi
from bots.vk.budget import SendBudget

log = logging.getLogger("mostik.vk")

#: VK shows "typing" for ten seconds: asked more often, it costs calls and shows nothing new.
TYPING = 5.0
#: Characters of the line VK shows for a press.
SNACKBAR = 90


class Asides:
    """Calls whose failures are swallowed."""

    def __init__(self, api: VkApi, budget: SendBudget) -> None:
        self._api = api
        self._budget = budget
        self._typing = asides.Spacing(TYPING)
        self._started = asides.Asides(log)

    def typing(self, chat: str) -> None:
        """Show that somebody writes."""
        if self._typing.due(chat):
            self._call("messages.setActivity", True, peer_id=int(chat), type="typing")

    def seen(self, chat: str, external_id: str) -> None:
        """Mark a customer's words as read, up to a message."""
        number = external_id.partition(".")[0]
        if number.isdecimal():
            where = {"peer_id": int(chat), "up_to_cmid": int(number)}
            self._call("messages.markAsRead", True, **where, mark_conversation_as_read=1)

    def pressed(self, press_id: str, text: str) -> None:
        """Answer a press, with a line when there is something to say."""
        event, user, peer = press_id.split(" ")
        line = text if len(text) <= SNACKBAR else text[: SNACKBAR - 1] + "…"
        shown = json.dumps({"type": "show_snackbar", "text": line}) if line else None
        answer = {"event_id": event, "user_id": user, "peer_id": peer, "event_data": shown}
        self._call("messages.sendMessageEventAnswer", False, **answer)

    def give_up(self) -> None:
        """Leave undone what is under way."""
        self._started.give_up()

    def _call(self, method: str, spare: bool, **values: object) -> None:
        """Make a call by the way; `spare`: only while words leave a turn for it."""
        self._started.start(lambda: self._called(method, spare, values))

    async def _called(self, method: str, spare: bool, values: dict[str, object]) -> None:
        if not spare:
            await self._budget.wait()
        elif not await self._budget.spare():
            return
        await self._api.call(method, **values)
