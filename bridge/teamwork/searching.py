"""One search over what was said, who said it and what is known: words with parameters, through one person's eyes."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.context import Bridge
from bridge.errors import Invalid
from bridge.model.articles import Article, ArticleFilters
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.customers import Customer
from bridge.model.ids import ChannelName, ConversationId
from bridge.model.messages import Message
from bridge.model.operators import Operator
from bridge.rights import require
from bridge.teamwork import access
from bridge.teamwork.customers import found_by

#: Messages looked at for one answer at most: what nobody finds among so many is asked for more narrowly.
LOOKED_AT = 1000
PORTION = 100
_KEYS = {
    "channel": "channel",
    "канал": "channel",
    "from": "author",
    "от": "author",
    "tag": "tag",
    "метка": "tag",
    "тег": "tag",
    "before": "before",
    "до": "before",
    "after": "after",
    "после": "after",
    "с": "after",
}
_AUTHORS = {
    "customer": "customer",
    "клиент": "customer",
    "клиента": "customer",
    "bot": "bot",
    "бот": "bot",
    "бота": "bot",
    "operator": "operator",
    "оператор": "operator",
    "оператора": "operator",
    "note": "note",
    "заметка": "note",
    "me": "me",
    "меня": "me",
}
_PARAMETER = re.compile(r"(?<!\S)(\w+):(?:\"([^\"]*)\"|«([^»]*)»|(\S+))")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(\d\d?)\.(\d\d?)\.(\d{4})")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search taken apart: words that must all be there, and what narrows them; "" or None: not narrowed.

    `author` is customer, bot, operator, note, me, or a beginning of a name. `after` and `before`: from that day's
    beginning, and up to that day's beginning, in UTC.
    """

    words: str = ""
    channel: str = ""
    author: str = ""
    tag: str = ""
    after: datetime | None = None
    before: datetime | None = None

    @property
    def narrowed(self) -> bool:
        """Does it ask for what only words of a conversation have?"""
        return bool(self.author or self.after or self.before)


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was found, with the conversation it stands in."""

    message: Message
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, the newest first in each group; `more`: there may be further messages, asked for by `before`."""

    asked: Asked
    said: list[Said] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    more: bool = False


def taken_apart(q: str) -> Asked:
    """Read words and parameters out of what was typed; raises Invalid(("q", "no_day")) for a day that is none."""
    asked = Asked()

    def taken(match: re.Match[str]) -> str:
        nonlocal asked
        key = _KEYS.get(match[1].casefold())
        value = (match[2] or match[3] or match[4] or "").strip()
        if key is None or not value:
            return match[0]
        told: Any = _day(value) if key in ("before", "after") else value
        if key == "author":
            told = _AUTHORS.get(value.casefold(), value)
        asked = replace(asked, **{key: told})
        return " "

    left = _PARAMETER.sub(taken, q)
    return replace(asked, words=" ".join(left.split()))


def _day(value: str) -> datetime:
    found = _DAY.fullmatch(value)
    if found is None:
        raise Invalid(("q", "no_day"))
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        raise Invalid(("q", "no_day")) from None


async def search(
    bridge: Bridge, actor: Operator, q: str, limit: int, conversation: ConversationId | None = None
) -> Found:
    """Look for what was typed everywhere, or in one conversation alone. Raises Forbidden, NotFound, Invalid."""
    require(actor, "read")
    asked = taken_apart(q)
    if conversation is not None:
        row = await access.conversation(bridge, actor, conversation)
        said, more = await _said(bridge, actor, asked, limit, row)
        return Found(asked, said, more=more)
    (said, more), cases, customers, articles = await asyncio.gather(
        _said(bridge, actor, asked, limit, None),
        _cases(bridge, actor, asked, limit),
        _customers(bridge, actor, asked, limit),
        _articles(bridge, asked, limit),
    )
    return Found(asked, said, cases, customers, articles, more)


async def _said(
    bridge: Bridge, actor: Operator, asked: Asked, limit: int, within: Conversation | None
) -> tuple[list[Said], bool]:
    """Read messages that hold all the words, the newest first, until there are enough or too many were looked at."""
    if not asked.words:
        return [], False
    found: list[Said] = []
    before = asked.before
    looked, portion = 0, PORTION
    while looked < LOOKED_AT:
        where = within.id if within else None
        rows = await bridge.store.messages.search(asked.words, where, asked.after, before, portion)
        looked += len(rows)
        found += await _seen(bridge, actor, asked, rows, within, {each.message.id for each in found})
        if len(found) >= limit or len(rows) < portion:
            return found[:limit], len(found) > limit
        portion = min(4 * portion, LOOKED_AT)  # the words' hits are gathered anew each time
        # Several may stand at one moment: it is asked for again, and what is known is left out.
        before = rows[-1].at + timedelta(milliseconds=rows[-1].at != rows[0].at)
    return found, True


async def _seen(
    bridge: Bridge,
    actor: Operator,
    asked: Asked,
    rows: Sequence[Message],
    within: Conversation | None,
    known: set[str],
) -> list[Said]:
    fit = [row for row in rows if row.id not in known and row.deleted_at is None and _by(row, asked.author, actor)]
    if within is not None:
        return [Said(row, within) for row in fit]
    there = await bridge.store.conversations.many(list(dict.fromkeys(row.conversation for row in fit)))
    cases = {each.id: each for each in there if actor.sight.sees(each) and _fits(each, asked)}
    return [Said(row, cases[row.conversation]) for row in fit if row.conversation in cases]


def _by(row: Message, author: str, actor: Operator) -> bool:
    if row.author.kind == "system":
        return False
    if not author:
        return True
    if author == "me":
        return row.author.id == actor.id
    return row.author.kind == author or row.author.name.casefold().startswith(author.casefold())


def _fits(row: Conversation, asked: Asked) -> bool:
    tagged = not asked.tag or asked.tag.casefold() in {tag.casefold() for tag in row.tags}
    return tagged and (not asked.channel or row.channel.casefold().startswith(asked.channel.casefold()))


async def _cases(bridge: Bridge, actor: Operator, asked: Asked, limit: int) -> list[Conversation]:
    """Conversations by customer's name, number or tag: those that hold the words in messages stand among these too."""
    if asked.narrowed or not (asked.words or asked.tag or asked.channel):
        return []
    sight = await access.eyes(bridge, actor.sight)
    channel = next((name for name in bridge.channels.by_name if name.casefold() == asked.channel.casefold()), None)
    filters = ConversationFilters(
        tag=asked.tag or None, channel=ChannelName(channel) if channel else None, q=asked.words or None, sight=sight
    )
    rows, _ = await bridge.store.conversations.page(filters, None, limit)
    return [row for row in rows if _fits(row, asked)][:limit]


async def _customers(bridge: Bridge, actor: Operator, asked: Asked, limit: int) -> list[Customer]:
    if asked.narrowed or asked.channel or asked.tag or not asked.words:
        return []
    return await found_by(bridge, actor, asked.words, limit)


async def _articles(bridge: Bridge, asked: Asked, limit: int) -> list[Article]:
    if asked.narrowed or asked.channel or not asked.words:
        return []
    rows, _ = await bridge.store.articles.page(None, limit, ArticleFilters(asked.words, tag=asked.tag or None))
    return rows
