"""What people say about questions and answers becomes labels: written once, with personal data masked."""

import re
from collections.abc import Collection

from bridge.context import Bridge
from bridge.errors import Invalid
from bridge.library.writing.checks import key_of
from bridge.model.conversations import Conversation
from bridge.model.ids import ArticleId, derive
from bridge.model.labels import LabelSource, Verdict, verdict_of
from bridge.model.operators import Operator
from bridge.rights import require

#: Characters of a question that are kept.
LENGTH = 500
_NAME = "[name]"
#: Who speaks where a customer does.
CUSTOMER = "customer"


async def judged(
    bridge: Bridge,
    actor: Operator,
    text: str,
    article: ArticleId | None,
    fits: bool = True,
    *,
    source: LabelSource = LabelSource.CONSOLE,
) -> bool:
    """Keep an editor's word that an article answers a text, does not (`fits` False), or nothing in the base does.

    False: he has said so before. Raises Forbidden, NotFound, Invalid(("text", "empty")).
    """
    require(actor, "article")
    if not key_of(text):
        raise Invalid(("text", "empty"))
    if article is not None:
        await bridge.store.articles.get(article)
    return await bridge.store.labels.put(said(bridge, None, text, article, fits, source=source, by=actor.id))


def said(
    bridge: Bridge,
    conversation: Conversation | None,
    text: str,
    article: ArticleId | None,
    fits: bool = True,
    *,
    source: LabelSource,
    by: str = CUSTOMER,
) -> Verdict:
    """Return a verdict on a question as it is kept; the same person's next word on it has the same id."""
    about = conversation.id if conversation is not None else ""
    shown = masked(bridge, conversation, text)
    asked = asked_as(shown)
    id = verdict_of(about, asked, by, article, fits)
    return Verdict(id, shown, article, fits, source, by, about, bridge.clock.now(), asked=asked)


async def unsaid(
    bridge: Bridge, conversation: Conversation | None, text: str, articles: Collection[ArticleId] = ()
) -> int:
    """Take back what people said of a question in a conversation; returns how many verdicts.

    That these articles do not answer it; none given: that it is no question for the base. The next fit forgets it.
    """
    about = conversation.id if conversation is not None else ""
    rows = await bridge.store.labels.asked([asked_as(masked(bridge, conversation, text))])
    return sum([await bridge.store.labels.drop(row) for row in rows if row.about == about and _denies(row, articles)])


def _denies(row: Verdict, articles: Collection[ArticleId]) -> bool:
    if articles:
        return row.source is LabelSource.REJECTED and row.article_id in articles
    return row.source is LabelSource.NOTHING


def masked(bridge: Bridge, conversation: Conversation | None, text: str) -> str:
    """Return a question as it is kept: personal data and the customer's name are masked, blanks are single."""
    shown = bridge.matcher.masked(text)
    for name in re.findall(r"\w{3,}", conversation.customer_name) if conversation is not None else ():
        shown = re.sub(rf"\b{re.escape(name)}\b", _NAME, shown, flags=re.IGNORECASE)
    return " ".join(shown.split())[:LENGTH]


def asked_as(text: str) -> str:
    """Return what texts that differ in case and signs alone have in common, as a short key."""
    return derive("asked", key_of(text))
