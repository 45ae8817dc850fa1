"""Sending, editing and deleting through aiogram, as the real server would answer."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

Stand = Any


def keys(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    """An inline keyboard of one row."""
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=t, callback_data=d) for t, d in buttons]])


async def test_a_bot_knows_itself(stand: Stand) -> None:
    me = await stand.bot.me()
    assert (me.id, me.is_bot, me.username) == (4200001, True, "shop_bot")


@pytest.mark.parametrize("token", ["nonsense", "4200001:" + "C" * 35, "77:" + "C" * 35, "4200001:short"])
async def test_wrong_tokens_are_refused(stand: Stand, token: str) -> None:
    status, body = await stand.raw("getMe", token=token)
    assert (status, body) == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})


async def test_aiogram_sees_the_wrong_secret(stand: Stand) -> None:
    with pytest.raises(TelegramUnauthorizedError):
        await stand.open_bot("4200001:" + "Z" * 35).get_me()


async def test_methods_and_parameters_are_checked(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    assert (await stand.raw("sendMesage"))[1]["description"] == "Not Found: method not found"
    assert (await stand.raw("SENDMESSAGE", {"chat_id": user, "text": "x"}))[0] == 200
    status, body = await stand.raw("sendMessage", {"chat_id": user, "text": "x", "txt": "y"})
    assert (status, body["description"]) == (400, 'Bad Request: unknown parameter "txt" of sendMessage')
    assert (await stand.raw("sendMessage", {"text": "x"}))[1]["description"] == "Bad Request: chat_id is empty"
    status, body = await stand.raw("sendMessage", {"chat_id": user})
    assert body["description"] == "Bad Request: message text is empty"
    status, body = await stand.raw("sendInvoice", {"chat_id": user})
    assert status == 400


async def test_a_conversation_is_seen_from_both_sides(stand: Stand) -> None:
    user = await stand.user("Anna Sidorova", username="anna", lang="ru")
    said = await stand.say(user, "Где мой заказ?")
    (update,) = await stand.updates()
    message = update.message
    assert message is not None
    assert message.from_user is not None
    assert (message.text, message.message_id, message.chat.id) == ("Где мой заказ?", said, user)
    assert (message.from_user.last_name, message.from_user.language_code) == ("Sidorova", "ru")
    sent = await stand.bot.send_message(
        user, "<b>В пути</b> 🙂", parse_mode="HTML", reply_parameters=ReplyParameters(message_id=said)
    )
    assert sent.text == "В пути 🙂"
    assert [(e.type, e.offset, e.length) for e in sent.entities or []] == [("bold", 0, 6)]
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == said
    items = (await stand.ctl(f"/chat/{user}/messages"))["items"]
    assert [(i["text"], i["from"]["is_bot"], i["reply_to"]) for i in items] == [
        ("Где мой заказ?", False, None),
        ("В пути 🙂", True, said),
    ]
    assert (await stand.ctl(f"/wait?chat={user}&contains=%D0%BF%D1%83%D1%82%D0%B8"))["items"][0]["kind"] == "text"


async def test_wait_wakes_up_or_gives_up(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    waiting = asyncio.create_task(stand.ctl(f"/wait?chat={user}&contains=hello&timeout=5"))
    await asyncio.sleep(0)
    await stand.bot.send_message(user, "hello there")
    assert (await waiting)["items"][0]["text"] == "hello there"
    problem = await stand.ctl(f"/wait?chat={user}&contains=never&timeout=0.05", status=408)
    assert "never" in problem["detail"]


async def test_who_cannot_be_written_to(stand: Stand) -> None:
    stranger = await stand.user()
    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
        await stand.bot.send_message(stranger, "x")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await stand.bot.send_message(123456, "x")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await stand.bot.send_message(-100999, "x")
    await stand.say(stranger, "hi")
    await stand.ctl("/user/block", {"user": stranger})
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await stand.bot.send_message(stranger, "x")
    updates = await stand.updates(count=2)
    assert updates[1].my_chat_member is not None
    assert updates[1].my_chat_member.new_chat_member.status == "kicked"
    await stand.ctl("/user/unblock", {"user": stranger})
    await stand.bot.send_message(stranger, "x")
    await stand.ctl("/user/deactivate", {"user": stranger})
    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await stand.bot.send_message(stranger, "x")


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


async def test_a_press_is_answered_once(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    sent = await stand.bot.send_message(user, "Which?", reply_markup=keys(("One", "1"), ("Two", "2")))
    pressing = asyncio.create_task(
        stand.ctl("/user/press", {"user": user, "message_id": sent.message_id, "text": "Two", "wait": 5})
    )
    query = (await stand.updates(count=2))[1].callback_query
    assert query is not None
    assert query.data == "2"
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    await stand.bot.answer_callback_query(query.id, text="Noted")
    assert (await pressing)["answer"] == {"text": "Noted", "show_alert": False}
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await stand.bot.answer_callback_query(query.id)
    await stand.ctl("/user/press", {"user": user, "message_id": sent.message_id, "data": "9"}, status=404)
    fresh = await stand.ctl("/user/press", {"user": user, "message_id": sent.message_id, "data": "1"})
    await stand.ctl("/clock", {"scale": 1e6})
    await asyncio.sleep(0.001)
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await stand.bot.answer_callback_query(fresh["callback_query_id"])


async def test_a_reply_keyboard_says_words_and_shares_the_contact(stand: Stand) -> None:
    user = await stand.user(phone="+79161234567")
    await stand.say(user, "hi")
    keyboard = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="Share", request_contact=True), KeyboardButton(text="No")]]
    )
    sent = await stand.bot.send_message(user, "Phone?", reply_markup=keyboard)
    assert (await stand.ctl(f"/chat/{user}/messages"))["items"][1]["keyboard"] == "reply"
    await stand.ctl("/user/press", {"user": user, "message_id": sent.message_id, "text": "Share"})
    await stand.ctl("/user/press", {"user": user, "text": "No"})
    contact, word = [u.message for u in (await stand.updates(count=3))[1:]]
    assert contact.contact.phone_number == "+79161234567"
    assert contact.contact.user_id == user
    assert word.text == "No"


async def test_edits_need_a_change_and_an_own_message(stand: Stand) -> None:
    user = await stand.user()
    said = await stand.say(user, "hi")
    sent = await stand.bot.send_message(user, "one", reply_markup=keys(("A", "a")))
    changed = await stand.bot.edit_message_text(
        "two", chat_id=user, message_id=sent.message_id, reply_markup=keys(("A", "a"))
    )
    assert changed.text == "two"
    assert changed.edit_date
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await stand.bot.edit_message_text(
            "two", chat_id=user, message_id=sent.message_id, reply_markup=keys(("A", "a"))
        )
    gone = await stand.bot.edit_message_reply_markup(chat_id=user, message_id=sent.message_id)
    assert gone.reply_markup is None
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await stand.bot.edit_message_text("x", chat_id=user, message_id=said)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await stand.bot.edit_message_text("x", chat_id=user, message_id=999)
    item = (await stand.ctl(f"/chat/{user}/messages"))["items"][1]
    assert (item["text"], item["edited"], item["buttons"]) == ("two", True, [])


async def test_deletions_and_replies_to_what_is_gone(stand: Stand) -> None:
    user = await stand.user()
    said = await stand.say(user, "hi")
    assert await stand.bot.delete_message(user, said)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await stand.bot.delete_message(user, said)
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await stand.bot.send_message(user, "x", reply_parameters=ReplyParameters(message_id=said))
    sent = await stand.bot.send_message(
        user, "x", reply_parameters=ReplyParameters(message_id=said, allow_sending_without_reply=True)
    )
    assert sent.reply_to_message is None
    assert await stand.bot.delete_messages(user, [sent.message_id, 777])
    assert [i["deleted"] for i in (await stand.ctl(f"/chat/{user}/messages"))["items"]] == [True, True]


async def test_edits_reactions_and_deletions_of_a_person(stand: Stand) -> None:
    user = await stand.user()
    await stand.bot.get_updates(allowed_updates=["message", "edited_message", "message_reaction"], timeout=0)
    said = await stand.say(user, "hi")
    sent = await stand.bot.send_message(user, "hello")
    await stand.ctl("/user/edit", {"user": user, "message_id": said, "text": "hi!"})
    await stand.ctl("/user/react", {"user": user, "message_id": sent.message_id, "emoji": "👍"})
    await stand.ctl("/user/delete", {"user": user, "message_id": said})
    await stand.bot.set_message_reaction(user, sent.message_id, [ReactionTypeEmoji(emoji="👀")])
    _, edited, reaction = await stand.updates(count=3)
    assert edited.edited_message is not None
    assert edited.edited_message.text == "hi!"
    assert reaction.message_reaction is not None
    assert [r.model_dump()["emoji"] for r in reaction.message_reaction.new_reaction] == ["👍"]
    first, second = (await stand.ctl(f"/chat/{user}/messages"))["items"]
    assert (first["deleted"], first["edited"], second["reactions"]) == (True, True, ["👍", "👀"])
    await stand.ctl("/user/edit", {"user": user, "message_id": sent.message_id, "text": "x"}, status=403)


async def test_bad_control_requests_say_why(stand: Stand) -> None:
    user = await stand.user()
    for path, body, words in [
        ("/user", {}, "name"),
        ("/user/say", {"user": user}, "say something"),
        ("/user/say", {"user": "x", "text": "y"}, "person's id"),
        ("/clock", {"scale": "fast"}, "scale"),
        ("/limits", {}, "on is true"),
        ("/faults", {"fault": "fire"}, "fault must be one of"),
        ("/user/allow", {"user": user}, "block"),
    ]:
        problem = await stand.ctl(path, body, status=400)
        assert problem["status"] == 400
        assert words in problem["detail"]
    assert "nobody" in (await stand.ctl("/user/say", {"user": 1, "text": "x"}, status=404))["detail"]
