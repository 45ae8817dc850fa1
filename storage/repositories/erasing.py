"""Letting a person go, or what is past its time: deletions in every collection that knows it, each to be repeated."""

import json
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from bridge.errors import Conflict
from bridge.model.conversations import Stage
from bridge.model.desk import Post
from bridge.model.erasures import Erasure
from bridge.model.events import AuditEvent
from bridge.model.files import StoredFile
from bridge.model.ids import ConversationId, CustomerId, FileId, IdentityId, LaneId, OperatorId, derive
from bridge.model.inbound import Update
from bridge.model.lanes import Lane
from storage import schema
from storage.codec import row_of
from storage.documents import Body, Coll, Doc, Documents, Duplicate, Key, Order, P, VersionConflict
from storage.repositories.base import Rows
from storage.repositories.tags import TagCounts

#: Rows read or deleted in one go.
PORTION = 500
#: Collections whose rows were made of words said in a conversation, by the field that names it.
MADE_OF_WORDS = (
    (schema.MISSES, "conversation"),
    (schema.LABELS, "about"),
    (schema.REVIEWS, "conversation"),
    (schema.STAFF_ANSWERS, "conversation"),
    (schema.WEBHOOK_CALLS, "conversation"),
)
#: What the desk keeps beside a conversation, and of a customer.
OF_THE_DESK = (schema.TASKS, schema.NOTICES, schema.STARS)
OF_CUSTOMERS = (schema.IMPORT_CHANGES, schema.TASKS, schema.NOTICES)
#: Pages of the store's files given back in one go: some milliseconds of work.
PAGES = 256
#: An id of ours is long enough to be looked for inside of a text.
ID = 16
GONE = "gone"
_HANDLED = ("done", "dead")


