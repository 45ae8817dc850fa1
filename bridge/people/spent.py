"""Files nobody is to have any more: those of a chat, and those the desk sent into conversations that go."""

from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime

from bridge.context import Bridge
from bridge.model.files import Attachment, StoredFile
from bridge.model.ids import ConversationId, FileId
from bridge.model.messages import Message

#: Rows read in one go.
PORTION = 200


async def forget_file(bridge: Bridge, id: FileId) -> int:
    """Delete a file, bytes first: whoever takes this up again finds it by its row."""
    await bridge.files.delete(id)
    return await bridge.store.erasing.take_file(id)


async def forget_brought(bridge: Bridge, owner: str, until: datetime) -> int:
    """Delete what somebody ("chat:<channel>:<chat>") brought up to a time; returns how many files."""
    gone = 0
    while files := [file for file in await bridge.store.erasing.files_by(owner, PORTION) if file.at <= until]:
        for file in files:
            await forget_file(bridge, file.id)
        gone += len(files)
    return gone


async def carried(bridge: Bridge, conversation: ConversationId) -> dict[FileId, datetime]:
    """Return the files messages of a conversation carry, held ones too, with the time of the first that does."""
    found: dict[FileId, datetime] = {}
    for row in await bridge.store.conversations.many([conversation]):
        for held in row.held:
            found |= {each.file: held.at for each in held.attachments}
    async for message in messages(bridge, conversation):
        for each in message.attachments:
            if each.file:
                found.setdefault(each.file, message.at)
    return found


async def messages(bridge: Bridge, conversation: ConversationId) -> AsyncIterator[Message]:
    """Read all lines of a conversation, rising."""
    after = 0
    while rows := await bridge.store.messages.page(conversation, after, None, PORTION):
        for row in rows:
            yield row
        after = rows[-1].seq


async def forget_carried(bridge: Bridge, files: Collection[FileId], but: Collection[ConversationId]) -> int:
    """Delete files that conversations which go carry, unless an article or another conversation has them too."""
    rows = await bridge.store.files.many(list(files))
    if not rows:
        return 0
    kept = await in_articles(bridge)
    wanted = {row.id for row in rows} - kept
    since = min(row.at for row in rows)
    wanted -= await bridge.store.erasing.carried_elsewhere(wanted, but, since)
    return sum([await forget_file(bridge, row.id) for row in rows if row.id in wanted])


async def in_articles(bridge: Bridge) -> set[FileId]:
    """Return the files of the knowledge base (articles, drafts, earlier editions) and of canned replies."""
    found: set[FileId] = {file for row in await bridge.store.canned.all() for file in _files(row)}
    cursor: str | None = None
    while True:
        articles, cursor = await bridge.store.articles.page(cursor, PORTION)
        for article in articles:
            found |= set(_files(article))
            before: int | None = None
            while editions := await bridge.store.articles.editions(article.id, before, PORTION):
                found |= {file for edition in editions for file in _files(edition)}
                before = editions[-1].number
        if cursor is None:
            return found


def _files(value: object) -> Iterator[FileId]:
    if isinstance(value, Attachment):
        yield value.file
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _files(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _files(getattr(value, each.name))


async def past(bridge: Bridge, before: datetime, portion: int) -> int:
    """Delete files of conversations that came before a time, a portion; returns how many."""
    kept, gone, after = await in_articles(bridge), 0, None
    while gone < portion:
        rows: list[StoredFile] = await bridge.store.erasing.files_before(before, after, PORTION)
        for row in rows:
            if row.id not in kept:
                gone += await forget_file(bridge, row.id)
        if len(rows) < PORTION:
            return gone
        after = rows[-1]
    return gone
