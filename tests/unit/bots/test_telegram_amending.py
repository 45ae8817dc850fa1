"""What is out already: which of its messages say what after an edit, what is taken away, which signs are near."""

from collections.abc import AsyncIterator
from typing import Any

import aiogram.types  # noqa: F401 - completes the models of its methods
import pytest
from aiogram.methods import DeleteMessage, DeleteMessages, EditMessageCaption, EditMessageText
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bots.telegram import amending
from bots.telegram.errors import AlreadyDone
from bots.telegram.letters import Letter
from bridge.errors import NotFound, Rejected, RetryLater
from bridge.model.files import Attachment
from bridge.model.ids import FileId
from bridge.ports.channels import OutgoingFile, Receipt

MARKUP = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="y")]])


class Telegram:
    """Notes calls, refusing as it is told."""

    def __init__(self, *answers: Exception | None) -> None:
        self.calls: list[Any] = []
        self._answers = list(answers)

    async def __call__(self, method: Any, more: int) -> Any:
        self.calls.append(method)
        answer = self._answers.pop(0) if self._answers else None
        if answer is not None:
            raise answer
        return True


async def nothing() -> AsyncIterator[bytes]:
    raise AssertionError("an edit reads no file")
    yield b""


def letter(text: str, files: int = 0, **more: Any) -> Letter:
    photo = Attachment(FileId("f"), "photo", "a.jpg", "image/jpeg", 9)
    return Letter(1, text, (OutgoingFile(photo, nothing),) * files, own="telegram", **more)


def said(telegram: Telegram) -> list[tuple[str, Any, str | None]]:
    found = []
    for call in telegram.calls:
        ids = call.message_ids if isinstance(call, DeleteMessages) else call.message_id
        words = getattr(call, "text", None) or getattr(call, "caption", None)
        found.append((type(call).__name__, ids, words and words[:3]))
    return found


async def test_a_text_and_a_caption_change_in_place() -> None:
    telegram = Telegram()
    assert await amending.edit(telegram, letter("new", markup=MARKUP), ["7"]) == Receipt("7")
    assert await amending.edit(telegram, letter("new", 1), ["8"]) == Receipt("8")
    assert await amending.edit(telegram, letter("", 2), ["9", "10"]) == Receipt("10", ("9", "10"))
    text, caption, bare = telegram.calls
    assert (type(text), text.message_id, text.text, text.reply_markup) == (EditMessageText, 7, "new", MARKUP)
    assert (type(caption), caption.message_id, caption.caption) == (EditMessageCaption, 8, "new")
    assert (type(bare), bare.message_id, bare.caption) == (EditMessageCaption, 9, None)


async def test_a_shorter_text_leaves_fewer_messages() -> None:
    telegram = Telegram()
    receipt = await amending.edit(telegram, letter("я" * 5000), ["7", "8", "9", "10"])
    assert receipt == Receipt("8", ("7", "8"))
    assert said(telegram) == [
        ("EditMessageText", 7, "яяя"),
        ("EditMessageText", 8, "яяя"),
        ("DeleteMessages", [9, 10], None),
    ]
    receipt = await amending.edit(telegram, letter("", 1), ["11", "12"])
    assert receipt == Receipt("11")
    assert said(telegram)[-1] == ("DeleteMessage", 12, None)


async def test_words_that_stood_below_their_files_stay_there() -> None:
    telegram = Telegram()
    assert await amending.edit(telegram, letter("short", 1), ["7", "8"]) == Receipt("8", ("7", "8"))
    assert said(telegram) == [("EditMessageText", 8, "sho")]


@pytest.mark.parametrize(
    ("changed", "sent", "reason"),
    [
        (letter("я" * 4097), ["7"], "edit_too_long"),
        (letter("😀" * 2049), ["7"], "edit_too_long"),
        (letter("я" * 1025, 1), ["7"], "edit_too_long"),
        (letter("", 0), ["7"], "empty"),
        (letter("x", 2), ["7"], "edit_too_old"),
    ],
)
async def test_what_cannot_be_changed_is_refused_before_anything_is_done(
    changed: Letter, sent: list[str], reason: str
) -> None:
    telegram = Telegram()
    with pytest.raises(Rejected, match=reason):
        await amending.edit(telegram, changed, sent)
    assert telegram.calls == []


async def test_done_again_it_does_nothing_and_gone_is_not_found() -> None:
    assert await amending.edit(Telegram(AlreadyDone("not modified")), letter("x"), ["7"]) == Receipt("7")
    with pytest.raises(NotFound):
        await amending.edit(Telegram(Rejected("message_gone")), letter("x"), ["7"])
    with pytest.raises(Rejected, match="edit_too_long"):
        await amending.edit(Telegram(Rejected("too_long")), letter("x"), ["7"])
    with pytest.raises(RetryLater):
        await amending.edit(Telegram(RetryLater(3, "flood")), letter("x"), ["7"])


async def test_what_is_gone_is_well_deleted_and_what_is_old_is_not() -> None:
    telegram = Telegram(Rejected("message_gone"))
    await amending.delete(telegram, 1, ["7"])
    await amending.delete(telegram, 1, ["8", "9"])
    await amending.delete(telegram, 1, [])
    assert [type(call) for call in telegram.calls] == [DeleteMessage, DeleteMessages]
    with pytest.raises(Rejected, match="delete_too_old"):
        await amending.delete(Telegram(Rejected("delete_too_old")), 1, ["7"])


@pytest.mark.parametrize(
    ("emoji", "sign"),
    [("👍", "👍"), ("👍🏽", "👍"), ("❤️", "❤"), ("💜", "❤"), ("😂", "🤣"), ("✅", "👌"), ("👨🏻‍💻", "👨‍💻"), ("", None)],
)
async def test_a_sign_or_its_nearest(emoji: str, sign: str | None) -> None:
    telegram = Telegram()
    await amending.react(telegram, 1, "7", emoji)
    (call,) = telegram.calls
    assert [each.emoji for each in call.reaction] == ([sign] if sign else [])


@pytest.mark.parametrize("emoji", ["🚗", "ok", "👍👍"])
async def test_a_sign_telegram_does_not_have_is_refused(emoji: str) -> None:
    telegram = Telegram()
    with pytest.raises(Rejected, match="reaction_unknown"):
        await amending.react(telegram, 1, "7", emoji)
    assert telegram.calls == []


async def test_a_sign_on_what_is_gone_is_not_found() -> None:
    with pytest.raises(NotFound):
        await amending.react(Telegram(Rejected("message_gone")), 1, "7", "👍")
