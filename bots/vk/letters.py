"""A word as the messages VK makes of it: up to ten files with a text, voices alone, what is too long cut."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bots.vk import keyboards
from bots.vk.errors import KEYBOARD, REPLY, Refused, doubtful, refusal
from bots.vk.numbers import payload, random_id
from bots.vk.uploads import Uploads, sent_as
from bridge.errors import NotFound, Rejected, RetryLater, Unreachable
from bridge.phrases import split
from bridge.ports.channels import Outgoing, OutgoingFile, Receipt

#: Characters of a message; the schema says 9000, VK cuts at 4096.
TEXT = 4096
#: Attachments of a message at most.
FILES = 10
#: A random_id that VK knows from another chat's message is left for one of a part so much further.
FURTHER = 1000

#: Calls a method: name, then its parameters.
Call = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """One message of VK's."""

    text: str
    files: tuple[OutgoingFile, ...] = ()


def parts(message: Outgoing) -> list[Part]:
    """Return the messages a word takes, in order; a voice message stands alone, as VK shows it."""
    voices = tuple(each for each in message.files if sent_as(each.attachment) == "voice")
    others = tuple(each for each in message.files if each not in voices)
    text = keyboards.listed(message.text, keyboards.choices(message)[keyboards.BUTTONS :])
    texts = [each for each in split(text, TEXT) if each]
    made = [Part(each, others[:FILES] if number == 0 else ()) for number, each in enumerate(texts)]
    if not texts and others:
        made = [Part("", others[:FILES])]
    made += [Part("", others[start : start + FILES]) for start in range(FILES, len(others), FILES)]
    return [*made, *(Part("", (each,)) for each in voices)]


@dataclass(frozen=True, slots=True)
class Post:
    """What it takes to send: the calls, the uploads, and a wait for the budget before each further call."""

    call: Call
    uploads: Uploads
    turn: Callable[[], Awaitable[None]]

    async def deliver(self, message: Outgoing) -> Receipt:
        """Send a word; its ids are the numbers of its messages in the chat.

        Raises as bridge.ports.channels.Channel.send. Every part carries a random_id made from the word's id, so
        after any of them the whole word can be sent again and VK makes no second message of what it has.
        """
        peer, wanted, sent = int(message.chat), parts(message), []
        if not wanted:
            raise Rejected("empty")
        for number, part in enumerate(wanted):
            if number:
                await self.turn()
            try:
                sent.append(await self._part(message, part, number, peer, number == len(wanted) - 1))
            except (Rejected, Unreachable, NotFound):
                if number == 0:
                    raise
                raise Rejected("part_sent") from None
        return Receipt(sent[-1], tuple(sent) if len(sent) > 1 else ())

    async def _part(self, message: Outgoing, part: Part, number: int, peer: int, last: bool) -> str:
        """Send one part; what VK minds beside the words (buttons, a reply) is left out rather than the words."""
        names = [await self.uploads.bring(each, peer) for each in part.files]
        offered = keyboards.choices(message) if last else ()
        values: dict[str, Any] = {
            "message": part.text or None,
            "attachment": names or None,
            "keyboard": keyboards.keyboard(offered),
            "forward": _reply(message, peer) if number == 0 else None,
        }
        while True:
            try:
                return await self._send(message, number, peer, values)
            except Refused as refused:
                if refused.vk in KEYBOARD and values["keyboard"] is not None:
                    values |= {"keyboard": None, "message": keyboards.listed(part.text, offered)}
                elif refused.vk in REPLY and values["forward"] is not None:
                    values["forward"] = None
                else:
                    raise
            await self.turn()

    async def _send(self, message: Outgoing, number: int, peer: int, values: dict[str, Any]) -> str:
        """Send a part and return its number in the chat.

        Two of our messages may draw the same random_id, one in two thousand million: VK then answers with the other
        one, which stands in another chat.
        """
        while True:
            call = self.call(
                "messages.send",
                peer_ids=peer,  # answers with the message's number in the chat, where peer_id would not
                random_id=random_id(message.id, number),
                payload=payload(message.id, number),
                disable_mentions=1,  # what an article or an operator writes calls nobody
                **values,
            )
            told = await doubtful(call)
            item = told[0] if isinstance(told, list) and told else {"message_id": told}
            if not isinstance(item, dict):
                raise RetryLater(1, "server")
            if isinstance(item.get("error"), dict):
                fault = item["error"]
                code = int(fault.get("code") or fault.get("error_code") or 0)
                raise refusal(code, str(fault.get("description") or fault.get("error_msg") or ""))
            if item.get("peer_id") in (None, peer):
                return await self._number(item)
            number += FURTHER
            await self.turn()

    async def _number(self, item: dict[str, Any]) -> str:
        """Return the number in the chat of what was sent."""
        if item.get("conversation_message_id") or item.get("cmid"):
            return str(item.get("conversation_message_id") or item["cmid"])
        found = await self.call("messages.getById", message_ids=item.get("message_id"))
        items = found.get("items") if isinstance(found, dict) else None
        if not items or not items[0].get("conversation_message_id"):
            raise RetryLater(1, "server")  # sent again it is the same message, and may be told better
        return str(items[0]["conversation_message_id"])


def _reply(message: Outgoing, peer: int) -> str | None:
    number = (message.reply_to or "").partition(".")[0]
    if not number.isdecimal():
        return None
    return json.dumps({"peer_id": peer, "conversation_message_ids": [int(number)], "is_reply": 1})


def named(attachments: Sequence[dict[str, Any]]) -> list[str]:
    """Return the names of what hangs on a message of VK's, as it is attached anew."""
    found = []
    for each in attachments:
        kind = str(each.get("type"))
        about = each.get(kind)
        if isinstance(about, dict) and about.get("owner_id") is not None and about.get("id") is not None:
            key = f"_{about['access_key']}" if about.get("access_key") else ""
            found.append(f"{'doc' if kind == 'audio_message' else kind}{about['owner_id']}_{about['id']}{key}")
    return found
