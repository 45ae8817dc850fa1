"""Before an article is published: which questions would be answered otherwise, for the better or the worse."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bridge.context import Bridge
from bridge.library.health.kept import Said, right, said_of
from bridge.library.learning.labels import asked_as
from bridge.library.learning.truth import resolved
from bridge.model.articles import Article, Decision
from bridge.model.ids import ArticleId
from bridge.model.operators import Operator
from bridge.ports import TrialMatcher
from bridge.rights import require

#: Customers' questions that are asked again at most, how far back they are looked for, and how many are listed.
ASKED = 500
DAYS = 90
LISTED = 200
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
    """What publishing would do to `kept` and `customers` questions; `items`: the worst first, LISTED at most."""

    kept: int
    customers: int
    counts: dict[str, int]
    items: tuple[Effect, ...]


async def effects(bridge: Bridge, actor: Operator, id: ArticleId) -> Effects:
    """Ask questions on record of the base as it is, and as it were with an article's draft published.

    Raises Forbidden, NotFound.
    """
    require(actor, "article")
    row = await bridge.store.articles.get(id)
    content = row.next.content if row.next else row.content
    published = replace(row.saying(content), state="published", next=None)
    asked = await on_record(bridge)
    now = bridge.clock.now()
    put, gone = ([published], []) if published.in_force(now) else ([], [id])
    found = [effect for each in await _rehearsed(bridge, put, gone, asked) if (effect := each) is not None]
    found.sort(key=lambda each: (KINDS.index(each.kind), not each.asked.kept))
    counts = {kind: sum(1 for each in found if each.kind == kind) for kind in KINDS}
    kept = sum(1 for each in asked if each.kept)
    return Effects(kept, len(asked) - kept, counts, tuple(found[:LISTED]))


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


async def on_record(bridge: Bridge) -> list[Asked]:
    """Return the kept questions and, each once, what customers asked of late: said about, unanswered, answered."""
    since = bridge.clock.now() - timedelta(days=DAYS)
    kept = [
        Asked(row.text, row.language, kept=True, known=True, wanted=row.article)
        for row in await bridge.store.questions.all()
    ]
    said = resolved(await bridge.store.labels.said(since, ASKED))
    found = [Asked(row.text, known=True, wanted=row.article_id) for row in said if row.fits]
    found += [Asked(row.text, row.language) for row in await bridge.store.misses.open(since, ASKED)]
    found += [Asked(row.text, row.language) for row in await bridge.store.reviews.page("open", ASKED)]
    once = {asked_as(each.text): each for each in reversed([*kept, *found])}
    customers = [each for each in once.values() if not each.kept]
    return [*kept, *customers[-ASKED:]]
