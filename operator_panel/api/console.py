"""The test console: what the bot would say and why, kept questions, what publishing would do."""

from bridge.library.health import console, kept, rehearsing
from bridge.library.learning import labels as learning
from bridge.model.articles import Article, Asked, Ranked
from bridge.model.ids import ArticleId
from bridge.model.questions import KeptQuestion
from operator_panel import render
from operator_panel.api import article_shapes, article_views
from operator_panel.api import console_shapes as shapes
from operator_panel.api.learning_shapes import Noted
from operator_panel.problems import invalid
from operator_panel.serving import Call


async def kb_match(call: Call, body: shapes.ConsoleQuestion) -> shapes.ConsoleAnswer:
    """Ask the knowledge base: articles as they are ranked, what would be sent in each channel, or why it is not."""
    found = await console.ask(call.bridge, call.actor, body.text, body.limit, body.language)
    ranked = [
        shapes.ConsoleArticle(**row.model_dump(), words=list(each.words))
        for row, each in zip(render.match(found.match).ranked, found.match.ranked, strict=True)
    ]
    limits = found.limits
    return shapes.ConsoleAnswer(
        decision=found.match.decision,
        ranked=ranked,
        thresholds=shapes.Limits(answer=limits.answer, offer=limits.offer, suggest=limits.suggest),
        held_back=found.held_back or None,  # type: ignore[arg-type]  # the words of library.console
        replies=[
            shapes.SpokenReply(channel=each.channel, kind=each.kind, reply=article_views.reply(each.reply))
            for each in found.replies
        ],
        questions=[
            *(_part(each, each.ranked[0]) for each in found.told),
            *([_part(found.left, None)] if found.left else []),
        ],
    )


async def kb_label(call: Call, body: shapes.NewLabel) -> Noted:
    """Keep what an editor says of a question: the matcher learns it."""
    article = ArticleId(body.article_id) if body.article_id is not None else None
    return Noted(noted=await learning.judged(call.bridge, call.actor, body.text, article, body.fits))


async def kb_questions(call: Call) -> shapes.KeptQuestions:
    """List the questions that are kept as tests."""
    rows = await kept.questions(call.bridge, call.actor)
    titles = await kept.titles(call.bridge, rows)
    return shapes.KeptQuestions(items=[_question(row, titles) for row in rows])


async def kb_question_post(call: Call, body: shapes.NewKeptQuestion) -> shapes.KeptQuestion:
    """Keep a question as a test; the same question again is written over."""
    article = ArticleId(body.article_id) if body.article_id is not None else None
    return await _shown(call, await kept.keep(call.bridge, call.actor, body.text, article, body.language))


async def kb_question_change(call: Call, id: str, body: shapes.KeptQuestionChange) -> shapes.KeptQuestion:
    """Change a kept question."""
    there = await call.bridge.store.questions.get(id)
    call.expect(there.version)
    named = body.model_fields_set
    if "text" in named and body.text is None:
        raise invalid(("text", "required"))
    article = (ArticleId(body.article_id) if body.article_id else None) if "article_id" in named else there.article
    language = body.language if "language" in named else there.language
    row = await kept.change(call.bridge, call.actor, id, body.text or there.text, article, language, there.version)
    return await _shown(call, row)


async def kb_question_delete(call: Call, id: str) -> None:
    """Keep a question no more."""
    await kept.forget(call.bridge, call.actor, id)


async def kb_questions_run(call: Call) -> shapes.TestedQuestions:
    """Ask all kept questions."""
    rows = await kept.run(call.bridge, call.actor)
    titles = await kept.titles(call.bridge, [row.question for row in rows])
    items = [
        shapes.TestedQuestion(question=_question(row.question, titles), outcome=_outcome(row.said), passes=row.passes)
        for row in rows
    ]
    passed = sum(1 for row in rows if row.passes)
    return shapes.TestedQuestions(items=items, passed=passed, failed=len(rows) - passed)


async def article_effects(call: Call, id: str) -> shapes.Effects:
    """Tell what publishing an article's draft would do to kept questions and to those customers asked of late."""
    found = await rehearsing.effects(call.bridge, call.actor, ArticleId(id))
    return shapes.Effects(
        kept=found.kept,
        customers=found.customers,
        recorded=found.recorded,
        **found.counts,
        items=[
            shapes.Effect(
                kind=each.kind,  # type: ignore[arg-type]  # the words of library.rehearsing
                text=each.asked.text,
                kept=each.asked.kept,
                known=each.asked.known,
                wanted=each.asked.wanted,
                before=_outcome(each.before),
                after=_outcome(each.after),
            )
            for each in found.items
        ],
    )


def _part(row: Asked, told: Ranked | None) -> shapes.AskedPart:
    id, title = (told.article_id, told.title) if told else (None, "")
    return shapes.AskedPart(text=row.text, article_id=id, title=title, confidence=min(1.0, max(0.0, row.confidence)))


def _outcome(row: kept.Said) -> shapes.Outcome:
    sure = min(1.0, max(0.0, row.confidence))
    return shapes.Outcome(decision=row.decision, article_id=row.article, title=row.title, confidence=sure)


async def _shown(call: Call, row: KeptQuestion) -> shapes.KeptQuestion:
    return _question(row, await kept.titles(call.bridge, [row]))


def _question(row: KeptQuestion, titles: dict[ArticleId, Article]) -> shapes.KeptQuestion:
    there = titles.get(row.article) if row.article is not None else None
    return shapes.KeptQuestion(
        id=row.id,
        text=row.text,
        article_id=row.article,
        article_title=(there.title or next(iter(there.questions), "")) if there else None,
        language=row.language,
        signed=article_shapes.Signed(id=row.signed.by, name=row.signed.name, at=row.signed.at),
        version=row.version,
    )
