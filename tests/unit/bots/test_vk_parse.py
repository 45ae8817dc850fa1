"""VK's events into facts: payloads as VK documents them, and what would stop a careless reader."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bots.vk.events import before, kept, people
from bots.vk.parse import parse
from bridge.errors import Unreadable
from bridge.model.files import Remote
from bridge.model.ids import LaneId
from bridge.model.inbound import Commanded, Edited, Pressed, Said, Started, Update
from tests.vk_payloads import ANNA, CAME, GROUP, NAME, NAMES, event, facts, message, new


def test_words_of_a_customer() -> None:
    (fact,) = facts(new(reply_message={"conversation_message_id": 9, "from_id": -GROUP, "text": "Добрый день"}))
    assert isinstance(fact, Said)
    assert (fact.text, fact.chat, fact.external_id, fact.kind, fact.reply_to) == ("Где заказ?", "77", "12", "text", "9")
    assert (fact.sender.id, fact.sender.name, fact.sender.language, fact.sender.named) == (
        "77",
        "Анна Ковалёва",
        "ru",
        True,
    )
    assert fact.at == datetime.fromtimestamp(1_790_000_000, UTC)


def test_a_customer_whose_name_nobody_told_has_none() -> None:
    raw = kept(new(), {})
    (fact,) = parse(NAME, Update("vk:k", NAME, "k", LaneId("in:vk:77"), 1, raw, CAME))
    assert isinstance(fact, Said)
    assert (fact.sender.name, fact.sender.named) == ("", False)


def test_the_shape_before_5_103_is_read_too() -> None:
    (fact,) = facts(event("message_new", message()))
    assert isinstance(fact, Said)
    assert fact.text == "Где заказ?"


@pytest.mark.parametrize(
    ("attachment", "wanted"),
    [
        (
            {
                "type": "photo",
                "photo": {
                    "sizes": [
                        {"url": "https://cdn/small", "width": 75, "height": 50},
                        {"url": "https://cdn/large", "width": 1280, "height": 800},
                    ]
                },
            },
            Remote("https://cdn/large", "photo", "", "image/jpeg"),
        ),
        (
            {"type": "doc", "doc": {"url": "https://cdn/d", "title": "Счёт", "ext": "pdf", "size": 99, "type": 1}},
            Remote("https://cdn/d", "document", "Счёт.pdf", "application/pdf", 99),
        ),
        (
            {"type": "audio_message", "audio_message": {"link_ogg": "https://cdn/v.ogg", "duration": 7}},
            Remote("https://cdn/v.ogg", "voice", "", "audio/ogg", seconds=7),
        ),
        (
            {"type": "sticker", "sticker": {"images": [{"url": "https://cdn/512.png", "width": 512, "height": 512}]}},
            Remote("https://cdn/512.png", "sticker", "sticker.png", "image/png"),
        ),
    ],
    ids=["photo", "doc", "voice", "sticker"],
)
def test_files_come_by_their_direct_links(attachment: dict[str, Any], wanted: Remote) -> None:
    (fact,) = facts(new(text="", attachments=[attachment]))
    assert isinstance(fact, Said)
    assert (fact.files, fact.text, fact.kind) == ((wanted,), "", wanted.kind)


@pytest.mark.parametrize(
    ("attachment", "kind", "text"),
    [
        (
            {"type": "link", "link": {"url": "https://a.example/x", "title": "Статья"}},
            "link",
            "Статья https://a.example/x",
        ),
        (
            {"type": "wall", "wall": {"id": 3, "to_id": -9, "text": "Новость"}},
            "wall",
            "Новость https://vk.com/wall-9_3",
        ),
        (
            {"type": "market", "market": {"id": 4, "owner_id": -9, "title": "Стул"}},
            "market",
            "Стул https://vk.com/product-9_4",
        ),
        (
            {"type": "video", "video": {"id": 5, "owner_id": 77, "title": "Обзор"}},
            "link",
            "Обзор https://vk.com/video77_5",
        ),
        ({"type": "gift", "gift": {"id": 6}}, "gift", ""),
        ({"type": "tomorrow", "tomorrow": {"id": 6}}, "other", ""),
    ],
    ids=["link", "wall", "market", "video", "gift", "unknown"],
)
def test_what_is_no_file_is_named_in_words(attachment: dict[str, Any], kind: str, text: str) -> None:
    (fact,) = facts(new(text="", attachments=[attachment]))
    assert isinstance(fact, Said)
    assert (fact.kind, fact.text, fact.files) == (kind, text, ())
    beside, *more = facts(new(text="Это?", attachments=[attachment]))
    assert isinstance(beside, Said)
    assert (beside.kind, beside.text) == ("text", f"Это?\n{text}" if text else "Это?")
    told = [(each.external_id, each.kind, each.text) for each in more if isinstance(each, Said)]
    assert told == ([] if text else [("12.a1", kind, "")])


def test_nothing_that_hangs_on_a_message_vanishes_beside_what_has_a_name() -> None:
    link = {"type": "link", "link": {"url": "https://a.example/x", "title": "Статья"}}
    gift, unknown = {"type": "gift", "gift": {"id": 6}}, {"type": "tomorrow", "tomorrow": {"id": 6}}
    fileless = {"type": "doc", "doc": {"id": 7, "title": "", "url": ""}}
    said = facts(new(text="", attachments=[gift, link, unknown, fileless]))
    assert [(fact.external_id, fact.kind, fact.text) for fact in said if isinstance(fact, Said)] == [
        ("12", "link", "Статья https://a.example/x"),
        ("12.a1", "gift", ""),
        ("12.a2", "other", ""),
        ("12.a3", "document", ""),
    ]
    assert [
        (f.external_id, f.kind) for f in facts(new(text="", attachments=[gift, unknown])) if isinstance(f, Said)
    ] == [
        ("12", "gift"),
        ("12.a1", "other"),
    ]


@pytest.mark.parametrize("coordinates", [{"latitude": 55.75, "longitude": 37.61}, "55.75 37.61"])
def test_a_place_is_told_with_its_point(coordinates: object) -> None:
    place = {"type": "point", "coordinates": coordinates, "place": {"title": "Москва"}}
    (fact,) = facts(new(text="", geo=place))
    assert isinstance(fact, Said)
    assert fact.kind == "location"
    assert fact.text.startswith("Москва\n55.750000, 37.610000\nhttps://")


def test_what_a_customer_passes_on_follows_his_own_words_each_by_whose_it_is() -> None:
    inner = message(from_id=-300, text="из сообщества")
    passed = [message(from_id=78, text="от Петра", fwd_messages=[inner])]
    said = facts(new(text="посмотрите", fwd_messages=passed))
    assert [(f.external_id, f.text, f.forwarded) for f in said if isinstance(f, Said)] == [
        ("12", "посмотрите", ""),
        ("12.1", "от Петра", "Пётр"),
        ("12.2", "из сообщества", "club300"),
    ]
    alone = facts(new(text="", fwd_messages=[message(from_id=78, text="от Петра")]))
    assert [(f.external_id, f.forwarded) for f in alone if isinstance(f, Said)] == [("12", "Пётр")]
    assert people(new(fwd_messages=passed)) == {ANNA, 78}


@pytest.mark.parametrize("given", [{"data": "ok:m1", "label": "Да"}, '{"data": "ok:m1", "label": "Да"}'])
def test_a_press_of_a_callback_button(given: object) -> None:
    about = {"user_id": ANNA, "peer_id": ANNA, "event_id": "ab12", "payload": given, "conversation_message_id": 11}
    (fact,) = facts(event("message_event", about))
    assert isinstance(fact, Pressed)
    assert (fact.data, fact.label, fact.message_external_id) == ("ok:m1", "Да", "11")
    assert fact.press_id == "ab12 77 77"


def test_a_text_button_of_ours_is_a_press_and_another_programs_is_a_word() -> None:
    (press,) = facts(new(text="Да", payload='{"data": "ok:m1", "label": "Да"}'))
    assert isinstance(press, Pressed)
    assert press.press_id == ""
    (word,) = facts(new(text="Да", payload='{"cmd": 5}'))
    assert isinstance(word, Said)


def test_the_start_button_and_the_word_of_a_link() -> None:
    (started,) = facts(new(text="Начать", payload='{"command": "start"}', ref="from-site"))
    assert isinstance(started, Started)
    assert started.payload == "from-site"
    first, second = facts(new(ref="promo"))
    assert isinstance(first, Started)
    assert isinstance(second, Said)
    assert (first.payload, second.text) == ("promo", "Где заказ?")


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [("/operator", "operator", ""), ("/LANG en", "lang", "en"), ("/help", "help", "")],
)
def test_orders_by_name(text: str, command: str, argument: str) -> None:
    (order,) = facts(new(text=text))
    assert isinstance(order, Commanded)
    assert (order.command, order.argument) == (command, argument)
    (started,) = facts(new(text="/start from-site"))
    assert isinstance(started, Started)
    assert started.payload == "from-site"
    (word,) = facts(new(text="/refund 5"))
    assert isinstance(word, Said)


def test_an_edit() -> None:
    (fact,) = facts(event("message_edit", message(text="Где мой заказ?", update_time=1_790_000_100)))
    assert isinstance(fact, Edited)
    assert (fact.message_external_id, fact.text) == ("12", "Где мой заказ?")
    assert fact.at == datetime.fromtimestamp(1_790_000_100, UTC)
    assert facts(event("message_edit", message(from_id=-GROUP, update_time=1))) == []


@pytest.mark.parametrize(
    "made",
    [
        new(peer_id=2_000_000_001),
        new(from_id=-300, peer_id=-300),
        new(action={"type": "chat_invite_user"}),
        event("message_typing_state", {"from_id": ANNA, "to_id": -GROUP, "state": "typing"}),
        event("message_tomorrow", {"what": "nobody knows yet"}),
    ],
    ids=["group chat", "community", "service", "typing", "unknown"],
)
def test_what_is_not_for_us_is_nothing(made: dict[str, Any]) -> None:
    assert facts(made) == []


def test_an_unreadable_message_is_told_of_at_least() -> None:
    broken = new(date=10**20)
    with pytest.raises(Unreadable) as caught:
        facts(broken)
    (rescued,) = caught.value.rescued
    assert isinstance(rescued, Said)
    assert (rescued.kind, rescued.text, rescued.chat) == ("other", "Где заказ?", "77")
    with pytest.raises(Unreadable):
        facts(event("message_new", {"message": {"id": 0, "text": "a message of an unknown shape"}}))


def test_half_a_sign_is_kept() -> None:
    raw = kept(new(text="\ud83d"), NAMES)
    raw.encode()
    assert json.loads(raw)["event"]["object"]["message"]["text"] == "\ud83d"


def test_the_secret_is_not_kept() -> None:
    assert "hush" not in kept(event("message_new", {"message": message()}, secret="hush"), NAMES)


def test_numbers_before_a_message_run_without_holes() -> None:
    assert before("200.m.77.3") == ["200.m.77.2", "200.m.77.1"]
    assert before("200.m.77.1") == []
    assert before("200.press.ab12") == []
