"""Verbs on the knowledge base: what an editor stores, the matcher says a moment later."""

from dataclasses import replace

from bridge.context import Bridge, log
from bridge.errors import Invalid, StoreDown
from bridge.model.articles import Article, Decision, Match
from bridge.model.events import AuditEvent
from bridge.model.ids import ArticleId, fresh
from bridge.model.operators import Operator
from bridge.ports.stores import Store
from bridge.rights import require
from bridge.turn import thresholds

#: Wordings of one article at most, and characters of a wording and an answer.
WORDINGS = 500
WORDING_LENGTH = 1000
ANSWER_LENGTH = 20_000
#: Where the stamp of the knowledge base is kept, and how often it is looked at, seconds.
STAMP = "library"
LOOK = 1.0


async def put_article(bridge: Bridge, actor: Operator, article: Article) -> Article:
    """Store an article (version 0: new, or over whatever is there). Raises Invalid, Forbidden, Conflict("version")."""
    require(actor, "article")
    _check(article)
    now = bridge.clock.now()
    stored = await bridge.store.articles.put(replace(article, created_at=article.created_at or now, updated_at=now))
    bridge.memory.library.clear()
    await bridge.matcher.change([stored])
    await _changed(bridge, actor, "article_put", article.id)
    return stored


async def delete_article(bridge: Bridge, actor: Operator, id: ArticleId) -> bool:
    """Remove an article; False: it was not there. Raises Forbidden."""
    require(actor, "article")
    gone = await bridge.store.articles.delete(id)
    if gone:
        bridge.memory.library.clear()
        await bridge.matcher.change([], [id])
        await _changed(bridge, actor, "article_deleted", id)
    return gone


async def match(bridge: Bridge, actor: Operator, text: str, limit: int = 5) -> Match:
    """Say what the knowledge base says to a text, decided by the thresholds in force. Raises Forbidden, Invalid."""
    require(actor, "suggest")
    if not text.strip():
        raise Invalid(("text", "empty"))
    found = await bridge.matcher.match(text, limit=limit)
    return replace(found, decision=decision_of(bridge, found))


def decision_of(bridge: Bridge, found: Match) -> Decision:
    """Apply the thresholds in force to a match."""
    limits = thresholds(bridge)
    if not found.ranked:
        return Decision.NONE
    best = found.ranked[0].confidence
    if found.exact or (limits.answer is not None and best >= limits.answer):
        return Decision.ANSWER
    return Decision.OFFER if best >= limits.offer else Decision.NONE


async def refresh(bridge: Bridge, stamp: str) -> None:
    """Take up what is stored, unless somebody here changes it while it is read: then `watch` looks again."""
    bridge.memory.library[:] = [stamp]
    stored = await bridge.store.articles.library()
    if bridge.memory.library == [stamp]:
        await bridge.matcher.rebuild(stored)


async def watch(bridge: Bridge) -> None:
    """Take up what other processes did to the knowledge base, an import beside this one say, until cancelled."""
    bridge.memory.library[:] = [await _stamp(bridge)]
    while True:
        await bridge.clock.sleep(LOOK)
        try:
            stamp = await _stamp(bridge)
            if [stamp] != bridge.memory.library:
                await refresh(bridge, stamp)
        except StoreDown as fault:
            log.warning("the store does not answer: %s", fault)


async def changed(store: Store) -> str:
    """Note in the store that the knowledge base is another one now; running processes look every few seconds."""
    stamp = fresh()
    await store.journal.put_value(STAMP, {"stamp": stamp})
    return stamp


async def _stamp(bridge: Bridge) -> str:
    return str((await bridge.store.journal.value(STAMP) or {}).get("stamp", ""))


async def _changed(bridge: Bridge, actor: Operator, action: str, id: ArticleId) -> None:
    await bridge.store.journal.write(AuditEvent(fresh(), bridge.clock.now(), actor.id, action, f"article:{id}"))
    await changed(bridge.store)


def _check(article: Article) -> None:
    faults = []
    if not article.id or len(article.id) > 100:
        faults.append(("id", "invalid"))
    if not article.title.strip() and not article.questions:
        faults.append(("title", "empty"))
    if len(article.answer) > ANSWER_LENGTH:
        faults.append(("answer", "too_long"))
    if len(article.questions) > WORDINGS or any(len(question) > WORDING_LENGTH for question in article.questions):
        faults.append(("questions", "too_long"))
    if faults:
        raise Invalid(*faults)
