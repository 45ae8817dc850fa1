"""What a word or a press says about an answer: verdicts that are written with it, or at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from bridge import service
from bridge.context import Bridge
from bridge.errors import NotFound
from bridge.library.learning.labels import asked_as, masked, said, unsaid
from bridge.library.learning.truth import truth
from bridge.library.writing.articles import known
from bridge.library.writing.replies import reply_in
from bridge.model.conversations import Conversation
from bridge.model.drafts import Afterwards
from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, ConversationId, MessageId
from bridge.model.labels import LabelSource, Verdict
from bridge.model.messages import AuthorKind, Message
from bridge.model.operators import Operator
from bridge.policy import asked
from bridge.teamwork import access

#: Lines looked at for what a customer asked.
LOOKED_AT = 20
#: Share of an answer's words that must be left in a reply, for it to be that answer changed.
LEFT = 0.5
#: Words of an answer that a reply in somebody's own hand must hold, for it not to be chance.
WORDS = 4


class Way(TypedDict, total=False):
    """How a reply goes out; see service.reply."""

    key: str
    attachments: Sequence[Attachment]
    reply_to: MessageId | None
    seen_seq: int | None
    force: bool
    origin: str
    then: Afterwards
    held: bool


def question(messages: Iterable[Message]) -> str:
    """Return what a customer asked in his own words: presses, and questions offered to choose from, are none."""
    return asked([each for each in messages if each.kind != "press" and not _offer(each)])


def _offer(message: Message) -> bool:
    return message.author.kind is AuthorKind.BOT and bool(message.offered) and message.source is None


async def helped(bridge: Bridge, conversation: Conversation, answer: Message | None, fits: bool) -> tuple[Verdict, ...]:
    """Return what a customer says about an answer of the bot; none where it is not known what he had asked."""
    if answer is None or answer.source is None or answer.conversation != conversation.id:
        return ()
    text = question(await bridge.store.messages.page(conversation.id, None, answer.seq, LOOKED_AT))
    if not text:
        return ()
    told = (answer.source, *answer.also)
    if len(told) > 1 and not fits:
        return ()  # which of them did not help he does not say
    return tuple(
        said(bridge, conversation, each.asked or text, each.article_id, fits, source=LabelSource.HELPED)
        for each in told
    )


async def picked(
    bridge: Bridge, conversation: Conversation, offer: Message | None, article: ArticleId
) -> tuple[Verdict, ...]:
    """Return what a pick among offered questions says; a button under an answer leads on and says nothing."""
    if offer is None or not _offer(offer):
        return ()
    rest = next((each.asked for each in offer.offered), "")
    text = rest or question(await bridge.store.messages.page(conversation.id, None, offer.seq, LOOKED_AT))
    return (said(bridge, conversation, text, article, source=LabelSource.PICKED),) if text else ()


async def answer_with(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    article: ArticleId,
    text: str = "",
    *,
    since: datetime | None = None,
    **way: Unpack[Way],
) -> Message:
    """Send a suggestion, as it is or (`text`) changed; what that says about it is written with the reply.

    `since`: when the suggestion was shown; what was asked later is another question. Raises as service.reply, and
    NotFound where the article is gone and nothing else is to be said.
    """
    conversation = await access.conversation(bridge, actor, id, "reply")
    there = await known(bridge.store, article)
    if there is None and not text:
        raise NotFound(f"article {article}")
    answer = reply_in(bridge, there, conversation).text if there is not None else ""
    source = _source(text, answer) if text else LabelSource.SENT
    asked_for = await _asked(bridge, id, since) if source is not None else ""
    verdicts = (
        [said(bridge, conversation, asked_for, article, source=source, by=actor.id)] if source and asked_for else []
    )
    return await service.reply(bridge, actor, id, text or answer, verdicts=verdicts, **way)


async def written(
    bridge: Bridge, actor: Operator, id: ConversationId, articles: Iterable[ArticleId], text: str, since: datetime
) -> tuple[Verdict, ...]:
    """Return what a reply in an operator's own hand says about articles suggested to him at a time (`since`).

    The one most of whose words it holds was sent, or changed; a word or two of an answer say nothing. Raises NotFound.
    """
    conversation = await bridge.store.conversations.get(id)
    found = await bridge.store.articles.many(list(dict.fromkeys(articles)))
    answers = {each.id: reply_in(bridge, each, conversation).text for each in found}
    near = max(answers, key=lambda article: _left(text, answers[article]), default=None)
    source = _source(text, answers[near]) if near is not None else None
    if near is None or source is None or (source is LabelSource.EDITED and _left(text, answers[near])[1] < WORDS):
        return ()
    asked_for = await _asked(bridge, id, since)
    return (said(bridge, conversation, asked_for, near, source=source, by=actor.id),) if asked_for else ()


def _source(text: str, answer: str) -> LabelSource | None:
    """Tell whether a reply is the answer, the answer changed, or (None) something else."""
    if text.split() == answer.split():
        return LabelSource.SENT if text.strip() else None
    return LabelSource.EDITED if _left(text, answer)[0] >= LEFT else None


def _left(text: str, answer: str) -> tuple[float, int]:
    """Return what is left of an answer's words in a reply: the share, and how many."""
    stood = answer.split()
    left = (Counter(text.split()) & Counter(stood)).total()
    return left / len(stood) if stood else 0.0, left


async def refuse(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    articles: Sequence[ArticleId],
    *,
    since: datetime | None = None,
) -> bool:
    """Note that these do not answer the customer's question; none given: it is no question for the base.

    False: nothing new was said, or nothing was asked. Raises Forbidden, NotFound.
    """
    conversation = await access.conversation(bridge, actor, id, "reply")
    text = await _asked(bridge, id, since)
    if not text:
        return False
    if articles:
        known = await bridge.store.articles.many(list(dict.fromkeys(articles)))
        rows = [
            said(bridge, conversation, text, each.id, False, source=LabelSource.REJECTED, by=actor.id) for each in known
        ]
    else:
        rows = [said(bridge, conversation, text, None, source=LabelSource.NOTHING, by=actor.id)]
    return any([await bridge.store.labels.put(each) for each in rows])


async def unrefuse(bridge: Bridge, actor: Operator, id: ConversationId, articles: Sequence[ArticleId]) -> bool:
    """Take back what `refuse` noted of the customer's question. False: nothing was. Raises Forbidden, NotFound."""
    conversation = await access.conversation(bridge, actor, id, "reply")
    text = await _asked(bridge, id, None)
    return bool(text and await unsaid(bridge, conversation, text, articles))


async def refused(bridge: Bridge, conversation: Conversation, text: str) -> set[ArticleId | None]:
    """Return the articles that people of the desk said do not answer a question; None: it is not for the base."""
    key = asked_as(masked(bridge, conversation, text))
    stands = truth(sorted(await bridge.store.labels.asked([key]), key=lambda each: (str(each.at), each.id)))
    return {each.article_id for each in stands if not each.fits or each.article_id is None}


async def _asked(bridge: Bridge, id: ConversationId, since: datetime | None) -> str:
    lines = await bridge.store.messages.page(id, None, None, LOOKED_AT)
    return question(each for each in lines if since is None or each.at <= since)
