"""Articles made of what people of the desk answered: what they would hold, what is like them already."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bridge import policy
from bridge.context import Bridge
from bridge.errors import Conflict, Invalid
from bridge.library.board.anonymous import for_everybody
from bridge.library.board.noting import answer_row, unnamed
from bridge.library.board.repeating import alike
from bridge.library.learning.labels import masked
from bridge.library.writing.articles import changed, known, may_publish, put_article, signed, stored_once, tell
from bridge.library.writing.checks import ANSWER_LENGTH, TITLE_LENGTH, WORDING_LENGTH, key_of
from bridge.library.writing.drafts import UNSEEN
from bridge.model.articles import Article, NextEdition, Ranked
from bridge.model.conversations import Conversation
from bridge.model.ids import ArticleId, MessageId, derive
from bridge.model.messages import AuthorKind, Message
from bridge.model.operators import Operator
from bridge.rights import may, require
from bridge.teamwork import access

#: Messages looked at for the question before an answer, and articles shown beside it.
LOOKED_AT = 20
SIMILAR = 5
#: Confidence below which an article is not like a question at all.
LEAST = 0.05


@dataclass(frozen=True, slots=True)
class Similar:
    """An article near a question or an answer; `same`: it says nearly the same as the answer."""

    article: ArticleId
    title: str
    answer: str
    confidence: float
    same: bool


@dataclass(frozen=True, slots=True)
class Suggested:
    """What an article made of an answer would hold, with personal data masked, and the articles like it."""

    question: str
    answer: str
    language: str
    similar: tuple[Similar, ...]
    article: ArticleId | None  # made of it already


async def suggested(bridge: Bridge, actor: Operator, id: MessageId) -> Suggested:
    """Return what an article made of a person's answer would hold. Raises Forbidden, NotFound, Invalid."""
    require(actor, "propose")
    message, conversation = await _answer(bridge, actor, id)
    earlier = await said_before(bridge, message)
    question = masked(bridge, conversation, policy.asked(earlier))
    answer = for_everybody(unnamed(bridge, conversation, message))
    near = await similar(bridge, question, answer, conversation.language)
    made = await known(bridge.store, article_of(id))
    return Suggested(question, answer, conversation.language, near, made.id if made else None)


async def _answer(bridge: Bridge, actor: Operator, id: MessageId) -> tuple[Message, Conversation]:
    message = await access.message(bridge, actor, id)
    if message.author.kind is not AuthorKind.OPERATOR or message.deleted_at or not message.text.strip():
        raise Invalid(("message", "no_answer"))
    return message, await bridge.store.conversations.get(message.conversation)


async def said_before(bridge: Bridge, message: Message) -> list[Message]:
    """Return what was said up to the customer's last word before an answer."""
    rows = await bridge.store.messages.page(message.conversation, None, message.seq, LOOKED_AT)
    while rows and rows[-1].author.kind is not AuthorKind.CUSTOMER:
        rows.pop()
    return rows


async def similar(bridge: Bridge, question: str, answer: str, language: str) -> tuple[Similar, ...]:
    """Return articles that answer the question, and those that say the same; the latter first."""
    ranked: dict[ArticleId, Ranked] = {}
    for text in filter(None, (question, answer)):
        found = await bridge.matcher.match(text, limit=SIMILAR, language=language)
        for each in found.ranked:
            ranked.setdefault(each.article_id, each if text is question else replace(each, confidence=0.0))
    rows = []
    for article in await bridge.store.articles.many(list(ranked)):
        same = any(alike(answer, said) for said in (article.answer, *(one.answer for one in article.variants)))
        rows.append(Similar(article.id, article.title, article.answer, ranked[article.id].confidence, same))
    rows = [each for each in rows if each.same or each.confidence >= LEAST]
    rows.sort(key=lambda each: (not each.same, -each.confidence, each.article))
    return tuple(rows[:SIMILAR])


