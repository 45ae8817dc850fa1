"""Raw updates into facts: what real clients send, and what would kill a stock bot."""

from typing import Any

import pytest

from bots.telegram.parse import lane_of
from bots.telegram.receiving import acknowledged
from bots.telegram.wording import point
from bridge.errors import Unreadable
from bridge.model.inbound import (
    Commanded,
    Edited,
    Pressed,
    Reachable,
    Said,
    Shared,
    Started,
)
from tests.telegram_payloads import ANNA, FORUM, FORWARDED, GROUP, NAME, PRIVATE, facts, message


def test_words_of_a_customer() -> None:
    (fact,) = facts(message=message(text="Где заказ?", reply_to_message=message(message_id=3, text="x")))
    assert isinstance(fact, Said)
    assert (fact.text, fact.chat, fact.external_id, fact.kind, fact.reply_to) == ("Где заказ?", "77", "5", "text", "3")
    assert (fact.sender.name, fact.sender.username, fact.sender.language) == ("Анна Ковалёва", "anna", "ru")


def test_start_with_and_without_payload() -> None:
    (plain,) = facts(message=message(text="/start"))
    (deep,) = facts(message=message(text="/start@shop_bot promo"))
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
def test_orders_have_names(text: str, command: str, argument: str) -> None:
    (fact,) = facts(message=message(text=text))
    assert isinstance(fact, Commanded)
    assert (fact.command, fact.argument, fact.external_id, fact.chat) == (command, argument, "5", "77")


@pytest.mark.parametrize("text", ["/operators", "/weather", "a /help", "/", "/langen"])
def test_what_only_looks_like_an_order_is_said(text: str) -> None:
    (fact,) = facts(message=message(text=text))
    assert isinstance(fact, Said)
    assert fact.text == text


def test_an_order_that_was_passed_on_is_somebody_elses_word() -> None:
    (fact,) = facts(message=message(text="/operator", forward_origin=FORWARDED))
    assert isinstance(fact, Said)
    assert fact.forwarded == "А"


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
def test_other_kinds_keep_their_name_and_caption(content: dict[str, Any], kind: str, text: str) -> None:
    (fact,) = facts(message=message(**content))
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
    card: dict[str, Any], more: dict[str, Any], own: bool
) -> None:
    (fact,) = facts(message=message(contact=card, **more))
    assert isinstance(fact, Shared)
    assert (fact.phone, fact.own, fact.name, fact.sender.id) == ("79123456789", own, "А", "77")


def test_an_edit_a_press_a_block() -> None:
    (edit,) = facts(edited_message=message(text="новое", edit_date=1_790_000_009))
    assert isinstance(edit, Edited)
    assert (edit.text, edit.message_external_id) == ("новое", "5")
    keyboard = {
        "inline_keyboard": [[{"text": "Да", "callback_data": "ok:1"}], [{"text": "Нет", "callback_data": "no:1"}]]
    }
    query = {"id": "q", "from": ANNA, "chat_instance": "i", "data": "no:1"}
    (press,) = facts(callback_query={**query, "message": message(text="?", reply_markup=keyboard)})
    assert isinstance(press, Pressed)
    assert (press.label, press.data, press.press_id) == ("Нет", "no:1", "q")
    user = {"user": {"id": 1, "is_bot": True, "first_name": "B"}}
    change = {"chat": PRIVATE, "from": ANNA, "date": 1, "old_chat_member": {"status": "member", **user}}
    (gone,) = facts(my_chat_member={**change, "new_chat_member": {"status": "kicked", "until_date": 0, **user}})
    assert isinstance(gone, Reachable)
    assert gone.reason == "blocked"


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
def test_what_is_not_for_us_gives_nothing(update: dict[str, Any]) -> None:
    assert facts(**update) == []


def test_an_unreadable_update_is_told_with_what_can_be_saved() -> None:
    with pytest.raises(Unreadable) as caught:
        facts(message=message(text="смотри", forward_origin={"type": "tomorrow", "date": 1}))
    assert "forward_origin" in caught.value.reason
    (rescued,) = caught.value.rescued
    assert isinstance(rescued, Said)
    assert (rescued.kind, rescued.text, rescued.forwarded) == ("other", "смотри", "?")
    with pytest.raises(Unreadable) as caught:
        facts(message={"broken": True})
    assert caught.value.rescued == ()


def test_of_an_unreadable_update_all_that_can_be_read_is_kept() -> None:
    origin = {"type": "tomorrow", "date": 1, "chat": {"id": -7, "title": "Новости"}}
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    with pytest.raises(Unreadable) as caught:
        facts(message=message(photo=photo, caption="вот", forward_origin=origin, poll={"question": 5}))
    (rescued,) = caught.value.rescued
    assert isinstance(rescued, Said)
    assert (rescued.kind, rescued.text, rescued.forwarded) == ("photo", "вот", "Новости")
    assert [file.ref for file in rescued.files] == ["f"]


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
