"""What people do to words that stand, and beside us: a part of every history."""

from abc import ABC, abstractmethod

from bridge.changes import amending
from bridge.model.ids import ChatId, ConversationId
from bridge.model.inbound import Answered, Commanded, Deleted, Inbound, Reacted, Read, Sender
from bridge.model.messages import AuthorKind
from bridge.ports.channels import Raw
from storage.repositories import Repositories
from tests.hall import OLGA, PETR, Process, sender
from tests.street import NAME, Street, Time

STAFF = {"olga": OLGA, "petr": PETR}


class Changes(ABC):
    """The changes in a world."""

    time: Time
    street: Street
    eyes: Repositories
    process: Process
    raws: list[Raw]
    said: dict[str, list[tuple[str, str]]]
    notes: list[str]

    @abstractmethod
    def _post(self, lane: str, fact: Inbound) -> None:
        """Hand a fact to the inbox."""

    @abstractmethod
    async def case(self, chat: str) -> ConversationId | None:
        """Return the conversation of a chat."""

    async def take_back(self, chat: str, place: int) -> None:
        said = [external for external, _ in self.said.get(chat, []) if external.startswith("m")]
        if said:
            external, number = said[place % len(said)], len(self.raws) + 1
            fact = Deleted(NAME, ChatId(chat), f"d{number}", external, sender(chat), self.time.now())
            self._post(chat, fact)

    async def sign(self, chat: str, place: int, emoji: str) -> None:
        """A customer puts a sign on a word of his, or on one of ours that he sees."""
        ours = [external for external, to in self.street.to.items() if to == chat]
        words = [external for external, _ in self.said.get(chat, [])] + ours
        if words:
            number, now = len(self.raws) + 1, self.time.now()
            fact = Reacted(NAME, ChatId(chat), f"r{number}", words[place % len(words)], sender(chat), emoji, now)
            self._post(chat, fact)

    async def read(self, chat: str, place: int) -> None:
        ours = [external for external, to in self.street.to.items() if to == chat]
        if ours:
            number, now = len(self.raws) + 1, self.time.now()
            self._post(chat, Read(NAME, ChatId(chat), f"x{number}", ours[place % len(ours)], sender(chat), now))

    async def outside(self, chat: str) -> None:
        """Somebody of the desk answers in the messenger itself."""
        number, now = len(self.raws) + 1, self.time.now()
        fact = Answered(NAME, ChatId(chat), f"o{number}", Sender("900", "Анна"), f"Снаружи №{number}", now)
        self._post(chat, fact)

    async def order(self, chat: str, command: str) -> None:
        number = len(self.raws) + 1
        self.said.setdefault(chat, []).append((f"m{number}", f"/{command}"))
        fact = Commanded(NAME, ChatId(chat), f"m{number}", sender(chat), command, "", self.time.now())
        self._post(chat, fact)

    async def amend(self, who: str, verb: str, chat: str, place: int) -> None:
        """A person of the desk changes a word of the newest conversation, or takes it back, or puts a sign on it."""
        id = await self.case(chat)
        rows = [] if id is None else await self.eyes.messages.page(id, 0, None, 500)
        words = [row for row in rows if row.event is None and (verb == "sign" or row.author.id == STAFF[who].id)]
        if not words:
            return
        row, bridge, actor = words[place % len(words)], self.process.bridge, STAFF[who]
        match verb:
            case "edit":
                if row.author.kind is AuthorKind.NOTE:
                    self.notes.append(f"{row.text} иначе")
                await amending.edit(bridge, actor, row.id, f"{row.text} иначе")
            case "delete":
                await amending.delete(bridge, actor, row.id)
            case "sign":
                await amending.react(bridge, actor, row.id, "👍🔥"[place % 2] if place else "")
