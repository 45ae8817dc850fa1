"""What a visitor's page says over its socket: checked, made durable, acknowledged; refused with a plain sentence."""

import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bots.web import incoming
from bots.web.incoming import Place
from bots.web.lines import Line, encode
from bots.web.problems import Refused
from bots.web.signs import ID, message_of, quoted, rated, reacted
from bots.web.site import Site
from bots.web.uploads import owner
from bots.web.visitors import Visitor, person_of, user_of
from bridge import writing
from bridge.delivery.quota import Bucket
from bridge.errors import StoreDown
from bridge.files import MOST
from bridge.model.files import StoredFile
from bridge.model.ids import FileId, MessageId, fresh
from bridge.ports.channels import Raw
from bridge.receive import word_id

#: An id the page gives its words.
_CLIENT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
#: Frames of any kind at once, and again in how many seconds.
FRAMES, FRAMES_IN = 200, 20.0
#: A check of what a visitor does beside words.
Check = Callable[[Site, Place, str, dict[str, Any]], Awaitable[tuple[Raw, MessageId]]]
#: The same button pressed again within so many seconds was pressed once.
TWICE = 2.0


class Speaker:
    """The visitor's half of one socket."""

    def __init__(self, site: Site, visitor: Visitor, line: Line, read: Callable[[int], None]) -> None:
        self._site = site
        self._visitor = visitor
        self._line = line
        self._read = read
        self._frames = Bucket(FRAMES, FRAMES / FRAMES_IN, time.monotonic())
        self._place: Place | None = None
        self._typed = 0.0
        self._pressed: tuple[str, float] = ("", 0.0)

    def allowed(self) -> bool:
        """May one more frame come?"""
        free = not self._frames.wait(time.monotonic())
        if free:
            self._frames.take()
        return free

    async def hear(self, said: dict[str, Any]) -> None:
        """Do what a frame asks for; kinds nobody knows are left alone."""
        match said.get("type"):
            case "say":
                await self._answered(said, self._say)
            case "press":
                await self._answered(said, self._press)
            case "react":
                await self._answered(said, partial(self._sign, "react", reacted))
            case "rate":
                await self._answered(said, partial(self._sign, "rate", rated))
            case "call":
                await self._answered(said, self._call)
            case "ping":
                self._line.put(encode("pong"))
            case "typing":
                await self._typing()
            case "seen":
                seq = said.get("seq")
                if isinstance(seq, int) and seq > 0:
                    self._read(seq)

    async def _answered(self, said: dict[str, Any], take: Callable[[str, dict[str, Any]], Any]) -> None:
        client_id = said.get("client_id")
        if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
            if client_id is not None or said["type"] == "say":
                self._refuse(None, Refused("bad_frame"))
                return
            client_id = fresh()
        try:
            message_id = await take(client_id, said)
        except Refused as refused:
            self._refuse(client_id, refused)
        except StoreDown:
            self._refuse(client_id, Refused("unavailable"))
        else:
            if message_id:
                self._line.put(encode("ack", client_id=client_id, message_id=message_id))

    def _refuse(self, client_id: str | None, refused: Refused) -> None:
        text = self._site.say(self._line.language, refused.code, **refused.values)
        self._line.put(encode("ack", client_id=client_id, error={"code": refused.code, "text": text}))

    async def _say(self, client_id: str, said: dict[str, Any]) -> str:
        text, ids = said.get("text", ""), said.get("files") or []
        if not isinstance(text, str) or not isinstance(ids, list) or not all(isinstance(id, str) for id in ids):
            raise Refused("bad_frame")
        text = clean(text)
        limit = self._site.settings.max_length
        if len(text) > limit:
            raise Refused("too_long", limit=limit)
        if len(ids) > MOST:
            raise Refused("too_many_files", limit=MOST)
        if not text.strip() and not ids:
            raise Refused("empty")
        files = await self._files(ids)
        quote = await quoted(self._site, self._line.chat, said.get("reply_to"))
        await self._turn(client_id)
        await self._accept(incoming.said(self._site, await self._where(), client_id, text, files, quote))
        return self._message_id(client_id)

    async def _files(self, ids: Sequence[str]) -> list[StoredFile]:
        """Return files this visitor brought."""
        wanted = list(dict.fromkeys(FileId(id) for id in ids))
        if not all(map(ID.fullmatch, wanted)):
            raise Refused("bad_file")
        found = await self._site.bridge.store.files.many(wanted) if wanted else []
        if len(found) < len(wanted) or any(file.by != owner(self._site, self._line.chat) for file in found):
            raise Refused("bad_file")
        return found

    async def _press(self, client_id: str, said: dict[str, Any]) -> str:
        message_id, data = said.get("message_id"), said.get("data")
        if not isinstance(message_id, str) or not isinstance(data, str) or len(message_id) > 64 or len(data) > 64:
            raise Refused("bad_frame")
        now, what = time.monotonic(), f"{message_id} {data}"
        if self._pressed[0] == what and now - self._pressed[1] < TWICE:
            return ""
        label = await self._label(message_id, data)
        await self._turn(f"press.{client_id}")
        self._pressed = (what, now)
        await self._accept(incoming.pressed(self._site, await self._where(), client_id, message_id, data, label))
        return self._message_id(f"press.{client_id}")

    async def _sign(self, verb: str, check: Check, client_id: str, said: dict[str, Any]) -> str:
        await self._turn(f"{verb}.{client_id}")
        raw, message_id = await check(self._site, await self._where(), client_id, said)
        await self._accept(raw)
        return message_id

    async def _call(self, client_id: str, said: dict[str, Any]) -> str:
        await self._turn(f"call.{client_id}")
        await self._accept(incoming.called(self._site, await self._where(), client_id))
        return self._message_id(f"call.{client_id}")

    async def _label(self, message_id: str, data: str) -> str:
        """Return what stands on a button of this visitor's own chat."""
        row = await message_of(self._site, self._line.chat, message_id, "stale_button")
        label = next((choice.text for choice in row.choices if choice.data == data), None)
        if label is None:
            raise Refused("stale_button")
        return label

    async def _turn(self, id: str) -> None:
        """Refuse what comes too often; what is kept already, and only said again, is none of it."""
        site = self._site
        wait = await site.limit("say", self._line.chat, site.settings.messages_per_minute, 60)
        key = incoming.key_of(self._line.chat, id)
        if wait and not await site.bridge.store.updates.known(site.name, [key]):
            raise Refused("too_many", seconds=round(wait) + 1)

    async def _where(self) -> Place:
        """Return where the words come from; the first ones of a signed customer bring the shop's proof along."""
        if self._place is None:
            site, line = self._site, self._line
            name, named = incoming.guest_name(site, line.chat, line.language), False
            # He may have signed in since this line was opened.
            visitor = replace(self._visitor, user=await user_of(site, line.chat))
            person = await person_of(site, visitor)
            if person is not None:
                await self._accept(incoming.identified(site, line.chat, person, line.language))
                name, named = person.name or name, bool(person.name)
            self._place = Place(line.chat, name, line.language, named, line.time_zone)
        return self._place

    async def _accept(self, raw: Raw) -> None:
        await self._site.taken()(self._site.name, raw)

    def _message_id(self, external_id: str) -> str:
        return word_id(self._site.name, self._line.chat, external_id)

    async def _typing(self) -> None:
        now, line = time.monotonic(), self._line
        if now - self._typed < writing.AGAIN or line.conversation is None:
            return
        self._typed = now
        await writing.customer(self._site.bridge, line.conversation, self._site.name, line.chat)


def clean(text: str) -> str:
    """Replace what no store and no screen can hold: halves of letters, and the zero character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
