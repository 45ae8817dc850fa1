"""/articles: the knowledge base; the matcher is rebuilt after each change."""

from dataclasses import replace
from typing import Any

from bridge import library
from bridge.errors import NotFound
from bridge.model.articles import Article
from bridge.model.ids import ArticleId, fresh
from bridge.rights import require
from operator_panel import render
from operator_panel.api import bodies, shapes
from operator_panel.problems import invalid
from operator_panel.serving import Call

_MAY_BE_NULL = frozenset({"lang", "team"})


async def articles(call: Call, query: bodies.Slice) -> shapes.Page[shapes.Article]:
    """List articles by id."""
    require(call.actor, "read")
    rows, following = await call.bridge.store.articles.page(query.cursor, query.limit)
    return shapes.Page(items=[render.article(row) for row in rows], next=following)


async def article(call: Call, id: str) -> shapes.Article:
    """Read one article."""
    require(call.actor, "read")
    return render.article(await call.bridge.store.articles.get(ArticleId(id)))


async def article_post(call: Call, body: bodies.NewArticle) -> shapes.Article:
    """Write a new article; an id that is there already is 422 `taken`."""
    require(call.actor, "article")
    if not body.title and not body.questions:
        raise invalid(("title", "required"), ("questions", "required"))
    if body.id is not None and await _there(call, body.id):
        raise invalid(("id", "taken"))
    row = Article(
        id=ArticleId(body.id or fresh()),
        title=body.title,
        answer=body.answer,
        questions=tuple(body.questions),
        lang=body.lang,
        team=body.team,
        tags=tuple(body.tags),
        state=body.state,
    )
    return render.article(await library.put_article(call.bridge, call.actor, row))


async def _there(call: Call, id: str) -> bool:
    try:
        await call.bridge.store.articles.get(ArticleId(id))
    except NotFound:
        return False
    return True


async def article_change(call: Call, id: str, body: bodies.ArticleChange) -> shapes.Article:
    """Change some fields of an article."""
    require(call.actor, "article")
    row = await call.bridge.store.articles.get(ArticleId(id))
    call.expect(row.version)
    changes: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if nulls := [name for name, value in changes.items() if value is None and name not in _MAY_BE_NULL]:
        raise invalid(*((name, "required") for name in nulls))
    for name in ("questions", "tags"):
        if name in changes:
            changes[name] = tuple(changes[name])
    changed = replace(row, **changes)
    if not changed.title and not changed.questions:
        raise invalid(("title", "required"), ("questions", "required"))
    return render.article(await library.put_article(call.bridge, call.actor, changed))


async def article_delete(call: Call, id: str) -> None:
    """Remove an article."""
    require(call.actor, "article")
    if "If-Match" in call.request.headers:
        call.expect((await call.bridge.store.articles.get(ArticleId(id))).version)
    if not await library.delete_article(call.bridge, call.actor, ArticleId(id)):
        raise NotFound(f"article {id}")
