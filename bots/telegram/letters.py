"""A word with files as the messages Telegram makes of it: albums, captions, what is too long or too large for them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from aiogram import Bot
from aiogram.methods import SendMessage
from aiogram.types import InputFile, LinkPreviewOptions, MessageEntity, ReplyParameters

from bots.telegram import methods
from bots.telegram.budget import ALBUM, FILE, FURTHER
from bots.telegram.keyboards import Markup
from bridge.errors import BridgeError, ChannelBroken, NotFound, Rejected, RetryLater, StoreDown, Unreachable
from bridge.model.files import Attachment
from bridge.phrases import split, utf16_length
from bridge.ports.channels import OutgoingFile, Receipt

#: Telegram's limits of a message and of a caption, UTF-16 units.
TEXT = 4096
CAPTION = 1024
#: Seconds more that a call may take for each file it carries.
FILE_SECONDS = 60
#: A later part that must wait is waited for so often, and so long at most: the first ones are out already.
PATIENT = 4
PAUSE = 15.0
#: So much longer for each message it takes: a staff group's turns grow back at that pace, seconds.
PACE = 3.0

#: Takes turns of the send budget, of a kind (bots.telegram.budget) so many; returns 0, or the seconds to wait.
Turn = Callable[[str, int], Awaitable[float]]
#: Calls a method, giving it so many seconds more than usual; raises as bots.telegram.errors.funnel.
Call = Callable[[Any, int], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes to a chat at once; `author` stands in bold before the text, `own` names channel and bot that send."""

    chat: int
    text: str
    files: tuple[OutgoingFile, ...] = ()
    own: str = ""
    author: str = ""
    thread: int | None = None
    reply: ReplyParameters | None = None
    markup: Markup | None = None
    previews: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """One call: files with a caption, or a text."""

    files: tuple[OutgoingFile, ...]
    text: str


class Stream(InputFile):
    """A file of ours on its way up; its first piece is there before anything is sent."""

    def __init__(self, file: OutgoingFile, first: bytes, rest: AsyncIterator[bytes]) -> None:
        super().__init__(filename=file.attachment.name)
        self._file = file
        self._opened: tuple[bytes, AsyncIterator[bytes]] | None = (first, rest)

    @classmethod
    async def open(cls, file: OutgoingFile) -> "Stream":
        """Begin to read. Raises Rejected when the file is lost, RetryLater when the store does not answer."""
        pieces = file.read()
        try:
            return cls(file, await anext(pieces, b""), pieces)
        except StoreDown:
            raise RetryLater(2, "store_down") from None

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:
        """Give the bytes; asked once more (a moved group), from the beginning."""
        opened, self._opened = self._opened, None
        if opened is not None:
            yield opened[0]
        async for piece in opened[1] if opened is not None else self._file.read():
            yield piece


def parts(letter: Letter) -> list[Part]:
    """Return the calls a letter takes, in order; the caption stands under the first file where it fits."""
    words = "\n".join(filter(None, (letter.author, letter.text.strip())))
    if not letter.files:
        return [Part((), each) for each in split(words, TEXT)]
    kinds = [methods.sent_as(each.attachment, _known(each.attachment, letter.own) is not None) for each in letter.files]
    sizes = methods.albums(kinds)
    # Buttons cannot stand under an album: they stand under its words, without any under its last file.
    below = letter.markup is not None and sizes[-1] > 1
    if below and not words:
        sizes = [*methods.albums(kinds[:-1]), 1]
    groups = _cut(letter.files, sizes)
    caption, rest = "", words
    if methods.has_caption(kinds[0]) and not below:
        caption, rest = (words, "") if utf16_length(words) <= CAPTION else (letter.author, words)
    return [
        *(Part(group, "" if number else caption) for number, group in enumerate(groups)),
        *(Part((), each) for each in split(rest, TEXT) if each),
    ]


def _cut(files: tuple[OutgoingFile, ...], sizes: list[int]) -> list[tuple[OutgoingFile, ...]]:
    ends = list(accumulate(sizes))
    return [files[end - size : end] for size, end in zip(sizes, ends, strict=True)]


