"""What became of articles with customers is counted by day: what is counted is not looked at again.

An answer of the bot needs no row of its own for it: its message says which article it is. Whoever wants figures adds
what is not counted yet to what is, so they are right at any moment and after any crash.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.library.health.using import told_in
from bridge.model.ids import ArticleId
from bridge.model.questions import EVER, Tally, Use, UseDay

#: What is younger is not counted yet: messages may still be written out, of a time a moment ago.
REST = timedelta(minutes=2)
#: A conversation whose messages are not written out since so long does not hold up counting any more.
GIVEN_UP = timedelta(days=1)
#: Rows that are counted stay so long for whoever is reading them; so many are forgotten at once.
READ = timedelta(hours=1)
FORGOTTEN = 5000
#: Days that are kept one by one.
DAYS = 40
#: Messages after which others have their turn.
PORTION = 500
#: Kinds that were rows before they were read off messages.
TOLD = ("answer", "offer")


@dataclass(slots=True)
class Tallies:
    """Counts by article and kind, and when each came last."""

    counts: dict[tuple[ArticleId, str], tuple[int, datetime]] = field(default_factory=dict)

    def add(self, article: ArticleId, how: str, count: int, last: datetime) -> None:
        """Add to what is there."""
        before = self.counts.get((article, how))
        self.counts[article, how] = (before[0] + count, max(before[1], last)) if before else (count, last)

    def with_all(self, tallies: Iterable[Tally]) -> "Tallies":
        """Add what is counted already."""
        for each in tallies:
            self.add(each.article, each.how, each.count, each.last)
        return self

    def rows(self) -> tuple[Tally, ...]:
        """Return them as they are kept."""
        return tuple(Tally(article, how, *found) for (article, how), found in sorted(self.counts.items()))


async def fold(bridge: Bridge) -> bool:
    """Count what is old enough into its days, and forget its rows. False: nothing was to be counted, or not yet.

    Only a day's swap counts: done again after a crash, it goes on behind what is counted. Raises StoreDown.
    """
    end = bridge.clock.now() - REST
    days = await bridge.store.uses.days()
    since = counted(days)
    if (since is not None and since >= end) or await _unsettled(bridge, since, end):
        return False
    new = await uses(bridge, since, end)
    if since is None and not new:
        return False
    try:
        await _save(bridge, days, new, end)
        await _merge(bridge, end)
    except Conflict:
        return False  # another process counts
    if since is not None:
        await bridge.store.uses.forget(since - READ, FORGOTTEN)
    return True


async def _save(bridge: Bridge, days: Iterable[UseDay], new: Iterable[Use], end: datetime) -> None:
    """Add uses to their days, the earliest first; the last one says up to when all is counted."""
    there = {day.id: day for day in days}
    found = {_day(end): Tallies()}
    for use in new:
        found.setdefault(_day(use.at), Tallies()).add(use.article, use.how, 1, use.at)
    for id in sorted(found):
        midnight = datetime.combine(date.fromisoformat(id) + timedelta(days=1), time(), end.tzinfo)
        day = there.get(id, UseDay(id, end))
        tallies = found[id].with_all(day.tallies).rows()
        await bridge.store.uses.save(replace(day, through=min(end, midnight), tallies=tallies))


def _day(at: datetime) -> str:
    return at.date().isoformat()


async def _unsettled(bridge: Bridge, since: datetime | None, end: datetime) -> bool:
    """Tell whether words of the time that is to be counted may be written out only later."""
    if since is not None and end - since > GIVEN_UP:
        return False
    return bool(await bridge.store.conversations.unsettled(end + REST / 2, 1))


async def _merge(bridge: Bridge, now: datetime) -> None:
    """Put days that are not asked for one by one any more together, and drop them."""
    days = await bridge.store.uses.days()
    border = _day(now - timedelta(days=DAYS))
    old = [day for day in days if day.id < border]
    new = [day for day in standing(days) if day.id < border]
    if new:
        ever = next((day for day in days if day.id == EVER), UseDay(EVER, now))
        tallies = Tallies().with_all(each for day in (ever, *new) for each in day.tallies)
        through = max(day.through for day in new)
        await bridge.store.uses.save(replace(ever, through=through, tallies=tallies.rows()))
    for day in old:
        await bridge.store.uses.drop(day)


def standing(days: Sequence[UseDay]) -> list[UseDay]:
    """Leave out days that are counted among those before and were not dropped because of a crash."""
    merged = next((day.through for day in days if day.id == EVER), None)
    return [day for day in days if day.id == EVER or merged is None or day.through > merged]


def tallied(found: Iterable[Use]) -> tuple[Tally, ...]:
    """Return what uses come to."""
    tallies = Tallies()
    for use in found:
        tallies.add(use.article, use.how, 1, use.at)
    return tallies.rows()


def counted(days: Iterable[UseDay]) -> datetime | None:
    """Return up to when all is counted; None: nothing is."""
    return max((day.through for day in days), default=None)


async def uses(bridge: Bridge, since: datetime | None, before: datetime) -> list[Use]:
    """Return what became of articles in a time, each use once; read off rows and messages."""
    store = bridge.store.uses
    rows = await store.rows(since, before)
    found = {row.id: row for row in rows}
    written = await store.newest(TOLD)  # up to then a version before this one wrote rows of everything
    after = max(filter(None, (since, written)), default=None)
    number = 0
    async for message in bridge.store.messages.spoken(after):
        if message.at < before and (since is None or message.at >= since) and (not written or message.at > written):
            found |= {use.id: use for use in told_in(message)}
        number += 1
        if number % PORTION == 0:
            await asyncio.sleep(0)
    return list(found.values())
