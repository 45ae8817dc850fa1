"""Texts: their measure, their formatting, the keyboards below them."""

from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
)

Stand = Any


async def test_texts_are_measured_in_utf16(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    await stand.bot.send_message(user, "🙂" * 2048)
    with pytest.raises(TelegramBadRequest, match="message is too long"):
        await stand.bot.send_message(user, "🙂" * 2048 + "a")
    with pytest.raises(TelegramBadRequest, match="message text is empty"):
        await stand.bot.send_message(user, "")
    with pytest.raises(TelegramBadRequest, match="text must be non-empty"):
        await stand.bot.send_message(user, " \n ")


@pytest.mark.parametrize(
    ("mode", "text", "words"),
    [
        ("HTML", "<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("HTML", "a <div>x</div>", 'Unsupported start tag "div" at byte offset 2'),
        ("HTML", "ё <b>x</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
        ("HTML", "x</b>", "Unexpected end tag at byte offset 1"),
        ("HTML", "1 < 2", "Unclosed start tag at byte offset 2"),
        ("MarkdownV2", "Hi.", "Character '.' is reserved and must be escaped"),
        ("MarkdownV2", "*x", "Can't find end of Bold entity at byte offset 0"),
        ("MarkdownV2", "`x", "Can't find end of Code entity at byte offset 0"),
        ("Markdown", "_x", "Can't find end of the entity starting at byte offset 0"),
    ],
)
async def test_broken_formatting_is_refused(stand: Stand, mode: str, text: str, words: str) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    with pytest.raises(TelegramBadRequest) as caught:
        await stand.bot.send_message(user, text, parse_mode=mode)
    assert "can't parse entities: " + words in caught.value.message


@pytest.mark.parametrize(
    ("mode", "text", "plain", "entities"),
    [
        ("HTML", "<i>a <b>b</b></i> &lt;&amp;&#33;", "a b <&!", [("italic", 0, 3), ("bold", 2, 1)]),
        ("HTML", '<a href="https://e.org/?a=1&amp;b=2">x</a>', "x", [("text_link", 0, 1)]),
        ("HTML", '<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1)]),
        ("HTML", "<blockquote expandable>🙂q</blockquote>!", "🙂q!", [("expandable_blockquote", 0, 3)]),
        ("MarkdownV2", r"*a _b_* \. ||s||", "a b . s", [("bold", 0, 3), ("italic", 2, 1), ("spoiler", 6, 1)]),
        ("MarkdownV2", ">q\nx `c*`", "q\nx c*", [("blockquote", 0, 2), ("code", 4, 2)]),
        ("MarkdownV2", r"[a\.b](https://e.org/\))", "a.b", [("text_link", 0, 3)]),
        ("Markdown", "*b* _i_ `c`", "b i c", [("bold", 0, 1), ("italic", 2, 1), ("code", 4, 1)]),
        ("Markdown", "[t](https://e.org)", "t", [("text_link", 0, 1)]),
        ("", "/start@shop_bot me@e.org", "/start@shop_bot me@e.org", [("bot_command", 0, 15), ("email", 16, 8)]),
        ("", "x https://e.org/x.", "x https://e.org/x.", [("url", 2, 15)]),
    ],
)  # fmt: skip
async def test_formatting_becomes_entities(
    stand: Stand, mode: str, text: str, plain: str, entities: list[tuple[str, int, int]]
) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    sent = await stand.bot.send_message(user, text, parse_mode=mode or None)
    assert sent.text == plain
    assert [(e.type, e.offset, e.length) for e in sent.entities or []] == entities


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ('{"inline_keyboard": [[{"text": "x"}]]}', "text buttons are unallowed in the inline keyboard"),
        ('{"inline_keyboard": [[{"text": "x", "callback_data": "' + "я" * 33 + '"}]]}', "BUTTON_DATA_INVALID"),
        ('{"inline_keyboard": [[{"text": "", "callback_data": "a"}]]}', "text must be non-empty"),
        ('{"inline_keyboard": [{"text": "x"}]}', "expected an Array of Arrays"),
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        ('{"keyboard": [[{"text": ""}]]}', "text must be non-empty"),
    ],
)
async def test_keyboards_are_checked(stand: Stand, markup: str, words: str) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    status, body = await stand.raw("sendMessage", {"chat_id": user, "text": "x", "reply_markup": markup})
    assert status == 400
    assert words in body["description"]
