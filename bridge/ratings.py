"""How customers rate what was done for them: asked once when a person closes, answered from 1 to 5 with a comment.

A rating is no word: it opens nothing again and waits for nobody. It can be changed as long as its conversation is the
chat's newest; the last one stands, each is told in the thread.
"""

from dataclasses import replace

from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.model.conversations import BEST, Conversation, Rating
from bridge.model.inbound import Rated
from bridge.people.asking import BOT
from bridge.ports.abilities import RatingChannel
from bridge.staff import mirror

#: Characters of a comment that are kept.
COMMENT_LIMIT = 1000
#: What the bot's question asks for (Message.asks).
ASKS = "rating"


def ask(bridge: Bridge, draft: Draft, before: Conversation) -> None:
    """Ask in a conversation that is being closed, if its channel shows a scale and a person of the desk had it."""
    served = before.epoch > 0 and before.assignee is not None
    if not served or before.rating is not None or not _rates(bridge, before):
        return
    draft.conversation = replace(draft.conversation, rating=Rating(asked_at=bridge.clock.now()))
    words = bridge.phrases.say(before.language, "customer.rate_us")
    draft.say(BOT, words, "rate", asks=ASKS, anyway=True)


def _rates(bridge: Bridge, conversation: Conversation) -> bool:
    channel: object = bridge.channels.by_name.get(conversation.channel)
    return isinstance(channel, RatingChannel) and channel.rates


async def rated(bridge: Bridge, inbound: Rated) -> None:
    """Keep a customer's rating, if he was asked for one; the same again changes nothing. Raises StoreDown."""
    chat = await bridge.store.people.chat(inbound.channel, inbound.chat)
    if chat is None or chat.conversation is None or not 1 <= inbound.score <= BEST:
        return
    comment, key = inbound.comment.strip()[:COMMENT_LIMIT], f"rated:{inbound.external_id}"

    def decide(before: Conversation) -> Change | None:
        asked = before.rating
        if asked is None or (asked.score, asked.comment) == (inbound.score, comment):
            return None
        rating = replace(asked, score=inbound.score, comment=comment, at=bridge.clock.now())
        draft = Draft(bridge, before, replace(before, rating=rating), key)
        draft.event("rated", detail=rating.shown)
        draft.audit(before.customer, "rated", score=str(rating.score), comment=comment)
        if before.topic and bridge.desk is not None:
            told = bridge.phrases.say(bridge.phrases.language, "staff.rated", rating=rating.shown)
            draft.row(mirror.notice(bridge, draft.conversation, key, told))
        return draft.change()

    await commit(bridge, chat.conversation, key, decide)
