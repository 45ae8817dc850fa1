"""Everything that is kept of one person, as files in an archive: what a request for one's own data is answered with."""

import dataclasses
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime
from enum import Enum
from typing import IO, Any

from bridge.context import Bridge
from bridge.errors import NotFound
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.customers import Chat, Customer
from bridge.model.events import AuditEvent
from bridge.model.files import StoredFile
from bridge.model.ids import CustomerId, FileId, fresh
from bridge.model.lanes import in_lane
from bridge.model.operators import Operator
from bridge.people import spent
from bridge.people.kin import members, root
from bridge.rights import require

#: Rows read in one go.
PORTION = 200
CHATS = 1000
#: What of a row is the store's own business.
INNER = frozenset({"version", "decided", "pending", "epoch"})


async def export_one(bridge: Bridge, actor: Operator, id: CustomerId, out: IO[bytes]) -> Customer:
    """Write all of a person into an archive and note that it was done. Raises Forbidden, NotFound, StoreDown."""
    require(actor, "customers")
    return await export_for(bridge, actor.id, id, out)


async def export_for(bridge: Bridge, by: str, id: CustomerId, out: IO[bytes]) -> Customer:
    """Write all of a person into an archive for somebody who may; as `export_one`."""
    person = await root(bridge, id)
    family = [person, *await members(bridge, person.id)]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        chats = [chat for each in family for chat in await bridge.store.people.chats(each.id, CHATS)]
        cases = [case for each in family async for case in _cases(bridge, each.id)]
        about = {
            "customers": family,
            "identities": [one for each in family for one in await bridge.store.people.identities(each.id)],
            "chats": chats,
            "links": await bridge.store.links.of([each.id for each in family]),
            "conversations": cases,
            "audit": [event async for event in _audit(bridge, family, cases)],
        }
        _put(packed, "person.json", about)
        files: dict[FileId, object] = {}
        for case in cases:
            lines = [line async for line in spent.messages(bridge, case.id)]
            files |= {each.file: None for line in lines for each in line.attachments if each.file}
            posts = sorted(await bridge.store.erasing.posts(case.id), key=lambda post: post.at)
            told = {"conversation": case, "messages": lines, "posts": posts}
            _put(packed, f"conversations/{case.number}.json", told)
        made = await bridge.store.erasing.made_of_words([case.id for case in cases], [each.id for each in family])
        if made:
            _put(packed, "made-of-words.json", made)
        await _put_updates(bridge, packed, chats)
        await _put_files(bridge, packed, chats, list(files))
    count = {"conversations": len(cases)}
    event = AuditEvent(fresh(), bridge.clock.now(), by, "customer_exported", f"customer:{person.id}", count)
    await bridge.store.journal.write(event)
    return person


async def _cases(bridge: Bridge, id: CustomerId) -> AsyncIterator[Conversation]:
    cursor: str | None = None
    while True:
        rows, cursor = await bridge.store.conversations.page(ConversationFilters(customer=id), cursor, PORTION)
        for row in rows:
            yield row
        if cursor is None:
            return


async def _audit(bridge: Bridge, family: list[Customer], cases: list[Conversation]) -> AsyncIterator[AuditEvent]:
    for subject in [*(f"customer:{each.id}" for each in family), *(f"conversation:{case.id}" for case in cases)]:
        after: str | None = None
        while rows := await bridge.store.erasing.audit(subject, after, PORTION):
            for row in rows:
                yield row
            after = rows[-1].id


async def _put_updates(bridge: Bridge, packed: zipfile.ZipFile, chats: list[Chat]) -> None:
    """Add what messengers told of him, as they told it."""
    for number, chat in enumerate(chats, 1):
        rows = await bridge.store.erasing.updates(in_lane(chat.channel, chat.chat), None, PORTION)
        lines: list[str] = []
        while rows:
            lines += [json.dumps(plain(row), ensure_ascii=False) for row in rows]
            rows = await bridge.store.erasing.updates(in_lane(chat.channel, chat.chat), rows[-1].id, PORTION)
        if lines:
            packed.writestr(zipfile.ZipInfo(f"updates/{number}-{chat.channel}.jsonl"), "\n".join(lines) + "\n")


async def _put_files(bridge: Bridge, packed: zipfile.ZipFile, chats: list[Chat], carried: list[FileId]) -> None:
    """Add the files he sent and was sent; names of people's own stand behind an id, without a path."""
    found: dict[FileId, StoredFile] = {}
    for start in range(0, len(carried), PORTION):
        found |= {row.id: row for row in await bridge.store.files.many(carried[start : start + PORTION])}
    for chat in chats:
        brought = await bridge.store.erasing.files_by(f"chat:{chat.channel}:{chat.chat}", CHATS)
        found |= {row.id: row for row in brought}
    for row in found.values():
        try:
            with packed.open(zipfile.ZipInfo(f"files/{row.id}-{_safe(row.name)}"), "w", force_zip64=True) as file:
                async for piece in bridge.files.read(row.id):
                    file.write(piece)
        except NotFound:
            continue  # forgotten by retention: its row follows
    _put(packed, "files.json", list(found.values()))


def _safe(name: str) -> str:
    return (
        "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name)[-80:].lstrip(".") or "file"
    )


def _put(packed: zipfile.ZipFile, name: str, value: object) -> None:
    packed.writestr(zipfile.ZipInfo(name), json.dumps(plain(value), ensure_ascii=False, indent=1), zipfile.ZIP_DEFLATED)


def plain(value: Any) -> Any:
    """Return rows as JSON holds them."""
    if dataclasses.is_dataclass(value):
        named = ((each.name, getattr(value, each.name)) for each in dataclasses.fields(value))
        return {name: plain(each) for name, each in named if name not in INNER}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value
