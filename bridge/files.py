"""Files: kept once they were looked into, fetched from messengers, attached to words by those who brought them."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bridge.context import Bridge, log
from bridge.errors import ChannelBroken, Conflict, Invalid, NotFound, OutcomeUnknown, Rejected, RetryLater, Unreachable
from bridge.model.files import Attachment, FileClaim, Remote, StoredFile
from bridge.model.ids import ChannelName, ConversationId, FileId, derive, fresh
from bridge.ports.abilities import FileLimits, LimitedChannel
from bridge.ports.channels import OutgoingFile

#: Files of one message at most (a Telegram album holds as many).
MOST = 10
#: Tries to fetch a file from a messenger, and the longest pause between two, seconds.
TRIES = 4
PAUSE = 5.0
#: Fetching one file takes no longer, seconds: the chat waits for it.
PATIENCE = 120

#: A file that became part of no message is forgotten after so long: a draft may hold it for days.
LOOSE = timedelta(days=7)
#: Files forgotten in one go.
PORTION = 100

#: Begins the ref of a file that a door has taken in by itself; the id of what is kept follows.
STORED = "stored:"


async def take(
    bridge: Bridge,
    chunks: AsyncIterable[bytes],
    *,
    name: str,
    mime: str,
    by: str,
    id: FileId | None = None,
    kind: str | None = None,
    limit: int | None = None,
) -> StoredFile:
    """Keep a file somebody sends; with an id that is known already nothing is read and the kept one is returned.

    `by` is "operator:<id>" or "chat:<channel>:<chat>"; `kind` as bridge.model.files.KINDS, None: told by its type.
    Raises Invalid(("file", code)) with file_too_big, file_empty, file_broken, file_bomb or file_type; StoreDown.
    """
    try:
        claim = FileClaim(name, mime, kind or "", _limit(bridge, limit), _staff(by))
        return await _kept(bridge, chunks, claim, by, id, loose=True)
    except Rejected as refusal:
        raise Invalid(("file", refusal.reason)) from None


def limits(bridge: Bridge, channel: ChannelName) -> FileLimits | None:
    """Return what a channel takes of files, within what the house takes; None: it carries none."""
    carrier = bridge.channels.filing(channel)
    if carrier is None:
        return None
    told = carrier.file_limits if isinstance(carrier, LimitedChannel) else FileLimits()
    size, most = min(told.size or bridge.files.limit, bridge.files.limit), min(told.most or MOST, MOST)
    return replace(told, size=size, most=most)


def attachment(file: StoredFile, remote: str = "") -> Attachment:
    """Return a kept file as a message carries it."""
    return Attachment(
        file.id, file.kind, file.name, file.mime, file.size, file.width, file.height, file.seconds, remote=remote
    )


async def attached(
    bridge: Bridge, by: str, ids: Sequence[FileId], conversation: ConversationId | None = None
) -> tuple[Attachment, ...]:
    """Return files to be attached by the person who brought them, to a word of a conversation or to something else.

    Raises Invalid(("attachments", code)) with too_many, or unknown for a file that is not there or another's.
    """
    if len(ids) > MOST:
        raise Invalid(("attachments", "too_many"))
    files = await bridge.store.files.many(list(dict.fromkeys(ids))) if ids else []
    if len(files) < len(set(ids)) or any(file.by != by for file in files):
        raise Invalid(("attachments", "unknown"))
    if None in [await _kept_for_good(bridge, file, conversation) for file in files]:
        raise Invalid(("attachments", "unknown"))
    return tuple(attachment(file) for file in files)


async def forget_loose(bridge: Bridge) -> int:
    """Delete files that were brought a week ago and are part of no message; returns how many."""
    files = await bridge.store.files.loose(bridge.clock.now() - LOOSE, PORTION)
    gone = 0
    for file in files:
        try:
            await bridge.store.files.drop(file)
        except Conflict:
            continue  # attached just now
        await bridge.files.delete(file.id)
        gone += 1
    return gone


async def _kept_for_good(
    bridge: Bridge, file: StoredFile, conversation: ConversationId | None = None
) -> StoredFile | None:
    """Note that a file becomes part of a message; None: it was forgotten just now."""
    found: StoredFile | None = file
    while found is not None and found.loose:
        try:
            return await bridge.store.files.replace(replace(found, loose=False, conversation=conversation))
        except Conflict:
            found = await bridge.store.files.find(file.id)
    return found


def require_carried(bridge: Bridge, channel: ChannelName, attachments: Sequence[Attachment]) -> None:
    """Refuse files that a channel cannot carry: Conflict("channel_cannot"), Invalid(("attachments", code))."""
    if not attachments:
        return
    carrier = bridge.channels.filing(channel)
    if carrier is None:
        raise Conflict("channel_cannot", f"{channel} carries no files")
    for each in attachments:
        code = carrier.carries(each)
        if code is not None:
            raise Invalid(("attachments", code))


async def fetched(
    bridge: Bridge, channel: ChannelName, remotes: Sequence[Remote], by: str, key: str
) -> tuple[Attachment, ...]:
    """Fetch the files of a word that came in; one that cannot be had carries its reason. Raises StoreDown.

    Ids follow from `key`, so a replay finds what was kept before it.
    """
    return tuple(
        [
            await _fetched(bridge, channel, remote, by, FileId(derive("file", key, number)))
            for number, remote in enumerate(remotes[:MOST])
        ]
    )


def outgoing(bridge: Bridge, attachments: Sequence[Attachment]) -> tuple[OutgoingFile, ...]:
    """Return the files of a word on its way out; those that were never had stay behind."""
    return tuple(OutgoingFile(each, partial(_read, bridge, each.file)) for each in attachments if each.file)


def named_file(bridge: Bridge, language: str, attachment: Attachment) -> str:
    """Return what a file is in words: its kind, a document's name, and why it could not be had."""
    kind = bridge.phrases.kind(language, attachment.kind)
    named = f"{kind} «{attachment.name}»" if attachment.name and attachment.kind == "document" else kind
    return f"{named}: {bridge.phrases.reason(language, attachment.reason)}" if attachment.reason else named


