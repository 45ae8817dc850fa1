"""What of the knowledge base needs an editor's eye: contradictions, articles that are alike, stale or never shown."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bridge.context import Bridge
from bridge.library.health.usage import Usage, usage_of
from bridge.library.health.usage import counts as uses_of
from bridge.library.writing.checks import Flag, shared
from bridge.model.articles import Article
from bridge.model.ids import ArticleId
from bridge.model.operators import Operator
from bridge.model.trials import Twins
from bridge.ports import TrialMatcher
from bridge.rights import require

#: Wordings compared with all others (of a larger base those that share rare words with another article), and pairs and
#: rows listed at most.
COMPARED = 6000
LISTED = 200
#: Articles read at once.
PORTION = 200
#: For how long what was found is shown while nobody changes anything; of a base that changes, for so many times the
#: time that looking took.
GOOD = timedelta(minutes=5)
SHARE = 20
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Looked:
    """An article and how it fares."""

    article: Article
    usage: Usage


@dataclass(frozen=True, slots=True)
class Shared:
    """A wording that stands in two articles."""

    wording: str
    one: ArticleId
    other: ArticleId


@dataclass(frozen=True, slots=True)
class Health:
    """What needs an editor's eye among the `published` articles; `whole`: no wordings worth comparing were left out.

    `titles` are those of the articles in `twins` and `contradictions`.
    """

    at: datetime
    published: int
    whole: bool
    stale: tuple[Looked, ...]
    unseen: tuple[Looked, ...]  # never shown
    twins: tuple[Twins, ...]
    contradictions: tuple[Shared, ...]
    titles: dict[ArticleId, str]


async def health(bridge: Bridge, actor: Operator) -> Health:
    """Return what needs an editor's eye: what was found a moment ago, or is found now, beside everything else.

    Raises Forbidden.
    """
    require(actor, "read")
    return await _once(bridge, "health", lambda: _looked(bridge))


async def _once(bridge: Bridge, name: str, look: Callable[[], Awaitable[Found]]) -> Found:
    """Look once at a time, and again when the last look is old: sooner where the base was changed since."""
    async with bridge.memory.lock(name):
        now = bridge.clock.now()
        mark = tuple(bridge.memory.library)
        known = bridge.memory.kept.get(name)
        if known is not None:
            before, done, took, found = known
            good = GOOD if before == mark and mark else min(GOOD, SHARE * took)
            if timedelta(0) <= now - done < good:
                kept: Found = found
                return kept
        new = await look()
        done = bridge.clock.now()
        bridge.memory.kept[name] = (mark, done, done - now, new)
        return new


async def _looked(bridge: Bridge) -> Health:
    rows = await _published(bridge)
    found, now = await uses_of(bridge), bridge.clock.now()
    looked = [Looked(row, usage_of(row, found, now)) for row in rows]
    stale = sorted((each for each in looked if each.usage.stale), key=lambda each: -each.usage.shown)
    unseen = sorted((each for each in looked if not each.usage.shown), key=lambda each: str(each.article.created_at))
    both = pairs(await asyncio.to_thread(shared, rows))
    twins, whole = await _twins(bridge)
    clear = {frozenset((each.one, each.other)) for each in both}
    twins = [each for each in twins if frozenset((each.one, each.other)) not in clear]
    named = {id for each in both[:LISTED] for id in (each.one, each.other)}
    named |= {id for each in twins[:LISTED] for id in (each.one, each.other)}
    titles = {row.id: row.title or row.questions[0] for row in rows if row.id in named}
    return Health(
        bridge.clock.now(),
        len(rows),
        whole,
        tuple(stale[:LISTED]),
        tuple(unseen[:LISTED]),
        tuple(twins[:LISTED]),
        tuple(both[:LISTED]),
        titles,
    )


async def _published(bridge: Bridge) -> list[Article]:
    """Read what customers are told, portion by portion: others have their turns between them."""
    found: list[Article] = []
    cursor: str | None = None
    while True:
        rows, cursor = await bridge.store.articles.page(cursor, PORTION)
        found += [row for row in rows if row.state == "published"]
        if cursor is None:
            return found
        await asyncio.sleep(0)


def pairs(flags: dict[str, list[Flag]]) -> list[Shared]:
    """Return each wording that stands in two articles once."""
    once: dict[tuple[str, str, str], Shared] = {}
    for id, found in flags.items():
        for each in found:
            one, other = sorted((id, each.article))
            once.setdefault((one, other, each.detail.lower()), Shared(each.detail, ArticleId(one), ArticleId(other)))
    return list(once.values())


async def _twins(bridge: Bridge) -> tuple[list[Twins], bool]:
    if not isinstance(bridge.matcher, TrialMatcher):
        return [], False
    return await bridge.matcher.twins(COMPARED)


async def used_in(bridge: Bridge, actor: Operator, id: ArticleId) -> list[Article]:
    """Return the articles with a button that leads to an article. Raises Forbidden."""
    require(actor, "read")
    rows = await _once(bridge, "buttons", lambda: _published(bridge))
    return [row for row in rows if row.id != id and id in leads_to(row)]


def leads_to(row: Article) -> set[ArticleId]:
    """Return the articles to which buttons of an article lead."""
    buttons = [*row.buttons, *(button for variant in row.variants for button in variant.buttons)]
    return {button.article for button in buttons if button.article is not None}
