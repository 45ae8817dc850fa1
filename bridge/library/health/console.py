"""The test console: what the bot would say to a text and why, in every channel, word by word."""

from dataclasses import dataclass

from bridge.context import Bridge
from bridge.library import index
from bridge.library.writing.replies import reply_of, together
from bridge.limits import thresholds
from bridge.model.articles import Asked, Decision, Match, Reply, Thresholds, apart
from bridge.model.operators import Operator


@dataclass(frozen=True, slots=True)
class Spoken:
    """An article's answer in one channel."""

    channel: str
    kind: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Answered:
    """What the base says to a text.

    `held_back`: why the first article is not sent: nothing (nothing resembles the text), cold (without enough labels
    only exact wordings are), below, several (fit); empty: it is. `replies`: what it says by channel, also where it is
    not sent. `told`: questions of one message that are answered together, `left`: what it asks beside them.
    """

    match: Match
    limits: Thresholds
    held_back: str
    replies: tuple[Spoken, ...] = ()
    told: tuple[Asked, ...] = ()
    left: Asked | None = None


async def ask(bridge: Bridge, actor: Operator, text: str, limit: int, language: str | None = None) -> Answered:
    """Say what customers would be told. Raises Forbidden, Invalid."""
    match = await index.match(bridge, actor, text, limit, language)
    limits = thresholds(bridge)
    if not match.ranked:
        return Answered(match, limits, "nothing")
    told, left = apart(match, limits)
    ids = [each.ranked[0].article_id for each in told] or [match.ranked[0].article_id]
    rows = {row.id: row for row in await bridge.store.articles.many(ids)}
    found = [rows[id] for id in ids if id in rows]

    def spoken(name: str, kind: str) -> Reply:
        return together([(row.title, reply_of(row, name, kind, language or row.lang)) for row in found])

    doors = bridge.channels.by_name.items() if found else ()
    replies = tuple(Spoken(name, door.kind, spoken(name, door.kind)) for name, door in doors)
    return Answered(match, limits, _held_back(match, limits), replies, told, left)


def _held_back(match: Match, limits: Thresholds) -> str:
    if match.decision is Decision.ANSWER:
        return ""
    if limits.answer is None:
        return "cold"
    return "several" if match.ranked[0].confidence >= limits.answer else "below"
