"""Who it is: the bot asks once, reads and is told; the same person in two channels is one customer, and two again."""

from datetime import datetime
from typing import Any

import pytest

from tests.shop import GROUP, Phone, until
from tests.widget import signed

QUESTION = "почту или телефон"
PHONE, SHOWN = "+79123456789", "+7 912 345-67-89"


async def contact(phone: Phone, number: str, own: bool = True) -> None:
    await phone.shop.ctl("POST", "/user/say", {"user": phone.id, "contact": {"phone": number, "own": own}})


async def customer(phone: Phone) -> dict[str, Any]:
    conversation = await phone.shop.conversation(phone)
    return await phone.shop.api("GET", f"/customers/{conversation['customer']['id']}")


def known(card: dict[str, Any]) -> dict[str, bool]:
    """Contacts of a card, and whether each is proved."""
    return {
        each.get("email") or each.get("phone"): each["proved"]
        for each in card["identities"]
        if each["channel"] in ("email", "phone")
    }


async def codes(phone: Phone) -> list[str]:
    return [line["event"]["code"] for line in await phone.shop.history(phone) if line["event"]]


async def test_asked_with_the_handoff_and_answered_by_the_button(shop: Any) -> None:
    anna = await shop.caller()
    question = await anna.gets(QUESTION)
    handed_off, asked = (await anna.heard())[-2:]
    assert "зову оператора" in handed_off
    assert asked == question["text"]
    assert question["keyboard"] == "reply"
    assert [[button["text"] for button in row] for row in question["buttons"]] == [
        ["Отправить мой номер"],
        ["Пропустить"],
    ]
    await contact(anna, "79123456789")
    thanks = await anna.gets(SHOWN)
    assert thanks["keyboard"] == "remove"
    assert known(await customer(anna)) == {PHONE: True}
    assert "contact_proved" in await codes(anna)
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, f"Телефон: {SHOWN} (подтверждено)")
    await shop.topic_shows(topic, f"[контакт] {PHONE}")


async def test_skipped_by_the_button_and_never_asked_again(shop: Any) -> None:
    anna = await shop.caller()
    await anna.gets(QUESTION)
    await anna.say("Пропустить")
    skipped = await anna.gets("обойдёмся без контакта")
    assert skipped["keyboard"] == "remove"
    conversation = await shop.stage(anna, "waiting")
    await shop.api("POST", f"/conversations/{conversation['id']}/release", {"to": "bot"})
    await anna.say("позовите человека")
    await shop.stage(anna, "waiting")
    await shop.quiet()
    assert sum(QUESTION in text for text in await anna.heard()) == 1


async def test_skipped_by_going_on_the_next_answer_takes_the_keyboard_away(shop: Any) -> None:
    anna = await shop.caller()
    await anna.gets(QUESTION)
    await anna.say("а когда ответят?")
    conversation = await shop.stage(anna, "waiting")
    await until(lambda: _heard(shop, anna, "а когда ответят?"))
    await shop.api("POST", f"/conversations/{conversation['id']}/messages", {"text": "Уже отвечаю", "kind": "reply"})
    assert (await anna.gets("Уже отвечаю"))["keyboard"] == "remove"
    await shop.api("POST", f"/conversations/{conversation['id']}/messages", {"text": "Готово", "kind": "reply"})
    assert (await anna.gets("Готово"))["keyboard"] is None
    assert known(await customer(anna)) == {}


async def _heard(shop: Any, phone: Phone, text: str) -> bool:
    return any(line["text"] == text for line in await shop.history(phone))


async def test_a_number_that_is_none_is_told_once_then_skipped(shop: Any) -> None:
    anna = await shop.caller()
    await anna.gets(QUESTION)
    await anna.say("8 912 345 67")
    await anna.gets("Не похоже на почту или телефон")
    await anna.say("8 912 345 67 8")
    await anna.say("anna@kedr.example")
    await anna.gets("записал: anna@kedr.example")
    assert sum("Не похоже" in text for text in await anna.heard()) == 1
    assert known(await customer(anna)) == {"anna@kedr.example": False}