async def deliver(call: Call, letter: Letter, turn: Turn | None = None) -> Receipt:
    """Send a letter; the receipt's parts are all messages it became: one for each file, then those of its text.

    One turn of the budget was taken for it; `turn` takes those for its further messages.

    Raises as bridge.ports.Channel.send. Once a part is out nothing is sent again: a later one that fails is Rejected
    part_sent, or OutcomeUnknown.
    """
    wanted = parts(letter)
    ids: list[str] = []
    for number, part in enumerate(wanted):
        first, last = number == 0, number == len(wanted) - 1
        if turn is not None:
            await room(turn, len(part.files), first)
        try:
            sent = await (_sent if first else _patiently)(call, letter, part, first, last)
            ids += [str(each.message_id) for each in (sent if isinstance(sent, list) else [sent])]
        except (Rejected, RetryLater, Unreachable, NotFound, ChannelBroken):
            if first:
                raise
            raise Rejected("part_sent") from None
    return Receipt(ids[-1], tuple(ids) if len(ids) > 1 else ())


async def room(turn: Turn, files: int, first: bool) -> None:
    """Wait for the turns of a part, but not for long: whoever has half a letter would wonder.

    Files of an album are first given room in the group's minute, one by one; how fast they follow each other in their
    chat is taken last, when they are about to go, and for all of them: a turn taken before has grown back by then.
    """
    more = max(files, 1) - first
    wanted = [(FURTHER, 1)] if files < 2 else [*[(FILE, 1)] * more, (ALBUM, files)]
    loop = asyncio.get_running_loop()
    until = loop.time() + PAUSE + PACE * more
    for kind, count in wanted if more else ():
        while wait := await turn(kind, count):
            if loop.time() + wait > until:
                return
            await asyncio.sleep(wait)


async def _patiently(call: Call, letter: Letter, part: Part, first: bool, last: bool) -> Any:
    for _ in range(PATIENT):
        try:
            return await _sent(call, letter, part, first, last)
        except RetryLater as pause:
            await asyncio.sleep(min(pause.seconds, PAUSE))
    return await _sent(call, letter, part, first, last)


async def _sent(call: Call, letter: Letter, part: Part, first: bool, last: bool) -> Any:
    """Send one part: by the id Telegram knows its files by, else their bytes, else as documents."""
    where: dict[str, Any] = {
        "chat_id": letter.chat,
        "message_thread_id": letter.thread,
        "reply_parameters": letter.reply if first else None,
    }
    if last and letter.markup is not None:
        where["reply_markup"] = letter.markup
    author = bold(letter.author, part.text)
    if not part.files:
        previews = None if letter.previews else LinkPreviewOptions(is_disabled=True)
        text = SendMessage(text=part.text, entities=author, link_preview_options=previews, **where)
        return await call(text, 0)
    files = [each.attachment for each in part.files]
    known = [_known(each, letter.own) for each in files]
    as_documents = False
    while True:
        media = [name or await Stream.open(file) for name, file in zip(known, part.files, strict=True)]
        method = methods.sending(files, media, part.text, author, as_documents, where)
        try:
            return await call(method, FILE_SECONDS * len(files))
        except Rejected as refusal:
            if refusal.reason == "wrong_file" and any(known):
                known = [None] * len(files)
            elif refusal.reason in methods.NOT_AS_SUCH and not as_documents:
                known, as_documents = [None] * len(files), True
            else:
                raise _worded(refusal) from None


def _known(attachment: Attachment, own: str) -> str | None:
    """Return the id this bot knows a file by: another bot's means nothing to it."""
    channel, _, ref = attachment.remote.partition(" ")
    bot, _, file_id = ref.rpartition("/")  # the staff group's own bot stands before the ids it knows
    return file_id if file_id and (f"{channel}/{bot}" if bot else channel) == own else None


def bold(author: str, text: str) -> list[MessageEntity] | None:
    """Return what sets the author in front of a text in bold, None where he does not stand."""
    if not author or not text.startswith(author):
        return None
    return [MessageEntity(type="bold", offset=0, length=utf16_length(author))]


def _worded(refusal: Rejected) -> BridgeError:
    words = {"wrong_file": "file_unavailable", "bad_photo": "file_broken", "too_long": "file_too_big"}
    return Rejected(words.get(refusal.reason, refusal.reason))
