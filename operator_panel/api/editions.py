"""/articles/{id}/…: drafts, a reviewer's look, publishing, editions and what came back of them."""

from bridge.library.writing import compare, drafts
from bridge.library.writing.articles import archive, article_at, publish
from bridge.model.articles import Content
from bridge.model.ids import ArticleId
from bridge.rights import require
from operator_panel.api import article_bodies as bodies
from operator_panel.api import article_shapes as shapes
from operator_panel.api import article_views as views
from operator_panel.problems import invalid
from operator_panel.reading import expected_version
from operator_panel.serving import Call


async def draft_put(call: Call, id: str, body: bodies.ContentChange) -> shapes.Article:
    """Keep what is worked on; customers go on being told what stands."""
    require(call.actor, "article")
    row = await call.bridge.store.articles.get(ArticleId(id))
    call.expect(row.version)
    there = row.next.content if row.next else row.content
    values = {name: getattr(there, name) for name in Content.__dataclass_fields__}
    content = Content(**values | await views.written(call.bridge, call.actor, body, there))
    return views.article(
        call.bridge, await drafts.save_draft(call.bridge, call.actor, ArticleId(id), content, row.version)
    )


async def draft_delete(call: Call, id: str) -> shapes.Article:
    """Forget what was worked on."""
    wanted = expected_version(call.request)
    return views.article(call.bridge, await drafts.drop_draft(call.bridge, call.actor, ArticleId(id), wanted))


async def article_review(call: Call, id: str) -> shapes.Article:
    """Ask a reviewer to look at what was worked on."""
    wanted = expected_version(call.request)
    return views.article(call.bridge, await drafts.ask_review(call.bridge, call.actor, ArticleId(id), wanted))


async def article_send_back(call: Call, id: str, body: bodies.Comment) -> shapes.Article:
    """Give a draft back to who wrote it."""
    wanted = expected_version(call.request)
    done = await drafts.send_back(call.bridge, call.actor, ArticleId(id), body.comment, wanted)
    return views.article(call.bridge, done)


async def article_publish(call: Call, id: str) -> shapes.Article:
    """Let customers be told what was worked on."""
    wanted = expected_version(call.request)
    return views.article(call.bridge, await publish(call.bridge, call.actor, ArticleId(id), wanted))


async def article_archive(call: Call, id: str) -> shapes.Article:
    """Put an article away."""
    wanted = expected_version(call.request)
    return views.article(call.bridge, await archive(call.bridge, call.actor, ArticleId(id), wanted))


async def article_restore(call: Call, id: str, body: bodies.Restore) -> shapes.Article:
    """Bring back how an article once stood, also of one that was removed."""
    wanted = expected_version(call.request)
    done = await drafts.restore(call.bridge, call.actor, ArticleId(id), body.edition, draft=body.draft, version=wanted)
    return views.article(call.bridge, done)


async def editions(call: Call, id: str, query: bodies.EditionQuery) -> shapes.Editions:
    """List how an article stood, newest first."""
    rows = await drafts.editions(call.bridge, call.actor, ArticleId(id), query.before, query.limit + 1)
    more = rows[query.limit - 1].number if len(rows) > query.limit else None
    return shapes.Editions(items=[views.edition(row) for row in rows[: query.limit]], next=more)


async def edition(call: Call, id: str, number: str) -> shapes.Edition:
    """Read how an article once stood."""
    require(call.actor, "read")
    return views.edition(await article_at(call.bridge, ArticleId(id), _number(number)))


async def edition_changes(call: Call, id: str, number: str, query: bodies.Against) -> shapes.Changes:
    """Compare an edition with what came after it: from the older one to `against`, or to what stands now."""
    require(call.actor, "read")
    old = await article_at(call.bridge, ArticleId(id), _number(number))
    against = query.against or (await call.bridge.store.articles.get(ArticleId(id))).edition
    new = await article_at(call.bridge, ArticleId(id), against)
    found = compare.differences(old.content, new.content)
    return shapes.Changes(number=old.number, against=new.number, items=views.changes(found))


async def draft_changes(call: Call, id: str) -> shapes.Changes:
    """Compare what stands with what is worked on; without a draft nothing differs."""
    require(call.actor, "read")
    row = await call.bridge.store.articles.get(ArticleId(id))
    found = compare.differences(row.content, row.next.content) if row.next else []
    return shapes.Changes(number=row.edition, against=row.edition + 1, items=views.changes(found))


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**53:
        raise invalid(("number", "no_number"))
    return int(text)