def refusal(bridge: Bridge, language: str, attachment: Attachment) -> str:
    """Return what a customer is told of a file of his that could not be kept."""
    what = named_file(bridge, language, replace(attachment, reason=""))
    what = what[:1].upper() + what[1:]
    limit = bridge.files.limit
    if attachment.reason == "file_too_big" and attachment.size > limit:
        return bridge.phrases.say(language, "customer.file_too_big", what=what, limit=limit >> 20)
    reason = bridge.phrases.reason(language, attachment.reason)
    return bridge.phrases.say(language, "customer.file_not_taken", what=what, reason=reason)


async def _read(bridge: Bridge, id: FileId) -> AsyncIterator[bytes]:
    try:
        async for piece in bridge.files.read(id):
            yield piece
    except NotFound:
        raise Rejected("file_lost") from None  # to a channel, NotFound would mean a topic that is gone


async def _fetched(bridge: Bridge, channel: ChannelName, remote: Remote, by: str, id: FileId) -> Attachment:
    reason = "file_unavailable"
    if remote.ref.startswith(STORED):
        return await _brought(bridge, remote, by)
    known = await bridge.store.files.find(id)
    place = f"{channel} {remote.ref}"
    if known is not None:
        return attachment(known, place)
    try:
        async with asyncio.timeout(PATIENCE):
            return attachment(await _tried(bridge, channel, remote, by, id), place)
    except Rejected as refusal:
        reason = refusal.reason
    except (TimeoutError, RetryLater, OutcomeUnknown, ChannelBroken, Unreachable, NotFound) as fault:
        log.warning("a file could not be fetched", extra={"channel": channel, "reason": str(fault)})
    name = remote.name[:120]
    return Attachment(FileId(""), remote.kind, name, remote.mime, remote.size, seconds=remote.seconds, reason=reason)


async def _brought(bridge: Bridge, remote: Remote, by: str) -> Attachment:
    """Return a file that the same person gave us before the word it belongs to."""
    known = await bridge.store.files.find(FileId(remote.ref.removeprefix(STORED)))
    if known is not None and known.by == by:
        known = await _kept_for_good(bridge, known)
    if known is not None and known.by == by:
        return replace(attachment(known), seconds=known.seconds or remote.seconds)
    return Attachment(FileId(""), remote.kind, remote.name, remote.mime, remote.size, reason="file_lost")


async def _tried(bridge: Bridge, channel: ChannelName, remote: Remote, by: str, id: FileId) -> StoredFile:
    """Fetch a file, a few times when the messenger stumbles."""
    carrier = bridge.channels.filing(channel)
    if carrier is None:
        raise Rejected("file_unavailable")
    limit = _limit(bridge, None)
    if remote.size > limit:
        raise Rejected("file_too_big")
    claim = FileClaim(remote.name, remote.mime, remote.kind, limit, _staff(by))
    for left in reversed(range(TRIES)):
        try:
            return await _kept(bridge, carrier.fetch(remote), claim, by, id, remote.seconds)
        except (RetryLater, OutcomeUnknown) as pause:
            if not left:
                raise
            await bridge.clock.sleep(min(PAUSE, getattr(pause, "seconds", 1.0)))
    raise AssertionError("unreachable: the last try returns or raises")


async def _kept(
    bridge: Bridge,
    chunks: AsyncIterable[bytes],
    claim: FileClaim,
    by: str,
    id: FileId | None,
    seconds: int = 0,
    loose: bool = False,
) -> StoredFile:
    known = await bridge.store.files.find(id) if id is not None else None
    if known is not None:
        return known
    id = id or FileId(fresh())
    facts = await bridge.files.keep(id, chunks, claim)
    stored = StoredFile(
        id,
        facts.kind,
        facts.name,
        facts.mime,
        facts.size,
        facts.sha256,
        by,
        bridge.clock.now(),
        facts.width,
        facts.height,
        seconds,
        loose,
    )
    # Last, so that a row never promises bytes that are not there.
    return await bridge.store.files.add(stored)


def _limit(bridge: Bridge, limit: int | None) -> int:
    return bridge.files.limit if limit is None else min(limit, bridge.files.limit)


def _staff(by: str) -> bool:
    return by.startswith("operator:")
