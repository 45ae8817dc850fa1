"""A message in plain words: hidden links, places, polls, whose words they were, what was quoted."""

from typing import Any

import pytest
from aiogram.types import Message, MessageEntity

from bots.telegram.wording import origin_of, plain, point, quoted, text_of

CHAT = {"id": 77, "type": "private", "first_name": "Анна"}
CHANNEL = {"id": -5, "type": "channel", "title": "Новости", "username": "news"}


def message(**parts: Any) -> Message:
    return Message.model_validate({"message_id": 5, "date": 1_790_000_000, "chat": CHAT, **parts})


def link(offset: int, length: int, url: str) -> MessageEntity:
    return MessageEntity(type="text_link", offset=offset, length=length, url=url)


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("наш сайт", [link(4, 4, "https://shop.example/a")], "наш сайт (https://shop.example/a)"),
        ("😀 сайт!", [link(3, 4, "https://a.example/")], "😀 сайт (https://a.example/)!"),
        ("тут и там", [link(0, 3, "http://a.example"), link(6, 3, "http://b.example")], None),
        ("https://a.example", [link(0, 17, "https://a.example/")], "https://a.example"),
        ("a.example", [link(0, 9, "http://A.example")], "a.example"),
        ("слово дальше", [link(0, 6, "http://a.example")], "слово (http://a.example) дальше"),
        ("жирное", [MessageEntity(type="bold", offset=0, length=6)], "жирное"),
        ("ничего", None, "ничего"),
    ],
)
def test_addresses_behind_words_are_written_out(text: str, entities: Any, expected: str | None) -> None:
    both = "тут (http://a.example) и там (http://b.example)"
    assert plain(text, entities) == (both if expected is None else expected)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "т", "entities": [{"type": "text_link", "offset": 0, "length": 1, "url": "u:x"}]}, "т (u:x)"),
        ({"location": {"latitude": 55.751244, "longitude": 37.618423}}, point(55.751244, 37.618423)),
        (
            {
                "venue": {"location": {"latitude": 1, "longitude": 2}, "title": "Кафе", "address": "Лесная, 5"},
                "location": {"latitude": 1, "longitude": 2},
            },
            f"Кафе, Лесная, 5\n{point(1, 2)}",
        ),
        ({"dice": {"emoji": "🎯", "value": 6}}, "🎯 6"),
        ({"game": {"title": "Змейка", "description": "", "photo": []}}, "Змейка"),
        ({"story": {"chat": CHAT, "id": 3}}, "Анна"),
        ({"invoice": {"title": "Стол", "description": "", "start_parameter": "", "currency": "RUB",
                      "total_amount": 129_050}}, "Стол: 1290.50 RUB"),
        ({"web_app_data": {"data": "size=L", "button_text": "b"}}, "size=L"),
    ],
)  # fmt: skip
def test_what_has_no_text_is_told_in_any_language(content: dict[str, Any], expected: str) -> None:
    assert text_of(message(**content)) == expected


def test_a_point_has_its_numbers_and_a_map() -> None:
    numbers, address = point(-33.8651431, 151.2099).splitlines()
    assert numbers == "-33.865143, 151.209900"
    assert "mlat=-33.865143&mlon=151.209900" in address


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ({"type": "user", "date": 1, "sender_user": {"id": 1, "is_bot": False, "first_name": "Пётр"}}, "Пётр"),
        ({"type": "hidden_user", "date": 1, "sender_user_name": "Кто-то"}, "Кто-то"),
        ({"type": "chat", "date": 1, "sender_chat": {**CHANNEL, "type": "supergroup"}}, "Новости"),
        ({"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 3}, "Новости"),
        (
            {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 3, "author_signature": "Ред."},
            "Новости (Ред.)",
        ),
    ],
)
def test_every_origin_has_a_name(origin: dict[str, Any], name: str) -> None:
    assert origin_of(message(text="x", forward_origin=origin)) == name
    assert origin_of(message(text="x")) == ""


def test_what_was_picked_out_of_a_word_stands_before_the_answer() -> None:
    answer = message(text="это?", quote={"text": "первая\nвторая", "position": 4, "is_manual": True})
    assert quoted(answer) + text_of(answer) == "> первая\n> вторая\nэто?"
    assert quoted(message(text="это?")) == ""
