"""Further verbs of the desk, by subject: suggestions, read marks, retry, tags, asking for a contact."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge.changes.seen import show_read
from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, Invalid
from bridge.library.learning.hearing import question, refused
from bridge.library.writing.replies import reply_in
from bridge.model.articles import Ranked
from bridge.model.conversations import Conversation, Stage
from bridge.model.events import AuditEvent
from bridge.model.ids import ArticleId, ConversationId, MessageId, fresh
from bridge.model.messages import DeliveryState, Message
from bridge.model.operators import Operator
from bridge.notices import telling
from bridge.people import asking, claims
from bridge.people.kin import root
from bridge.policy import asked, plausible
from bridge.rights import may, require
from bridge.teamwork import access
from bridge.turn import thresholds

#: Words of the customer that a suggestion looks at: the newest unanswered ones, at most so many messages.
LOOKED_AT = 20
#: Tags a conversation may carry, and characters of one.
TAGS = 20
TAG_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article an operator may answer with; `why` is the matcher's reason in one line."""

    article_id: ArticleId
    title: str
    answer: str
    confidence: float
    why: str


async def suggestions(bridge: Bridge, actor: Operator, id: ConversationId, limit: int = 3) -> list[Suggestion]:
    """Return what the library would say to the customer's newest words, surest first. Raises Forbidden, NotFound."""
    conversation = await access.conversation(bridge, actor, id, "suggest")
    messages = await bridge.store.messages.page(id, None, None, LOOKED_AT)
    text = asked(messages)
    if not text:
        return []
    match = await bridge.matcher.match(text, limit=limit, language=conversation.language)
    limits, denied = thresholds(bridge), await refused(bridge, conversation, question(messages))
    if None in denied:
        return []
    ranked = [each for each in plausible(match.ranked, limits, limits.suggest) if each.article_id not in denied]
    return await _readable(bridge, conversation, ranked[:limit])


async def search(bridge: Bridge, actor: Operator, id: ConversationId, text: str, limit: int = 3) -> list[Suggestion]:
    """Return what the library finds for an operator's words, however unsure; without words as `suggestions`."""
    if not text.strip():
        return await suggestions(bridge, actor, id, limit)
    conversation = await access.conversation(bridge, actor, id, "suggest")
    match = await bridge.matcher.match(text, limit=limit, language=conversation.language)
    return await _readable(bridge, conversation, [item for item in match.ranked if item.confidence > 0][:limit])


async def _readable(bridge: Bridge, conversation: Conversation, ranked: Sequence[Ranked]) -> list[Suggestion]:
    """Return what articles say here; those that are not in force any more or say nothing are left out."""
    now = bridge.clock.now()
    there = {each.id: each for each in await bridge.store.articles.many([item.article_id for item in ranked])}
    found = []
    for item in ranked:
        article = there.get(item.article_id)
        text = reply_in(bridge, article, conversation).text if article and article.in_force(now) else ""
        if article and text.strip():
            found.append(Suggestion(article.id, article.title, text, item.confidence, item.why))
    return found


async def mark_read(bridge: Bridge, actor: Operator, id: ConversationId, seq: int) -> int:
    """Raise a person's read mark to a message; returns how many of the customer's messages are read now."""
    conversation = await access.conversation(bridge, actor, id)
    if seq >= conversation.seq:
        incoming = conversation.incoming
    else:
        read = await bridge.store.messages.page(id, None, seq + 1, 1)
        incoming = read[-1].incoming if read else 0
    stands = await bridge.store.staff.mark_read(actor.id, id, incoming)
    await telling.handled(bridge, actor.id, id)
    if may(actor, "reply"):
        show_read(bridge, conversation, seq)
    await bridge.bus.publish("read", {"operator": actor.id, "conversation": id, "incoming": stands})
    return stands


async def mark_unread(bridge: Bridge, actor: Operator, id: ConversationId) -> int:
    """Let the customer's newest message count as unread to a person, on all his devices; returns how many are read."""
    conversation = await access.conversation(bridge, actor, id)
    stands = await bridge.store.staff.mark_unread(actor.id, id, max(0, conversation.incoming - 1))
    await bridge.bus.publish("read", {"operator": actor.id, "conversation": id, "incoming": stands})
    return stands


async def retry(bridge: Bridge, actor: Operator, id: MessageId) -> Message:
    """Queue a message again that failed or whose fate is unknown. Raises Invalid, Conflict, Forbidden, NotFound."""
    require(actor, "retry")
    while True:
        message = await access.message(bridge, actor, id)
        delivery = message.delivery
        if delivery is None or delivery.state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
            raise Invalid(("id", "not_failed"))
        queued = replace(
            delivery,
            state=DeliveryState.QUEUED,
            reason=None,
            not_before=None,
            attempts=delivery.attempts + 1,
            epoch=None,
        )
        try:
            message = await bridge.store.messages.replace(replace(message, delivery=queued))
        except Conflict:
            continue
        break
    await bridge.store.journal.write(
        AuditEvent(
            fresh(), bridge.clock.now(), actor.id, "retry", f"conversation:{message.conversation}", {"message": id}
        )
    )
    await bridge.store.lanes.pull(queued.lane, "out", bridge.clock.now())
    await bridge.bus.publish("lane", {"id": queued.lane})
    await bridge.feed.tell_message(message)
    return message


async def tag(
    bridge: Bridge, actor: Operator, id: ConversationId, add: tuple[str, ...], remove: tuple[str, ...]
) -> Conversation:
    """Add and remove tags; the thread tells who did. Raises Invalid(("add", …)), Forbidden, NotFound."""
    require(actor, "tag")
    wanted = tuple(word.strip() for word in add)
    if any(not word or len(word) > TAG_LENGTH for word in wanted):
        raise Invalid(("add", "invalid"))

    key = f"tagged:{fresh()}"

    def decide(before: Conversation) -> Change | None:
        access.require_seen(actor, before)
        tags = tuple(dict.fromkeys([*(t for t in before.tags if t not in remove), *wanted]))
        if len(tags) > TAGS:
            raise Invalid(("add", "too_many"))
        if tags == before.tags:
            return None
        draft = Draft(bridge, before, replace(before, tags=tags), key)
        for code, words in (("tagged", set(tags) - set(before.tags)), ("untagged", set(before.tags) - set(tags))):
            if words:
                draft.event(code, actor.name, ", ".join(sorted(words)))
        draft.audit(actor.id, "tagged")
        return draft.change()

    return (await commit(bridge, id, key, decide)).conversation


async def ask_contact(bridge: Bridge, actor: Operator, id: ConversationId, *, key: str | None = None) -> Conversation:
    """Ask the customer for an e-mail or a phone now, even if he was asked before; once for a key.

    Raises Forbidden, NotFound, Conflict("closed").
    """
    require(actor, "ask_contact")
    unique = f"ask_contact:{key or fresh()}"

    def decide(before: Conversation) -> Change:
        access.require_seen(actor, before)
        if before.stage is Stage.CLOSED:
            raise Conflict("closed")
        draft = Draft(bridge, before, before, unique)
        draft.event("contact_asked", actor.name)
        draft.audit(actor.id, "contact_asked")
        asking.ask(bridge, draft, wanted=True)
        return draft.change()

    conversation = (await commit(bridge, id, unique, decide)).conversation
    while not await claims.note_asked(bridge, await root(bridge, conversation.customer), conversation):
        pass
    return conversation
