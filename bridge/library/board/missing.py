"""Questions without an answer: noted with the bot's turn, grouped for editors, made into articles, asked again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bridge.context import Bridge
from bridge.errors import Conflict, Invalid
from bridge.library.index import decision_of
from bridge.library.learning.labels import said, unsaid
from bridge.library.writing.articles import may_publish, put_article
from bridge.library.writing.checks import WORDING_LENGTH, key_of
from bridge.library.writing.drafts import save_draft
from bridge.model.articles import Article, Content, Decision
from bridge.model.conversations import Conversation
from bridge.model.ids import ArticleId, ConversationId, fresh
from bridge.model.labels import LabelSource
from bridge.model.misses import Miss
from bridge.model.operators import Operator
from bridge.rights import require
from bridge.teamwork import access

#: How far back the board looks, days, and at how many questions at most.
DAYS = 30
MOST = 2000
#: Days after which a question is forgotten, whatever became of it.
KEPT = 365
#: Questions of the board that are asked again when an article is published.
AGAIN = 500
#: Days of the line that shows whether it is asked more and more.
TREND = 7


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same: `trend` counts them by day, today last.

    `label` is the one most like all of them, `example` the most usual one.
    """

    id: str
    label: str
    example: str
    misses: tuple[Miss, ...]
    trend: tuple[int, ...]
    languages: dict[str, int]
    channels: dict[str, int]


@dataclass(frozen=True, slots=True)
class Again:
    """What a question that had no answer is answered now."""

    miss: Miss
    decision: Decision
    article: ArticleId | None
    title: str
    confidence: float


async def board(
    bridge: Bridge,
    actor: Operator,
    *,
    language: str | None = None,
    channel: str | None = None,
    days: int = DAYS,
    dismissed: bool = False,
) -> list[Group]:
    """Return what was asked without an answer, grouped: what is asked most of late comes first. Raises Forbidden.

    `dismissed`: what an editor said is no question for the base, instead of what is still to be decided on.
    """
    require(actor, "suggest")
    since = bridge.clock.now() - timedelta(days=days)
    kept = await (bridge.store.misses.dismissed if dismissed else bridge.store.misses.open)(since, MOST)
    rows = await access.sifted(bridge, actor, kept)
    rows = [row for row in rows if language in (None, row.language) and channel in (None, row.channel)]
    found = await bridge.matcher.grouped([row.text for row in rows])
    groups = [_group(bridge, [rows[number] for number in one]) for one in found]
    return sorted(groups, key=lambda group: (-sum(group.trend), -len(group.misses), group.id))


def _group(bridge: Bridge, rows: Sequence[Miss]) -> Group:
    today = bridge.clock.now().date()
    ages = Counter((today - row.at.date()).days for row in rows)
    usual = Counter(key_of(row.text) for row in rows).most_common(1)[0][0]
    newest = sorted(rows, key=lambda row: (row.at, row.id), reverse=True)
    return Group(
        newest[-1].id,
        rows[0].text,
        next(row.text for row in newest if key_of(row.text) == usual),
        tuple(newest),
        tuple(ages.get(age, 0) for age in range(TREND - 1, -1, -1)),
        dict(Counter(row.language for row in rows)),
        dict(Counter(row.channel for row in rows)),
    )


async def make_article(bridge: Bridge, actor: Operator, ids: Sequence[str], title: str, answer: str) -> Article:
    """Make a draft that is asked as these questions are. Raises Forbidden, Invalid when none of them is there."""
    require(actor, "article")
    rows = await _those(bridge, ids)
    wordings = _wordings(rows, ())
    languages = {row.language for row in rows}
    lang = languages.pop() if len(languages) == 1 else None
    row = Article(ArticleId(fresh()), title or wordings[0][:300], answer, wordings, lang, state="draft")
    stored = await put_article(bridge, actor, row)
    await _settle(bridge, rows, "taken", stored.id)
    return stored


async def add_to(bridge: Bridge, actor: Operator, ids: Sequence[str], id: ArticleId) -> Article:
    """Add questions to the wordings of an article, at once or (who may not publish) to what is worked on.

    Raises Forbidden, NotFound, Invalid.
    """
    require(actor, "article")
    rows = await _those(bridge, ids)
    article = await bridge.store.articles.get(id)
    there = article.next.content if article.next else article.content
    content: Content = replace(there, questions=_wordings(rows, there.questions))
    if article.next is not None or article.state != "published" or not may_publish(bridge, actor):
        stored = await save_draft(bridge, actor, id, content, article.version)
    else:
        stored = await put_article(bridge, actor, article.saying(content))
    await _settle(bridge, rows, "taken", id)
    return stored


