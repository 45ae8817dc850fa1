"""Conversations found by words: in their heads, in what was said, in what is known of the customer."""

from collections.abc import Callable
from datetime import datetime

from bridge.model.access import Sight
from bridge.model.conversations import Conversation
from storage.documents import Order, P
from storage.repositories.base import Rows
from storage.repositories.sight import Seen
from storage.schema import CUSTOMERS, IDENTITIES, MESSAGES
from storage.words import search_of, tag_word

#: Hits of a full-text search that are looked at: beyond it, the question is too wide to be useful.
SEARCH_DEPTH = 500
#: Customers found by their cards, and by their addresses, whose conversations are looked for.
PEOPLE = 100


class Finding:
    """Looks for words in conversations as one person sees them."""

    def __init__(self, rows: Rows[Conversation], seen: Seen, sight: Sight | None) -> None:
        self._rows = rows
        self._seen = seen
        self._sight = sight

    async def rows(
        self, q: str, where: list[P], limit: int, active: Callable[[Conversation], datetime]
    ) -> list[Conversation]:
        """Return those where all words of q stand in head, messages or customer, or tagged so; the newest first."""
        words = search_of(q)
        if not words:
            return []
        newest = Order("active_at", desc=True)
        found: dict[str, Conversation] = {}
        for asked in (P("words", "words", words), P("words", "words", tag_word(q.strip()))):
            found |= {row.id: row for row in await self._seen.page(asked, *where, order=newest, limit=limit)}
        if people := await self._people(words):
            asked = P("customer", "in", people)
            found |= {row.id: row for row in await self._seen.page(asked, *where, order=newest, limit=limit)}
        found |= {row.id: row for row in await self._by_text(words, where, set(found), limit)}
        return sorted(found.values(), key=active, reverse=True)[:limit]

    async def _by_text(self, words: str, where: list[P], known: set[str], limit: int) -> list[Conversation]:
        hits = await self._rows.documents.find(
            MESSAGES, (P("words", "words", words),), Order("at", desc=True), limit=SEARCH_DEPTH
        )
        ids = [id for id in dict.fromkeys(hit.body["conversation"] for hit in hits) if id not in known]
        most = limit if self._sight is None or self._sight.whole else len(ids)
        rows = await self._rows.list(P("_id", "in", tuple(ids[:most])), *where, limit=most) if ids else []
        return [row for row in rows if self._sight is None or self._sight.sees(row)]

    async def _people(self, words: str) -> tuple[str, ...]:
        """Return customers whose card or address holds the words, and whom they joined: he has their conversations."""
        asked, newest = (P("words", "words", words),), Order("created_at", desc=True)
        cards = await self._rows.documents.find(CUSTOMERS, asked, newest, limit=PEOPLE)
        owned = await self._rows.documents.find(IDENTITIES, asked, limit=PEOPLE)
        ids = [*(card.body.get("linked_to") or card.id for card in cards), *(each.body["customer"] for each in owned)]
        return tuple(dict.fromkeys(ids))