class ErasingRows:
    """Deletions, as bridge.ports.erasing.Erasing says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._rows = Rows(documents, schema.ERASURES, Erasure)
        self._updates = Rows(documents, schema.UPDATES, Update)
        self._lanes = Rows(documents, schema.LANES, Lane)
        self._audit = Rows(documents, schema.AUDIT, AuditEvent)
        self._files = Rows(documents, schema.FILES, StoredFile)
        self._tags = TagCounts(documents)

    async def begin(self, erasure: Erasure) -> Erasure:
        return (await self._rows.insert_once(erasure))[0]

    async def save(self, erasure: Erasure) -> Erasure:
        return await self._rows.replace(erasure)

    async def find(self, id: str) -> Erasure | None:
        return await self._rows.find(id)

    async def pending(self, limit: int) -> list[Erasure]:
        return await self._rows.list(P("done", "eq", False), order=Order("at"), limit=limit)

    async def updates(self, lane: LaneId, after: str | None, limit: int) -> list[Update]:
        key = Key(None, after) if after is not None else None
        return await self._updates.list(P("lane", "eq", lane), after=key, limit=limit)

    async def take_updates(self, lane: LaneId, before: datetime) -> int:
        of_lane = P("lane", "eq", lane)
        handled = await self._sweep(schema.UPDATES, of_lane, P("state", "in", _HANDLED))
        early = P("received_at", "lt", before)
        return handled + await self._sweep(schema.UPDATES, of_lane, P("state", "eq", "new"), early)

    async def take_update(self, id: str) -> int:
        return await self._delete(schema.UPDATES, id)

    async def hold_lane(self, lane: LaneId, direction: str, now: datetime, until: datetime, holder: str) -> Lane | None:
        found = await self._lanes.find(lane)
        try:
            if found is None:
                return await self._lanes.insert(Lane(lane, direction, until, holder))
            if found.holder and found.due > now:
                return None
            return await self._lanes.replace(replace(found, due=until, holder=holder, again=False))
        except (Duplicate, Conflict):
            return None

    async def take_lane(self, lane: Lane) -> bool:
        if lane.again:
            return False
        try:
            await self._documents.delete(schema.LANES, lane.id, lane.version)
        except VersionConflict as conflict:
            return conflict.found is None
        return True

    async def take_conversation(self, id: ConversationId, readers: Sequence[OperatorId]) -> int:
        taken = await self._sweep(schema.MESSAGES, P("conversation", "eq", id))
        taken += await self._sweep(schema.POSTS, P("conversation", "eq", id))
        taken += await self._sweep(schema.DRAFTS, P("conversation", "eq", id))
        for coll in OF_THE_DESK:
            taken += await self._sweep(coll, P("conversation", "eq", id))
        taken += await self._delete(schema.TOPICS, id)
        for reader in readers:
            taken += await self._delete(schema.READS, f"{reader}:{id}")
        return taken + await self._delete(schema.CONVERSATIONS, id)

    async def take_words(self, conversations: Collection[ConversationId], others: Collection[str]) -> int:
        taken, named = 0, set(conversations)
        for coll, field in MADE_OF_WORDS:
            async for doc in self._every(coll):
                if doc.body.get(field) in named:
                    taken += await self._delete(coll, doc.id)
        needles = {str(each) for each in (*named, *others)}
        async for doc in self._every(schema.VALUES):
            if _names(doc, needles):
                taken += await self._delete(schema.VALUES, doc.id)
        return taken

    async def made_of_words(
        self, conversations: Collection[ConversationId], customers: Collection[CustomerId]
    ) -> dict[str, list[dict[str, Any]]]:
        asked = [(coll, (), field, set(map(str, conversations))) for coll, field in MADE_OF_WORDS]
        theirs = P("customer", "in", tuple(customers))
        colls = (schema.IMPORT_CHANGES, schema.TASKS)
        kept = [(coll, (theirs,), "customer", set(map(str, customers))) for coll in colls]
        found: dict[str, list[dict[str, Any]]] = {}
        for coll, where, field, named in (*asked, *kept):
            async for doc in self._every(coll, *where):
                if doc.body.get(field) in named:
                    found.setdefault(coll.name, []).append({"id": doc.id, **doc.body})
        return found

    async def take_chat(self, id: str) -> int:
        return await self._delete(schema.CHATS, id)

    async def take_identity(self, id: IdentityId) -> int:
        return await self._delete(schema.IDENTITIES, id)

    async def take_customer(self, id: CustomerId) -> int:
        taken = await self._sweep(schema.IDENTITIES, P("customer", "eq", id))
        for coll in OF_CUSTOMERS:
            taken += await self._sweep(coll, P("customer", "eq", id))
        row = await self._documents.get(schema.CUSTOMERS, id)
        if row is not None:  # before he goes, or a death between would leave a tag that was his alone
            await self._tags.take(row.body.get("tags", ()), derive("gone", id))
        return taken + await self._delete(schema.CUSTOMERS, id)

    async def audit(self, subject: str, after: str | None, limit: int) -> list[AuditEvent]:
        key = Key(None, after) if after is not None else None
        return await self._audit.list(P("subject", "eq", subject), after=key, limit=limit)

    async def blank_audit(self, subject: str) -> int:
        blanked = 0
        async for doc in self._every(schema.AUDIT, P("subject", "eq", subject)):
            if doc.body.get("detail"):
                blanked += await self._write(schema.AUDIT, doc, {**doc.body, "detail": {}})
        return blanked

    async def once_linked(self, customers: Collection[CustomerId]) -> list[CustomerId]:
        steps = [doc.body async for doc in self._every(schema.LINKS)]
        touched = [step for step in steps if step["child"] in customers or step["parent"] in customers]
        sides = dict.fromkeys(step[side] for step in touched for side in ("child", "parent"))
        return [side for side in sides if side not in customers and side != GONE]

    async def take_posts(self, conversation: ConversationId, name: str) -> int:
        docs = [doc async for doc in self._every(schema.POSTS, P("conversation", "eq", conversation))]
        held = [doc for doc in docs if not doc.body["open"] and name in "\n".join(_texts(doc.body))]
        return sum([await self._delete(schema.POSTS, doc.id) for doc in held])

    async def blank_links(self, customers: Collection[CustomerId]) -> int:
        blanked = 0
        async for doc in self._every(schema.LINKS):
            sides = {side: GONE for side in ("child", "parent") if doc.body[side] in customers}
            if sides:
                blanked += await self._write(schema.LINKS, doc, {**doc.body, **sides, "kept": []})
        return blanked

    async def files_by(self, owner: str, limit: int) -> list[StoredFile]:
        return await self._files.list(P("by", "eq", owner), order=Order("at"), limit=limit)

    async def files_before(self, at: datetime, after: StoredFile | None, limit: int) -> list[StoredFile]:
        past = (P("loose", "eq", False), P("at", "lt", at))
        key = Key(after.at, after.id) if after is not None else None
        return await self._files.list(*past, order=Order("at"), after=key, limit=limit)

    async def carried_elsewhere(
        self, files: Collection[FileId], but: Collection[ConversationId], since: datetime
    ) -> set[FileId]:
        found: set[FileId] = set()
        after: Key | None = None
        while files:
            asked, order = (P("changed", "ge", since),), Order("changed")
            docs = await self._documents.find(schema.MESSAGES, asked, order, after, PORTION)
            for doc in docs:
                if doc.body["attachments"] and doc.body["conversation"] not in but:
                    found |= {each["file"] for each in doc.body["attachments"]} & set(files)
            if len(docs) < PORTION:
                break
            after = Key(docs[-1].body["changed"], docs[-1].id)
        return found

    async def take_file(self, id: str) -> int:
        return await self._delete(schema.FILES, id)

    async def past_updates(self, before: datetime) -> int:
        past = P("received_at", "lt", before)
        portions = [
            await self._documents.sweep(schema.UPDATES, (P("state", "eq", state), past), PORTION) for state in _HANDLED
        ]
        return sum(portions)

    async def past_conversations(self, before: datetime, limit: int) -> list[ConversationId]:
        asked = (P("stage", "eq", Stage.CLOSED.value), P("active_at", "lt", before))
        docs = await self._documents.find(schema.CONVERSATIONS, asked, Order("active_at"), limit=limit)
        return [ConversationId(doc.id) for doc in docs]

    async def posts(self, conversation: ConversationId) -> list[Post]:
        return [row_of(Post, doc) async for doc in self._every(schema.POSTS, P("conversation", "eq", conversation))]

    async def give_back(self) -> bool:
        return await self._documents.give_back(PAGES)

    async def scrub(self) -> None:
        await self._documents.scrub()

    async def _sweep(self, coll: Coll, *where: P) -> int:
        taken = 0
        while portion := await self._documents.sweep(coll, where, PORTION):
            taken += portion
        return taken

    async def _delete(self, coll: Coll, id: str) -> int:
        return int(await self._documents.delete(coll, id))

    async def _write(self, coll: Coll, doc: Doc, body: Body) -> int:
        with suppress(VersionConflict):  # written meanwhile: what takes the erasing up again finds it
            await self._documents.replace(coll, doc.id, doc.ver, body)
            return 1
        return 0

    async def _every(self, coll: Coll, *where: P) -> AsyncIterator[Doc]:
        after: Key | None = None
        while True:
            docs = await self._documents.find(coll, where, after=after, limit=PORTION)
            for doc in docs:
                yield doc
            if len(docs) < PORTION:
                return
            after = Key(None, docs[-1].id)


def _names(doc: Doc, needles: set[str]) -> bool:
    """Tell whether a small value is about one of these: it is a part of its key, or stands in it."""
    if any(f":{needle}:" in f":{doc.id}:" for needle in needles):
        return True
    long = [needle for needle in needles if len(needle) >= ID]
    text = json.dumps(doc.body["value"], ensure_ascii=False, default=str)
    if any(needle in doc.id or needle in text for needle in long):
        return True
    return not needles.isdisjoint(_texts(doc.body["value"]))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value
