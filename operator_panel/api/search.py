"""/search: one search over messages, notes, conversations, customers, articles; and in one conversation."""

from pydantic import Field

from bridge.model.articles import Article
from bridge.model.ids import ConversationId
from bridge.rights import require
from bridge.teamwork import searching
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


class FoundMessage(shapes.Shape):
    """A message that was found: an excerpt, and where in it hits stand, [from, to) in letters."""

    id: str
    conversation_id: str
    seq: int
    number: int
    customer: shapes.Ref
    channel_kind: str
    author: shapes.Author
    at: Time
    excerpt: str
    hits: list[tuple[int, int]]
    files: list[str]


class FoundArticle(shapes.Shape):
    """An article that was found."""

    id: str
    title: str
    state: str
    excerpt: str
    hits: list[tuple[int, int]]


class SearchResult(shapes.Shape):
    """What was found by group, the newest first; `more`: there are, or may be, further messages."""

    messages: list[FoundMessage]
    more: bool
    conversations: list[shapes.Conversation]
    customers: list[cards.Customer]
    articles: list[FoundArticle]
    words: str


async def search(call: Call, query: SearchQuery) -> SearchResult:
    """Look for words everywhere, through the caller's eyes."""
    require(call.actor, "read")
    within = ConversationId(query.conversation) if query.conversation else None
    found = await searching.search(call.bridge, call.actor, query.q, query.limit, within)
    people = call.bridge.store.people
    return SearchResult(
        messages=[_message(call, each, found.asked.words) for each in found.said],
        more=found.more,
        conversations=await call.office.renderer.conversations(found.conversations, call.actor),
        customers=[
            customer_cards.customer(row, await people.identities(row.id), call.whole) for row in found.customers
        ],
        articles=[_article(row, found.asked.words) for row in found.articles],
        words=found.asked.words,
    )


def _message(call: Call, found: searching.Said, words: str) -> FoundMessage:
    row, case = found.message, found.conversation
    piece, hits = searching.excerpt(row.text, words)
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
        excerpt=piece,
        hits=hits,
        files=[each.name for each in row.attachments if each.name],
    )


def _article(row: Article, words: str) -> FoundArticle:
    piece, hits = searching.excerpt(row.content.answer, words)
    return FoundArticle(id=row.id, title=row.title, state=row.state, excerpt=piece, hits=hits)
