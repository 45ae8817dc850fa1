"""A word with files as Telegram's messages: what goes as what, under which caption, in which order."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiogram.types  # completes the models of its methods
import pytest
from aiogram import Bot
from aiogram.methods import SendDocument, SendMediaGroup, SendMessage, SendPhoto, SendVoice
from aiogram.types import InlineKeyboardMarkup

from bots.telegram.letters import PATIENT, Letter, Stream, deliver, parts
from bots.telegram.media import carries
from bots.telegram.methods import sent_as
from bridge.errors import NotFound, OutcomeUnknown, Rejected, RetryLater, StoreDown, Unreachable
from bridge.model.files import Attachment
from bridge.model.ids import FileId
from bridge.ports.channels import OutgoingFile, Receipt

MARKUP = InlineKeyboardMarkup(inline_keyboard=[])


def attachment(kind: str, mime: str, size: int = 9, remote: str = "", sides: tuple[int, int] = (0, 0)) -> Attachment:
    return Attachment(FileId("f1"), kind, f"a.{kind}", mime, size, *sides, remote=remote)


PHOTO = attachment("photo", "image/jpeg")
PDF = attachment("document", "application/pdf")
VOICE = attachment("voice", "audio/ogg")
VIDEO = attachment("video", "video/mp4")
STICKER = attachment("sticker", "image/webp")
KNOWN = attachment("photo", "image/jpeg", remote="telegram AgAC1")


def file(attached: Attachment, fault: Exception | None = None) -> OutgoingFile:
    async def read() -> AsyncIterator[bytes]:
        if fault is not None:
            raise fault
        yield b"first"
        yield b" rest"

    return OutgoingFile(attached, read)


def letter(text: str, *attached: Attachment, **more: Any) -> Letter:
    return Letter(1, text, tuple(file(each) for each in attached), own="telegram", **more)


def shape(of: Letter) -> list[tuple[int, str]]:
    return [(len(part.files), part.text[:20]) for part in parts(of)]


@pytest.mark.parametrize(
    ("attached", "kind"),
    [
        (PHOTO, "photo"),
        (attachment("photo", "image/jpeg", 11 << 20), "document"),
        (attachment("photo", "image/png", sides=(9000, 2000)), "document"),
        (attachment("photo", "image/heic"), "document"),
        (VOICE, "voice"),
        (attachment("voice", "audio/webm"), "document"),
        (attachment("video", "video/quicktime"), "document"),
        (attachment("video_note", "video/mp4"), "video_note"),
        (attachment("animation", "image/gif"), "animation"),
        (attachment("document", "image/png"), "document"),
        (STICKER, "sticker"),
    ],
)
def test_a_file_goes_as_what_telegram_takes(attached: Attachment, kind: str) -> None:
    assert sent_as(attached, known=False) == kind
    assert sent_as(attached, known=True) == attached.kind


def test_what_is_too_large_for_telegram_is_told_before() -> None:
    assert carries(attachment("video", "video/mp4", 50 << 20)) is None
    assert carries(attachment("video", "video/mp4", (50 << 20) + 1)) == "file_too_big"


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (letter("words"), [(0, "words")]),
        (letter("words", PHOTO), [(1, "words")]),
        (letter("", PHOTO), [(1, "")]),
        (letter("я" * 1024, PHOTO), [(1, "я" * 20)]),
        (letter("я" * 1025, PHOTO), [(1, ""), (0, "я" * 20)]),
        (letter("😀" * 513, PHOTO), [(1, ""), (0, "😀" * 20)]),
        (letter("words", PHOTO, VIDEO), [(2, "words")]),
        (letter("words", PDF, PDF), [(2, "words")]),
        (letter("words", PHOTO, PDF), [(1, "words"), (1, "")]),
        (letter("words", PHOTO, VIDEO, PDF, PDF, PHOTO), [(2, "words"), (2, ""), (1, "")]),
        (letter("words", *[PHOTO] * 11), [(10, "words"), (1, "")]),
        (letter("words", VOICE, VOICE), [(1, "words"), (1, "")]),
        (letter("words", PHOTO, PHOTO, markup=MARKUP), [(2, ""), (0, "words")]),
        (letter("", PHOTO, PHOTO, PHOTO, markup=MARKUP), [(2, ""), (1, "")]),
        (letter("words", PHOTO, PHOTO, PDF, markup=MARKUP), [(2, "words"), (1, "")]),
        (letter("words", STICKER), [(1, ""), (0, "words")]),
        (letter("words", PHOTO, author="Anna"), [(1, "Anna\nwords")]),
        (letter("", PHOTO, author="Anna"), [(1, "Anna")]),
        (letter("я" * 1024, PHOTO, author="Anna"), [(1, "Anna"), (0, "Anna\n" + "я" * 15)]),
        (letter("", STICKER, author="Anna"), [(1, ""), (0, "Anna")]),
    ],
)
def test_the_calls_a_letter_takes(of: Letter, expected: list[tuple[int, str]]) -> None:
    assert shape(of) == expected


class Sent:
    """What Telegram answers."""

    def __init__(self, message_id: int = 7) -> None:
        self.message_id = message_id


class Telegram:
    """Takes calls, refusing as it is told."""

    def __init__(self, *answers: Exception | None) -> None:
        self.calls: list[Any] = []
        self._answers = list(answers)
        self._last = 6

    async def __call__(self, method: Any, more: int) -> Any:
        self.calls.append(method)
        answer = self._answers.pop(0) if self._answers else None
        if answer is not None:
            raise answer
        if not isinstance(method, SendMediaGroup):
            self._last += 1
            return Sent(self._last)
        self._last += len(method.media)
        return [Sent(self._last - back) for back in reversed(range(len(method.media)))]


def kinds(telegram: Telegram) -> list[type]:
    return [type(call) for call in telegram.calls]


async def test_what_telegram_knows_is_named_and_uploaded_when_it_forgot() -> None:
    telegram = Telegram(Rejected("wrong_file"))
    assert (await deliver(telegram, letter("words", KNOWN))).external_id == "7"
    first, second = telegram.calls
    assert first.photo == "AgAC1"
    assert isinstance(second.photo, Stream)
    foreign = Telegram()
    await deliver(foreign, letter("words", attachment("photo", "image/jpeg", remote="other AgAC1")))
    assert isinstance(foreign.calls[0].photo, Stream)


@pytest.mark.parametrize(("reason", "attached"), [("bad_photo", PHOTO), ("no_voices", VOICE)])
async def test_what_cannot_go_as_such_goes_as_a_document(reason: str, attached: Attachment) -> None:
    telegram = Telegram(Rejected(reason))
    await deliver(telegram, letter("words", attached))
    assert kinds(telegram) == [SendPhoto if attached is PHOTO else SendVoice, SendDocument]
    assert telegram.calls[1].caption == "words"
    stubborn = Telegram(Rejected(reason), Rejected("not_allowed"))
    with pytest.raises(Rejected, match="not_allowed"):
        await deliver(stubborn, letter("words", attached))


async def test_an_album_has_its_words_under_the_first_and_its_last_is_the_receipt() -> None:
    telegram = Telegram()
    receipt = await deliver(telegram, letter("words", PHOTO, VIDEO, author="Anna", thread=5))
    (call,) = telegram.calls
    assert [item.caption for item in call.media] == ["Anna\nwords", None]
    assert call.media[0].caption_entities[0].length == 4
    assert (call.message_thread_id, receipt) == (5, Receipt("8", ("7", "8")))


async def test_a_receipt_names_every_message_a_word_became() -> None:
    receipt = await deliver(Telegram(), letter("я" * 5000, PHOTO, PHOTO, PDF))
    assert receipt == Receipt("11", ("7", "8", "9", "10", "11"))
    assert await deliver(Telegram(), letter("words")) == Receipt("7")


async def test_buttons_stand_under_the_last_and_a_quote_before_the_first() -> None:
    telegram = Telegram()
    reply = aiogram.types.ReplyParameters(message_id=3)
    await deliver(telegram, letter("я" * 2000, PHOTO, markup=MARKUP, reply=reply))
    photo, text = telegram.calls
    assert (photo.reply_markup, photo.reply_parameters) == (None, reply)
    assert (text.reply_markup, text.reply_parameters) == (MARKUP, None)


@pytest.mark.parametrize("fault", [RetryLater(3, "flood"), Unreachable("blocked"), Rejected("x"), NotFound("topic")])
async def test_the_first_part_fails_as_it_does(fault: Exception) -> None:
    with pytest.raises(type(fault)):
        await deliver(Telegram(fault), letter("words", PHOTO, PDF))


@pytest.mark.parametrize("fault", [Unreachable("blocked"), Rejected("x"), NotFound("topic")])
async def test_a_later_part_that_fails_leaves_the_first_alone(fault: Exception) -> None:
    telegram = Telegram(None, fault)
    with pytest.raises(Rejected, match="part_sent"):
        await deliver(telegram, letter("words", PHOTO, PDF))
    assert kinds(telegram) == [SendPhoto, SendDocument]


async def test_a_later_part_is_waited_for_but_not_for_ever() -> None:
    telegram = Telegram(None, RetryLater(0, "flood"), RetryLater(0, "network"))
    await deliver(telegram, letter("words", PHOTO, PDF))
    assert kinds(telegram) == [SendPhoto, SendDocument, SendDocument, SendDocument]
    for_ever = Telegram(None, *[RetryLater(0, "flood")] * 50)
    with pytest.raises(Rejected, match="part_sent"):
        await deliver(for_ever, letter("words", PHOTO, PDF))
    assert len(for_ever.calls) == 2 + PATIENT


async def test_an_unknown_outcome_of_a_later_part_is_unknown() -> None:
    with pytest.raises(OutcomeUnknown):
        await deliver(Telegram(None, OutcomeUnknown("network_unknown")), letter("words", PHOTO, PDF))


async def test_a_file_that_cannot_be_read_is_told_before_anything_is_sent() -> None:
    telegram = Telegram()
    for fault, raised in ((Rejected("file_lost"), Rejected), (StoreDown("files"), RetryLater)):
        with pytest.raises(raised):
            await deliver(telegram, Letter(1, "words", (file(PDF, fault),)))
    assert telegram.calls == []


async def test_a_stream_can_be_read_again() -> None:
    bot = Bot("7000000001:AAtests-only-token-of-35-characters")
    stream = await Stream.open(file(PDF))
    assert [piece async for piece in stream.read(bot)] == [b"first", b" rest"]
    assert [piece async for piece in stream.read(bot)] == [b"first", b" rest"]


async def test_texts_alone_are_as_before() -> None:
    telegram = Telegram()
    await deliver(telegram, Letter(1, "слово " * 1000, author="Anna", previews=False))
    assert kinds(telegram) == [SendMessage, SendMessage]
    assert telegram.calls[0].text.startswith("Anna\n")
    assert telegram.calls[0].entities[0].type == "bold"
    assert telegram.calls[1].entities is None
    assert all(call.link_preview_options.is_disabled for call in telegram.calls)


async def test_further_messages_take_turns_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    waits = [0.0, 2.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    taken: list[tuple[str, int, float]] = []

    async def turn(kind: str, count: int) -> float:
        taken.append((kind, count, waits.pop(0) if waits else 100.0))
        return taken[-1][-1]

    telegram = Telegram()
    await deliver(telegram, letter("я" * 9000, *[PHOTO] * 5), turn)
    # Four more files of the album, their spacing, each text; the last one is not waited for that long.
    files = [("file", 1, wait) for wait in (0.0, 2.0, 0.0, 1.0, 0.0, 0.0)]
    texts = [("further", 1, 0.0), ("further", 1, 0.0), ("further", 1, 100.0)]
    assert taken == [*files, ("album", 5, 0.0), *texts]
    assert slept == [2.0, 1.0]
    assert len(telegram.calls) == 4
