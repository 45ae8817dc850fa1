"""Colleagues whose names an edit adds to a note: they alone are told of it, as if the note had named them at once."""

from bridge.context import Bridge
from bridge.model.ids import OperatorId
from bridge.model.messages import Message
from bridge.model.notices import Kind
from bridge.model.operators import Operator
from bridge.notices import telling, whom
from bridge.notices.people import people
from bridge.teamwork import mentioning


async def added(bridge: Bridge, actor: Operator, note: Message, text: str) -> tuple[OperatorId, ...]:
    """Tell those whom a note's new words name and its old ones did not; returns the ids of those who get it.

    They are told before the words change: told again is better than never, and each is told once a note.
    """
    named = [person for person in await mentioning.meant(bridge, actor, text) if person.id not in note.mentions]
    if not named:
        return ()
    conversation = await bridge.store.conversations.get(note.conversation)
    found = tuple(person.id for person in named if person.sight.sees(conversation))
    known = await people(bridge)
    news = whom.News(f"edited:{note.id}", bridge.clock.now(), conversation, note, actor.name, text=text)
    rows = [whom.notice(known[id], Kind.MENTION, news, bridge.mail is not None) for id in found if id in known]
    if not conversation.banned:
        await telling.write(bridge, [row for row in rows if row is not None])
    return found
