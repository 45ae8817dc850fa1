"""Bringing the documents of a store from one schema number to the next."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from storage.documents import Coll, Documents, Duplicate, Key, StoreError, VersionConflict

#: Where the number is kept; open it with the other collections.
META = Coll("meta")
_ID = "schema"
#: Documents of a migration read at once.
_PORTION = 500

Migration = Callable[[Documents], Awaitable[None]]


async def articles_can_be_searched(documents: Documents) -> None:
    """Give every article what it is asked for by: words, tags, dates."""
    from bridge.model.articles import Article
    from storage.codec import row_of
    from storage.repositories.articles import PORTION, asked_by
    from storage.schema import ARTICLES  # names this module's own collection

    after: Key | None = None
    while True:
        docs = await documents.find(ARTICLES, after=after, limit=PORTION)
        for doc in docs:
            await documents.replace(ARTICLES, doc.id, doc.ver, {**doc.body, **asked_by(row_of(Article, doc))})
        if len(docs) < PORTION:
            return
        after = Key(None, docs[-1].id)


async def customers_can_be_sorted(documents: Documents) -> None:
    """Give every customer the key of his name, by which lists sort."""
    from bridge.model.customers import Customer
    from storage.codec import row_of
    from storage.repositories.people import PORTION, asked_of
    from storage.schema import CUSTOMERS

    after: Key | None = None
    while True:
        docs = await documents.find(CUSTOMERS, after=after, limit=PORTION)
        bodies = [{**doc.body, **asked_of(row_of(Customer, doc))} for doc in docs]
        # Written at once: a store that gathers writes commits them together.
        await asyncio.gather(
            *(
                documents.replace(CUSTOMERS, doc.id, doc.ver, body)
                for doc, body in zip(docs, bodies, strict=True)
                if body != doc.body
            )
        )
        if len(docs) < PORTION:
            return
        after = Key(None, docs[-1].id)


async def tags_of_customers_are_counted(documents: Documents) -> None:
    """Count how many customers have which tag."""
    from storage.repositories.people import PORTION
    from storage.schema import CUSTOMER_TAGS, CUSTOMERS

    used: Counter[str] = Counter()
    written: dict[str, str] = {}
    after: Key | None = None
    while True:
        docs = await documents.find(CUSTOMERS, after=after, limit=PORTION)
        for tag in (tag for doc in docs for tag in doc.body.get("tags", ())):
            used[tag.lower()] += 1
            written.setdefault(tag.lower(), tag)
        if len(docs) < PORTION:
            break
        after = Key(None, docs[-1].id)
    for key, number in used.items():
        await documents.delete(CUSTOMER_TAGS, key)
        await documents.insert(CUSTOMER_TAGS, key, {"tag": written[key], "used": number})


async def messages_are_found_by_their_files(documents: Documents) -> None:
    """Give every message that carries files their names among the words it is found by."""
    from bridge.model.messages import Message
    from storage.codec import row_of
    from storage.repositories.messages import words_in
    from storage.schema import MESSAGES

    after: Key | None = None
    while True:
        docs = await documents.find(MESSAGES, after=after, limit=_PORTION)
        await asyncio.gather(
            *(
                documents.replace(MESSAGES, doc.id, doc.ver, {**doc.body, "words": words_in(row_of(Message, doc))})
                for doc in docs
                if doc.body.get("attachments")
            )
        )
        if len(docs) < _PORTION:
            return
        after = Key(None, docs[-1].id)


async def banned_conversations_are_found(documents: Documents) -> None:
    """Give every conversation of a banned customer the word by which those are found."""
    from storage.repositories.narrowing import BANNED
    from storage.schema import CONVERSATIONS

    after: Key | None = None
    while True:
        docs = await documents.find(CONVERSATIONS, after=after, limit=_PORTION)
        for doc in docs:
            words = str(doc.body.get("words") or "").split()
            if doc.body.get("banned") and BANNED not in words:
                body = {**doc.body, "words": " ".join([*words, BANNED])}
                await documents.replace(CONVERSATIONS, doc.id, doc.ver, body)
        if len(docs) < _PORTION:
            return
        after = Key(None, docs[-1].id)


async def conversations_have_places(documents: Documents) -> None:
    """Give every conversation the place it is asked for by: its team, or none."""
    from storage.repositories.sight import place_of
    from storage.schema import CONVERSATIONS

    after: Key | None = None
    while True:
        docs = await documents.find(CONVERSATIONS, after=after, limit=_PORTION)
        await asyncio.gather(
            *(
                documents.replace(CONVERSATIONS, doc.id, doc.ver, {**doc.body, "place": place_of(doc.body.get("team"))})
                for doc in docs
                if doc.body.get("place") != place_of(doc.body.get("team"))
            )
        )
        if len(docs) < _PORTION:
            return
        after = Key(None, docs[-1].id)


#: In order: the first lifts schema 1 to 2, and so on. One may be interrupted anywhere and run again, so what it does
#: must be repeatable; its name is what the operator reads.
MIGRATIONS: tuple[Migration, ...] = (
    articles_can_be_searched,
    customers_can_be_sorted,
    tags_of_customers_are_counted,
    messages_are_found_by_their_files,
    banned_conversations_are_found,
    conversations_have_places,
)
#: The schema number this program reads and writes.
CURRENT = 1 + len(MIGRATIONS)


class OldSchema(StoreError):
    """The store is of an older schema: migrate it."""

    def __init__(self, found: int, wanted: int) -> None:
        super().__init__(f"the store has schema {found}, this program needs {wanted}")
        self.found = found
        self.wanted = wanted


class NewerSchema(StoreError):
    """The store was written by a newer program: use that."""

    def __init__(self, found: int, wanted: int) -> None:
        super().__init__(f"the store has schema {found}, this program knows {wanted} at most")
        self.found = found
        self.wanted = wanted


async def schema_number(documents: Documents, current: int = CURRENT) -> int:
    """Return the store's schema number; a new store is given the current one at once."""
    doc = await documents.get(META, _ID)
    if doc is None:
        try:
            doc = await documents.insert(META, _ID, {"number": current})
        except Duplicate:
            return await schema_number(documents, current)
    return int(doc.body["number"])


async def require_current(documents: Documents, current: int = CURRENT) -> None:
    """Refuse a store of another schema; raises OldSchema or NewerSchema."""
    found = await schema_number(documents, current)
    if found < current:
        raise OldSchema(found, current)
    if found > current:
        raise NewerSchema(found, current)


async def migrate(documents: Documents, migrations: Sequence[Migration] = MIGRATIONS) -> list[str]:
    """Run the migrations the store lacks, in order; returns their names. Raises NewerSchema.

    The number rises after each, so that an interrupted run goes on where it stopped.
    """
    current = 1 + len(migrations)
    done = []
    while (number := await schema_number(documents, current)) < current:
        migration = migrations[number - 1]
        await migration(documents)
        if await _raise_number(documents, number):
            done.append(getattr(migration, "__name__", str(number + 1)))
    if number > current:
        raise NewerSchema(number, current)
    return done


async def _raise_number(documents: Documents, number: int) -> bool:
    """Write the next number; False: another process was quicker with this migration."""
    doc = await documents.get(META, _ID)
    if doc is None or doc.body["number"] != number:
        return False
    try:
        await documents.replace(META, _ID, doc.ver, {**doc.body, "number": number + 1})
    except VersionConflict:
        return False
    return True
