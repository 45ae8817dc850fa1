"""The test console: what the bot would say to a text and why, in every channel, word by word."""

from dataclasses import dataclass

from bridge.context import Bridge
from bridge.library import index
from bridge.library.writing.replies import reply_of
from bridge.limits import thresholds
from bridge.model.articles import Decision, Match, Reply, Thresholds
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
    not sent.
    """

    match: Match
    limits: Thresholds
    held_back: str
    replies: tuple[Spoken, ...] = ()


async def ask(bridge: Bridge, actor: Operator, text: str, limit: int, language: str | None = None) -> Answered:
    """Say what customers would be told. Raises Forbidden, Invalid."""
    match = await index.match(bridge, actor, text, limit, language)
    limits = thresholds(bridge)
    if not match.ranked:
        return Answered(match, limits, "nothing")
    found = await bridge.store.articles.many([match.ranked[0].article_id])
    replies = tuple(
        Spoken(name, door.kind, reply_of(row, name, door.kind, language or row.lang))
        for row in found
        for name, door in bridge.channels.by_name.items()
    )
    return Answered(match, limits, _held_back(match, limits), replies)


def _held_back(match: Match, limits: Thresholds) -> str:
    if match.decision is Decision.ANSWER:
        return ""
    if limits.answer is None:
        return "cold"
    return "several" if match.ranked[0].confidence >= limits.answer else "below"
