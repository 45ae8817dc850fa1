"""A share of automatic answers is looked at by people: without that nobody knows how often the bot is right."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from bridge.context import Bridge
from bridge.errors import Conflict, NotFound
from bridge.library.learning.labels import masked, said
from bridge.model.conversations import Conversation
from bridge.model.ids import MessageId
from bridge.model.labels import LabelSource, Review, review_of
from bridge.model.messages import Message
from bridge.model.operators import Operator
from bridge.rights import require
from bridge.teamwork import access

STATES = ("open", "right", "wrong")
#: Days after which an answer is not looked at any more: what was said of it is a label by then.
KEPT = 180
#: Rows of a state counted for somebody who does not get all of them.
COUNTED = 1000


def chosen(message: MessageId, share: float) -> bool:
    """Tell whether an answer is among those to be looked at: by its id, so that every process says the same."""
    return int.from_bytes(sha256(message.encode()).digest()[:8], "big") < share * 2**64


def sampled(bridge: Bridge, conversation: Conversation, answer: Message, asked: str) -> list[Review]:
    """Return what is kept of an automatic answer that is to be looked at, one row an article; else nothing."""
    if not asked.strip() or not chosen(answer.id, bridge.settings.sampled):
        return []
    return [
        Review(
            id=review_of(answer.id, number),
            at=bridge.clock.now(),
            text=masked(bridge, conversation, source.asked or asked),
            article_id=source.article_id,
            title=source.title,
            confidence=source.confidence,
            threshold=source.threshold,
            engine=source.engine,
            message=answer.id,
            conversation=conversation.id,
            channel=conversation.channel,
            language=conversation.language,
        )
        for number, source in enumerate(filter(None, (answer.source, *answer.also)))
    ]


async def reviews(bridge: Bridge, actor: Operator, state: str = "open", limit: int = 50) -> list[Review]:
    """Return automatic answers that are to be looked at, or were, newest first. Raises Forbidden."""
    require(actor, "suggest")
    return await access.sifted(bridge, actor, await bridge.store.reviews.page(state, limit))


async def counts(bridge: Bridge, actor: Operator) -> dict[str, int]:
    """Return how many are in each state. Raises Forbidden."""
    require(actor, "suggest")
    if not actor.sight.whole:
        return {state: len(await reviews(bridge, actor, state, COUNTED)) for state in STATES}
    found = await bridge.store.reviews.counts()
    return {state: found.get(state, 0) for state in STATES}


async def judge(bridge: Bridge, actor: Operator, id: str, right: bool) -> Review:
    """Say that an automatic answer was right or wrong: the matcher learns it. The same again changes nothing.

    Raises Forbidden, NotFound.
    """
    require(actor, "article")
    while True:
        row = _one(await bridge.store.reviews.many([id]), id)
        state = "right" if right else "wrong"
        if row.state == state:
            return row
        conversation = await bridge.store.conversations.many([row.conversation])
        verdict = said(
            bridge,
            conversation[0] if conversation else None,
            row.text,
            row.article_id,
            right,
            source=LabelSource.REVIEW,
            by=actor.id,
        )
        await bridge.store.labels.put(verdict)  # first: written twice it is the same, lost it would not be missed
        try:
            return await bridge.store.reviews.replace(replace(row, state=state, by=actor.id))
        except Conflict:
            continue


def _one(rows: Sequence[Review], id: str) -> Review:
    if not rows:
        raise NotFound(f"review {id}")
    return rows[0]
