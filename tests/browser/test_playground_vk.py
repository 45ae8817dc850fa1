"""The playground's VK phone in a real browser, over the emulated VK."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bots.emulators.playground import Customer
from tests.browser.stand import Stand, open_stand
from tests.browser.vk_bot import COMMUNITY, TinyCommunity, open_community
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Both:
    """The open page, and the community behind its VK phones."""

    page: Stand
    vk: TinyCommunity

    async def ctl(self, path: str) -> Any:
        """Ask VK's control API."""
        async with self.vk.client.get(f"{self.vk.base}/ctl{path}") as answer:
            return await answer.json()

    async def seen(self) -> list[dict[str, Any]]:
        """What stands in the dialog of the second phone."""
        user = await self.page.phone(1).get_attribute("data-user")
        found: list[dict[str, Any]] = (await self.ctl(f"/chat/{user}/messages"))["items"]
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def both(browser: Browser) -> AsyncIterator[Both]:
    """A page on two fresh emulators, Telegram and VK."""
    async with open_community() as vk:
        people = [Customer("Maria Lebedeva"), Customer("Paul Orlov")]
        async with open_stand(browser, vk_base=vk.base, vk_customers=people) as page:
            yield Both(page, vk)


async def test_the_second_phone_begins_with_vk(both: Both) -> None:
    page, phone = both.page.page, both.page.phone(1)
    await expect(both.page.phone(0)).to_have_attribute("data-messenger", "telegram")
    await expect(phone).to_have_attribute("data-messenger", "vk")
    await phone.get_by_role("button", name="Begin").click()
    await expect(phone.get_by_test_id("phone-message").last).to_contain_text("An answer to: Begin")
    assert both.vk.heard[0]["object"]["message"]["payload"] == '{"command":"start"}'
    assert [item["from"]["id"] for item in await both.seen()][1] == -COMMUNITY

    await phone.get_by_test_id("phone-button").filter(has_text="Yes").click()
    await expect(phone.get_by_role("status")).to_have_text("Glad to hear")
    await phone.get_by_test_id("phone-button").filter(has_text="No").click()
    await expect(phone.get_by_test_id("phone-message").last).to_contain_text("An answer to: No")
    await expect(phone.locator("a.key").last).to_have_attribute("href", "https://shop.example/")
    await both.page.told(2)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert both.page.faults == []


async def test_a_phone_is_turned_from_one_messenger_to_the_other(both: Both) -> None:
    phone = both.page.phone(1)
    await both.page.ask("In VK", 1)
    await expect(phone.get_by_test_id("phone-message").last).to_contain_text("An answer to: In VK")
    await phone.get_by_test_id("phone-input").fill("begun here")
    await phone.locator("[data-testid=messenger][data-messenger=telegram]").click()
    await expect(phone).to_have_attribute("data-messenger", "telegram")
    await expect(phone.get_by_test_id("phone-message")).to_have_count(0)
    await both.page.ask("In Telegram", 1)
    await expect(phone.get_by_test_id("phone-message").last).to_contain_text("An answer to: In Telegram")
    await both.page.page.reload()
    await expect(phone).to_have_attribute("data-messenger", "telegram")
    await phone.locator("[data-testid=messenger][data-messenger=vk]").click()
    await expect(phone.get_by_test_id("phone-message").first).to_contain_text("In VK")
    assert both.page.faults == []


async def test_what_people_do_with_messages_in_vk(both: Both) -> None:
    phone = both.page.phone(1)
    await both.page.ask("A question", 1)
    await expect(phone.get_by_test_id("phone-message")).to_have_count(2)
    own, answer = phone.get_by_test_id("phone-message").first, phone.get_by_test_id("phone-message").last
    await answer.hover()
    await answer.get_by_role("button", name="React").click()
    await expect(answer).to_contain_text("👍")
    await own.hover()
    await own.get_by_role("button", name="Edit").click()
    await both.page.ask("A better question", 1)
    await expect(own).to_contain_text("edited")
    await own.hover()
    await own.get_by_role("button", name="Delete").click()
    await expect(own).to_contain_text("Message deleted")
    await phone.get_by_test_id("phone-attach").click()
    await phone.get_by_role("button", name="Sample photo").click()
    await expect(phone.locator("img")).to_have_count(1)
    await expect(phone.locator("img")).to_have_js_property("naturalWidth", 160)

    await phone.get_by_label("More").click()
    await phone.get_by_role("button", name="Read all").click()
    await phone.get_by_label("More").click()
    await phone.get_by_role("button", name="Forbid messages").click()
    await expect(phone.get_by_role("button", name="Allow messages")).to_be_visible()
    await phone.get_by_role("button", name="Allow messages").click()
    await expect(phone.get_by_test_id("phone-input")).to_be_visible()
    wanted = {"message_reaction_event", "message_edit", "message_read", "message_deny", "message_allow"}

    async def heard() -> bool:
        return wanted <= {event["type"] for event in both.vk.heard}

    await until(heard, "what the community was told")
    assert both.page.faults == []


