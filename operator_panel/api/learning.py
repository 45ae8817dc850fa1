"""What the matcher learns from: proposals for articles, automatic answers to be looked at, how far it is."""

from dataclasses import asdict

from bridge.library.learning import hearing, proposals, reviewing, teaching
from bridge.model import labels as model
from bridge.model.ids import ArticleId, ConversationId
from bridge.rights import require
from operator_panel.api import article_shapes, article_views, miss_shapes
from operator_panel.api import learning_shapes as shapes
from operator_panel.serving import Call


async def article_proposals(call: Call, id: str) -> shapes.Proposals:
    """List what customers asked and the article answered: it may become a wording of it."""
    found = await proposals.proposals(call.bridge, call.actor, ArticleId(id))
    return shapes.Proposals(items=[shapes.Proposal(**asdict(each)) for each in found])


async def proposals_accept(call: Call, id: str, body: shapes.SomeProposals) -> article_shapes.Article:
    """Make wordings of proposals."""
    return article_views.article(call.bridge, await proposals.accept(call.bridge, call.actor, ArticleId(id), body.ids))


async def proposals_refuse(call: Call, id: str, body: shapes.SomeProposals) -> miss_shapes.Done:
    """Say that these are no wordings of the article."""
    return miss_shapes.Done(done=await proposals.refuse(call.bridge, call.actor, ArticleId(id), body.ids))


async def kb_proposals(call: Call) -> shapes.ProposedArticles:
    """List articles with proposals."""
    found = await proposals.counts(call.bridge, call.actor)
    items = [shapes.Proposed(article_id=id, count=count) for id, count in found.items()]
    return shapes.ProposedArticles(items=sorted(items, key=lambda each: (-each.count, each.article_id)))


async def suggestions_refuse(call: Call, id: str, body: shapes.NotFitting) -> shapes.Noted:
    """Note that suggestions do not answer the customer's question, or that it is none for the base."""
    articles = [ArticleId(each) for each in body.articles]
    return shapes.Noted(noted=await hearing.refuse(call.bridge, call.actor, ConversationId(id), articles))


async def suggestions_unrefuse(call: Call, id: str, body: shapes.NotFitting) -> shapes.Noted:
    """Take back what was noted of the customer's question: on these articles, or that it is none for the base."""
    articles = [ArticleId(each) for each in body.articles]
    return shapes.Noted(noted=await hearing.unrefuse(call.bridge, call.actor, ConversationId(id), articles))


async def kb_reviews(call: Call, query: shapes.ReviewQuery) -> shapes.Reviews:
    """List automatic answers that are to be looked at, or were."""
    rows = await reviewing.reviews(call.bridge, call.actor, query.state, query.limit)
    return shapes.Reviews(
        items=[_review(each) for each in rows], counts=await reviewing.counts(call.bridge, call.actor)
    )


async def review_judge(call: Call, id: str, body: shapes.Judgement) -> shapes.Review:
    """Say whether an automatic answer was right."""
    return _review(await reviewing.judge(call.bridge, call.actor, id, body.right))


def _review(row: model.Review) -> shapes.Review:
    return shapes.Review(
        id=row.id,
        at=row.at,
        text=row.text,
        article_id=row.article_id,
        title=row.title,
        confidence=row.confidence,
        threshold=row.threshold,
        engine=row.engine,
        conversation_id=row.conversation,
        message_id=row.message,
        channel=row.channel,
        language=row.language,
        state=row.state,  # type: ignore[arg-type]  # the words of model.labels
    )


async def kb_learning(call: Call) -> shapes.Learning:
    """Tell how many labels there are, from where, and what automatic answers still lack."""
    require(call.actor, "suggest")
    return shown(await teaching.state(call.bridge))


def shown(now: teaching.Learning) -> shapes.Learning:
    """How far the matcher has learnt."""
    lesson = now.lesson
    return shapes.Learning(
        labels=now.labels,
        sources=now.sources,
        waiting=now.waiting,
        next_fit=now.next_fit,
        fitted_at=now.fitted_at,
        answer=now.answer,
        set_by_hand=now.set_by_hand,
        usable=lesson.labels,
        needed=lesson.needed,
        answers=lesson.answers,
        precision=lesson.precision,
        lower=lesson.lower,
        target=lesson.target,
        sure=lesson.sure,
        kept=lesson.kept,
    )
