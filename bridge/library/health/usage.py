"""How articles fare with customers: how often they were shown, whether they helped, when they look stale."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.context import Bridge
from bridge.library.health import counting
from bridge.model.articles import Article
from bridge.model.ids import ArticleId
from bridge.model.questions import EVER, USES, Tally

#: Ways in which an article is shown to a customer, and days of the figure beside the whole.
SHOWN = ("answer", "offer", "sent")
DAYS = 30
#: An article looks stale that was shown more often than SHOWN_LEAST and helped less than HELPED_LEAST, or was not
#: touched so long; of fewer answers than HELPED_FEW nothing is said.
SHOWN_LEAST = 20
HELPED_LEAST = 0.6
HELPED_FEW = 5
UNTOUCHED = timedelta(days=180)
#: For how long counts are good enough for lists.
GOOD = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Usage:
    """How often an article was shown, ever and of late, and what customers said; `stale`: "", helped or untouched."""

    shown: int = 0
    shown_lately: int = 0
    helped: int = 0
    not_helped: int = 0
    stale: str = ""

    @property
    def share(self) -> float | None:
        """Share of those who said whether it helped to whom it did; None: nobody said."""
        said = self.helped + self.not_helped
        return self.helped / said if said else None


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of all articles at a time by what became of them, ever and on the last DAYS days, and when last shown."""

    at: datetime
    ever: dict[str, dict[ArticleId, int]]
    lately: dict[str, dict[ArticleId, int]]
    last: dict[ArticleId, datetime]


async def counts(bridge: Bridge) -> Counts:
    """Count what became of articles; what was counted just now is good enough."""
    now = bridge.clock.now()
    async with bridge.memory.lock("uses"):
        known: Counts | None = bridge.memory.kept.get("uses")
        if known is not None and timedelta(0) <= now - known.at < GOOD:
            return known
        days = counting.standing(await bridge.store.uses.days())
        fresh = await counting.uses(bridge, counting.counted(days), now + timedelta(days=1))
        first = now - timedelta(days=DAYS)
        lately = [each for day in days if EVER > day.id >= first.date().isoformat() for each in day.tallies]
        lately += counting.tallied(use for use in fresh if use.at >= first)
        ever = [each for day in days for each in day.tallies]
        ever += counting.tallied(fresh)
        last: dict[ArticleId, datetime] = {}
        for each in ever:
            if each.how in SHOWN:
                last[each.article] = max(each.last, last.get(each.article, each.last))
        found = bridge.memory.kept["uses"] = Counts(now, _by_kind(ever), _by_kind(lately), last)
        return found


def _by_kind(tallies: Iterable[Tally]) -> dict[str, dict[ArticleId, int]]:
    found: dict[str, dict[ArticleId, int]] = {how: {} for how in USES}
    for each in tallies:
        found[each.how][each.article] = found[each.how].get(each.article, 0) + each.count
    return found


def usage_of(row: Article, found: Counts, now: datetime) -> Usage:
    """Return how an article fares by the counts."""
    shown = sum(found.ever[how].get(row.id, 0) for how in SHOWN)
    lately = sum(found.lately[how].get(row.id, 0) for how in SHOWN)
    helped, not_helped = (found.ever[how].get(row.id, 0) for how in ("helped", "not_helped"))
    return Usage(shown, lately, helped, not_helped, stale(row, shown, helped, not_helped, now))


def stale(row: Article, shown: int, helped: int, not_helped: int, now: datetime) -> str:
    """Tell why an article looks stale: helped (too few of those who said so) or untouched; empty: it does not."""
    if row.state != "published" or shown <= SHOWN_LEAST:
        return ""
    said = helped + not_helped
    if said >= HELPED_FEW and helped < HELPED_LEAST * said:
        return "helped"
    touched = row.signed.at if row.signed else row.updated_at
    return "untouched" if touched is not None and now - touched > UNTOUCHED else ""


async def usages(bridge: Bridge, rows: Iterable[Article]) -> dict[ArticleId, Usage]:
    """Return how articles fare."""
    found, now = await counts(bridge), bridge.clock.now()
    return {row.id: usage_of(row, found, now) for row in rows}
