"""Customers of any channel, as tests of all channels speak with them, and the desk they speak with.

A street is a channel with the messenger behind it: what a customer does there goes through the messenger's emulator
(or the page, or the shop's program), and what he sees is read from there.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bridge.model.articles import Library
from bridge.ports.channels import Channel
from kb_matcher import KbMatcher
from tests.shop import Shop, until

#: Opens a street on a folder, with a shop whose knowledge is this.
Open = Callable[[Path, Library, KbMatcher], AbstractAsyncContextManager["Street"]]
Opened = AsyncIterator["Street"]

#: Settings of files of every street's shop.
LIMITS = {"max_mb": 1}


@dataclass(frozen=True)
class Paper:
    """A file as a customer sees it."""

    kind: str
    name: str
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True)
class Seen:
    """A message as a customer sees it."""

    id: str
    text: str
    own: bool
    buttons: tuple[str, ...] = ()
    files: tuple[Paper, ...] = ()
    reply_to: str | None = None
    edited: bool = False
    deleted: bool = False
    reactions: tuple[str, ...] = ()
    raw: Any = None


class Person(ABC):
    """A customer; what his messenger cannot do is not among his street's `can`, and never asked of him."""

    street: "Street"
    chat: str = ""  # the id his chat has in Mostik, where he knows it

    @abstractmethod
    async def say(self, text: str, reply_to: str | None = None) -> str:
        """Write; returns the message's id on his side."""

    @abstractmethod
    async def say_twice(self, text: str) -> None:
        """Write once, and have his messenger deliver it twice."""

    @abstractmethod
    async def send(self, body: bytes, name: str, text: str = "") -> None:
        """Send a file with words."""

    @abstractmethod
    async def sees(self) -> list[Seen]:
        """Return the chat as he sees it, in order."""

    @abstractmethod
    async def press(self, seen: Seen, label: str) -> None:
        """Press a button."""

    async def heard(self) -> list[str]:
        """Return the words the shop said, in order; what was taken away is not there."""
        return [each.text for each in await self.sees() if not each.own and not each.deleted]

    async def gets(self, part: str) -> Seen:
        """Return the shop's first message that has this in it, awaiting it."""
        return await self.sees_that(lambda seen: not seen.own and part in seen.text, part)

    async def sees_that(self, fits: Callable[[Seen], bool], what: str = "") -> Seen:
        """Return the first message that fits, awaiting it."""

        async def found() -> Seen | None:
            return next((seen for seen in await self.sees() if fits(seen)), None)

        seen: Seen = await until(found, what)
        return seen

    async def calls(self) -> None:
        """Ask for a person and await the bot's answer to it."""
        await self.say("позовите человека")
        await until(self._waits, "waiting")
        # The question for a contact ends what the bot says here.
        await self.gets("связь прервётся")

    async def _waits(self) -> bool:
        found = await self.street.conversation(self)
        return found is not None and found["stage"] == "waiting"


@dataclass
class Street(ABC):
    """A channel of a shop, its customers and the desk. `can`: what customers can do there beside talking."""

    shop: Shop
    name: str
    can: frozenset[str]
    longest: int = 4096  # UTF-16 units of one message of a customer
    kinds: frozenset[str] = frozenset()  # of files and other things that people can send there
    people: list[Person] = field(default_factory=list)

    @property
    def channel(self) -> Channel:
        """The channel itself."""
        return self.shop.bridge.channels.by_name[self.name]  # type: ignore[index]

    @abstractmethod
    async def person(self, name: str = "Анна Ковалёва") -> Person:
        """Return somebody new."""

    async def pause(self, person: Person) -> None:
        """Have the messenger ask for a moment's pause at the next word to a person ("pause" in can)."""
        raise AssertionError(f"nothing asks for a pause in {self.name}")

    async def types_to(self, person: Person) -> bool:
        """Tell whether a person was shown that somebody writes."""
        raise AssertionError(f"nobody sees who writes in {self.name}")

    async def shows_read(self, person: Person, id: str) -> bool:
        """Tell whether a person is shown that his message was read."""
        raise AssertionError(f"nobody sees what was read in {self.name}")

    async def conversation(self, person: Person) -> dict[str, Any] | None:
        """Return a person's newest conversation."""
        items = (await self.shop.api("GET", f"/conversations?channel={self.name}&external_id={person.chat}"))["items"]
        return dict(items[0]) if items else None

    async def lines(self, person: Person) -> list[dict[str, Any]]:
        """Return what the desk sees of a conversation."""
        found = await self.conversation(person)
        if found is None:
            return []
        return list((await self.shop.api("GET", f"/conversations/{found['id']}/messages?limit=200"))["items"])

    async def line(self, person: Person, fits: Callable[[dict[str, Any]], Any], what: str = "") -> dict[str, Any]:
        """Return the first line at the desk that fits, awaiting it."""

        async def found() -> dict[str, Any] | None:
            return next((line for line in await self.lines(person) if fits(line)), None)

        return dict(await until(found, what))

    async def word(self, person: Person, text: str) -> dict[str, Any]:
        """Return the line with exactly this text, awaiting it."""
        return await self.line(person, lambda line: line["text"] == text, text)

    async def reply(self, person: Person, text: str, **more: Any) -> dict[str, Any]:
        """Reply as an operator; returns the line."""
        found = await self.conversation(person)
        assert found is not None
        body = {"text": text, "kind": "reply", "force": True, **more}
        return dict(await self.shop.api("POST", f"/conversations/{found['id']}/messages", body))

    async def fate(self, person: Person, sent: dict[str, Any], states: Sequence[str]) -> dict[str, Any]:
        """Return an operator's line once its delivery is one of these."""
        return await self.line(
            person, lambda line: line["id"] == sent["id"] and line["delivery"]["state"] in states, str(states)
        )
