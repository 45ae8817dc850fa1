"""The staff forum: topics, the General topic, rights, what operators do."""

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import ReplyParameters

Stand = Any


async def test_a_topic_is_opened_and_written_to(stand: Stand) -> None:
    topic = await stand.bot.create_forum_topic(stand.group, "№ 17 Anna", icon_color=7322096)
    assert (topic.name, topic.icon_color) == ("№ 17 Anna", 7322096)
    sent = await stand.bot.send_message(stand.group, "Anna writes", message_thread_id=topic.message_thread_id)
    assert sent.is_topic_message
    assert sent.message_thread_id == topic.message_thread_id
    assert sent.chat.is_forum
    (made,) = await stand.updates()
    assert made.message.message_id == topic.message_thread_id
    assert made.message.forum_topic_created.name == "№ 17 Anna"
    assert made.message.from_user.id == stand.bot.id
    listed = (await stand.ctl(f"/topics?group={stand.group}"))["items"]
    assert listed == [{"topic": topic.message_thread_id, "name": "№ 17 Anna", "icon": None, "closed": False}]


async def test_operators_talk_in_topics(stand: Stand) -> None:
    topic = (await stand.bot.create_forum_topic(stand.group, "T")).message_thread_id
    sent = await stand.bot.send_message(stand.group, "question", message_thread_id=topic)
    place = {"operator": 5001, "group": stand.group, "topic": topic}
    said = await stand.ctl("/operator/say", {**place, "text": "answer"})
    await stand.ctl("/operator/say", {**place, "text": "to it", "reply_to": sent.message_id})
    await stand.ctl("/operator/edit", {**place, "message_id": said["message_id"], "text": "answer!"})
    _, plain, reply, edited = await stand.updates(count=4)
    assert plain.message.message_thread_id == topic
    assert plain.message.is_topic_message
    assert plain.message.from_user.full_name == "Olga Petrova"
    assert plain.message.reply_to_message.forum_topic_created is not None
    assert reply.message.reply_to_message.message_id == sent.message_id
    assert edited.edited_message.text == "answer!"
    items = (await stand.ctl(f"/chat/{stand.group}/messages?topic={topic}&since={topic}"))["items"]
    assert [(i["text"], i["topic"], i["edited"]) for i in items] == [
        ("question", topic, False),
        ("answer!", topic, True),
        ("to it", topic, False),
    ]
    await stand.ctl("/operator/delete", {**place, "message_id": said["message_id"]})
    assert (await stand.ctl(f"/chat/{stand.group}/messages?topic={topic}"))["items"][2]["deleted"]


async def test_general_is_meant_by_no_thread(stand: Stand) -> None:
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await stand.bot.send_message(stand.group, "x", message_thread_id=1)
    sent = await stand.bot.send_message(stand.group, "x")
    assert sent.message_thread_id is None
    assert not sent.is_topic_message
    await stand.ctl("/operator/say", {"operator": 5002, "group": stand.group, "text": "a", "reply_to": sent.message_id})
    (update,) = await stand.updates()
    assert update.message.message_thread_id == sent.message_id
    assert update.message.is_topic_message is None
    reply = await stand.bot.send_message(
        stand.group, "y", reply_parameters=ReplyParameters(message_id=update.message.message_id)
    )
    assert reply.message_thread_id == sent.message_id
    items = (await stand.ctl(f"/chat/{stand.group}/messages?topic=1"))["items"]
    assert [i["text"] for i in items] == ["x", "a", "y"]


async def test_topics_are_edited_closed_and_deleted(stand: Stand) -> None:
    bot, group = stand.bot, stand.group
    topic = (await bot.create_forum_topic(group, "T")).message_thread_id
    icons = {sticker.emoji: sticker.custom_emoji_id for sticker in await bot.get_forum_topic_icon_stickers()}
    assert {"💬", "✅", "❓", "❗️", "🔥", "👀", "☑️"} <= set(icons)
    await bot.edit_forum_topic(group, topic, name="T2", icon_custom_emoji_id=icons["✅"])
    assert (await stand.ctl(f"/topics?group={group}"))["items"][0] == {
        "topic": topic,
        "name": "T2",
        "icon": "✅",
        "closed": False,
    }
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await bot.edit_forum_topic(group, topic, name="T2")
    await bot.close_forum_topic(group, topic)
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(group, topic)
    assert (await bot.send_message(group, "still", message_thread_id=topic)).message_id
    await bot.reopen_forum_topic(group, topic)
    await bot.delete_forum_topic(group, topic)
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(group, "x", message_thread_id=topic)
    with pytest.raises(TelegramBadRequest, match="TOPIC_ID_INVALID"):
        await bot.edit_forum_topic(group, topic, name="T3")
    kinds = [u.message.content_type for u in await stand.updates(count=4)]
    assert kinds == ["forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"]
    assert (await stand.ctl(f"/topics?group={group}"))["items"] == []


