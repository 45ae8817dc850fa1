"""Drafts: what somebody has written and not sent, on every device of his; other people never see it."""

from collections.abc import Sequence

from bridge import files
from bridge.context import Bridge
from bridge.model.drafts import StoredDraft, draft_id
from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, ConversationId, FileId, MessageId, fresh
from bridge.model.operators import Operator
from bridge.teamwork import access

#: The modes of writing.
MODES = ("reply", "note")
#: Drafts a page starts with, the newest.
SHOWN = 200
#: Characters of a draft: more than any message may have, for what is too long is to be shortened.
LONGEST = 20_000
SUBJECT = "draft"


async def put(
    bridge: Bridge,
    actor: Operator,
    where: ConversationId,
    mode: str,
    text: str,
    *,
    attached: Sequence[FileId] = (),
    quote: MessageId | None = None,
    suggestion: ArticleId | None = None,
    seq: int = 0,
    page: str = "",
) -> StoredDraft | None:
    """Keep a draft in place of the one that was there; None: it is empty, and there is none any more.

    `page` names the page it was written in, for that page not to be told of it. Raises Forbidden, NotFound, Invalid.
    """
    await access.conversation(bridge, actor, where, "note")
    if not text.strip() and not attached and not quote:
        await drop(bridge, actor, where, mode, page=page)
        return None
    draft = StoredDraft(
        draft_id(actor.id, where, mode),
        actor.id,
        where,
        mode,
        text[:LONGEST],
        bridge.clock.now(),
        fresh(),
        await _brought(bridge, actor, attached),
        quote,
        suggestion,
        seq,
    )
    draft = await bridge.store.drafts.put(draft)
    await _tell(bridge, draft, page)
    return draft


async def _brought(bridge: Bridge, actor: Operator, ids: Sequence[FileId]) -> tuple[Attachment, ...]:
    """Return files a person brought; they stay loose, for a draft is part of nothing yet."""
    rows = await bridge.store.files.many(list(dict.fromkeys(ids))[: files.MOST]) if ids else []
    return tuple(files.attachment(row) for row in rows if row.by == f"operator:{actor.id}")


async def drop(
    bridge: Bridge, actor: Operator, where: ConversationId, mode: str, stamp: str | None = None, page: str = ""
) -> bool:
    """Forget a draft, of a stamp or (None) whatever there is; False: there was none, or newer words by now.

    Raises Forbidden, NotFound.
    """
    await access.conversation(bridge, actor, where, "note")
    gone = await bridge.store.drafts.drop(actor.id, where, mode, stamp)
    if gone:
        blank = StoredDraft("", actor.id, where, mode, "", bridge.clock.now(), "")
        await _tell(bridge, blank, page)
    return gone


async def look(bridge: Bridge, actor: Operator, where: ConversationId) -> list[StoredDraft]:
    """Read a person's drafts in a conversation. Raises Forbidden, NotFound."""
    await access.conversation(bridge, actor, where, "note")
    found = [await bridge.store.drafts.get(actor.id, where, mode) for mode in MODES]
    return [each for each in found if each is not None]


async def mine(bridge: Bridge, actor: Operator) -> list[StoredDraft]:
    """Read a person's drafts, the newest, as far as he still gets their conversations."""
    rows = await bridge.store.drafts.of(actor.id, SHOWN)
    return await access.sifted(bridge, actor, rows)


async def _tell(bridge: Bridge, draft: StoredDraft, page: str) -> None:
    """Tell this person's other pages; of its words nothing goes over the bus."""
    told = {"operator": draft.operator, "conversation": draft.conversation, "mode": draft.mode, "page": page}
    await bridge.bus.publish(SUBJECT, told)