def article_of(message: MessageId) -> ArticleId:
    """Return the id of the article that is made of an answer: made twice, it is one."""
    return ArticleId(derive("article", message))


async def make_article(
    bridge: Bridge, actor: Operator, id: MessageId, *, title: str = "", question: str | None = None, answer: str = ""
) -> Article:
    """Make a draft of a person's answer: an editor's own, anybody else's waits for review. Asked again it is the same.

    What is not given is what `suggested` says. Raises Forbidden, NotFound, Invalid (the question and title are empty).
    """
    require(actor, "propose")
    message, conversation = await _answer(bridge, actor, id)
    there = await known(bridge.store, article_of(id))
    if there is not None:
        return there
    earlier = await said_before(bridge, message)
    asked = masked(bridge, conversation, policy.asked(earlier) if question is None else question)[:WORDING_LENGTH]
    row = Article(
        article_of(id),
        title or asked[:TITLE_LENGTH],
        (answer or for_everybody(unnamed(bridge, conversation, message)))[:ANSWER_LENGTH],
        (asked,) if asked else (),
        conversation.language,
        state="draft" if may(actor, "article") else "review",
    )
    stored = await stored_once(bridge.store, bridge.clock, row, signed(bridge, actor))
    await tell(bridge, actor, "article_proposed", stored)
    await _taken(bridge, message, earlier, stored.id)
    return stored


async def add_wording(
    bridge: Bridge, actor: Operator, id: MessageId, article: ArticleId, question: str | None = None
) -> Article:
    """Add the question before a person's answer to an article's wordings.

    At once where it may be published; else to what is worked on, which waits for review if an operator asks.
    Raises Forbidden, NotFound, Invalid (no question was asked, the article has no room for it).
    """
    require(actor, "propose")
    message, conversation = await _answer(bridge, actor, id)
    earlier = await said_before(bridge, message)
    asked = masked(bridge, conversation, policy.asked(earlier) if question is None else question)[:WORDING_LENGTH]
    if not key_of(asked):
        raise Invalid(("question", "empty"))
    there = await bridge.store.articles.get(article)
    if there.state == "published" and there.next is None and may(actor, "article") and may_publish(bridge, actor):
        content = replace(there.content, questions=_with(there.questions, asked))
        stored = await put_article(bridge, actor, there.saying(content))
    else:
        stored = await changed(bridge, actor, article, "article_draft", lambda row: _worded(bridge, actor, row, asked))
    await _taken(bridge, message, earlier, article)
    return stored


def _worded(bridge: Bridge, actor: Operator, row: Article, asked: str) -> Article:
    there = row.next.content if row.next else row.content
    content = replace(there, questions=_with(there.questions, asked))
    if content == there:
        return row
    if row.state in UNSEEN:
        return row.saying(content)
    draft = row.next or NextEdition(there, signed(bridge, actor))
    waits = draft.review or not may(actor, "article")
    return replace(row, next=replace(draft, content=content, signed=signed(bridge, actor), review=waits))


def _with(wordings: Sequence[str], asked: str) -> tuple[str, ...]:
    there = key_of(asked) in map(key_of, wordings)
    return tuple(wordings) if there else (*wordings, asked)


async def _taken(bridge: Bridge, message: Message, before: Sequence[Message], article: ArticleId) -> None:
    """Note what an article was made of: the answer, and the questions that stood without one."""
    for row in await bridge.store.staff_answers.many([answer_row(message.id)]):
        with suppress(Conflict):
            await bridge.store.staff_answers.replace(replace(row, state="taken", article=article))
    asked = [each.id for each in before if each.author.kind is AuthorKind.CUSTOMER]
    for miss in await bridge.store.misses.many([derive("miss", message.conversation, f"bot:{each}") for each in asked]):
        if miss.state == "open":
            with suppress(Conflict):  # an editor was quicker
                await bridge.store.misses.replace(replace(miss, state="taken", article=article))
