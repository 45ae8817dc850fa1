"""The website's street: a visitor's page over its socket and its history."""

import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bridge.model.articles import Library
from kb_matcher import KbMatcher
from tests.shop import open_shop
from tests.streets.people import Opened, Paper, Person, Seen, Street
from tests.widget import SECRET, Tab, Visitor


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

    async def say(self, text: str, reply_to: str | None = None) -> str:
        """Write; raises AssertionError with the page's words when it is refused."""
        ack = await self.tab.say(text)
        assert "error" not in ack, ack["error"]["text"]
        return str(ack["message_id"])

    async def say_twice(self, text: str) -> None:
        """Say it twice under one id, as a page does after a lost line."""
        await self.tab.say(text, "same")
        await self.tab.say(text, "same")

    async def send(self, body: bytes, name: str, text: str = "") -> None:
        """Bring a file and say it."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("file", body, filename=name, content_type="application/octet-stream")
        brought = await self.visitor.ask("POST", "/files", 201, data=form)
        ack = await self.tab.say(text, files=[brought["id"]])
        assert "error" not in ack, ack

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
    table = {"secret": SECRET, "sessions_per_minute": 6000, "messages_per_minute": 600}
    async with open_shop(folder, library, matcher, site=table) as shop:
        opened = WebStreet(shop, "site", frozenset({"react"}), longest=4000)
        try:
            yield opened
        finally:
            await opened.close()
