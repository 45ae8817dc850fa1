"""/messages/{id}/article and /kb/replies: articles made of what the desk answered."""

from bridge.library.board import desk_answers, repeats
from bridge.model.ids import ArticleId, MessageId
from operator_panel.api import article_shapes, article_views
from operator_panel.api import reply_shapes as shapes
from operator_panel.serving import Call


async def message_article(call: Call, id: str) -> shapes.ArticleProposal:
    """Tell what an article made of an operator's answer would hold, and which articles are like it."""
    found = await desk_answers.suggested(call.bridge, call.actor, MessageId(id))
    near = [
        shapes.SimilarArticle(
            article_id=each.article,
            title=each.title,
            answer=each.answer,
            confidence=min(1.0, max(0.0, each.confidence)),
            same=each.same,
        )
        for each in found.similar
    ]
    return shapes.ArticleProposal(
        question=found.question, answer=found.answer, language=found.language, article=found.article, similar=near
    )


async def message_article_post(call: Call, id: str, body: shapes.MessageToArticle) -> article_shapes.Article:
    """Make a draft of an operator's answer, or add the question before it to an article."""
    where = MessageId(id)
    if body.article is not None:
        row = await desk_answers.add_wording(call.bridge, call.actor, where, ArticleId(body.article), body.question)
    else:
        row = await desk_answers.make_article(
            call.bridge, call.actor, where, title=body.title, question=body.question, answer=body.answer
        )
    return article_views.article(call.bridge, row)


async def replies(call: Call, query: shapes.ReplyQuery) -> shapes.RepeatedAnswers:
    """List answers that are given again and again, and that no article says."""
    rows = await repeats.repeats(call.bridge, call.actor, language=query.language, channel=query.channel)
    items = [
        shapes.RepeatedAnswer(
            id=row.id,
            text=row.text,
            question=row.question,
            customers=row.customers,
            times=row.times,
            operators=list(row.operators),
            at=row.at,
            languages=row.languages,
            channels=row.channels,
            message_id=row.message,
            conversation_id=row.conversation,
        )
        for row in rows
    ]
    return shapes.RepeatedAnswers(items=items)


async def reply_skip(call: Call, id: str) -> None:
    """Let an answer be: it and what says nearly the same is listed no more."""
    await repeats.skip(call.bridge, call.actor, id)


async def reply_unskip(call: Call, id: str) -> None:
    """List an answer again that was skipped."""
    await repeats.unskip(call.bridge, call.actor, id)
