"""A workspace nobody has written to yet: three steps for who sets it up, with ticks that follow, gone for good then."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from bridge.model.ids import ChannelName
from bridge.ports.channels import ChannelState
from tests.browser.looks import glanced_at, sticking_out

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BACK = "dispatchEvent(new Event('focus'))"


def step(page: Page, words: str) -> Locator:
    return page.get_by_test_id("first-step").filter(has_text=words)


async def done(page: Page, words: str, whether: bool) -> None:
    await expect(step(page, words)).to_have_attribute("data-done", str(whether).lower())


async def emptied(shop: Any) -> None:
    """Leave one administrator alone, and nothing published."""
    for person in (await shop.api("GET", "/operators", who="admin"))["items"]:
        if person["role"] != "admin":
            await shop.api("DELETE", f"/operators/{person['id']}", who="admin")
    ids = [each["id"] for each in (await shop.api("GET", "/articles/standings", who="admin"))["items"]]
    for at in range(0, len(ids), 50):
        await shop.api("POST", "/articles/bulk", {"ids": ids[at : at + 50], "state": "archived"}, who="admin")


async def test_ticks_follow_what_is_done_until_somebody_writes(shop: Any, seat: Any) -> None:
    await emptied(shop)
    irina = await seat("admin")
    page = irina.page
    await expect(page.get_by_role("heading", name="Три шага до первого диалога")).to_be_visible()
    for words in ("Опубликуйте статью", "Пригласите коллегу"):
        await done(page, words, False)
    # The channel says how it is whenever it has asked for news: what is set here does not stand for long.
    channel = shop.bridge.channels.by_name[ChannelName("telegram")]
    channel.state = ChannelState("broken", "unauthorized")
    await done(page, "Подключите мессенджер", False)
    channel.state = ChannelState("ok")
    await done(page, "Подключите мессенджер", True)
    await shop.api("POST", "/invitations", {"email": "nina@kedr.example", "role": "operator"}, "admin", 201)
    await page.evaluate(BACK)
    await done(page, "Пригласите коллегу", True)
    await done(page, "Опубликуйте статью", False)
    draft = {"id": "parking", "title": "Парковка", "questions": ["где парковка"], "answer": "Во дворе"}
    await shop.api("POST", "/articles", {**draft, "state": "published"}, "admin", 201)
    await page.evaluate(BACK)
    await done(page, "Опубликуйте статью", True)

    anna = await shop.phone()
    await anna.say("Здравствуйте")
    await expect(page.get_by_test_id("first")).to_have_count(0)
    await expect(page.get_by_text("Все ответы отправлены").first).to_be_visible()
    (case,) = (await shop.api("GET", "/conversations", who="admin"))["items"]
    await shop.api("DELETE", f"/conversations/{case['id']}", who="admin")
    await irina.reload()
    await expect(page.get_by_text("Все ответы отправлены").first).to_be_visible()
    assert not await page.locator("script[src*='/first.']").count()


async def test_each_step_leads_where_it_is_done(shop: Any, seat: Any) -> None:
    irina = await seat("admin")
    page = irina.page
    await step(page, "Подключите мессенджер").get_by_role("button").click()
    channels = page.get_by_role("dialog", name="Каналы")
    await expect(channels.get_by_test_id("channels-where")).to_contain_text("mostik.toml")
    await page.keyboard.press("Escape")
    for words, address in (("Опубликуйте статью", "/kb"), ("Пригласите коллегу", "/settings/people")):
        await step(page, words).get_by_role("link").click()
        await expect(page).to_have_url(f"{shop.url}{address}")
        await irina.open()
    found = await glanced_at(page, "first steps") + await sticking_out(page)
    await shop.api("PATCH", "/me", {"text_size": 130}, who="admin")
    await irina.reload()
    await expect(page.get_by_test_id("first")).to_be_visible()
    found += await sticking_out(page)
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(step(page, "Пригласите коллегу")).to_be_in_viewport()
    assert found == [], "\n".join(found)


async def test_who_may_not_set_it_up_sees_the_usual_words(shop: Any, seat: Any) -> None:
    elena = await seat("elena")
    await expect(elena.page.get_by_text("Все ответы отправлены").first).to_be_visible()
    assert not await elena.page.locator("script[src*='/first.']").count()
    await elena.page.get_by_test_id("rail-channels").click()
    await expect(elena.page.get_by_role("dialog", name="Каналы").get_by_test_id("channel")).to_be_visible()
    await expect(elena.page.get_by_test_id("channels-where")).to_have_count(0)
