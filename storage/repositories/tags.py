"""How many customers have which tag: what completion goes by, near enough for an order after deaths."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress

from storage.documents import Documents, Duplicate, Order, VersionConflict
from storage.schema import CUSTOMER_TAGS


class TagCounts:
    """Tags in any case, as they were written first, each with its number of customers."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def add(self, rows: Iterable[Iterable[str]]) -> None:
        """Count the tags of customers who came."""
        await self._change(Counter(tag for tags in rows for tag in tags))

    async def take(self, tags: Iterable[str], token: str | None = None) -> None:
        """Count the tags of a customer who goes no more; with a token, once however often it is said."""
        await self._change(dict.fromkeys(tags, -1), token)

    async def turn(self, before: Iterable[str], after: Iterable[str]) -> None:
        """Count what changed in the tags of a customer."""
        was, now = {tag.lower(): tag for tag in before}, {tag.lower(): tag for tag in after}
        changes = {tag: 1 for key, tag in now.items() if key not in was}
        await self._change(changes | {tag: -1 for key, tag in was.items() if key not in now})

    async def most(self, limit: int) -> list[str]:
        """Return the most used tags first."""
        docs = await self._documents.find(CUSTOMER_TAGS, order=Order("used", desc=True), limit=limit)
        return [str(doc.body.get("tag", doc.id)) for doc in docs]

    async def _change(self, changes: Mapping[str, int], token: str | None = None) -> None:
        await asyncio.gather(*(self._bump(tag, by, token) for tag, by in changes.items()))

    async def _bump(self, tag: str, by: int, token: str | None) -> None:
        key = tag.lower()
        if await self._documents.get(CUSTOMER_TAGS, key) is None:
            if by < 0:
                return
            with suppress(Duplicate):
                await self._documents.insert(CUSTOMER_TAGS, key, {"tag": tag, "used": by})
                return
        doc = await self._documents.bump(CUSTOMER_TAGS, key, {"used": by}, token)
        if doc.body["used"] <= 0:
            with suppress(VersionConflict):  # somebody uses it again
                await self._documents.delete(CUSTOMER_TAGS, key, doc.ver)
