"""What editors do to an article at once: written, removed, put away, brought back; every edition is kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bridge.context import Bridge
from bridge.errors import Conflict, Forbidden, Invalid, NotFound
from bridge.library.index import take_up
from bridge.library.writing.checks import faults, lacks
from bridge.model.articles import Article, Edition, Signed, edition_of
from bridge.model.events import AuditEvent
from bridge.model.ids import ArticleId, fresh
from bridge.model.operators import Operator
from bridge.ports import Clock
from bridge.ports.stores import Store
from bridge.rights import may, require

STATES = ("draft", "review", "published", "archived")
#: Tries to write an article over whatever is there while others write it too.
TRIES = 5

Change = Callable[[Article], Article]


def may_publish(bridge: Bridge, actor: Operator) -> bool:
    """Tell whether what this person writes may stand before customers without anybody else's word."""
    return may(actor, "publish" if bridge.settings.review else "article")


def require_publishing(bridge: Bridge, actor: Operator) -> None:
    """Let pass who may change what customers are told; raises Forbidden."""
    require(actor, "article")
    if not may_publish(bridge, actor):
        raise Forbidden(f"{actor.role.value} may not publish: a reviewer does")


async def put_article(bridge: Bridge, actor: Operator, article: Article) -> Article:
    """Store an article (version 0: new, or over whatever is there), in force at once where it is published.

    Raises Invalid, Forbidden, Conflict("version").
    """
    require(actor, "article")
    before = await known(bridge.store, article.id)
    if article.state == "published" or (before is not None and before.state == "published"):
        require_publishing(bridge, actor)
    stored = await stored_once(bridge.store, bridge.clock, article, signed(bridge, actor))
    await tell(bridge, actor, "article_put", stored)
    return stored


async def delete_article(bridge: Bridge, actor: Operator, id: ArticleId) -> bool:
    """Remove an article; how it stood stays known. False: it was not there. Raises Forbidden."""
    require_publishing(bridge, actor)
    before = await known(bridge.store, id)
    if before is None:
        return False
    await bridge.store.articles.keep(edition(before))
    gone = await bridge.store.articles.delete(id)
    if gone:
        await _note(bridge, actor, "article_deleted", id, {"edition": before.edition})
        await take_up(bridge, [], [id])
    return gone


async def publish(bridge: Bridge, actor: Operator, id: ArticleId, version: int | None = None) -> Article:
    """Let customers be told what was worked on. Raises Forbidden, NotFound, Conflict("version"), Invalid."""
    require_publishing(bridge, actor)

    def change(before: Article) -> Article:
        content = before.next.content if before.next else before.content
        if missing := lacks(content):
            raise Invalid(*missing)
        return replace(before.saying(content), state="published", next=None, comment="")

    return await changed(bridge, actor, id, "article_published", change, version)


async def archive(bridge: Bridge, actor: Operator, id: ArticleId, version: int | None = None) -> Article:
    """Put an article away: customers are told it no more. Raises Forbidden, NotFound, Conflict("version")."""
    require_publishing(bridge, actor)
    return await changed(bridge, actor, id, "article_archived", lambda row: replace(row, state="archived"), version)


async def changed(
    bridge: Bridge, actor: Operator, id: ArticleId, action: str, change: Change, version: int | None = None
) -> Article:
    """Change an article as it stands; with a version only that one. Raises NotFound, Conflict("version"), Invalid."""
    by = signed(bridge, actor)
    for tried in range(TRIES):
        before = await bridge.store.articles.get(id)
        if version is not None and before.version != version:
            raise Conflict("version", f"version {before.version} is there")
        after = change(before)
        if after == before:
            return before
        try:
            stored = await write(bridge.store, bridge.clock, before, after, by)
        except Conflict:
            if version is not None or tried == TRIES - 1:
                raise
            continue
        await tell(bridge, actor, action, stored)
        return stored
    raise Conflict("version")


async def known(store: Store, id: ArticleId) -> Article | None:
    """Read an article if it is there."""
    found = await store.articles.many([id])
    return found[0] if found else None


async def stored_once(store: Store, clock: Clock, article: Article, by: Signed) -> Article:
    """Store an article, keeping how it stood. Raises Invalid, Conflict("version"), which version 0 never meets."""
    for tried in range(TRIES):
        before = await known(store, article.id)
        if article.version and (before is None or before.version != article.version):
            raise Conflict("version", f"version {before.version if before else 0} is there")
        try:
            return await write(store, clock, before, article, by)
        except Conflict:
            if article.version or tried == TRIES - 1:
                raise
    raise Conflict("version")


async def write(store: Store, clock: Clock, before: Article | None, after: Article, by: Signed) -> Article:
    """Write an article over what is there; where its content or state changes it is a new edition.

    The one before is kept first: should this process die in between, what is kept twice is the same.
    Raises Invalid, Conflict("version").
    """
    if wrong := faults(after) or (faults(after, after.next.content) if after.next else []):
        raise Invalid(*wrong)
    if after.state not in STATES:
        raise Invalid(("state", "invalid"))
    now = clock.now()
    if before is None:
        older = await store.articles.editions(after.id, None, 1)
        number = older[0].number + 1 if older else 1
        row = replace(after, created_at=after.created_at or now, updated_at=now, edition=number, signed=by, version=0)
        return await store.articles.put(row)
    is_new = (before.content, before.state) != (after.content, after.state)
    if is_new:
        await store.articles.keep(edition(before))
    more: dict[str, Any] = {"edition": before.edition + 1, "signed": by} if is_new else {}
    row = replace(after, created_at=before.created_at, updated_at=now, version=before.version, **more)
    return await store.articles.put(row)


def edition(article: Article) -> Edition:
    """Return what stands in an article as an edition that can be kept."""
    id = edition_of(article.id, article.edition)
    return Edition(id, article.id, article.edition, article.content, article.state, article.signed)


def signed(bridge: Bridge, actor: Operator) -> Signed:
    """Return a person's signature of this moment."""
    return Signed(actor.id, actor.name, bridge.clock.now())


async def tell(bridge: Bridge, actor: Operator, action: str, article: Article) -> None:
    """Note what was done to an article, and let the matcher know it."""
    await _note(bridge, actor, action, article.id, {"edition": article.edition})
    await take_up(bridge, [article])


async def _note(bridge: Bridge, actor: Operator, action: str, id: ArticleId, detail: dict[str, Any]) -> None:
    event = AuditEvent(fresh(), bridge.clock.now(), actor.id, action, f"article:{id}", detail)
    await bridge.store.journal.write(event)


async def article_at(bridge: Bridge, id: ArticleId, number: int) -> Edition:
    """Return how an article stood; also of one that was removed. Raises NotFound."""
    there = await known(bridge.store, id)
    if there is not None and there.edition == number:
        return edition(there)
    if there is not None and there.edition < number:
        raise NotFound(f"edition {number} of {id}")
    return await bridge.store.articles.edition(id, number)
