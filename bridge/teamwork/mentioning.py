"""Colleagues who are mentioned in a note: they are told of it, and must get the conversation it stands in.

Who is named by id must get it, or the note is refused; who is named in the text alone ("@Name") is told if he gets it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, Invalid
from bridge.model.conversations import Conversation
from bridge.model.ids import OperatorId
from bridge.model.operators import Operator
from bridge.rights import may, require

#: People mentioned in one note.
MOST = 30
_AT = re.compile(r"(?<![\w@.])@(?=\w)")


@dataclass(frozen=True, slots=True)
class Named:
    """A name that stands in a text after "@": where, and whom it fits; several: nobody knows whom it means."""

    start: int
    end: int
    people: tuple[Operator, ...]


def named(text: str, people: Sequence[Operator]) -> list[Named]:
    """Find "@Name" in a text: the name or one word of it, what stands before the @ of the address, Telegram's name.

    The longest fitting name counts; "@" before anything else is just a sign.
    """
    plain = _plain(text)
    found = []
    for match in _AT.finditer(plain):
        fits: dict[int, list[Operator]] = {}
        for person in people:
            if (length := max(map(_stands(plain, match.end()), _called(person)), default=0)) > 0:
                fits.setdefault(length, []).append(person)
        if fits:
            longest = max(fits)
            found.append(Named(match.start(), match.end() + longest, tuple(fits[longest])))
    return found


def _called(person: Operator) -> set[str]:
    name = " ".join(_plain(person.name).split())
    return {name, *name.split(), _plain(person.email.partition("@")[0]), _plain(person.telegram_username)}


def _stands(text: str, at: int) -> Callable[[str], int]:
    def length(name: str) -> int:
        behind = text[at + len(name) : at + len(name) + 1]
        return len(name) if name and text.startswith(name, at) and not (behind.isalnum() or behind == "_") else 0

    return length


def _plain(text: str) -> str:
    """Return a text of the same length in which case and ё tell nothing."""
    return "".join(low if len(low := sign.casefold()) == 1 else sign for sign in text).replace("ё", "е")


async def meant(bridge: Bridge, actor: Operator, text: str) -> list[Operator]:
    """Return colleagues who are named in a text, each once; not the writer, nor whom a name only may mean."""
    there = [row for row in await bridge.store.staff.all() if may(row, "read")] if "@" in text else []
    sure = [each.people[0] for each in named(text, there) if len(each.people) == 1]
    return list({row.id: row for row in sure if row.id != actor.id}.values())[:MOST]


async def people(bridge: Bridge, ids: Sequence[OperatorId]) -> list[Operator]:
    """Return who is mentioned, each once. Raises Invalid(("mentions", "unknown" or "too_many"))."""
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST:
        raise Invalid(("mentions", "too_many"))
    there = {row.id: row for row in await bridge.store.staff.all()} if wanted else {}
    if any(id not in there or not may(there[id], "read") for id in wanted):
        raise Invalid(("mentions", "unknown"))
    return [there[id] for id in wanted]


def reached(actor: Operator, before: Conversation, mentioned: Sequence[Operator], share: bool) -> Conversation:
    """Return the conversation as all who are mentioned get it: shared with those who do not, if that is wanted.

    Raises Conflict("no_access") with them in `newer`; Forbidden where sharing is not the writer's right.
    """
    outside = tuple(person for person in mentioned if not person.sight.sees(before))
    if not outside:
        return before
    if not share:
        raise Conflict("no_access", ", ".join(person.name for person in outside), outside)
    require(actor, "share")
    return replace(before, shared=(*before.shared, *(person.id for person in outside)))


def tell(draft: Draft, actor: Operator, before: Conversation) -> None:
    """Tell in the thread with whom a mention shared the conversation."""
    for id in draft.conversation.shared[len(before.shared) :]:
        draft.audit(actor.id, "shared", id, operator=id)
