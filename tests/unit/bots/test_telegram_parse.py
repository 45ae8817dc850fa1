"""Raw updates into facts: what real clients send, and what would kill a stock bot."""

import json
from typing import Any

import pytest
from aiogram import Bot

from bots.telegram.parse import lane_of, parse
from bots.telegram.receiving import acknowledged
from bots.telegram.wording import point
from bridge.errors import Unreadable
from bridge.model.ids import ChannelName
from bridge.model.inbound import (
    Commanded,
    Edited,
    Pressed,
    Reachable,
    Reacted,
    Said,
    Shared,
    StaffEdited,
    StaffPressed,
    StaffReacted,
    StaffSaid,
    Started,
)

NAME = ChannelName("telegram")
GROUP = -1001
ANNA = {
    "id": 77,
    "is_bot": False,
    "first_name": "Анна",
    "last_name": "Ковалёва",
    "username": "anna",
    "language_code": "ru",
}
PRIVATE = {"id": 77, "type": "private", "first_name": "Анна"}
FORUM = {"id": GROUP, "type": "supergroup", "title": "Staff", "is_forum": True}
FORWARDED = {"type": "hidden_user", "date": 1_780_000_000, "sender_user_name": "А"}


@pytest.fixture(scope="module")
def bot() -> Bot:
    return Bot("7000000001:AAtests-only-token-of-35-characters")


def message(**parts: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1_790_000_000, "chat": PRIVATE, "from": ANNA, **parts}


def facts(bot: Bot, **update: Any) -> list[Any]:
    return parse(NAME, json.dumps({"update_id": 9, **update}), bot, (GROUP,))


def test_words_of_a_customer(bot: Bot) -> None:
    (fact,) = facts(bot, message=message(text="Где заказ?", reply_to_message=message(message_id=3, text="x")))
    assert isinstance(fact, Said)
    assert (fact.text, fact.chat, fact.external_id, fact.kind, fact.reply_to) == ("Где заказ?", "77", "5", "text", "3")
    assert (fact.sender.name, fact.sender.username, fact.sender.language) == ("Анна Ковалёва", "anna", "ru")


def test_start_with_and_without_payload(bot: Bot) -> None:
    (plain,) = facts(bot, message=message(text="/start"))
    (deep,) = facts(bot, message=message(text="/start@shop_bot promo"))
    assert isinstance(plain, Started)
    assert plain.payload == ""
    assert isinstance(deep, Started)
    assert deep.payload == "promo"


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/operator", "operator", ""),
        ("/HELP@shop_bot", "help", ""),
        ("/lang  en ", "lang", "en"),
        ("/lang\nen", "lang", "en"),
    ],
)
def test_orders_have_names(bot: Bot, text: str, command: str, argument: str) -> None:
    (fact,) = facts(bot, message=message(text=text))
    assert isinstance(fact, Commanded)
    assert (fact.command, fact.argument, fact.external_id, fact.chat) == (command, argument, "5", "77")


@pytest.mark.parametrize("text", ["/operators", "/weather", "a /help", "/", "/langen"])
def test_what_only_looks_like_an_order_is_said(bot: Bot, text: str) -> None:
    (fact,) = facts(bot, message=message(text=text))
    assert isinstance(fact, Said)
    assert fact.text == text


def test_an_order_that_was_passed_on_is_somebody_elses_word(bot: Bot) -> None:
    (fact,) = facts(bot, message=message(text="/operator", forward_origin=FORWARDED))
    assert isinstance(fact, Said)
    assert fact.forwarded == "А"


def test_messages_of_one_album_know_each_other(bot: Bot) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    (fact,) = facts(bot, message=message(photo=photo, media_group_id="130"))
    assert isinstance(fact, Said)
    assert (fact.album, fact.files[0].ref) == ("130", "f")
    (staff,) = facts(bot, message=message(chat=FORUM, photo=photo, media_group_id="131"))
    assert staff.album == "131"


def emoji(*signs: str) -> list[dict[str, str]]:
    return [{"type": "emoji", "emoji": sign} for sign in signs]


@pytest.mark.parametrize(
    ("before", "after", "sign"),
    [
        ([], emoji("👍"), "👍"),
        (emoji("👍"), [], ""),
        (emoji("👍"), emoji("👍", "🔥"), "🔥"),
        (emoji("👍", "🔥"), emoji("👍"), "👍"),
        ([], [{"type": "custom_emoji", "custom_emoji_id": "5"}], "✨"),
        ([], [{"type": "paid"}], "⭐"),
    ],
)
def test_a_sign_on_a_message(bot: Bot, before: list[Any], after: list[Any], sign: str) -> None:
    change = {"message_id": 4, "date": 1_790_000_000, "old_reaction": before, "new_reaction": after, "user": ANNA}
    (fact,) = facts(bot, message_reaction={**change, "chat": PRIVATE})
    assert isinstance(fact, Reacted)
    assert (fact.chat, fact.message_external_id, fact.emoji, fact.sender.id) == ("77", "4", sign, "77")
    (staff,) = facts(bot, message_reaction={**change, "chat": FORUM})
    assert isinstance(staff, StaffReacted)
    assert (staff.group, staff.message_external_id, staff.emoji, staff.user_id) == (str(GROUP), "4", sign, 77)