async def test_contacts_are_read_out_of_free_words_and_order_numbers_are_not(shop: Any) -> None:
    anna = await shop.phone()
    await anna.say("Позовите оператора, заказ 89123456780 на сумму 89 990 000 руб. Мой номер 8 (912) 345-67-89")
    await shop.stage(anna, "waiting")
    await shop.quiet()
    assert known(await customer(anna)) == {PHONE: False}
    # A contact is known: nothing is asked for.
    assert not any(QUESTION in text for text in await anna.heard())
    await shop.topic_shows(await shop.topic(anna), f"{SHOWN} (со слов клиента)")
    await anna.say("или 8 912 345 67 89, или Anna.K@Mail.RU")
    await until(lambda: _has(anna, "anna.k@mail.ru"))
    await shop.quiet()  # the line in the thread follows the identity by a moment
    assert (await codes(anna)).count("contact_added") == 2


async def _has(phone: Phone, value: str) -> bool:
    return value in known(await customer(phone))


async def test_somebody_elses_card_is_shown_and_claimed_by_nobody(shop: Any) -> None:
    anna = await shop.caller()
    await anna.gets(QUESTION)
    await contact(anna, "+7 900 111-22-33", own=False)
    await until(lambda: _heard(shop, anna, "Somebody Else +7 900 111-22-33"))
    assert known(await customer(anna)) == {}


async def test_an_operator_asks_again_from_panel_and_topic(shop: Any) -> None:
    anna = await shop.caller()
    await anna.gets(QUESTION)
    await anna.say("Пропустить")
    await anna.gets("обойдёмся")
    conversation = await shop.stage(anna, "waiting")
    asked = await shop.api("POST", f"/conversations/{conversation['id']}/ask_contact")
    assert asked["id"] == conversation["id"]
    # What the operator says right after it does not silence the question.
    await shop.api("POST", f"/conversations/{conversation['id']}/messages", {"text": "Нужна почта", "kind": "reply"})
    await anna.gets("Нужна почта")
    questions = [text for text in await anna.heard() if QUESTION in text]
    assert ["уже передан" in text for text in questions] == [True, False]
    topic = await shop.topic(anna)
    await shop.staff_says("elena", topic, "/contact")
    await until(lambda: _asked(anna, 3))
    card = await shop.topic_shows(topic, "Диалог №")
    await shop.staff_presses("elena", topic, card, "Попросить контакт")
    await until(lambda: _asked(anna, 4))
    await anna.say("anna@kedr.example")
    await anna.gets("записал: anna@kedr.example")


async def _asked(phone: Phone, times: int) -> bool:
    return sum(QUESTION in text for text in await phone.heard()) == times


async def test_one_person_in_telegram_and_in_the_widget_is_one_customer(site: Any, visit: Any) -> None:
    phone = await site.caller("Анна Ковалёва")
    await phone.gets(QUESTION)
    await contact(phone, "79123456789")
    await phone.gets(SHOWN)
    older = await customer(phone)
    anna = visit()
    tab = await anna.come(identify=signed("u-1001", email="Anna@Kedr.example", phone="8 912 345-67-89"))
    await tab.say("позовите оператора")
    await tab.gets("оператор")

    async def joined() -> dict[str, Any] | None:
        there = await anna.conversation()
        return there if there["customer"]["id"] == older["id"] else None

    there = await until(joined)
    assert there["customer"]["name"] == "Анна Ковалёва"
    here = await site.conversation(phone)
    card = await site.api("GET", f"/customers/{older['id']}")
    assert known(card) == {PHONE: True, "anna@kedr.example": True}
    assert {each["channel"] for each in card["identities"]} == {"telegram", "site", "phone", "email", "user_id"}
    (guest,) = card["linked"]
    assert guest["name"].startswith("Гость")
    timeline = (await site.api("GET", f"/customers/{older['id']}/messages?limit=100"))["items"]
    assert {line["conversation_id"] for line in timeline} == {here["id"], there["id"]}
    assert {line["channel"] for line in timeline} == {"telegram", "site"}
    times = [datetime.fromisoformat(line["at"]) for line in timeline]
    assert times == sorted(times)
    rows = (await site.api("GET", f"/conversations?customer={older['id']}"))["items"]
    assert {row["id"] for row in rows} == {here["id"], there["id"]}
    # Whoever asks for the one who joined gets the one he is.
    assert (await site.api("GET", f"/customers/{guest['id']}"))["id"] == older["id"]
    await _parted(site, anna, tab, older["id"], guest)


