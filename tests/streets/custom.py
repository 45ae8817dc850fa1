"""The custom channel's street: the shop's own program over signed webhooks."""

import base64
import itertools
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bots.emulators import samples
from bridge.model.articles import Library
from kb_matcher import KbMatcher
from tests.custom import Program, program
from tests.shop import open_shop
from tests.streets.people import LIMITS, Opened, Paper, Person, Seen, Street

KINDS = frozenset({"photo", "document", "voice", "audio", "video", "video_note", "animation", "sticker"})


@dataclass
class CustomStreet(Street):
    """A program and those who write in it."""

    own: Program = None  # type: ignore[assignment]
    numbers: Any = None

    async def person(self, name: str = "Анна Ковалёва") -> "CustomPerson":
        """Return a customer of the program."""
        person = CustomPerson(self, f"c{next(self.numbers)}", name)
        self.people.append(person)
        return person

    async def pause(self, person: Person) -> None:
        """Have the next word wait."""
        self.own.answers.append(web.Response(status=429, headers={"Retry-After": "1"}))

    async def types_to(self, person: Person) -> bool:
        """Was the program told?"""
        kinds = [(one["type"], one["data"]["customer"]["id"]) for one in self.own.events]
        return ("typing", person.chat) in kinds


@dataclass
class CustomPerson(Person):
    """Somebody in the program, which keeps what was said; ids are the program's own."""

    street: CustomStreet
    id: str
    name: str
    quotes = True

    @property
    def chat(self) -> str:  # type: ignore[override]
        """The program's id of him."""
        return self.id

    async def tell(self, **event: Any) -> dict[str, Any]:
        """Have the program tell something of him."""
        told = {"external_id": f"e{next(self.street.numbers)}", "customer": {"id": self.id, "name": self.name}, **event}
        await self.street.own.tell(**told)
        return told

    async def say(self, text: str, reply_to: str | None = None) -> str:
        """Write."""
        return str((await self.tell(text=text, reply_to=reply_to))["external_id"])

    async def say_twice(self, text: str) -> None:
        """Write once; the program repeats its call."""
        told = await self.tell(text=text)
        assert (await self.street.own.tell(**told))["known"]

    async def send(self, body: bytes, name: str, text: str = "") -> None:
        """Send a file in the call."""
        await self.tell(text=text, attachments=[{"data": base64.b64encode(body).decode(), "name": name}])

    async def bring(self, kind: str, body: bytes, name: str) -> None:
        """Send a file as a kind, without words."""
        await self.tell(attachments=[{"data": base64.b64encode(body).decode(), "name": name, "kind": kind}])

    async def bring_album(self, count: int) -> None:
        """Send several photos at once."""
        made = [base64.b64encode(samples.upload_of("photo", str(n)).content).decode() for n in range(count)]
        await self.tell(attachments=[{"data": each, "name": "photo.png"} for each in made])

    async def forward(self, whose: str, text: str) -> None:
        """Pass somebody's words on."""
        await self.tell(text=text, forwarded=whose)

    async def refused_text(self, text: str) -> str:
        """Write what is refused; returns the code the program gets for the field."""
        event = {"external_id": "long", "customer": {"id": self.id}, "text": text}
        problem = await self.street.own.post(json.dumps(event).encode(), 422)
        return str(problem["errors"][0]["code"])

    async def types(self) -> None:
        """Begin to write."""
        await self.tell(type="typing")

    async def press(self, seen: Seen, label: str) -> None:
        """Press a button."""
        data = next(button["data"] for button in seen.raw["buttons"] if button["text"] == label)
        await self.tell(type="press", message_id=seen.id, data=data, text=label)

    async def edit(self, id: str, text: str) -> None:
        """Change an own message."""
        await self.tell(type="edit", message_id=id, text=text)

    async def delete(self, id: str) -> None:
        """Take an own message back."""
        await self.tell(type="delete", message_id=id)

    async def react(self, seen: Seen, emoji: str) -> None:
        """Put a sign on a message."""
        await self.tell(type="reaction", message_id=seen.id, emoji=emoji)

    async def read(self, seen: Seen) -> None:
        """Read up to a message."""
        await self.tell(type="read", message_id=seen.id)

    async def block(self) -> None:
        """Want to hear nothing more."""
        self.street.own.gone.add(self.id)
        await self.tell(type="blocked")

    async def sees(self) -> list[Seen]:
        """Return the shop's words as the program shows them, and its signs on his own."""
        screen: dict[str, dict[str, Any]] = {}
        for event in self.street.own.events:
            data = event["data"]
            if data["customer"]["id"] != self.id:
                continue
            match event["type"]:
                case "message.created":
                    screen[f"out-{event['id']}"] = {**data["message"], "state": {}}
                case "message.edited":
                    screen[data["message_id"]].update(data["message"])
                    screen[data["message_id"]]["state"]["edited"] = True
                case "message.deleted":
                    screen[data["message_id"]]["state"]["deleted"] = True
                case "message.reacted":
                    own = {"text": "", "buttons": [], "attachments": [], "reply_to": None, "own": True, "state": {}}
                    signs = (data["emoji"],) if data["emoji"] else ()
                    screen.setdefault(data["message_id"], own)["state"]["reactions"] = signs
        return [self._seen(id, item) for id, item in screen.items()]

    def _seen(self, id: str, item: dict[str, Any]) -> Seen:
        return Seen(
            id=id,
            text=item["text"],
            own=item.get("own", False),
            buttons=tuple(button["text"] for button in item["buttons"]),
            files=tuple(Paper(file["kind"], file["name"], self._reader(file["url"])) for file in item["attachments"]),
            reply_to=item["reply_to"],
            raw=item,
            **item["state"],
        )

    def _reader(self, url: str) -> Any:
        async def read() -> bytes:
            return await self.street.own.file(url)

        return read


@asynccontextmanager
async def street(folder: Path, library: Library, matcher: KbMatcher) -> Opened:
    """Open a shop with a program of its own."""
    can = frozenset({"reply", "edit", "delete", "react", "read", "block", "pause"})
    async with (
        program() as own,
        open_shop(folder, library, matcher, files=LIMITS, more={"custom": own.table()}) as shop,
    ):
        own.shop = shop
        yield CustomStreet(shop, "custom", can, longest=20_000, kinds=KINDS, own=own, numbers=itertools.count(1))
