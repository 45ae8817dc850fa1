"""How the channels are and how the staff group keeps up, told where people look; a contact typed into the card."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Route, expect

from bridge.model.ids import ChannelName
from bridge.ports.channels import ChannelState
from bridge.staff import backlog

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_every_channel_says_how_it_is_and_why(shop: Any, seat: Any) -> None:
    elena = await seat("elena")
    sign = elena.page.get_by_test_id("rail-channels")
    await expect(sign).to_have_attribute("data-state", "ok")
    await sign.click()
    dialog = elena.page.get_by_role("dialog", name="Каналы")
    telegram = dialog.get_by_test_id("channel")
    await expect(telegram).to_have_attribute("data-state", "ok")
    await expect(telegram).to_contain_text("Работает")
    await expect(telegram).to_contain_text("менять отправленное, удалять отправленное, реакции")
    await expect(telegram.get_by_test_id("channel-desk")).to_contain_text("показано всё")
    channel = shop.bridge.channels.by_name[ChannelName("telegram")]
    channel.state = ChannelState("ok", "unconfirmed")
    await expect(telegram).to_contain_text("Работает не всё")
    await expect(telegram).to_contain_text("мессенджер не достучался до нашего адреса")
    await expect(sign).to_have_attribute("data-state", "poor")
    channel.state = ChannelState("broken", "unauthorized")
    await expect(telegram).to_have_attribute("data-state", "broken")
    await expect(telegram).to_contain_text("токен бота не подходит")
    await expect(sign).to_have_attribute("data-state", "broken")
    await elena.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(elena.page.get_by_test_id("channel-fault")).to_contain_text("токен бота не подходит")


async def test_a_staff_group_that_is_late_is_told_of_in_the_inbox(shop: Any, seat: Any, monkeypatch: Any) -> None:
    elena = await seat("elena")
    late = elena.page.get_by_test_id("desk-late")
    await expect(late).to_have_count(0)
    since = shop.bridge.clock.now() - timedelta(minutes=3, seconds=30)  # minutes are told whole

    async def slow(bridge: Any) -> backlog.Backlog:
        return backlog.Backlog(27, since, "group_slow")

    with monkeypatch.context() as patched:
        patched.setattr(backlog, "look", slow)
        await expect(late).to_contain_text("Группа сотрудников отстаёт")
        await expect(late).to_contain_text("Ждут показа: 27, самое старое 3 мин")
        await expect(elena.page.get_by_test_id("rail-channels")).to_have_attribute("data-state", "poor")
        await late.get_by_role("button", name="Каналы").click()
        desk = elena.page.get_by_role("dialog", name="Каналы").get_by_test_id("channel-desk")
        await expect(desk).to_contain_text("ждут показа: 27")
    await expect(late).to_have_count(0)
    await expect(desk).to_contain_text("показано всё")


async def test_a_contact_that_was_told_is_typed_into_the_card(shop: Any, seat: Any) -> None:
    await shop.caller()
    elena = await seat("elena")
    elena.tolerated.append("status of 422")
    await elena.pick("Анна Ковалёва")
    add = elena.page.get_by_test_id("add-contact")
    await add.click()
    field = elena.page.get_by_role("textbox", name="Почта или телефон")
    await expect(field).to_be_focused()
    await field.fill("12345")
    await field.press("Enter")
    await expect(elena.page.get_by_test_id("contact-form").get_by_role("alert")).to_have_text("Такого номера не бывает")
    await expect(field).to_have_value("12345")
    await field.fill("+7 912 345-67-89")
    await field.press("Enter")
    known = elena.page.get_by_test_id("ctx-identities")
    await expect(known).to_contain_text("+7 912 345-67-89")
    await expect(known.locator('[data-state="claimed"]')).to_contain_text("со слов клиента")
    await expect(field).to_have_count(0)
    await add.click()
    await field.fill("anna@kedr")
    await field.press("Enter")
    await expect(elena.page.get_by_test_id("contact-form").get_by_role("alert")).to_have_text("Такой почты не бывает")
    await field.press("Escape")
    await expect(add).to_be_focused()


async def test_the_list_can_be_narrowed_to_one_channel(site: Any, seats: Any) -> None:
    await site.caller()
    elena = await seats(site, "elena")
    title = elena.page.get_by_role("heading", name="Входящие").get_by_role("button")
    await expect(elena.row("Анна Ковалёва")).to_be_visible()
    await title.click()
    await elena.page.get_by_role("menuitemradio", name="Сайт (site)").click()
    await expect(elena.row("Анна Ковалёва")).to_have_count(0)
    await expect(title).to_contain_text("Сайт (site)")
    await site.caller("Борис Орлов")  # of another channel: does not come in
    await title.click()
    await elena.page.get_by_role("menuitemradio", name="Telegram", exact=True).click()
    await expect(elena.row("Борис Орлов")).to_be_visible()
    await expect(elena.row("Анна Ковалёва")).to_be_visible()
    await title.click()
    await elena.page.get_by_role("menuitemradio", name="Все каналы").click()
    await expect(title).to_have_text("Входящие")
    assert await elena.names() == ["Анна Ковалёва", "Борис Орлов"]


async def test_a_talk_below_a_post_and_an_answer_that_failed_are_marked_in_the_list(shop: Any, seat: Any) -> None:
    await shop.caller(), await shop.caller("Борис Орлов")
    elena = await seat("elena")

    async def otherwise(route: Route) -> None:
        answer = await route.fetch()
        page = await answer.json()
        for row in page["items"]:
            if row["customer"]["name"] == "Анна Ковалёва":
                row |= {"channel": "vk", "channel_kind": "vk", "external_id": "wall:5:77", "version": 1000}
            else:
                row |= {"last_delivery": "failed", "desk_state": "answered", "version": 1000}
        await route.fulfill(response=answer, json=page)

    await elena.page.route("**/api/v1/conversations?view=all*", otherwise)
    await elena.page.get_by_role("link", name="Все").click()
    anna = elena.row("Анна Ковалёва")
    await expect(anna).to_contain_text("На стене")
    await expect(anna.locator(".channel-vk")).to_be_visible()
    await expect(anna).to_contain_text("ВКонтакте")
    await expect(elena.row("Борис Орлов")).to_contain_text("Ответ не доставлен")
    await expect(elena.row("Борис Орлов")).not_to_contain_text("На стене")