def test_an_anonymous_sign_is_nobodys(bot: Bot) -> None:
    change = {"message_id": 4, "date": 1, "old_reaction": [], "new_reaction": emoji("👍"), "actor_chat": FORUM}
    assert facts(bot, message_reaction={**change, "chat": FORUM}) == []


def test_staff_change_and_answer_what_they_wrote(bot: Bot) -> None:
    topic = {"chat": FORUM, "message_thread_id": 42, "is_topic_message": True}
    (edit,) = facts(bot, edited_message=message(**topic, text="новое", edit_date=1_790_000_009))
    assert isinstance(edit, StaffEdited)
    assert (edit.topic, edit.message_external_id, edit.text, edit.user_id) == ("42", "5", "новое", 77)
    assert edit.at.timestamp() == 1_790_000_009
    opened = message(chat=FORUM, message_id=42, forum_topic_created={"name": "T", "icon_color": 7322096})
    (plain,) = facts(bot, message=message(**topic, text="слово", reply_to_message=opened))
    answered = message(chat=FORUM, message_id=43, text="x")
    (answer,) = facts(bot, message=message(**topic, text="слово", reply_to_message=answered))
    assert (plain.reply_to, answer.reply_to) == (None, "43")


def test_places_of_staff_go_in_words(bot: Bot) -> None:
    (said,) = facts(bot, message=message(chat=FORUM, location={"latitude": 55.75, "longitude": 37.62}))
    assert (said.kind, said.text) == ("text", point(55.75, 37.62))
    (poll,) = facts(bot, message=message(chat=FORUM, dice={"emoji": "🎲", "value": 3}))
    assert poll.kind == "dice"


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        (
            {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], "caption": "вот"},
            "photo",
            "вот",
        ),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "location", point(1, 2)),
        ({"dice": {"emoji": "🎲", "value": 3}}, "dice", "🎲 3"),
        ({"story": {"chat": {**PRIVATE, "username": "anna"}, "id": 7}}, "story", "https://t.me/anna/s/7"),
        ({"giveaway_created": {}}, "giveaway_created", ""),
        ({"content_of_next_year": {}}, "unknown", ""),
    ],
)
def test_other_kinds_keep_their_name_and_caption(bot: Bot, content: dict[str, Any], kind: str, text: str) -> None:
    (fact,) = facts(bot, message=message(**content))
    assert isinstance(fact, Said)
    assert (fact.kind, fact.text) == (kind, text)


@pytest.mark.parametrize(
    ("card", "more", "own"),
    [
        ({"phone_number": "79123456789", "first_name": "А", "user_id": 77}, {}, True),
        ({"phone_number": "79123456789", "first_name": "А", "user_id": 78}, {}, False),
        ({"phone_number": "79123456789", "first_name": "А"}, {}, False),
        ({"phone_number": "79123456789", "first_name": "А", "user_id": 77}, {"forward_origin": FORWARDED}, False),
    ],
)
def test_a_contact_is_ones_own_only_when_telegram_says_so(
    bot: Bot, card: dict[str, Any], more: dict[str, Any], own: bool
) -> None:
    (fact,) = facts(bot, message=message(contact=card, **more))
    assert isinstance(fact, Shared)
    assert (fact.phone, fact.own, fact.name, fact.sender.id) == ("79123456789", own, "А", "77")


def test_an_edit_a_press_a_block(bot: Bot) -> None:
    (edit,) = facts(bot, edited_message=message(text="новое", edit_date=1_790_000_009))
    assert isinstance(edit, Edited)
    assert (edit.text, edit.message_external_id) == ("новое", "5")
    keyboard = {
        "inline_keyboard": [[{"text": "Да", "callback_data": "ok:1"}], [{"text": "Нет", "callback_data": "no:1"}]]
    }
    query = {"id": "q", "from": ANNA, "chat_instance": "i", "data": "no:1"}
    (press,) = facts(bot, callback_query={**query, "message": message(text="?", reply_markup=keyboard)})
    assert isinstance(press, Pressed)
    assert (press.label, press.data, press.press_id) == ("Нет", "no:1", "q")
    user = {"user": {"id": 1, "is_bot": True, "first_name": "B"}}
    change = {"chat": PRIVATE, "from": ANNA, "date": 1, "old_chat_member": {"status": "member", **user}}
    (gone,) = facts(bot, my_chat_member={**change, "new_chat_member": {"status": "kicked", "until_date": 0, **user}})
    assert isinstance(gone, Reachable)
    assert gone.reason == "blocked"


