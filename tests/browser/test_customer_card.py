"""The customer's card: how he is known, who may be the same, joined and parted again, all he wrote."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.shop import Shop, until
from tests.widget import Visitor, signed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PHONE = "+7 912 345-67-89"


async def alike(shop: Shop) -> tuple[Any, Any]:
    """Return two customers of whom one proved a phone and the other named the same."""
    anna, ann = await shop.caller("Анна Ковалёва"), await shop.caller("Аня К.")
    await shop.ctl("POST", "/user/say", {"user": anna.id, "contact": {"phone": "79123456789", "own": True}})
    await anna.gets(PHONE)
    await ann.say("мой номер 8 912 345-67-89")
    await ann.gets(PHONE)
    return anna, ann


async def test_who_may_be_the_same_is_joined_and_parted_again(shop: Any, seat: Any) -> None:
    anna, ann = await alike(shop)
    desk = await seat("elena", "/inbox/all")
    page = desk.page
    await desk.pick("Анна Ковалёва")
    names = page.get_by_test_id("ctx-identities").get_by_role("listitem")
    await expect(names).to_have_count(2)
    await expect(names.nth(1)).to_contain_text(PHONE)
    await expect(names.nth(1)).to_contain_text("подтверждён")
    candidate = page.get_by_test_id("candidate")
    await expect(candidate).to_contain_text("Аня К.")
    await expect(candidate).to_contain_text(f"Тот же телефон: {PHONE} · со слов клиента")
    await candidate.get_by_role("button", name="Сравнить").click()
    sides = page.get_by_role("dialog", name="Это один человек?")
    await expect(sides).to_contain_text("мой номер 8 912 345-67-89")
    rows = sides.get_by_test_id("compare").get_by_role("row")
    await expect(rows.filter(has_text="Имя")).to_have_text(re.compile("Имя\\s*Анна Ковалёва\\s*Аня К."))
    await expect(sides.locator("[data-field=phone][data-state=same]")).to_contain_text(f"{PHONE} · со слов клиента")
    await sides.get_by_role("button", name="Связать").click()
    await expect(page.get_by_test_id("toast").filter(has_text="теперь это один клиент")).to_be_visible()
    await expect(page.get_by_test_id("joined")).to_contain_text("Аня К.")
    await expect(names).to_have_count(3)
    await expect(candidate).to_have_count(0)
    await expect(desk.row("Анна Ковалёва")).to_have_count(2)
    await expect(page.get_by_test_id("open-other")).to_have_count(1)

    await page.get_by_test_id("open-timeline").click()
    lines = page.get_by_test_id("timeline-line")
    await expect(lines.filter(has_text="мой номер 8 912 345-67-89")).to_have_count(1)
    await expect(lines.filter(has_text="позовите человека")).to_have_count(2)
    await page.get_by_role("dialog").get_by_role("button", name="Закрыть").click()

    await page.get_by_test_id("open-other").click()
    await expect(desk.said("объединяет клиента", "system")).to_be_visible()
    await expect(page.get_by_test_id("ctx-identities").locator("li[data-state=here]")).to_have_count(1)
    await page.get_by_test_id("joined").get_by_role("button", name="Разъединить").click()
    await expect(desk.said("отделяет клиента", "system")).to_be_visible()
    await expect(page.get_by_test_id("ctx-customer").get_by_role("heading")).to_have_text("Аня К.")
    await expect(desk.row("Аня К.")).to_have_count(1)
    card = await shop.api("GET", f"/customers/{(await shop.conversation(anna))['customer']['id']}")
    assert card["linked"] == []
    assert (await shop.conversation(ann))["customer"]["name"] == "Аня К."


async def test_what_the_shop_tells_is_text_with_its_age_and_its_fault(shop: Any, seat: Any) -> None:
    await shop.caller("Анна Ковалёва")
    desk = await seat("elena", "/inbox/all")
    fields = [{"name": "Заказ <b>", "value": "<img src=x onerror=alert(1)>", "link": "https://crm.example/1"}]
    told = {"fields": fields, "at": "2026-03-01T10:00:00Z", "fault": "network"}

    async def card(route: Any) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=json.dumps({**await answer.json(), "shop_data": True}))

    await desk.page.route(re.compile(r"/api/v1/customers/\w+$"), card)
    await desk.page.route(re.compile(r"/shop_data"), lambda route: route.fulfill(json=told))
    await desk.pick("Анна Ковалёва")
    block = desk.page.get_by_test_id("ctx-shop")
    await expect(block).to_contain_text("Заказ <b>")
    await expect(block.get_by_role("link")).to_have_text("<img src=x onerror=alert(1)>")
    await expect(block).to_contain_text("Программа магазина не отвечает")
    await expect(block.locator("time")).to_have_attribute("datetime", told["at"])
    await expect(block.locator("img, b")).to_have_count(0)
    told["fault"] = ""
    await block.get_by_role("button", name="Обновить").click()
    await expect(block).to_have_attribute("data-fault", "")


async def test_a_contact_is_asked_for_and_appears_by_itself(shop: Any, seat: Any) -> None:
    anna = await shop.caller("Анна Ковалёва")
    desk = await seat("elena", "/inbox/all")
    await desk.pick("Анна Ковалёва")
    await desk.page.get_by_test_id("ask-contact").click()
    await expect(desk.said("просит у клиента контакт", "system")).to_be_visible()

    async def asked() -> bool:
        return sum("почту или телефон" in text for text in await anna.heard()) == 2

    await until(asked)
    await anna.say("anna@kedr.example")
    names = desk.page.get_by_test_id("ctx-identities").get_by_role("listitem")
    await expect(names.filter(has_text="anna@kedr.example")).to_contain_text("со слов клиента")
    await expect(desk.page.get_by_test_id("ask-contact")).to_have_text("Попросить контакт ещё раз")


async def test_open_conversations_stand_apart_from_past_ones(shop: Any, seat: Any) -> None:
    anna, ann = await alike(shop)
    one, other = await shop.conversation(anna), await shop.conversation(ann)
    await shop.api("POST", f"/customers/{one['customer']['id']}/link", {"other": other["customer"]["id"]})
    desk = await seat("elena", f"/inbox/all/{one['id']}")
    page = desk.page
    await expect(page.get_by_text("Открытые диалоги")).to_be_visible()
    await expect(page.get_by_test_id("open-other")).to_contain_text("Ждёт оператора")
    await expect(page.get_by_test_id("past")).to_have_count(0)
    # A proved phone is known: nothing is left to ask for.
    await expect(page.get_by_test_id("ask-contact")).to_have_count(0)
    await shop.api("POST", f"/conversations/{other['id']}/close")
    await expect(page.get_by_test_id("past")).to_have_count(1)
    await expect(page.get_by_text("Прошлые диалоги")).to_be_visible()
    await expect(page.get_by_test_id("open-other")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_card_keeps_its_place_when_narrow(shop: Any, seat: Any, theme: str) -> None:
    await alike(shop)
    desk = await seat("elena", "/inbox/all", viewport={"width": 390, "height": 844}, color_scheme=theme)
    await desk.pick("Анна Ковалёва")
    await desk.button("Подсказки и карточка").click()
    candidate = desk.page.get_by_test_id("candidate")
    await candidate.get_by_role("button", name="Сравнить").click()
    await expect(desk.page.get_by_role("dialog", name="Это один человек?")).to_contain_text("мой номер")
    wide = await desk.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


async def test_a_website_is_named_not_the_visitors_id(site: Any, seats: Any) -> None:
    visitor = Visitor(site)
    try:
        tab = await visitor.come(identify=signed("u-1001"))
        await tab.say("позовите оператора")
        await tab.gets("оператор")
        row = await visitor.conversation()
        desk = await seats(site, "elena", f"/inbox/all/{row['id']}")
        names = desk.page.get_by_test_id("ctx-identities").get_by_role("listitem")
        await expect(names.filter(has_text="Чат на сайте")).to_have_count(1)
        await expect(names.filter(has_text="Покупатель № u-1001")).to_have_count(1)
        await expect(names.filter(has_text=row["external_id"])).to_have_count(0)
    finally:
        await visitor.leave()
