"""/articles: the knowledge base; what is published is in force at once."""

import asyncio
from dataclasses import replace
from typing import Any

from bridge.errors import NotFound
from bridge.library.health.usage import usages
from bridge.library.writing import checks, many, overview, replies
from bridge.library.writing.articles import delete_article, known, put_article
from bridge.model.articles import Article, ArticleFilters
from bridge.model.ids import ArticleId, fresh
from bridge.rights import require
from operator_panel.api import article_bodies as bodies
from operator_panel.api import article_shapes as shapes
from operator_panel.api import article_views as views
from operator_panel.api.shapes import Page
from operator_panel.problems import invalid
from operator_panel.serving import Call

#: Articles read at once where all are.
PORTION = 200


async def articles(call: Call, query: bodies.ArticleQuery) -> Page[shapes.Article]:
    """List articles by id, those that hold all the words and have the values asked for."""
    require(call.actor, "read")
    filters = ArticleFilters(query.q or "", query.state, query.team, query.tag, query.lang)
    rows, following = await call.bridge.store.articles.page(query.cursor, query.limit, filters)
    fares = await usages(call.bridge, rows)
    return Page(items=[views.article(call.bridge, row, fares[row.id]) for row in rows], next=following)


async def article_standings(call: Call, query: bodies.ArticleFilter) -> shapes.Standings:
    """List all articles that hold all the words and have the values asked for, each by its id and how it stands."""
    require(call.actor, "read")
    filters = ArticleFilters(query.q or "", query.state, query.team, query.tag, query.lang)
    found: list[shapes.Standing] = []
    cursor: str | None = None
    while True:
        rows, cursor = await call.bridge.store.articles.page(cursor, PORTION, filters)
        now = call.bridge.clock.now()
        found += [shapes.Standing(id=row.id, standing=views.standing(row, now)) for row in rows]
        if cursor is None:
            return shapes.Standings(items=found)
        await asyncio.sleep(0)


async def article_counts(call: Call) -> shapes.StateCounts:
    """Count articles by state."""
    require(call.actor, "read")
    there = await call.bridge.store.articles.counts()
    return shapes.StateCounts(**{name: there.get(name, 0) for name in shapes.StateCounts.model_fields})


async def article(call: Call, id: str) -> shapes.Article:
    """Read one article."""
    require(call.actor, "read")
    row = await call.bridge.store.articles.get(ArticleId(id))
    return views.article(call.bridge, row, (await usages(call.bridge, [row]))[row.id])


async def article_post(call: Call, body: bodies.NewArticle) -> shapes.Article:
    """Write a new article; an id that is there already is 422 `taken`."""
    require(call.actor, "article")
    if body.id is not None and await known(call.bridge.store, ArticleId(body.id)):
        raise invalid(("id", "taken"))
    row = Article(ArticleId(body.id or fresh()), "", "", state=body.state)
    row = replace(row, **await views.written(call.bridge, call.actor, body, None))
    return views.article(call.bridge, await put_article(call.bridge, call.actor, row))


async def article_change(call: Call, id: str, body: bodies.ArticleChange) -> shapes.Article:
    """Change some fields of an article at once."""
    require(call.actor, "article")
    row = await call.bridge.store.articles.get(ArticleId(id))
    call.expect(row.version)
    changes: dict[str, Any] = await views.written(call.bridge, call.actor, body, row.content)
    if "state" in body.model_fields_set:
        if body.state is None:
            raise invalid(("state", "required"))
        changes["state"] = body.state
    return views.article(call.bridge, await put_article(call.bridge, call.actor, replace(row, **changes)))


async def article_delete(call: Call, id: str) -> None:
    """Remove an article; how it stood can be brought back."""
    require(call.actor, "article")
    if "If-Match" in call.request.headers:
        call.expect((await call.bridge.store.articles.get(ArticleId(id))).version)
    if not await delete_article(call.bridge, call.actor, ArticleId(id)):
        raise NotFound(f"article {id}")


async def article_check(call: Call, id: str) -> shapes.Check:
    """Tell what keeps an article (its draft, if there is one) from being published, and what to look at."""
    require(call.actor, "read")
    row = await call.bridge.store.articles.get(ArticleId(id))
    content = row.next.content if row.next else row.content
    found = await overview.flags(call.bridge, row.saying(content))
    wrong = [*checks.faults(row, content), *checks.lacks(content)]
    return shapes.Check(errors=views.errors(wrong), flags=views.flags(found))


async def article_reply(call: Call, id: str, query: bodies.ReplyQuery) -> shapes.Reply:
    """Show what an article says in a channel to somebody who speaks a language."""
    require(call.actor, "read")
    row = await call.bridge.store.articles.get(ArticleId(id))
    if query.draft and row.next:
        row = row.saying(row.next.content)
    kind = replies.kind_of(call.bridge, query.channel)
    return views.reply(replies.reply_of(row, query.channel, kind, query.language))


async def articles_bulk(call: Call, body: bodies.Bulk) -> shapes.BulkResults:
    """Change tags, team or state of many articles; what became of each is told."""
    teams = "team" in body.model_fields_set
    wish = many.Wish(tuple(body.add_tags), tuple(body.remove_tags), teams, body.team, body.state)
    done = await many.edit(call.bridge, call.actor, [ArticleId(id) for id in body.ids], wish)
    return shapes.BulkResults(
        items=[
            shapes.BulkResult(id=each.id, code=each.code or None, errors=views.errors(list(each.errors)))
            for each in done
        ]
    )