async def test_operators_close_and_delete_topics(stand: Stand) -> None:
    topic = (await stand.bot.create_forum_topic(stand.group, "T")).message_thread_id
    place = {"operator": 5001, "group": stand.group, "topic": topic}
    await stand.ctl("/operator/close_topic", place)
    await stand.ctl("/operator/close_topic", place, status=409)
    _, closed = await stand.updates(count=2)
    assert closed.message.forum_topic_closed is not None
    await stand.ctl("/operator/delete_topic", place)
    await stand.ctl("/operator/say", {**place, "text": "x"}, status=404)
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await stand.bot.send_message(stand.group, "x", message_thread_id=topic)


async def test_icons_and_colours_are_checked(stand: Stand) -> None:
    with pytest.raises(TelegramBadRequest, match="color"):
        await stand.bot.create_forum_topic(stand.group, "T", icon_color=5)
    with pytest.raises(TelegramBadRequest, match="DOCUMENT_INVALID"):
        await stand.bot.create_forum_topic(stand.group, "T", icon_custom_emoji_id="5")


async def test_rights_and_kinds_of_groups(stand: Stand) -> None:
    plain = (await stand.ctl("/group", {"title": "Plain", "forum": False}))["group"]["id"]
    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await stand.bot.create_forum_topic(plain, "T")
    sent = await stand.bot.send_message(plain, "x", message_thread_id=77)
    assert sent.message_thread_id is None
    weak = (await stand.ctl("/group", {"title": "Weak", "rights": {"can_manage_topics": False}}))["group"]["id"]
    member = await stand.bot.get_chat_member(weak, stand.bot.id)
    assert member.status == "administrator"
    assert member.can_manage_topics is False
    with pytest.raises(TelegramBadRequest, match="not enough rights to create a topic"):
        await stand.bot.create_forum_topic(weak, "T")
    assert (await stand.bot.get_chat_member(stand.group, stand.bot.id)).can_manage_topics is True
    await stand.bot.leave_chat(plain)
    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the supergroup chat"):
        await stand.bot.send_message(plain, "x")


async def test_what_a_bot_learns_about_chats(stand: Stand) -> None:
    chat = await stand.bot.get_chat(stand.group)
    assert (chat.type, chat.is_forum, chat.title) == ("supergroup", True, "Staff")
    admins = await stand.bot.get_chat_administrators(stand.group)
    assert {a.user.id for a in admins} == {5001, 5002, stand.bot.id}
    assert (await stand.bot.get_chat_member(stand.group, 5001)).status == "creator"
    user = await stand.user()
    assert (await stand.bot.get_chat_member(stand.group, user)).status == "left"
    assert await stand.bot.get_chat_member_count(stand.group) == 3
    assert (await stand.bot.export_chat_invite_link(stand.group)).startswith("https://t.me/")


async def test_an_unknown_operator_is_refused_and_a_new_one_joins(stand: Stand) -> None:
    body = {"operator": 99, "group": stand.group, "text": "x"}
    await stand.ctl("/operator/say", body, status=404)
    newcomer = await stand.user("New Person")
    await stand.ctl("/operator/say", {**body, "operator": newcomer})
    assert (await stand.updates())[0].message.from_user.id == newcomer


async def test_pins_leave_a_service_line(stand: Stand) -> None:
    topic = (await stand.bot.create_forum_topic(stand.group, "T")).message_thread_id
    sent = await stand.bot.send_message(stand.group, "card", message_thread_id=topic)
    await stand.bot.pin_chat_message(stand.group, sent.message_id)
    update = (await stand.updates(count=2))[1]
    assert update.message.pinned_message.message_id == sent.message_id
    assert update.message.message_thread_id == topic
    assert (await stand.bot.get_chat(stand.group)).pinned_message.message_id == sent.message_id
    await stand.bot.unpin_chat_message(stand.group, message_id=sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to unpin not found"):
        await stand.bot.unpin_chat_message(stand.group, message_id=sent.message_id)
