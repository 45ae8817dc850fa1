"""Notes that are written in a topic: who is named in one is told, and the writer where that could not be."""

from collections.abc import Sequence

from bridge import service
from bridge.context import Bridge
from bridge.model.files import Attachment
from bridge.model.ids import ConversationId
from bridge.model.messages import Message
from bridge.model.operators import Operator
from bridge.rights import may
from bridge.staff import topics
from bridge.teamwork import mentioning


async def note(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    text: str,
    *,
    key: str,
    origin: str,
    external_id: str,
    attachments: Sequence[Attachment] = (),
    parts: Sequence[str] = (),
) -> Message:
    """Write a note, as service.note; a name in it that reached nobody is told in the topic."""
    message = await service.note(
        bridge,
        actor,
        id,
        text,
        key=key,
        origin=origin,
        external_id=external_id,
        attachments=attachments,
        parts=parts,
    )
    words = await _unheard(bridge, actor, message) if "@" in text else ""
    if words:
        await topics.tell(bridge, id, f"unheard:{external_id}", words, external_id)
    return message


async def _unheard(bridge: Bridge, actor: Operator, message: Message) -> str:
    """Return what is to be said of names that reached nobody: they fit several, or one who does not get it."""
    there = [row for row in await bridge.store.staff.all() if may(row, "read")]
    lines = []
    for each in mentioning.named(message.text, there):
        if len(each.people) > 1:
            name = message.text[each.start + 1 : each.end]
            lines.append(bridge.phrases.say(bridge.phrases.language, "staff.mention_vague", name=name))
        elif each.people[0].id not in (actor.id, *message.mentions):
            name = each.people[0].name
            lines.append(bridge.phrases.say(bridge.phrases.language, "staff.mention_no_access", name=name))
    return "\n".join(dict.fromkeys(lines))
