"""/search: one search over messages, notes, conversations, customers, articles; and in one conversation."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from bridge.model.articles import Article
from bridge.model.customers import Identity
from bridge.model.ids import ConversationId, CustomerId
from bridge.rights import require
from bridge.teamwork import excerpts, searching
from operator_panel import customer_cards
from operator_panel.api import bodies, cards, shapes
from operator_panel.api.shape import Time
from operator_panel.serving import Call


class SearchQuery(bodies.Asked):
    """Words and parameters (channel:, from:, tag:, before:, after:; канал:, от:, метка:, до:, после:).

    `conversation`: look in this one alone.
    """

    q: str = Field(max_length=400)
    conversation: str | None = Field(None, max_length=64)
    limit: int = Field(20, ge=1, le=50)


Place = Literal["text", "file", "name", "number", "tag", "company", "remark", "field", "contact", "login"]


class FoundMessage(shapes.Shape):
    """A message that was found: an excerpt, and where in it hits stand, [from, to) in letters.

    `where`: the excerpt is of what it says, or of a file's name.
    """

    id: str
    conversation_id: str
    seq: int
    number: int
    customer: shapes.Ref
    channel_kind: str
    author: shapes.Author
    at: Time
    where: Literal["text", "file"]
    excerpt: str
    hits: list[tuple[int, int]]
    files: list[str]


class FoundIn(shapes.Shape):
    """Why a conversation or a customer was found; `key` is of a custom field. `remark`: the note in the card.

    `text` and `file`: a message of the conversation holds it, `message_id`. Contacts are masked for who may not read
    them.
    """

    where: Place
    excerpt: str
    hits: list[tuple[int, int]]
    key: str = ""
    message_id: str | None = None


class FoundArticle(shapes.Shape):
    """An article that was found."""

    id: str
    title: str
    state: str
    excerpt: str
    hits: list[tuple[int, int]]


class SearchResult(shapes.Shape):
    """What was found by group, the newest first; `more`: there are, or may be, further messages.

    `found_in`: by the id of a conversation or customer where the words stand, as far as it is known.
    """

    messages: list[FoundMessage]
    more: bool
    conversations: list[shapes.Conversation]
    customers: list[cards.Customer]
    articles: list[FoundArticle]
    found_in: dict[str, FoundIn]
    words: str


async def search(call: Call, query: SearchQuery) -> SearchResult:
    """Look for words everywhere, through the caller's eyes."""
    require(call.actor, "read")
    within = ConversationId(query.conversation) if query.conversation else None
    found = await searching.search(call.bridge, call.actor, query.q, query.limit, within)
    owned = {row.id: await call.bridge.store.people.identities(row.id) for row in found.customers}
    said = [_message(call, each, found.asked.words) for each in found.said]
    return SearchResult(
        messages=said,
        more=found.more,
        conversations=await call.office.renderer.conversations(found.conversations, call.actor),
        customers=[customer_cards.customer(row, owned[row.id], call.whole) for row in found.customers],
        articles=[_article(row, found.asked.words) for row in found.articles],
        found_in=_reasons(call, found, said, owned),
        words=found.asked.words,
    )


def _reasons(
    call: Call, found: searching.Found, said: list[FoundMessage], owned: Mapping[CustomerId, Sequence[Identity]]
) -> dict[str, FoundIn]:
    words = found.asked.words
    reasons: dict[str, FoundIn] = {}
    for line in said:
        held = FoundIn(where=line.where, excerpt=line.excerpt, hits=line.hits, message_id=line.id)
        reasons.setdefault(line.conversation_id, held)
    heads = {row.id: excerpts.in_conversation(row, words) for row in found.conversations}
    known = {row.id: excerpts.in_customer(row, owned[row.id], words, call.whole) for row in found.customers}
    # What stands neither in the head nor in a message is known of the customer.
    told = {row.id: known.get(row.customer) for row in found.conversations if row.id not in reasons}
    for id, hit in [*told.items(), *heads.items(), *known.items()]:
        if hit is not None:
            reasons[id] = FoundIn(where=hit.where.value, excerpt=hit.excerpt, hits=hit.hits, key=hit.key)
    return reasons


def _message(call: Call, found: searching.Said, words: str) -> FoundMessage:
    row, case = found.message, found.conversation
    shown = call.office.renderer.message(row, call.language, call.whole)  # contacts and codes as the thread shows them
    files = [each.name for each in row.attachments if each.name]
    hit = excerpts.in_message(shown.text, files, words)
    channel = call.bridge.channels.by_name.get(case.channel)
    return FoundMessage(
        id=row.id,
        conversation_id=case.id,
        seq=row.seq,
        number=case.number,
        customer=shapes.Ref(id=case.customer, name=case.customer_name),
        channel_kind=channel.kind if channel else case.channel,
        author=shapes.Author(kind=row.author.kind, id=row.author.id or None, name=row.author.name),
        at=row.at,
        where="file" if hit.where is excerpts.Where.FILE else "text",
        excerpt=hit.excerpt,
        hits=hit.hits,
        files=files,
    )


def _article(row: Article, words: str) -> FoundArticle:
    piece, hits = excerpts.excerpt(row.content.answer, words)
    return FoundArticle(id=row.id, title=row.title, state=row.state, excerpt=piece, hits=hits)