def test_staff_in_a_topic_and_in_general(bot: Bot) -> None:
    topic = message(chat=FORUM, text="ответ", message_thread_id=42, is_topic_message=True)
    (said,) = facts(bot, message=topic)
    assert isinstance(said, StaffSaid)
    assert (said.topic, said.text, said.user_id, said.anonymous) == ("42", "ответ", 77, False)
    # A reply in General carries a thread id that is no topic.
    (general,) = facts(bot, message=message(chat=FORUM, text="болтовня", message_thread_id=42))
    assert general.topic is None
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    (hidden,) = facts(bot, message={**topic, "from": anonymous, "sender_chat": FORUM})
    assert hidden.anonymous
    query = {"id": "q", "from": ANNA, "chat_instance": "i", "data": "claim:c", "message": topic}
    (press,) = facts(bot, callback_query=query)
    assert isinstance(press, StaffPressed)


@pytest.mark.parametrize(
    "update",
    [
        {"message": message(chat=FORUM, forum_topic_edited={}, message_thread_id=4, is_topic_message=True)},
        {"message": message(chat={**FORUM, "id": -5}, text="another group")},
        {"message": {**message(text="own"), "from": {**ANNA, "is_bot": True}}},
        {"poll_answer": {"poll_id": "1", "option_ids": [], "option_persistent_ids": []}},
        {"kind_of_next_year": {"anything": 1}},
        {"business_message": message(text="to the owner himself", business_connection_id="b")},
        {"business_connection": {"id": "b", "user": ANNA, "user_chat_id": 77, "date": 1, "is_enabled": True}},
        {"message": message(write_access_allowed={})},
        {"message": message(pinned_message=message(text="x"))},
    ],
)
def test_what_is_not_for_us_gives_nothing(bot: Bot, update: dict[str, Any]) -> None:
    assert facts(bot, **update) == []


def test_an_unreadable_update_is_told_with_what_can_be_saved(bot: Bot) -> None:
    with pytest.raises(Unreadable) as caught:
        facts(bot, message=message(text="смотри", forward_origin={"type": "tomorrow", "date": 1}))
    assert "forward_origin" in caught.value.reason
    (rescued,) = caught.value.rescued
    assert isinstance(rescued, Said)
    assert (rescued.kind, rescued.text, rescued.forwarded) == ("other", "смотри", "?")
    with pytest.raises(Unreadable) as caught:
        facts(bot, message={"broken": True})
    assert caught.value.rescued == ()


def test_of_an_unreadable_update_all_that_can_be_read_is_kept(bot: Bot) -> None:
    origin = {"type": "tomorrow", "date": 1, "chat": {"id": -7, "title": "Новости"}}
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    with pytest.raises(Unreadable) as caught:
        facts(bot, message=message(photo=photo, caption="вот", forward_origin=origin, poll={"question": 5}))
    (rescued,) = caught.value.rescued
    assert isinstance(rescued, Said)
    assert (rescued.kind, rescued.text, rescued.forwarded) == ("photo", "вот", "Новости")
    assert [file.ref for file in rescued.files] == ["f"]


def test_an_unreadable_word_of_staff_never_goes_to_a_customer(bot: Bot) -> None:
    with pytest.raises(Unreadable) as caught:
        facts(bot, message=message(chat=FORUM, text="смотри", forward_origin={"type": "tomorrow", "date": 1}))
    (rescued,) = caught.value.rescued
    assert isinstance(rescued, StaffSaid)
    assert (rescued.kind, rescued.files) == ("other", ())


def test_lanes() -> None:
    change = {"chat": PRIVATE, "message_id": 4, "user": ANNA}
    assert lane_of(NAME, {"message_reaction": change}, (GROUP,)) == "in:telegram:77"
    assert lane_of(NAME, {"message_reaction": {**change, "chat": FORUM}}, (GROUP,)) == f"in:telegram:{GROUP}/0"
    assert lane_of(NAME, {"message": message(text="x")}, (GROUP,)) == "in:telegram:77"
    query = {"callback_query": {"from": ANNA, "message": message(text="x")}}
    assert lane_of(NAME, query, (GROUP,)) == "in:telegram:77"
    assert lane_of(NAME, {"message": message(chat=FORUM, message_thread_id=4)}, (GROUP,)) == f"in:telegram:{GROUP}/4"
    assert lane_of(NAME, {"inline_query": {}}, (GROUP,)) == "in:telegram:other"


@pytest.mark.parametrize(
    ("offset", "numbers", "expected"),
    [
        (5, [5, 6, 7], (8, None)),
        (5, [7, 6], (5, 8)),
        (5, [5, 7], (6, 8)),
        (None, [5, 6], (4, 7)),
        (9, [4], (9, None)),
    ],
)
def test_what_is_acknowledged_never_gives_up_an_overtaken_update(
    offset: int | None, numbers: list[int], expected: tuple[int, int | None]
) -> None:
    assert acknowledged(offset, numbers) == expected


@pytest.mark.parametrize(("service", "kind"), [("closed", "topic_closed"), ("reopened", "topic_reopened")])
def test_a_topic_closed_or_opened_by_hand_is_told(bot: Bot, service: str, kind: str) -> None:
    more = {f"forum_topic_{service}": {}, "message_thread_id": 4, "is_topic_message": True}
    (said,) = facts(bot, message=message(chat=FORUM, **more))
    assert (said.kind, said.topic, said.user_id) == (kind, "4", 77)
