"""One customer's whole way: a hostile page of strict policy, a bot, a file, a person, a reload, and on in Telegram."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from bridge import attendance
from tests.files import picture
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HOST = "?csp=1&hostile=1"
PHOTO = {"name": "кружка.png", "mimeType": "image/png", "buffer": picture(40, 30)}


#: A part of the page no shadow of the open widget reaches.
LEFT = {"x": 0, "y": 0, "width": 900, "height": 900}


async def went_on(anna: Any) -> Any:
    """Follow the one-time link to Telegram; return the phone the conversation goes on with."""
    asked: list[str] = []
    await anna.context.route("https://t.me/**", lambda route: (asked.append(route.request.url), route.abort())[1])
    async with anna.page.expect_popup():
        await anna.frame.get_by_test_id("ways").get_by_role("button", name="Telegram").click()

    async def gone() -> str:
        return asked[0] if asked else ""

    phone = await anna.shop.phone("Анна Ковалёва")
    await phone.say(f"/start {(await until(gone)).partition('=')[2]}")
    await phone.gets("разговор продолжается здесь")
    return phone


async def known_as_one(anna: Any, elena: Any, phone: Any) -> None:
    """The desk sees one customer with both chats, and her words from either."""
    both = (await anna.conversation())["customer"]["id"]
    identities = (await anna.shop.api("GET", f"/customers/{both}"))["identities"]
    assert {"site", "telegram"} <= {each["channel"] for each in identities}
    assert str(phone.id) in {each["external_id"] for each in identities}
    await phone.say("пишу уже с телефона")

    async def heard() -> bool:
        said = (await anna.shop.api("GET", f"/customers/{both}/messages?limit=60"))["items"]
        return {"позовите человека", "пишу уже с телефона"} <= {each["text"] for each in said}

    await until(heard, "the words of both chats")
    await expect(elena.row("Анна Ковалёва").first).to_be_visible()


@pytest.mark.scenario(number=15)
async def test_from_a_hostile_page_to_telegram_nothing_is_lost(
    visits: Any, seats: Any, site: Any, library: Any
) -> None:
    article = library.articles[0]
    anna = await visits(None)
    await attendance.note(site.bridge)
    await anna.look(HOST)
    await anna.page.evaluate("document.fonts.ready.then(() => null)")
    await anna.page.wait_for_load_state("networkidle")
    before, left = await anna.page_itself(), await anna.page_itself(clip=LEFT)
    await anna.open()
    await anna.looks(left, clip=LEFT)
    await anna.say(article.questions[0])
    await expect(anna.said(article.answer[:40], "bot")).to_be_visible()
    await anna.frame.get_by_test_id("attach").set_input_files(PHOTO)
    await expect(anna.frame.get_by_test_id("upload")).to_have_attribute("data-state", "done")
    await anna.say("вот что пришло")
    await anna.say("позовите человека")
    await expect(anna.said("зову оператора", "bot")).to_be_visible()
    elena = await seats(site, "elena", f"/inbox/all/{(await anna.conversation())['id']}")
    await expect(elena.said("вот что пришло", "customer").locator("img")).to_be_visible()
    await elena.write("Пришлём новую")
    await expect(anna.said("Пришлём новую", "operator")).to_be_visible()
    await expect(anna.said("позовите", "customer")).to_have_attribute("data-status", re.compile("delivered|read"))
    said = await anna.words()
    await anna.shut()
    await anna.looks(before)

    await anna.look(HOST)
    await anna.open()
    await expect(anna.said("Пришлём новую", "operator")).to_be_visible()
    assert await anna.words() == said
    phone = await went_on(anna)
    await expect(anna.said("Вы продолжили этот разговор: Telegram", "bot")).to_be_visible()
    assert (await anna.words())[: len(said)] == said
    await known_as_one(anna, elena, phone)
    await anna.shut()
