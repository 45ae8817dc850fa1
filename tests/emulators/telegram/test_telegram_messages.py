"""Sending, editing and deleting through aiogram, as the real server would answer."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
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


async def test_a_person_puts_another_file_in_the_place_of_one(stand: Stand) -> None:
    user = await stand.user()
    said = await stand.say(user, photo="first", caption="see")
    words = await stand.say(user, "no file")
    await stand.ctl("/user/edit", {"user": user, "message_id": said, "photo": "second"})
    before, _, after = await stand.updates(count=3)
    assert (before.message.caption, after.edited_message.caption) == ("see", "see")
    assert before.message.photo[-1].file_unique_id != after.edited_message.photo[-1].file_unique_id
    await stand.ctl("/user/edit", {"user": user, "message_id": words, "photo": "third"}, status=400)