def _wordings(rows: Sequence[Miss], there: Sequence[str]) -> tuple[str, ...]:
    found = {key_of(wording): wording for wording in there}
    for row in rows:
        found.setdefault(key_of(row.text), row.text[:WORDING_LENGTH])
    return tuple(found.values())


async def dismiss(bridge: Bridge, actor: Operator, ids: Sequence[str]) -> int:
    """Note that these are no questions for the base: the matcher learns it. Raises Forbidden, Invalid."""
    require(actor, "article")
    rows = await _those(bridge, ids)
    where = await _where(bridge, rows)
    for row in rows:
        about = where.get(row.conversation)
        await bridge.store.labels.put(said(bridge, about, row.text, None, source=LabelSource.NOTHING, by=actor.id))
    return await _settle(bridge, rows, "dismissed", None)


async def restore(bridge: Bridge, actor: Operator, ids: Sequence[str]) -> int:
    """Take `dismiss` back: they stand on the board again, and are no labels. Raises Forbidden, Invalid."""
    require(actor, "article")
    rows = [row for row in await _those(bridge, ids) if row.state == "dismissed"]
    where = await _where(bridge, rows)
    for row in rows:
        await unsaid(bridge, where.get(row.conversation), row.text)
    return await _settle(bridge, rows, "open", None)


async def _where(bridge: Bridge, rows: Sequence[Miss]) -> dict[ConversationId, Conversation]:
    told = await bridge.store.conversations.many(list(dict.fromkeys(row.conversation for row in rows)))
    return {each.id: each for each in told}


async def ask_again(bridge: Bridge, actor: Operator, ids: Sequence[str]) -> list[Again]:
    """Ask questions again; those an article answers now are noted so. Raises Forbidden, Invalid."""
    require(actor, "article")
    return [await _asked(bridge, row) for row in await _those(bridge, ids)]


async def asked_for(bridge: Bridge, actor: Operator, id: ArticleId) -> list[Again]:
    """Ask again what an article was made of; nothing is noted. Raises Forbidden."""
    require(actor, "suggest")
    return [await _again(bridge, row) for row in await bridge.store.misses.of(id, MOST)]


async def answered_now(bridge: Bridge, actor: Operator, id: ArticleId) -> list[Again]:
    """Ask again what an article was made of and what still stands on the board: what it answers is noted so.

    Returns the former, and of the latter what this article answers now. Raises Forbidden.
    """
    require(actor, "article")
    own = [await _asked(bridge, row) for row in await bridge.store.misses.of(id, MOST)]
    since = bridge.clock.now() - timedelta(days=DAYS)
    for row in await bridge.store.misses.open(since, AGAIN):
        found = await _again(bridge, row)
        if found.decision is Decision.ANSWER and found.article == id:
            await _settle(bridge, [row], "answered", id)
            own.append(replace(found, miss=replace(row, state="answered", article=id)))
    return own


async def _asked(bridge: Bridge, row: Miss) -> Again:
    found = await _again(bridge, row)
    answered = found.decision is Decision.ANSWER
    state = "answered" if answered else "taken" if row.state == "answered" else row.state
    if state == row.state:
        return found
    article = found.article if answered else row.article
    await _settle(bridge, [row], state, article)
    return replace(found, miss=replace(row, state=state, article=article))


async def _again(bridge: Bridge, row: Miss) -> Again:
    match = await bridge.matcher.match(row.text, limit=1, language=row.language)
    decision = decision_of(bridge, match)
    best = match.ranked[0] if match.ranked else None
    article = best.article_id if best else None
    return Again(row, decision, article, best.title if best else "", best.confidence if best else 0.0)


async def _those(bridge: Bridge, ids: Sequence[str]) -> list[Miss]:
    rows = await bridge.store.misses.many(list(dict.fromkeys(ids)))
    if not rows:
        raise Invalid(("ids", "unknown"))
    return rows


async def _settle(bridge: Bridge, rows: Sequence[Miss], state: str, article: ArticleId | None) -> int:
    """Note what became of questions; who was quicker has the word."""
    done = 0
    for row in rows:
        try:
            await bridge.store.misses.replace(replace(row, state=state, article=article))
        except Conflict:
            continue
        done += 1
    return done