async def _parted(site: Any, anna: Any, tab: Any, older: str, guest: dict[str, Any]) -> None:
    """By hand the two are two again, with what they said since; the same proof does not join them once more."""
    parted = await site.api("POST", f"/customers/{older}/unlink", {"other": guest["id"]})
    assert known(parted) == {PHONE: True}
    assert [each["id"] for each in parted["candidates"]] == [guest["id"]]
    await tab.say("я всё ещё здесь")
    await site.quiet()
    assert (await anna.conversation())["customer"] == {"id": guest["id"], "name": guest["name"]}
    again = await anna.come(identify=signed("u-1001", phone="8 912 345-67-89"))
    await again.say("и снова я")
    await site.quiet()
    assert (await anna.conversation())["customer"]["id"] == guest["id"]


@pytest.mark.parametrize("given", ["not a phone", "12345"])
async def test_what_was_signed_but_is_no_phone_proves_nothing(site: Any, visit: Any, given: str) -> None:
    anna = visit()
    tab = await anna.come(identify=signed("u-7", phone=given))
    await tab.say("позовите оператора")
    await tab.gets("оператор")
    conversation = await anna.conversation()
    card = await site.api("GET", f"/customers/{conversation['customer']['id']}")
    assert known(card) == {}
    assert {each["channel"] for each in card["identities"]} == {"site", "user_id"}


async def test_the_topics_of_one_customer_carry_his_name(site: Any, visit: Any) -> None:
    phone = await site.caller("Анна Ковалёва")
    await phone.gets(QUESTION)
    anna = visit()
    tab = await anna.come()
    await tab.say("позовите оператора")
    await tab.gets("оператор")
    there = await anna.conversation()
    mine = await customer(phone)
    linked = await site.api("POST", f"/customers/{mine['id']}/link", {"other": there["customer"]["id"]})
    assert [each["id"] for each in linked["linked"]] == [there["customer"]["id"]]

    async def shown() -> bool:
        topics = (await site.ctl("GET", f"/topics?group={GROUP}"))["items"]
        topic = next((one["topic"] for one in topics if one["name"].startswith("Гость")), None)
        if topic is None:
            return False
        return any("Клиент: Анна Ковалёва" in (one["text"] or "") for one in await site.in_topic(topic))

    await until(shown)
    mirrored = await anna.conversation()
    assert mirrored["customer"] == {"id": mine["id"], "name": "Анна Ковалёва"}


async def test_a_visitor_skips_by_the_quick_reply_or_writes_his_address(site: Any, visit: Any) -> None:
    anna, boris = visit(), visit()
    tab = await anna.come()
    await tab.say("позовите оператора")
    question = await tab.gets(QUESTION)
    assert question["asks"] == "contact"
    await tab.press(question, "Пропустить")
    await tab.gets("обойдёмся без контакта")
    other = await boris.come()
    await other.say("позовите оператора")
    await other.gets(QUESTION)
    await other.say("boris@kedr.example")
    await other.gets("записал: boris@kedr.example")
    there = await boris.conversation()
    card = await site.api("GET", f"/customers/{there['customer']['id']}")
    assert known(card) == {"boris@kedr.example": False}


async def test_asked_with_the_answer_of_an_article_that_needs_it_and_by_a_rule(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, article: Any
) -> None:
    contact = {"articles": [article.id], "rules": [{"channels": ["telegram"], "messages": 2}]}
    async with open_shop(tmp_path, library, matcher, settings={"contact": contact}) as shop:
        anna = await shop.phone()
        await anna.say(article.questions[0])
        question = await anna.gets("мы обычно связываемся сами")
        assert question["keyboard"] == "reply"
        assert [row[0]["text"] for row in question["buttons"]] == ["Отправить мой номер", "Пропустить"]
        await anna.say("пишите лучше на anna@kedr.example, так удобнее")
        await anna.gets("записал: anna@kedr.example")
        boris = await shop.phone("Борис")
        await boris.say(library.articles[1].questions[0])
        await boris.gets("Ответ помог?")
        assert not any("почту или телефон" in text for text in await boris.heard())
        await boris.say(library.articles[2].questions[0])
        await boris.gets("даже если вы закроете чат")
        await boris.say("Пропустить")
        await boris.gets("обойдёмся без контакта")
        assert known(await customer(anna)) == {"anna@kedr.example": False}
