"""The website's street: a visitor's page over its socket and its history."""

import io
import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bots.emulators import samples
from bridge.model.articles import Library
from kb_matcher import KbMatcher
from tests.shop import open_shop
from tests.streets.people import LIMITS, Opened, Paper, Person, Seen, Street
from tests.widget import SECRET, Tab, Visitor

KINDS = frozenset({"photo", "document", "audio", "video"})


@dataclass
class WebStreet(Street):
    """The shop's pages."""

    async def person(self, name: str = "Анна Ковалёва") -> "WebPerson":
        """Return a guest with an open chat."""
        visitor = Visitor(self.shop)
        person = WebPerson(self, visitor, await visitor.come(), itertools.count(1))
        self.people.append(person)
        return person

    async def conversation(self, person: Person) -> dict[str, Any] | None:
        """Return the conversation of a visitor, whose page knows it."""
        assert isinstance(person, WebPerson)
        ready = (frame for frame in person.tab.frames if frame.get("conversation_id"))
        id = next((str(frame["conversation_id"]) for frame in ready), "")
        if not id:
            id = (await person.visitor.enter())["conversation_id"]
        return dict(await self.shop.api("GET", f"/conversations/{id}")) if id else None

    async def types_to(self, person: Person) -> bool:
        """Did the page hear of it?"""
        assert isinstance(person, WebPerson)
        return any(frame["type"] == "typing" for frame in person.tab.frames)

    async def shows_read(self, person: Person, id: str) -> bool:
        """Did the page hear of it?"""
        assert isinstance(person, WebPerson)
        seq = next((seen.raw["seq"] for seen in await person.sees() if seen.id == id), 1 << 30)
        return any(frame["type"] == "seen" and frame["seq"] >= seq for frame in person.tab.frames)

    async def close(self) -> None:
        """Shut every page."""
        for person in self.people:
            assert isinstance(person, WebPerson)
            await person.visitor.leave()


@dataclass
class WebPerson(Person):
    """A visitor."""

    street: WebStreet
    visitor: Visitor
    tab: Tab
    numbers: Any
    quotes = True

    async def say(self, text: str, reply_to: str | None = None) -> str:
        """Write; raises AssertionError with the page's words when it is refused."""
        quoted = {"reply_to": reply_to} if reply_to else {}
        ack = await self.tab.say(text, **quoted)
        assert "error" not in ack, ack["error"]["text"]
        return str(ack["message_id"])

    async def say_twice(self, text: str) -> None:
        """Say it twice under one id, as a page does after a lost line."""
        await self.tab.say(text, "same")
        await self.tab.say(text, "same")

    async def send(self, body: bytes, name: str, text: str = "") -> None:
        """Bring a file and say it."""
        ack = await self.tab.say(text, files=[(await self._brought(body, name))["id"]])
        assert "error" not in ack, ack

    async def _brought(self, body: bytes, name: str, status: int = 201) -> dict[str, Any]:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("file", io.BytesIO(body), filename=name, content_type="application/octet-stream")
        return dict(await self.visitor.ask("POST", "/files", status, data=form))

    async def bring(self, kind: str, body: bytes, name: str) -> None:
        """Bring a file and send it without words."""
        await self.send(body, name)

    async def bring_album(self, count: int) -> None:
        """Send several photos at once."""
        made = [samples.upload_of("photo", str(number)) for number in range(count)]
        ids = [(await self._brought(each.content, f"{number}.png"))["id"] for number, each in enumerate(made)]
        assert "error" not in await self.tab.say("", files=ids)

    async def refused_text(self, text: str) -> str:
        """Write what is refused; returns what the page shows."""
        return str((await self.tab.say(text))["error"]["text"])

    async def refused_file(self, body: bytes, name: str) -> str:
        """Bring a file that is refused; returns what the page shows."""
        status = 413 if len(body) > LIMITS["max_mb"] << 20 else 415
        return str((await self._brought(body, name, status))["detail"])

    async def types(self) -> None:
        """Begin to write."""
        await self.tab.send(type="typing")

    async def read(self, seen: Seen) -> None:
        """Have the message on the screen."""
        await self.tab.send(type="seen", seq=seen.raw["seq"])

    async def press(self, seen: Seen, label: str) -> None:
        """Press a button."""
        data = next(button["data"] for button in seen.raw["buttons"] if button["text"] == label)
        await self.tab.send(type="press", client_id=f"n{next(self.numbers)}", message_id=seen.id, data=data)

    async def react(self, seen: Seen, emoji: str) -> None:
        """Put a sign on a message."""
        await self.tab.send(type="react", client_id=f"n{next(self.numbers)}", message_id=seen.id, emoji=emoji)

    async def sees(self) -> list[Seen]:
        """Return what the open page shows by now."""
        screen: dict[str, dict[str, Any]] = {}
        for frame in self.tab.frames:
            if frame["type"] in ("message", "update"):
                screen[frame["message"]["id"]] = frame["message"]
        return [self._seen(item) for item in sorted(screen.values(), key=lambda item: int(item["seq"]))]

    def _seen(self, item: dict[str, Any]) -> Seen:
        return Seen(
            id=item["id"],
            text=item["text"],
            own=item["author"]["kind"] == "customer",
            buttons=tuple(button["text"] for button in item["buttons"]),
            files=tuple(Paper(file["kind"], file["name"], self._reader(file["id"])) for file in item["attachments"]),
            reply_to=item.get("reply_to"),
            edited=bool(item.get("edited_at")),
            deleted=bool(item.get("deleted")),
            reactions=tuple(each["emoji"] for each in item.get("reactions", ())),
            raw=item,
        )

    def _reader(self, id: str) -> Any:
        async def read() -> bytes:
            headers = {"Authorization": f"Bearer {self.visitor.token}"}
            async with self.street.shop.http.get(f"{self.visitor.base}/files/{id}", headers=headers) as answer:
                assert answer.status == 200, await answer.text()
                return bytes(await answer.read())

        return read


@asynccontextmanager
async def street(folder: Path, library: Library, matcher: KbMatcher) -> Opened:
    """Open a shop with a widget."""
    table = {"secret": SECRET, "sessions_per_minute": 6000, "messages_per_minute": 600, "files_per_hour": 600}
    async with open_shop(folder, library, matcher, files=LIMITS, site=table) as shop:
        opened = WebStreet(shop, "site", frozenset({"reply", "react", "read"}), longest=4000, kinds=KINDS)
        try:
            yield opened
        finally:
            await opened.close()
