"""What a visitor does beside words: a sign on a message of ours, a rating when his conversation was closed."""

import re
from typing import Any

from bots.web import incoming
from bots.web.incoming import Place
from bots.web.problems import Refused
from bots.web.shapes import is_shown
from bots.web.site import Site
from bridge.errors import NotFound
from bridge.model.conversations import BEST
from bridge.model.ids import ChatId, MessageId
from bridge.model.messages import AuthorKind, Message
from bridge.ports.channels import Raw
from bridge.ratings import ASKS, COMMENT_LIMIT

#: Signs a visitor can put on a message; what is not here is refused, so that no sign is a message of its own.
REACTIONS = ("👍", "👎", "❤", "🔥", "🎉", "😁", "😢", "🙏")
#: Ids of ours; what looks otherwise is nobody's, and no store is asked for it.
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def message_of(site: Site, chat: ChatId, id: object, code: str) -> Message:
    """Return a message that this chat's visitor is shown; raises Refused with a code for any other."""
    if not isinstance(id, str):
        raise Refused("bad_frame")
    try:
        row = await site.bridge.store.messages.get(MessageId(id)) if ID.fullmatch(id) else None
    except NotFound:
        row = None
    if row is None or row.channel != site.name or row.chat != chat or not is_shown(row):
        raise Refused(code)
    return row


async def quoted(site: Site, chat: ChatId, id: object) -> str | None:
    """Return the hall's id of a message that a word answers; one that is gone is left out, and the word is taken."""
    if id is None:
        return None
    try:
        return known_by(await message_of(site, chat, id, "bad_quote"))
    except Refused:
        return None


def known_by(row: Message) -> str:
    """Return the id a message has at the visitor's, as the hall keeps it."""
    theirs = row.external_id if row.delivery is None else row.delivery.external_id
    return theirs or row.id


async def reacted(site: Site, place: Place, client_id: str, said: dict[str, Any]) -> tuple[Raw, MessageId]:
    """Check {type: "react", message_id, emoji}: a sign on a word of the desk or the bot; "" takes it away."""
    emoji = said.get("emoji")
    if not isinstance(emoji, str) or (emoji and emoji.rstrip("\ufe0f") not in REACTIONS):
        raise Refused("bad_reaction")
    row = await message_of(site, place.chat, said.get("message_id"), "bad_reaction")
    if row.author.kind is AuthorKind.CUSTOMER or row.deleted_at is not None:
        raise Refused("bad_reaction")
    return incoming.reacted(site, place, client_id, known_by(row), emoji.rstrip("\ufe0f")), row.id


async def rated(site: Site, place: Place, client_id: str, said: dict[str, Any]) -> tuple[Raw, MessageId]:
    """Check {type: "rate", message_id, score, comment?}: `message_id` is the bot's question for it."""
    score, comment = said.get("score"), said.get("comment", "")
    if not isinstance(score, int) or isinstance(score, bool) or not isinstance(comment, str):
        raise Refused("bad_frame")
    if not 1 <= score <= BEST:
        raise Refused("bad_frame")
    if len(comment) > COMMENT_LIMIT:
        raise Refused("too_long", limit=COMMENT_LIMIT)
    row = await message_of(site, place.chat, said.get("message_id"), "stale_button")
    chat = await site.bridge.store.people.chat(site.name, place.chat)
    if row.asks != ASKS or chat is None or chat.conversation != row.conversation:
        raise Refused("stale_button")
    return incoming.rated(site, place, client_id, score, comment), row.id
