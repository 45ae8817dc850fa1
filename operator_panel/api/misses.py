"""/kb/misses: questions without an answer, and what editors make of them."""

from collections.abc import Sequence

from bridge.library.board import missing
from bridge.model import misses as model
from bridge.model.articles import Decision
from bridge.model.ids import ArticleId
from operator_panel.api import article_shapes, article_views
from operator_panel.api import miss_shapes as shapes
from operator_panel.serving import Call


async def misses(call: Call, query: shapes.MissQuery) -> shapes.MissBoard:
    """List what was asked without an answer, grouped."""
    groups = await missing.board(
        call.bridge,
        call.actor,
        language=query.language,
        channel=query.channel,
        days=query.days,
        dismissed=query.state == "dismissed",
    )
    return shapes.MissBoard(items=[_group(each) for each in groups], total=sum(len(each.misses) for each in groups))


def _group(row: missing.Group) -> shapes.MissGroup:
    return shapes.MissGroup(
        id=row.id,
        label=row.label,
        example=row.example,
        count=len(row.misses),
        trend=list(row.trend),
        languages=row.languages,
        channels=row.channels,
        misses=[_miss(each) for each in row.misses],
    )


def _miss(row: model.Miss) -> shapes.Miss:
    return shapes.Miss(
        id=row.id,
        at=row.at,
        text=row.text,
        language=row.language,
        channel=row.channel,
        conversation_id=row.conversation,
        reason=row.reason,
        state=row.state,  # type: ignore[arg-type]  # the words of model.misses
        article=row.article,
    )


async def misses_article(call: Call, body: shapes.MissesToArticle) -> article_shapes.Article:
    """Make a draft that is asked as these questions are."""
    row = await missing.make_article(call.bridge, call.actor, body.ids, body.title, body.answer)
    return article_views.article(call.bridge, row)


async def misses_add(call: Call, body: shapes.MissesToAdd) -> article_shapes.Article:
    """Add questions to the wordings of an article."""
    row = await missing.add_to(call.bridge, call.actor, body.ids, ArticleId(body.article))
    return article_views.article(call.bridge, row)


async def misses_dismiss(call: Call, body: shapes.SomeMisses) -> shapes.Done:
    """Note that these are no questions for the base."""
    return shapes.Done(done=await missing.dismiss(call.bridge, call.actor, body.ids))


async def misses_restore(call: Call, body: shapes.SomeMisses) -> shapes.Done:
    """Take back that these are no questions for the base."""
    return shapes.Done(done=await missing.restore(call.bridge, call.actor, body.ids))


async def misses_again(call: Call, body: shapes.SomeMisses) -> shapes.MissesAgain:
    """Ask questions again."""
    return _again(await missing.ask_again(call.bridge, call.actor, body.ids))


async def article_misses(call: Call, id: str) -> shapes.MissesAgain:
    """Ask again what an article was made of; nothing is noted."""
    return _again(await missing.asked_for(call.bridge, call.actor, ArticleId(id)))


async def article_misses_again(call: Call, id: str) -> shapes.MissesAgain:
    """Ask again what an article was made of and what stands on the board, and note what is answered now."""
    return _again(await missing.answered_now(call.bridge, call.actor, ArticleId(id)))


def _again(rows: Sequence[missing.Again]) -> shapes.MissesAgain:
    items = [
        shapes.MissAgain(
            miss=_miss(row.miss),
            decision=row.decision,
            article_id=row.article,
            title=row.title,
            confidence=min(1.0, max(0.0, row.confidence)),
        )
        for row in rows
    ]
    return shapes.MissesAgain(items=items, answered=sum(1 for row in rows if row.decision is Decision.ANSWER))
