"""The street of the hall's tests: customers and staff whose words are facts at once, and doors that note what came."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.errors import NotFound, OutcomeUnknown, Rejected, RetryLater, Unreachable
from bridge.model.desk import DeskRules, Post, PostKind, Topic
from bridge.model.files import Attachment, Remote
from bridge.model.ids import ChannelName
from bridge.model.inbound import (
    Answered,
    Commanded,
    Deleted,
    Edited,
    Inbound,
    Pressed,
    Reachable,
    Reacted,
    Read,
    Said,
    Sender,
    StaffEdited,
    StaffPressed,
    StaffReacted,
    StaffSaid,
    Started,
    Update,
)
from bridge.model.lanes import in_lane
from bridge.ports.channels import Accept, ChannelState, Outgoing, OutgoingFile, Raw, Receipt
from storage.documents import Unavailable
from storage.files_memory import MemoryFiles
from tests.files import read

NAME = ChannelName("street")
DESK = ChannelName("street.staff")
GROUP = "-100"
#: Updates that one may overtake on this street.
OVERTAKEN = 40
FACTS: dict[str, type[Any]] = {
    cls.__name__: cls
    for cls in (
        *(Said, Pressed, Started, Commanded, Edited, Deleted, Reacted, Read, Answered, Reachable),
        *(StaffSaid, StaffEdited, StaffReacted, StaffPressed),
    )
}


class Killed(BaseException):
    """The process died here: nothing after this was done."""


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)

    def pass_(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Life:
    """How many effects a process may still have before it dies, and before its store fails once; None: no end."""

    left: int | None = None
    fails_after: int | None = None
    dead: bool = False
    had: int = 0

    def effect(self, of_store: bool = True) -> None:
        """Count one; raises Killed or Unavailable instead of letting it happen."""
        if self.left == 0:
            self.dead = True
        if self.dead:
            raise Killed
        self.had += 1
        self.left = None if self.left is None else self.left - 1
        if of_store and self.fails_after is not None:
            self.fails_after -= 1
            if self.fails_after < 0:
                self.fails_after = None
                raise Unavailable("a moment of weakness")


@dataclass
class Street:
    """The messenger and its people: they outlive every process."""

    time: Time
    seen: list[Outgoing] = field(default_factory=list)
    at: dict[str, list[int]] = field(default_factory=dict)  # row's id -> places in seen
    posts: list[Post] = field(default_factory=list)
    topics: dict[str, str] = field(default_factory=dict)  # topic -> conversation
    # What comes of the next sends to customers, and of the next posts in the group; then all is well.
    outcomes: dict[str, list[str]] = field(default_factory=lambda: {"send": [], "post": [], "amend": []})
    screen: dict[str, str] = field(default_factory=dict)  # message's id -> what it says on the customer's screen
    to: dict[str, str] = field(default_factory=dict)  # message's id -> the chat it was sent to
    signs: dict[str, str] = field(default_factory=dict)  # message's id -> our sign on it
    shown_seen: list[str] = field(default_factory=list)  # messages shown as read
    held: dict[str, bytes] = field(default_factory=dict)  # files people sent, by Remote.ref
    stumbles: int = 0  # times the next files are not handed out at once
    files: MemoryFiles = field(default_factory=lambda: MemoryFiles(1 << 20))
    got: dict[str, list[bytes]] = field(default_factory=dict)  # row's id -> the files that went with it
    witness: Callable[[Outgoing], None] = lambda message: None

    def outcome(self, of: str) -> str:
        return self.outcomes[of].pop(0) if self.outcomes.get(of) else "ok"


_FAULTS: dict[str, Any] = {
    "retry": lambda: RetryLater(3, "flood"),
    "network": lambda: RetryLater(1, "network"),
    "lost": lambda: OutcomeUnknown("network_unknown"),
    "applied": lambda: OutcomeUnknown("network_unknown"),
    "unreachable": lambda: Unreachable("blocked"),
    "rejected": lambda: Rejected("bad_text"),
    "gone": lambda: NotFound("message"),
}


class Door:
    """The channel of one process to the street."""

    name = NAME
    kind = "street"
    state = ChannelState("ok")

    def __init__(self, street: Street, life: Life) -> None:
        self._street = street
        self._life = life
        self._outcome = "ok"

    async def run(self, accept: Accept) -> None:
        raise AssertionError("nothing runs by itself here")

    def parse(self, update: Update) -> Sequence[Inbound]:
        facts = json.loads(update.raw)
        return [_fact(fact) for fact in facts]

    def before(self, key: str) -> Sequence[str]:
        return [str(number) for number in range(max(1, int(key) - OVERTAKEN), int(key))]

    async def pressed(self, press_id: str, text: str = "", spent: Pressed | None = None) -> None:
        return None

    async def send(self, message: Outgoing) -> Receipt:
        self._life.effect(of_store=False)
        outcome = self._street.outcome("send")
        self._street.witness(message)
        if outcome in ("ok", "applied"):
            self._street.at.setdefault(message.id, []).append(len(self._street.seen))
            self._street.seen.append(message)
            self._street.got[message.id] = [await read(file.read()) for file in message.files]
        if outcome in ("ok", "applied"):
            self._street.screen[f"sent{len(self._street.seen)}"] = message.text
            self._street.to[f"sent{len(self._street.seen)}"] = message.chat
        if outcome != "ok":
            raise _FAULTS[outcome]()
        return Receipt(f"sent{len(self._street.seen)}")

    async def edit(self, message: Outgoing, sent: Sequence[str]) -> Receipt:
        (there,) = sent
        if self._applies():
            assert there in self._street.screen, "what was taken away was edited"
            self._street.screen[there] = message.text
        self._answer()
        return Receipt(there)

    async def delete(self, chat: str, sent: Sequence[str]) -> None:
        (there,) = sent
        if self._applies():
            self._street.screen.pop(there, None)
        self._answer()

    async def react(self, chat: str, external_id: str, emoji: str) -> None:
        if self._applies():
            self._street.signs[external_id] = emoji
        self._answer()

    async def seen(self, chat: str, external_id: str) -> None:
        self._street.shown_seen.append(external_id)

    def _applies(self) -> bool:
        self._life.effect(of_store=False)
        self._outcome = self._street.outcome("amend")
        return self._outcome in ("ok", "applied")

    def _answer(self) -> None:
        if self._outcome != "ok":
            raise _FAULTS[self._outcome]()

    def carries(self, attachment: Attachment) -> str | None:
        return None if attachment.kind in ("photo", "document") else "file_type"

    async def fetch(self, remote: Remote) -> AsyncIterator[bytes]:
        self._life.effect(of_store=False)
        if self._street.stumbles:
            self._street.stumbles -= 1
            raise RetryLater(1, "network")
        if remote.ref not in self._street.held:
            raise Rejected("file_unavailable")
        yield self._street.held[remote.ref]


class DoorWithGroup(Door):
    """The same with a staff group."""

    desk = DESK
    groups = (GROUP,)
    rules = DeskRules()

    async def post(self, post: Post, topic: Topic, files: Sequence[OutgoingFile] = ()) -> Receipt:
        self._life.effect(of_store=False)
        street = self._street
        outcome = street.outcome("post")
        if post.kind is not PostKind.TOPIC and topic.topic not in street.topics:
            raise NotFound("topic")
        if outcome in ("ok", "applied"):
            street.posts.append(post)
            street.got[post.id] = [await read(file.read()) for file in files]
            if post.kind is PostKind.TOPIC:
                street.topics[f"topic{len(street.posts)}"] = post.conversation
        if outcome != "ok":
            raise _FAULTS[outcome]()
        return Receipt(next(reversed(street.topics)) if post.kind is PostKind.TOPIC else f"post{len(street.posts)}")


def _fact(fact: dict[str, Any]) -> Inbound:
    values = {**fact, "at": datetime.fromtimestamp(fact["at"], UTC)}
    if "sender" in values:
        values["sender"] = Sender(**values["sender"])
    if "files" in values:
        values["files"] = tuple(Remote(**file) for file in values["files"])
    made: Inbound = FACTS[values.pop("fact")](**values)
    return made


def raw_of(number: int, lane: str, fact: Inbound) -> Raw:
    """Return the raw update that a door of this street reads as `fact`."""
    values = {name: getattr(fact, name) for name in type(fact).__slots__}
    values["at"] = fact.at.timestamp()
    if "sender" in values:
        values["sender"] = {name: getattr(values["sender"], name) for name in Sender.__slots__}
    body = json.dumps([{"fact": type(fact).__name__, **values}], default=asdict)
    return Raw(str(number), in_lane(NAME, lane), number, body)
