"""Questions kept as tests of the knowledge base: written down once, asked whenever an editor wants to know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge.context import Bridge
from bridge.errors import Conflict, Invalid, NotFound
from bridge.library.index import decision_of
from bridge.library.learning.labels import asked_as, masked
from bridge.library.writing.articles import signed
from bridge.library.writing.checks import key_of
from bridge.model.articles import Article, Decision, Match
from bridge.model.ids import ArticleId, derive
from bridge.model.operators import Operator
from bridge.model.questions import KeptQuestion
from bridge.rights import require

#: Questions that are kept at most: all of them are asked before an article is published.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Said:
    """What the base says to a question: a decision, and the article it is about (None: it says nothing)."""

    decision: Decision
    article: ArticleId | None = None
    title: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Tested:
    """A kept question and what the base says to it now."""

    question: KeptQuestion
    said: Said
    passes: bool


def said_of(bridge: Bridge, match: Match) -> Said:
    """Return what a match comes to by the thresholds in force."""
    decision = decision_of(bridge, match)
    if not match.ranked:
        return Said(decision)
    best = match.ranked[0]
    return Said(decision, best.article_id, best.title, best.confidence)


def right(wanted: ArticleId | None, said: Said) -> bool:
    """Tell whether a question is answered as wanted.

    The article is answered or offered first; where nothing fits, nothing is answered (an offer leaves the choice).
    """
    if wanted is None:
        return said.decision is not Decision.ANSWER
    return said.decision is not Decision.NONE and said.article == wanted


async def questions(bridge: Bridge, actor: Operator) -> list[KeptQuestion]:
    """Return all kept questions, the oldest first. Raises Forbidden."""
    require(actor, "read")
    return await bridge.store.questions.all()


async def titles(bridge: Bridge, rows: Sequence[KeptQuestion]) -> dict[ArticleId, Article]:
    """Return the articles questions want, as far as they are there."""
    found = await bridge.store.articles.many(list({row.article for row in rows if row.article is not None}))
    return {each.id: each for each in found}


async def keep(
    bridge: Bridge, actor: Operator, text: str, article: ArticleId | None, language: str | None = None
) -> KeptQuestion:
    """Keep a question, MOST at most; the same one again is what is there. Raises Forbidden, Invalid, NotFound."""
    require(actor, "article")
    shown = await _checked(bridge, text, article)
    id = derive("kept", asked_as(shown), language or "")
    if await bridge.store.questions.count() >= MOST and not await bridge.store.questions.has(id):
        raise Invalid(("text", "too_many"))
    row = KeptQuestion(id, shown, article, language, signed(bridge, actor))
    there = await bridge.store.questions.put(row)
    return there if there.article == article else await change(bridge, actor, id, shown, article, language)


async def change(
    bridge: Bridge,
    actor: Operator,
    id: str,
    text: str,
    article: ArticleId | None,
    language: str | None,
    version: int | None = None,
) -> KeptQuestion:
    """Write a kept question anew. Raises Forbidden, NotFound, Invalid, Conflict("version")."""
    require(actor, "article")
    there = await bridge.store.questions.get(id)
    if version is not None and there.version != version:
        raise Conflict("version", f"version {there.version} is there")
    shown = await _checked(bridge, text, article)
    by = signed(bridge, actor)
    return await bridge.store.questions.put(replace(there, text=shown, article=article, language=language, signed=by))


async def forget(bridge: Bridge, actor: Operator, id: str) -> None:
    """Keep a question no more. Raises Forbidden, NotFound."""
    require(actor, "article")
    if not await bridge.store.questions.delete(id):
        raise NotFound(f"question {id}")


async def _checked(bridge: Bridge, text: str, article: ArticleId | None) -> str:
    if not key_of(text):
        raise Invalid(("text", "empty"))
    if article is not None:
        await bridge.store.articles.get(article)
    return masked(bridge, None, text)


async def run(bridge: Bridge, actor: Operator) -> list[Tested]:
    """Ask all kept questions: those that fail come first. Raises Forbidden."""
    require(actor, "suggest")
    found = []
    for row in await bridge.store.questions.all():
        said = said_of(bridge, await bridge.matcher.match(row.text, limit=1, language=row.language))
        found.append(Tested(row, said, right(row.article, said)))
    return sorted(found, key=lambda each: each.passes)
