"""The playground in a real browser, over the emulated Telegram."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.looks import looked_at
from tests.browser.stand import GROUP, Stand, open_stand

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def stand(browser: Browser) -> AsyncIterator[Stand]:
    """A page on a fresh emulator with a bot that polls it."""
    async with open_stand(browser) as opened:
        yield opened


async def test_a_person_plays_the_story_from_question_to_close(stand: Stand) -> None:
    page, phone = stand.page, stand.phone()
    await stand.told(0)
    await expect(page.get_by_test_id("open-panel")).to_have_attribute("href", "http://127.0.0.1:1/panel")
    await expect(page.get_by_text("olga@demo.example").first).to_be_visible()

    await stand.ask("How much is delivery?")
    await expect(phone.get_by_test_id("phone-message").last).to_contain_text("An answer to: How much is delivery?")
    user = int(await phone.get_attribute("data-user") or 0)
    seen = (await stand.ctl(f"/chat/{user}/messages"))["items"]
    assert [item["text"] for item in seen] == ["How much is delivery?", "An answer to: How much is delivery?"]
    assert seen[0]["from"]["name"] == "Anna Sidorova"
    await expect(phone.get_by_test_id("phone-input")).to_have_value("")

    await phone.get_by_test_id("phone-button").filter(has_text="Thanks").click()
    await expect(phone.get_by_role("status")).to_have_text("Glad to hear")
    await phone.get_by_test_id("phone-button").filter(has_text="Call a human").click()
    await expect(page.get_by_test_id("staff-topic")).to_contain_text("Anna")
    thread = page.get_by_test_id("staff-thread")
    await expect(thread.get_by_test_id("staff-message").last).to_contain_text("A card")

    await thread.get_by_test_id("staff-input").fill("Hello, this is Olga")
    await thread.get_by_test_id("staff-send").click()
    await expect(thread.get_by_test_id("staff-message").last).to_contain_text("Hello, this is Olga")
    await expect(phone.get_by_test_id("phone-message").last).to_contain_text("Hello, this is Olga")
    spoken = (await stand.ctl(f"/chat/{GROUP}/messages"))["items"][-1]
    assert (spoken["from"]["id"], spoken["text"]) == (5001, "Hello, this is Olga")
    await stand.told(4)

    await thread.get_by_test_id("staff-button").filter(has_text="Close").click()
    await expect(page.get_by_test_id("story-step").last).to_have_attribute("data-done", "true")
    await page.get_by_test_id("story-again").click()
    await expect(page.get_by_test_id("story-step").first).to_have_attribute("data-done", "false")
    assert stand.faults == []


async def test_two_customers_are_apart_and_what_they_do_with_messages_is_seen(stand: Stand) -> None:
    anna, boris = stand.phone(0), stand.phone(1)
    await boris.get_by_role("button", name="Start").click()
    await expect(boris.get_by_test_id("phone-message")).to_have_count(2)
    await expect(anna.get_by_test_id("phone-message")).to_have_count(0)

    own, answer = boris.get_by_test_id("phone-message").first, boris.get_by_test_id("phone-message").last
    await answer.hover()
    await answer.get_by_role("button", name="React").click()
    await expect(answer).to_contain_text("👍")
    await answer.get_by_role("button", name="Reply").click()
    await stand.ask("And tomorrow?", 1)
    await expect(boris.locator(".quote")).to_contain_text("An answer to: /start")
    await own.hover()
    await own.get_by_role("button", name="Edit").click()
    await stand.ask("A better question", 1)
    await expect(own).to_contain_text("A better question")
    await expect(own).to_contain_text("edited")
    await own.hover()
    await own.get_by_role("button", name="Delete").click()
    await expect(own).to_contain_text("Message deleted")

    await boris.get_by_label("More").click()
    await boris.get_by_role("button", name="Block the bot").click()
    await expect(boris.get_by_role("button", name="Unblock")).to_be_visible()
    assert [one["blocked"] for one in (await stand.ctl("/users"))["items"] if one["name"] == "Boris Orlov"] == [True]
    await boris.get_by_role("button", name="Unblock").click()
    await expect(boris.get_by_test_id("phone-input")).to_be_visible()

    await boris.get_by_label("Whose phone").select_option("new")
    await boris.get_by_label("Customer’s name").fill("Vera <b>Mel</b>")
    await boris.get_by_role("button", name="Add").click()
    await expect(boris).to_have_attribute("aria-label", re.compile("Vera <b>Mel</b>"))
    await stand.ask("<img src=x onerror=alert(1)>", 1)
    await expect(boris.get_by_test_id("phone-message").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert stand.faults == []


async def test_the_weather_spoils_the_link_and_the_message_still_comes(stand: Stand) -> None:
    page = stand.page
    await page.get_by_test_id("weather").click()
    await page.locator("[data-testid=fault][data-fault='500']").click()
    await expect(page.get_by_test_id("weather-now")).to_have_attribute("data-orders", "1")
    await stand.ask("Through the storm")
    await expect(stand.phone().get_by_test_id("phone-message").last).to_contain_text("An answer to: Through the storm")
    assert [call["status"] for call in (await stand.ctl("/calls?method=sendMessage"))["items"]] == [500, 500, 500, 200]
    await expect(page.get_by_test_id("weather-now")).to_have_attribute("data-orders", "0")
    assert stand.faults == []


async def test_the_page_is_strict_and_passes_on_only_what_it_needs(stand: Stand) -> None:
    async with stand.client.get(stand.url) as answer:
        policy, text = answer.headers["Content-Security-Policy"], await answer.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", text)
    async with stand.client.post(f"{stand.url}/ctl/reset", json={}) as answer:
        assert answer.status == 403
    async with stand.client.post(f"{stand.url}/ctl/user", data='{"name": "Mallory"}') as answer:
        assert answer.status == 403, "another site's form must not reach the emulator"
    script = re.search(r'src="(/playground/static/[^"]+/main\.js)"', text)
    assert script is not None
    async with stand.client.get(stand.url.removesuffix("/playground") + script.group(1)) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.content_type == "text/javascript"


async def test_both_languages_have_the_same_words_and_the_page_is_sound(stand: Stand) -> None:
    module = await stand.page.get_attribute("script[type=module]", "src") or ""
    read = "async (url) => Object.values((await import(url)).dictionaries).map((words) => Object.keys(words).sort())"
    russian, english = await stand.page.evaluate(read, module.replace("main.js", "words.js"))
    assert russian == english
    assert len(russian) > 100
    assert await looked_at(stand.page, "the playground") == []
    assert stand.faults == []


async def test_on_a_narrow_screen_the_columns_are_tabs(stand: Stand) -> None:
    page = stand.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(stand.phone(0)).to_be_visible()
    await expect(stand.phone(1)).to_be_hidden()
    await page.get_by_test_id("tab").nth(1).click()
    await expect(stand.phone(1)).to_be_visible()
    await stand.ask("Small screen", 1)
    await stand.phone(1).get_by_test_id("phone-button").filter(has_text="Call a human").click()
    await page.get_by_test_id("tab").nth(2).click()
    await page.get_by_test_id("staff-topic").click()
    await expect(page.get_by_test_id("staff-thread")).to_contain_text("A card")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert stand.faults == []
