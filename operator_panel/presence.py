"""Who has a conversation open, and who writes in it: kept by hints alone, for a moment, never stored."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bridge.model.ids import fresh
from bridge.ports import Bus
from operator_panel.backlog import Frame
from operator_panel.wire import encode

if TYPE_CHECKING:
    from operator_panel.lines import Line

SUBJECT = "presence"
#: A look is told again so often, and forgotten when it was not told for so long, seconds: its process died.
BEAT = 10.0
GONE = 25.0
#: Somebody who writes tells so every few seconds; after this time he has stopped.
TYPING = 6.0
#: How often it is looked whether somebody is gone or has stopped writing, seconds.
ROUND = 1.0
#: Characters of a conversation's id at most.
_LONGEST = 64

Seen = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Look:
    """What one open line of a person looks at; times by this process's own clock."""

    operator: str
    name: str
    conversation: str
    told_at: float
    typing_until: float


class Presence:
    """The looks of all processes, and what the lines of this one are told of them."""

    def __init__(self, bus: Bus, clock: Callable[[], float] = time.monotonic) -> None:
        self._bus = bus
        self._clock = clock
        self._looks: dict[str, Look] = {}
        self._own: dict[Line, dict[str, Any]] = {}  # the hint that tells where a line of ours looks
        self._shown: dict[tuple[Line, str], Seen] = {}

    async def look(self, line: "Line", name: str, conversation: object, typing: bool) -> None:
        """Note what a line looks at now (None: at no conversation), and tell everybody."""
        hint = self._own.get(line) or {"line": fresh(), "operator": line.operator, "name": name}
        known = isinstance(conversation, str) and 0 < len(conversation) <= _LONGEST
        wanted = {**hint, "conversation": conversation if known else None, "typing": typing and known}
        if wanted == hint and not typing:
            return
        if wanted["conversation"] != hint.get("conversation"):
            self._forget(line)  # who comes back is told anew
        self._own[line] = wanted
        await self._bus.publish(SUBJECT, wanted)

    async def leave(self, line: "Line") -> None:
        """Forget a line that has ended, and tell everybody."""
        hint = self._own.pop(line, None)
        self._forget(line)
        if hint is not None:
            await self._bus.publish(SUBJECT, {**hint, "conversation": None, "typing": False})

    def _forget(self, line: "Line") -> None:
        self._shown = {key: seen for key, seen in self._shown.items() if key[0] is not line}

    def take(self, hint: dict[str, Any]) -> None:
        """Take in what a line of this or another process looks at."""
        old = self._looks.pop(hint["line"], None)
        if hint["conversation"] is not None:
            now = self._clock()
            until = now + TYPING if hint["typing"] else 0.0
            self._looks[hint["line"]] = Look(hint["operator"], hint["name"], hint["conversation"], now, until)
        self._tell({hint["conversation"], old.conversation if old else None})

    async def run(self) -> None:
        """Tell again where our lines look, and forget whom nobody tells of, until cancelled."""
        beat = self._clock()
        while True:
            await asyncio.sleep(ROUND)
            now = self._clock()
            if now - beat > BEAT:
                beat = now
                for hint in list(self._own.values()):
                    await self._bus.publish(SUBJECT, {**hint, "typing": False} if self._silent(hint, now) else hint)
            for line in [line for line, look in self._looks.items() if now - look.told_at > GONE]:
                del self._looks[line]
            self._tell({hint["conversation"] for hint in self._own.values()})

    def _silent(self, hint: dict[str, Any], now: float) -> bool:
        look = self._looks.get(hint["line"])
        return look is None or look.typing_until < now

    def _tell(self, conversations: set[str | None]) -> None:
        """Tell our lines who else looks at what they look at, where that is new to them."""
        for line, hint in list(self._own.items()):
            conversation = hint["conversation"]
            if conversation is None or conversation not in conversations:
                continue
            seen = self._others(conversation, line.operator)
            if self._shown.get((line, conversation), []) != seen:
                self._forget(line)
                self._shown[line, conversation] = seen
                frame = encode("presence", conversation_id=conversation, operators=seen)
                line.put(Frame(frame, f"presence:{conversation}"))

    def _others(self, conversation: str, operator: str) -> Seen:
        now = self._clock()
        found: dict[str, dict[str, Any]] = {}
        for look in self._looks.values():
            if look.conversation == conversation and look.operator != operator:
                typing = look.typing_until > now or bool(found.get(look.operator, {}).get("typing"))
                found[look.operator] = {"id": look.operator, "name": look.name, "typing": typing}
        return [found[id] for id in sorted(found)]
