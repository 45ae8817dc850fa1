"""What editors work on while customers are told what stands: drafts, a reviewer's look, editions brought back."""

from dataclasses import replace

from bridge.context import Bridge
from bridge.errors import Invalid
from bridge.library.writing.articles import (
    article_at,
    changed,
    edition,
    known,
    may_publish,
    require_publishing,
    signed,
    stored_once,
    tell,
)
from bridge.library.writing.checks import lacks
from bridge.model.articles import Article, Content, Edition, NextEdition
from bridge.model.ids import ArticleId
from bridge.model.operators import Operator
from bridge.rights import require

#: Characters of a reviewer's word.
COMMENT = 2000
#: What was never published, or is not any more, is itself the draft.
UNSEEN = ("draft", "review")


async def save_draft(
    bridge: Bridge, actor: Operator, id: ArticleId, content: Content, version: int | None = None
) -> Article:
    """Keep what is worked on; of an article that was published customers go on being told what stands.

    Raises Forbidden, NotFound, Conflict("version"), Invalid.
    """
    require(actor, "article")
    by = signed(bridge, actor)

    def change(before: Article) -> Article:
        if before.state in UNSEEN:
            return replace(before.saying(content), state="draft")
        if content == before.content:
            return replace(before, next=None)
        comment = before.next.comment if before.next else ""
        return replace(before, next=NextEdition(content, by, comment=comment))

    return await changed(bridge, actor, id, "article_draft", change, version)


async def drop_draft(bridge: Bridge, actor: Operator, id: ArticleId, version: int | None = None) -> Article:
    """Forget what was worked on. Raises Forbidden, NotFound, Conflict("version"), Invalid where nothing else stands."""
    require(actor, "article")

    def change(before: Article) -> Article:
        if before.state in UNSEEN:
            raise Invalid(("state", "never_published"))
        return replace(before, next=None)

    return await changed(bridge, actor, id, "article_draft_dropped", change, version)


async def ask_review(bridge: Bridge, actor: Operator, id: ArticleId, version: int | None = None) -> Article:
    """Ask a reviewer to look at what was worked on. Raises Forbidden, NotFound, Conflict("version"), Invalid."""
    require(actor, "article")

    def change(before: Article) -> Article:
        content = before.next.content if before.next else before.content
        if before.next is None and before.state not in UNSEEN:
            raise Invalid(("state", "no_draft"))
        if missing := lacks(content):
            raise Invalid(*missing)
        if before.next is not None:
            return replace(before, next=replace(before.next, review=True))
        return replace(before, state="review")

    return await changed(bridge, actor, id, "article_review", change, version)


async def send_back(
    bridge: Bridge, actor: Operator, id: ArticleId, comment: str, version: int | None = None
) -> Article:
    """Give a draft back to who wrote it, with a word why. Raises Forbidden, NotFound, Conflict("version"), Invalid."""
    require_publishing(bridge, actor)
    if len(comment) > COMMENT:
        raise Invalid(("comment", "too_long"))

    def change(before: Article) -> Article:
        if before.next is not None and before.next.review:
            return replace(before, next=replace(before.next, review=False, comment=comment))
        if before.state != "review":
            raise Invalid(("state", "not_in_review"))
        return replace(before, state="draft", comment=comment)

    return await changed(bridge, actor, id, "article_sent_back", change, version)


async def editions(bridge: Bridge, actor: Operator, id: ArticleId, before: int | None, limit: int) -> list[Edition]:
    """Return how an article stood, newest first, what stands now included. Raises Forbidden."""
    require(actor, "read")
    there = await known(bridge.store, id)
    now = [edition(there)] if there is not None and (before is None or there.edition < before) else []
    older = await bridge.store.articles.editions(id, now[0].number if now else before, limit)
    return [*now, *older][:limit]


async def restore(
    bridge: Bridge, actor: Operator, id: ArticleId, number: int, *, draft: bool = False, version: int | None = None
) -> Article:
    """Bring back how an article once stood: at once, or (`draft`, or who may not publish) as what is worked on.

    One that was removed comes back with the state it had. Raises Forbidden, NotFound, Conflict("version"), Invalid.
    """
    require(actor, "article")
    old = await article_at(bridge, id, number)
    there = await known(bridge.store, id)
    if there is None:
        state = old.state if may_publish(bridge, actor) and not draft else "draft"
        row = replace(Article(id, "", "").saying(old.content), state=state)
        stored = await stored_once(bridge.store, bridge.clock, row, signed(bridge, actor))
        await tell(bridge, actor, "article_restored", stored)
        return stored
    if draft or not may_publish(bridge, actor):
        return await save_draft(bridge, actor, id, old.content, version)

    def change(before: Article) -> Article:
        return before.saying(old.content)

    return await changed(bridge, actor, id, "article_restored", change, version)
