"""Canned replies: kept by the desk for one, for a team or for all, and filled where they are inserted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge import files
from bridge.composing import filling, shelf
from bridge.context import Bridge
from bridge.errors import Invalid
from bridge.model.canned import Canned, Shared
from bridge.model.files import Attachment
from bridge.model.ids import ConversationId, FileId, TeamId, fresh
from bridge.model.operators import Operator
from bridge.people.kin import root
from bridge.service import checked
from bridge.teamwork import access

#: Canned replies of an installation at most.
MOST = 5_000
#: Languages one can be written for; "" fits any.
LANGUAGES = ("", "ru", "en")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a canned reply is to be; None: as it is. `files` are ids of files the caller brought, or of its own."""

    title: str | None = None
    text: str | None = None
    shared: Shared | None = None
    team: TeamId | None = None
    shortcut: str | None = None
    language: str | None = None
    files: Sequence[FileId] | None = None


@dataclass(frozen=True, slots=True)
class Inserted:
    """A canned reply as it stands in one conversation; its files are the caller's to send."""

    text: str
    unfilled: tuple[str, ...]
    attachments: tuple[Attachment, ...]


async def listed(bridge: Bridge, actor: Operator) -> list[tuple[Canned, int]]:
    """Read those a person is offered, by title, with how often each was used. Raises Forbidden."""
    return await shelf.listed(actor, bridge.store.canned)


async def look(bridge: Bridge, actor: Operator, id: str) -> tuple[Canned, int]:
    """Read one. Raises Forbidden, NotFound."""
    return await shelf.look(actor, bridge.store.canned, id)


async def create(bridge: Bridge, actor: Operator, wish: Wish) -> Canned:
    """Write one. Raises Invalid (title, text, shortcut, team, language, attachments), Forbidden."""
    rows = await bridge.store.canned.all()
    if len(rows) >= MOST:
        raise Invalid(("title", "too_many"))
    blank = Canned(fresh(), "", "", actor.id, bridge.clock.now())
    return await shelf.add(bridge, actor, bridge.store.canned, await _wished(bridge, actor, blank, wish, rows))


async def change(bridge: Bridge, actor: Operator, id: str, wish: Wish, version: int | None = None) -> Canned:
    """Change one. Raises Invalid, Conflict("version"), Forbidden, NotFound."""
    before = await shelf.taken(actor, bridge.store.canned, id, version)
    after = await _wished(bridge, actor, before, wish, await bridge.store.canned.all())
    return await shelf.put(bridge, actor, bridge.store.canned, before, after)


async def delete(bridge: Bridge, actor: Operator, id: str) -> None:
    """Delete one; words that were made of it stay as they are. Raises Forbidden, NotFound."""
    await shelf.delete(bridge, actor, bridge.store.canned, id)


async def insert(bridge: Bridge, actor: Operator, id: str, where: ConversationId, token: str) -> Inserted:
    """Return one as it stands in a conversation, and count that it was used there; a token counts once.

    Its files are copied for the caller: what a message carries goes with that message's conversation.
    Raises Forbidden, NotFound.
    """
    conversation = await access.conversation(bridge, actor, where, "note")
    row = shelf.require_got(actor, await bridge.store.canned.get(id))
    customer = await root(bridge, conversation.customer)
    found = filling.filled(row.text, filling.values(bridge, conversation, customer, actor))
    copied = [await _copied(bridge, actor, each) for each in row.attachments]
    await bridge.store.canned.used(id, token)
    return Inserted(found.text, found.unfilled, tuple(copied))


async def _copied(bridge: Bridge, actor: Operator, each: Attachment) -> Attachment:
    mine = f"operator:{actor.id}"
    chunks = bridge.files.read(each.file)
    return files.attachment(await files.take(bridge, chunks, name=each.name, mime=each.mime, by=mine, kind=each.kind))


async def _wished(bridge: Bridge, actor: Operator, before: Canned, wish: Wish, rows: Sequence[Canned]) -> Canned:
    shared = before.shared if wish.shared is None else wish.shared
    team = before.team if wish.team is None else wish.team
    row = replace(
        before,
        title=shelf.titled(before.title if wish.title is None else wish.title),
        shared=shared,
        team=await shelf.require_place(bridge, actor, shared, team),
        shortcut=before.shortcut if wish.shortcut is None else shelf.short(wish.shortcut),
        language=before.language if wish.language is None else wish.language,
        attachments=await _attached(bridge, actor, before, wish.files),
    )
    text = checked(before.text if wish.text is None else wish.text, row.attachments)
    if row.language not in LANGUAGES:
        raise Invalid(("language", "unknown"))
    if filling.unknown(text):
        raise Invalid(("text", "unknown_variable"))
    shelf.require_free(row.shortcut, row, row.id, rows)
    return replace(row, text=text)


async def _attached(
    bridge: Bridge, actor: Operator, before: Canned, wanted: Sequence[FileId] | None
) -> tuple[Attachment, ...]:
    """Return the files it is to carry, in order: its own may stay, new ones are the caller's."""
    if wanted is None:
        return before.attachments
    own = {each.file: each for each in before.attachments}
    new = await files.attached(bridge, f"operator:{actor.id}", [id for id in wanted if id not in own])
    there = own | {each.file: each for each in new}
    if len(wanted) > files.MOST:
        raise Invalid(("attachments", "too_many"))
    return tuple(there[id] for id in dict.fromkeys(wanted))