async def test_a_human_answers_right_in_vk(both: Both) -> None:
    phone = both.page.phone(1)
    await both.page.ask("A question", 1)
    await expect(phone.get_by_test_id("phone-message")).to_have_count(2)
    await phone.get_by_label("More").click()
    await phone.get_by_role("button", name="Answer right in VK").click()
    await both.page.ask("This is Olga", 1)
    await expect(phone.get_by_test_id("phone-message").last).to_contain_text("a human of the community")
    last = (await both.seen())[-1]
    assert (last["text"], last["from"]["id"], bool(last["admin"])) == ("This is Olga", -COMMUNITY, True)
    await both.page.ask("Thank you, Olga", 1)
    await expect(phone.get_by_test_id("phone-message").last).to_contain_text("An answer to: Thank you, Olga")
    assert both.page.faults == []


async def test_the_weather_is_both_messengers(both: Both) -> None:
    page = both.page.page
    await page.get_by_test_id("weather").click()
    await page.locator("[data-testid=fault][data-fault='429']").click()
    await expect(page.get_by_test_id("weather-now")).to_have_attribute("data-orders", "2")
    await both.page.ask("Through the storm", 1)
    await expect(both.page.phone(1).get_by_test_id("phone-message").last).to_contain_text("An answer to: Through")
    statuses = [call["status"] for call in (await both.ctl("/calls?method=messages.send"))["items"]]
    assert statuses == ["vk_6", "vk_6", "vk_6", 200]
    await page.get_by_role("button", name="Clear the sky").click()
    await expect(page.get_by_test_id("weather-now")).to_have_attribute("data-orders", "0")
    assert both.page.faults == []


async def test_on_a_narrow_screen_the_vk_phone_is_a_tab(both: Both) -> None:
    page = both.page.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.get_by_test_id("tab").nth(1).click()
    await both.page.ask("Small screen", 1)
    await expect(both.page.phone(1).get_by_test_id("phone-message").last).to_contain_text("An answer to: Small screen")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert both.page.faults == []


def said(both: Both) -> list[dict[str, Any]]:
    """Return what the community was told people wrote."""
    return [event["object"]["message"] for event in both.vk.heard if event["type"] == "message_new"]


async def test_a_link_to_the_bot_opens_the_phone_of_its_messenger(both: Both) -> None:
    page, telegram, vk = both.page.page, both.page.phone(0), both.page.phone(1)
    base = page.url.partition("/playground")[0]
    await both.page.ask("I know the bot", 0)
    await page.goto(f"{base}/playground/telegram/kedr_help_bot?start=go-1")
    await telegram.get_by_role("button", name="Start").click()
    await expect(telegram.get_by_test_id("phone-message").last).to_contain_text("An answer to: /start go-1")
    await expect(telegram.get_by_role("button", name="Start")).to_have_count(0)

    await page.goto(f"{base}/playground/vk/club{COMMUNITY}?ref=go_2")
    await vk.get_by_role("button", name="Begin").click()
    await expect(vk.get_by_test_id("phone-message").last).to_contain_text("An answer to: Begin")
    assert said(both)[-1]["ref"] == "go_2"
    assert page.url == f"{base}/playground"

    await page.goto(f"{base}/playground/vk/club{COMMUNITY}?ref=<b>")
    await vk.get_by_role("button", name="Begin").click()
    await expect(vk.get_by_test_id("phone-message")).to_have_count(4)
    assert "ref" not in said(both)[-1]
    assert both.page.faults == []
