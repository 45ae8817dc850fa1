"""Before an article is published: which questions would be answered otherwise, for the better or the worse."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from bridge.context import Bridge
from bridge.library.health.choosing import chosen
from bridge.library.health.kept import Said, right, said_of
from bridge.library.learning.labels import asked_as
from bridge.library.learning.truth import resolved
from bridge.limits import thresholds
from bridge.model.articles import Article, Decision, Label
from bridge.model.ids import ArticleId
from bridge.model.operators import Operator
from bridge.ports import TrialMatcher
from bridge.rights import require

#: Customers' questions that are asked again at most, how far back they are looked for, how many of each kind are
#: looked at, and how many effects are listed.
ASKED = 500
DAYS = 90
LOOKED_AT = 20_000
LISTED = 200
#: For how long what was found of a draft is said again, and of how many drafts it is kept.
GOOD = timedelta(minutes=5)
DRAFTS = 32
#: Questions about which is looked up at once what was said.
PORTION = 100
#: What may become of a question, the worst first.
KINDS = ("breaks", "changes", "heals")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on record: kept by an editor, or asked by a customer; `known`: `wanted` is what answers it."""

    text: str
    language: str | None = None
    kept: bool = False
    known: bool = False
    wanted: ArticleId | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of a question: breaks (was right, will be wrong), heals, or changes (nobody said what is right)."""

    kind: str
    asked: Asked
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class Effects:
    """What publishing would do to `kept` and `customers` questions; `items`: the worst first, LISTED at most.

    `recorded`: customers' questions there are, of which `customers` were asked.
    """

    kept: int
    customers: int
    recorded: int
    counts: dict[str, int]
    items: tuple[Effect, ...]


async def effects(bridge: Bridge, actor: Operator, id: ArticleId) -> Effects:
    """Ask questions on record of the base as it is, and as it were with an article's draft published.

    What was found is said again for a while where base, draft, kept questions and thresholds are the same.
    Raises Forbidden, NotFound.
    """
    require(actor, "article")
    row = await bridge.store.articles.get(id)
    content = row.next.content if row.next else row.content
    published = replace(row.saying(content), state="published", next=None)
    mark = await _mark(bridge, published)
    known: OrderedDict[str, tuple[datetime, Effects]] = bridge.memory.kept.setdefault("effects", OrderedDict())
    async with bridge.memory.lock(f"effects:{id}"):
        at, found = known.get(mark, (None, None))
        now = bridge.clock.now()
        if at is None or found is None or not timedelta(0) <= now - at < GOOD:
            found = await _effects(bridge, id, published)
            known[mark] = now, found
            while len(known) > DRAFTS:
                known.popitem(last=False)
        return found


async def _mark(bridge: Bridge, published: Article) -> str:
    """Name what the effects of a draft depend on, but for what customers ask meanwhile."""
    version = bridge.matcher.version if isinstance(bridge.matcher, TrialMatcher) else ""
    kept = [(row.id, row.version) for row in await bridge.store.questions.all()]
    in_force = published.in_force(bridge.clock.now())
    told = (version, published.id, published.content, in_force, thresholds(bridge), kept)
    return sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


async def _effects(bridge: Bridge, id: ArticleId, published: Article) -> Effects:
    kept, customers, recorded = await on_record(bridge, published)
    asked = [*kept, *customers]
    now = bridge.clock.now()
    put, gone = ([published], []) if published.in_force(now) else ([], [id])
    found = [effect for each in await _rehearsed(bridge, put, gone, asked) if (effect := each) is not None]
    found.sort(key=lambda each: (KINDS.index(each.kind), not each.asked.kept))
    counts = {kind: sum(1 for each in found if each.kind == kind) for kind in KINDS}
    return Effects(len(kept), len(customers), recorded, counts, tuple(found[:LISTED]))


async def _rehearsed(
    bridge: Bridge, put: list[Article], gone: list[ArticleId], asked: list[Asked]
) -> list[Effect | None]:
    if not isinstance(bridge.matcher, TrialMatcher):
        return []
    texts = [(each.text, each.language) for each in asked]
    done = await bridge.matcher.rehearsed(put, gone, texts)
    return [
        _effect(each, said_of(bridge, two.before), said_of(bridge, two.after))
        for each, two in zip(asked, done, strict=True)
    ]


def _effect(asked: Asked, before: Said, after: Said) -> Effect | None:
    """Tell what becomes of a question; None: it is answered as it was."""
    was, will = right(asked.wanted, before), right(asked.wanted, after)
    if asked.known and was != will:
        return Effect("breaks" if was else "heals", asked, before, after)
    return Effect("changes", asked, before, after) if _told(before) != _told(after) else None


def _told(said: Said) -> tuple[Decision, ArticleId | None]:
    return said.decision, said.article if said.decision is not Decision.NONE else None


async def on_record(bridge: Bridge, article: Article) -> tuple[list[Asked], list[Asked], int]:
    """Return the kept questions, what customers asked of late (ASKED at most, see choosing), and how many there are.

    Each is asked once; of what was said about one the last word stands, whenever it was said.
    """
    since = bridge.clock.now() - timedelta(days=DAYS)
    kept = [
        Asked(row.text, row.language, kept=True, known=True, wanted=row.article)
        for row in await bridge.store.questions.all()
    ]
    said = resolved(await bridge.store.labels.said(since, LOOKED_AT))[::-1]
    found = [Asked(row.text, known=True, wanted=row.article_id) for row in said if row.fits]
    found += [Asked(row.text, row.language) for row in await bridge.store.misses.open(since, LOOKED_AT)]
    found += [
        Asked(row.text, row.language, wanted=row.article_id)
        for row in await bridge.store.reviews.page("open", LOOKED_AT)
    ]
    once = {asked_as(each.text): each for each in reversed([*kept, *found])}
    there = [each for each in reversed(once.values()) if not each.kept]
    sounds = (article.title, *article.questions)
    numbers = await asyncio.to_thread(chosen, [(each.text, each.wanted) for each in there], article.id, sounds, ASKED)
    return kept, await _as_it_stands(bridge, [there[number] for number in numbers]), len(there)


async def _as_it_stands(bridge: Bridge, asked: list[Asked]) -> list[Asked]:
    """Let the last word on each question say what answers it: some of it may be older than what was looked at."""
    stands: dict[str, Label] = {}
    keys = [asked_as(each.text) for each in asked]
    for start in range(0, len(keys), PORTION):
        rows = await bridge.store.labels.asked(keys[start : start + PORTION])
        stands |= {asked_as(each.text): each for each in resolved(rows) if each.fits}
    return [
        replace(each, known=key in stands, wanted=stands[key].article_id if key in stands else None)
        for key, each in zip(keys, asked, strict=True)
    ]
