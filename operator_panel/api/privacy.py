"""Everything of one person out into an archive, or out of the house; one conversation out of the house."""

import asyncio
import tempfile

from aiohttp import web

from bridge.model.ids import ConversationId, CustomerId
from bridge.people import dossier, erasing
from bridge.people.kin import root
from operator_panel.api.conversations import expect
from operator_panel.api.shape import Shape, Time
from operator_panel.serving import Call

#: An archive up to so many bytes is kept in memory.
SMALL = 1 << 20
_PIECE = 256 << 10


class Erased(Shape):
    """The trace of an erased person: `by_hand` names topics of the staff group that the messenger would not delete."""

    id: str
    at: Time
    conversations: int
    files: int
    updates: int
    rows: int
    by_hand: list[str]


class Deleted(Shape):
    """The trace of a deleted conversation: its number and how much went; `by_hand` as with a person."""

    id: str
    number: int
    at: Time
    messages: int
    files: int
    by_hand: list[str]


async def conversation_delete(call: Call, id: str) -> Deleted:
    """Delete a conversation with its messages, notes, files and tasks, for good; its customer stays.

    Needs a right of its own: an administrator has it and gives it to others. What the customer has in his messenger
    stays there; what he writes next opens a new conversation.
    """
    await expect(call, id)
    # To its end, also when who asked does not wait: half of it would be taken up by the timers.
    row = await asyncio.shield(erasing.delete(call.bridge, call.actor, ConversationId(id)))
    counts = {name: row.counts.get(name, 0) for name in ("number", "messages", "files")}
    return Deleted(id=id, at=row.at, by_hand=list(row.by_hand), **counts)


async def customer_erase(call: Call, id: str) -> Erased:
    """Delete a person with all that is his: chats, words, raw updates, files; who joined him goes with him."""
    if "If-Match" in call.request.headers:
        call.expect((await root(call.bridge, CustomerId(id))).version)
    # To its end, also when who asked does not wait: half of it would be taken up by the timers.
    row = await asyncio.shield(erasing.erase(call.bridge, call.actor, CustomerId(id)))
    return Erased(
        id=row.id,
        at=row.at,
        by_hand=list(row.by_hand),
        **{name: row.counts.get(name, 0) for name in ("conversations", "files", "updates", "rows")},
    )


async def customer_export(call: Call, id: str) -> web.StreamResponse:
    """Download everything of a person: a ZIP archive of JSON, raw updates and files."""
    with tempfile.SpooledTemporaryFile(SMALL) as out:
        person = await dossier.export_one(call.bridge, call.actor, CustomerId(id), out)
        size = out.tell()
        out.seek(0)
        response = web.StreamResponse(
            headers={
                "Content-Type": "application/zip",
                "Content-Disposition": f'attachment; filename="customer-{person.id}.zip"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            }
        )
        response.content_length = size
        await response.prepare(call.request)
        while piece := await asyncio.to_thread(out.read, _PIECE):
            await response.write(piece)
        await response.write_eof()
    return response
