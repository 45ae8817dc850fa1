"""The network goes away and comes back; somebody else answers meanwhile; a messenger does not take a reply."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.wire import wired
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
#: What a browser says of requests when it is offline.
CUT_OFF = ["net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK_CHANGED"]


@pytest.mark.scenario(number=10)
async def test_after_a_cut_nothing_is_lost_doubled_or_out_of_order(shop: Any, seat: Any) -> None:
    anna, boris = await shop.caller(), await shop.caller("Борис Орлов")
    where = (await shop.conversation(anna))["id"]
    async with wired(int(shop.url.rpartition(":")[2])) as wire:
        elena = await seat("elena", base_url=wire.url)
        elena.tolerated += CUT_OFF
        await elena.pick("Анна Ковалёва")
        await elena.write("Здравствуйте!")
        await expect(elena.said("Здравствуйте!", "operator")).to_have_attribute("data-status", "sent")
        await shop.quiet()
        await until(lambda: _level(shop, elena), "the page knows all there is")
        before = await elena.seq()

        wire.die()
        await elena.context.set_offline(True)
        for number in range(1, 16):
            body = {"text": f"заметка {number}", "kind": "note"}
            await shop.api("POST", f"/conversations/{where}/messages", body, who="mark")
            await boris.say(f"вопрос {number}")
        await expect(elena.banner).to_have_attribute("data-state", "offline")
        await expect(elena.banner).to_contain_text("Нет связи.")
        await elena.write("Отвечаю из метро")
        await expect(elena.said("Отвечаю из метро", "operator")).to_have_attribute("data-status", "queued")
        assert await elena.said("заметка").count() == 0
        assert await elena.seq() == before

        wire.mend()
        await elena.context.set_offline(False)
        back = elena.banner.and_(elena.page.locator('[data-state="back"]'))  # stands for seconds only
        await expect(back).to_contain_text(re.compile(r"Снова на связи, загружено \d+ сообщени"))
        await anna.gets("Отвечаю из метро")
        await expect(elena.said("Отвечаю из метро", "operator")).to_have_attribute("data-status", "sent")
        await until(lambda: _whole(shop, elena, anna), "all of Anna's words once and in order")
        await expect(elena.row("Борис Орлов")).to_have_attribute("data-unread", "16")
        await elena.pick("Борис Орлов")
        await expect(elena.said("вопрос 15", "customer")).to_be_visible()
        await until(lambda: _whole(shop, elena, boris), "all of Boris's words once and in order")
        await shop.quiet()
        assert (await shop.sent_to(anna)).count("Отвечаю из метро") == 1
        await until(lambda: _level(shop, elena), "data-seq")
        assert await elena.seq() != before
        await expect(elena.banner).to_have_count(0)


async def test_a_reply_written_without_a_line_is_held_back_when_the_customer_wrote_meanwhile(
    shop: Any, seat: Any
) -> None:
    anna = await shop.caller()
    async with wired(int(shop.url.rpartition(":")[2])) as wire:
        elena = await seat("elena", base_url=wire.url)
        elena.tolerated += [*CUT_OFF, "status of 409"]
        await elena.pick("Анна Ковалёва")
        wire.die()
        await elena.context.set_offline(True)
        await anna.say("уже не нужно, спасибо")
        await elena.write("Отправлю завтра")
        await expect(elena.said("Отправлю завтра", "operator")).to_have_attribute("data-status", "queued")
        await shop.quiet()
        wire.mend()
        await elena.context.set_offline(False)
        await expect(elena.page.get_by_test_id("collision")).to_contain_text("уже не нужно, спасибо")
        await expect(elena.said("Отправлю завтра", "operator")).to_have_count(0)
        await expect(elena.field).to_have_value("Отправлю завтра")
        await shop.quiet()
        assert "Отправлю завтра" not in await shop.sent_to(anna)
        await elena.field.fill("Хорошо, отменяю")
        await elena.button("Отправить всё равно").click()
        await expect(elena.said("Хорошо, отменяю", "operator")).to_have_attribute("data-status", "sent")
        assert (await _words(elena))[-2:] == ["уже не нужно, спасибо", "Хорошо, отменяю"]
        assert (await anna.heard())[-1] == "Хорошо, отменяю"


async def _level(shop: Any, desk: Any) -> bool:
    """Has the page drawn the newest event there is? A cursor ends with its number."""
    return (await desk.seq()).rpartition("-")[2] == shop.bridge.feed.cursor().rpartition("-")[2]


async def _whole(shop: Any, desk: Any, phone: Any) -> bool:
    """Does the thread say what the history does?"""
    said = [line["text"] for line in await shop.history(phone) if line["author"]["kind"] != "system"]
    return await _words(desk) == said


async def _words(desk: Any) -> list[str]:
    """Return what stands in the thread, without the times and ticks."""
    said = desk.page.locator('[data-testid="msg"]:not([data-kind="system"]) .words')
    return await said.evaluate_all(
        "(all) => all.map((one) => one.firstChild && [...one.childNodes]"
        ".filter((node) => node.nodeType === 3).map((node) => node.data).join('').trim())"
    )


@pytest.mark.scenario(number=9)
async def test_a_reply_that_crossed_with_a_colleagues_is_held_back_and_may_be_forced(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    await anna.gets("почту или телефон")
    elena, mark = await seat("elena", "/inbox/all"), await seat("mark", "/inbox/all")
    elena.tolerated.append("status of 409")
    await elena.pick("Анна Ковалёва")
    await elena.field.fill("Ответ Елены")
    await mark.pick("Анна Ковалёва")
    await mark.write("Ответ Марка")
    await expect(elena.said("Ответ Марка", "operator")).to_have_attribute("data-status", "sent")
    await elena.field.press("Control+Enter")
    warning = elena.page.get_by_test_id("collision")
    await expect(warning).to_contain_text("Пока вы писали, пришло 1 сообщение")
    await expect(warning).to_contain_text("Марк Климов")
    await expect(warning).to_contain_text("Ответ Марка")
    await expect(elena.field).to_have_value("Ответ Елены")
    await elena.button("Исправить ответ").click()
    await expect(warning).to_have_count(0)
    await expect(elena.field).to_be_focused()
    await elena.field.press("Control+Enter")
    await expect(warning).to_be_visible()
    await shop.quiet()
    assert (await anna.heard())[2:] == ["Ответ Марка"]

    await elena.button("Отправить всё равно").click()
    await expect(elena.said("Ответ Елены", "operator")).to_have_attribute("data-status", "sent")
    await expect(warning).to_have_count(0)
    await expect(elena.field).to_have_value("")
    await expect(mark.said("Ответ Елены", "operator")).to_be_visible()
    await expect(mark.said("отвечает в диалоге, который ведёт", "system")).to_contain_text("Марк Климов")
    await expect(elena.owner).to_contain_text("Марк Климов")
    await shop.quiet()
    assert (await anna.heard())[2:] == ["Ответ Марка", "Ответ Елены"]


async def test_a_reply_that_did_not_arrive_says_why_and_can_be_sent_again(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    await anna.gets("почту или телефон")
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    await shop.ctl("POST", "/user/block", {"user": anna.id})
    await expect(elena.said("Клиент закрыл чат, написать ему нельзя", "system")).to_be_visible()
    await elena.write("Ваш заказ готов")
    reply = elena.said("Ваш заказ готов", "operator")
    await expect(reply).to_have_attribute("data-status", "failed")
    await expect(reply).to_contain_text("Не доставлено: клиент заблокировал бота")
    await expect(reply.get_by_role("img", name="Не доставлено: клиент заблокировал бота")).to_be_visible()
    await expect(reply.locator(".bubble")).to_have_css("background-color", "rgb(253, 235, 233)")
    await shop.topic_shows(await shop.topic(anna), "Не доставлено клиенту: клиент заблокировал бота")

    await shop.ctl("POST", "/user/unblock", {"user": anna.id})
    await expect(elena.said("Клиенту снова можно написать", "system")).to_be_visible()
    await reply.get_by_role("button", name="Повторить").click()
    await expect(reply).to_have_attribute("data-status", "sent")
    await expect(reply.get_by_role("button", name="Повторить")).to_have_count(0)
    assert (await anna.heard())[2:] == ["Ваш заказ готов"]

    fault = {"fault": "applied_lost", "method": "sendMessage", "chat": anna.id, "count": 1}
    await shop.ctl("POST", "/faults", fault)
    await elena.write("Ждём вас")
    unknown = elena.said("Ждём вас", "operator")
    await expect(unknown).to_have_attribute("data-status", "unknown")
    await expect(unknown).to_contain_text("Неизвестно, дошло ли: связь оборвалась во время отправки")
    await shop.quiet()
    assert (await anna.heard())[2:] == ["Ваш заказ готов", "Ждём вас"], "never sent twice unasked"
