"""What axe-core finds wrong for people who hear, magnify or type their way: in every page, in both themes.

It sees about half of what WCAG asks for; what keyboards can do is tried beside each page's own tests.
"""

import asyncio
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Frame, Page, expect

from bridge.model.ids import ArticleId, ChannelName, ConversationId, MessageId
from bridge.model.labels import Review
from tests.browser.desk import WIDE
from tests.shop import until
from tests.widget import Visitor as Line

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

THEMES = ["light", "dark"]
NARROW = {"width": 390, "height": 844}
#: The rules that stand for WCAG 2.2 AA; frames are looked into one by one.
OPTIONS = {"resultTypes": ["violations"], "iframes": False, "preload": False}
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
#: What a theme changes; the rest is looked at once, in the light one.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: Pages of the knowledge base's room.
KB_PAGES = [f"/kb/{name}" for name in ("misses", "import", "replies", "review", "health", "articles/delivery-cost")]
#: Those looked at narrow too; articles and the board have the same pieces.
KB_NARROW = KB_PAGES[1:5]
#: What a desk says again and again, until an article says it.
REPEATED = "Баржу до Нарвы пришлём в среду утром, капитан позвонит за час."
#: What may be left: nothing of these.
GRAVE = ("serious", "critical")


async def faults(place: Page | Frame, theme: str = "light") -> list[str]:
    """Return what is gravely wrong in a page or a frame, with where."""
    await place.evaluate(
        "Promise.all(document.getAnimations().map(one => one.finished.catch(() => null))).then(() => 0)"
    )
    if not await place.evaluate("() => Boolean(window.axe)"):
        await place.evaluate(Axe().axe_script)
    options = {**OPTIONS, "runOnly": RULES if theme == "light" else COLOURS}
    found = await place.evaluate("options => axe.run(document, options)", options)
    assert "color-contrast" in {one["id"] for one in found["passes"] + found["violations"]}
    return [
        f"{one['impact']} {one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("theme", THEMES)
async def test_the_pages_of_the_panel(shop: Any, seat: Any, theme: str) -> None:
    anna = await shop.caller()
    await anna.say("мой номер 8 912 345-67-89")
    await shop.ctl("POST", "/user/say", {"user": anna.id, "photo": "кружка", "caption": "треснула"})
    await shop.caller("Игорь Белов")
    case = await shop.conversation(anna)
    await shop.api("POST", f"/conversations/{case['id']}/messages", {"text": "Проверьте оплату", "kind": "note"})
    await shop.api("POST", f"/conversations/{case['id']}/messages", {"text": "Смотрю", "force": True})
    desk = await seat("elena", None, color_scheme=theme)
    page = desk.page
    await page.goto("/login")
    await expect(page.get_by_role("button", name="Войти")).to_be_visible()
    assert await faults(page, theme) == [], "login"
    await desk.log_in()
    desk.tolerated.append("404")
    await page.goto("/nowhere")
    assert await faults(page, theme) == [], "an address that is none"
    await desk.open("/inbox/all")
    assert await faults(page, theme) == [], "the list"
    await desk.pick("Анна Ковалёва")
    await expect(page.get_by_test_id("ctx-customer")).to_be_visible()
    await expect(desk.said("треснула")).to_be_visible()
    assert await faults(page, theme) == [], "a conversation"
    await page.get_by_test_id("ban").click()
    await page.get_by_test_id("ban-form").get_by_role("button", name="Заблокировать").click()
    await expect(page.get_by_test_id("banned")).to_be_visible()
    await page.get_by_role("tab", name="Заметка").click()
    await desk.owner.click()
    assert await faults(page, theme) == [], "a banned customer, a note, a menu"
    await page.keyboard.press("Escape")
    await page.set_viewport_size(NARROW)
    assert await faults(page, theme) == [], "narrow: a conversation"
    await desk.open("/inbox/all")
    assert await faults(page, theme) == [], "narrow: the list"


@pytest.mark.parametrize("theme", THEMES)
async def test_ones_own_work(shop: Any, seat: Any, theme: str) -> None:
    await shop.caller()
    desk = await seat("elena", "/inbox/all", color_scheme=theme)
    page = desk.page
    await desk.pick("Анна Ковалёва")
    await page.get_by_test_id("task-new").click()
    await page.get_by_role("textbox", name="Что нужно сделать").fill("Перезвонить")
    await page.get_by_label("Срок").fill("2026-01-05T10:00")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("task")).to_be_visible()
    await page.get_by_test_id("rail-notices").click()
    await expect(page.get_by_role("dialog", name="Уведомления")).to_be_visible()
    assert await faults(page, theme) == [], "a task, the bell"
    await page.set_viewport_size(NARROW)
    for address in ("/tasks", "/starred", "/notifications", "/settings/me"):
        await desk.open(address)
        assert await faults(page, theme) == [], f"narrow: {address}"


async def filled(shop: Any) -> None:
    """Something to see on every page: a question without an answer, repeated answers, one to check, a kept question."""
    people = await asyncio.gather(*(shop.phone(f"Клиент {number}") for number in range(3)))
    for person in people:
        await person.say("Почём фрахт баржи?")
        await shop.stage(person, "waiting")
        case = await shop.conversation(person)
        await shop.api("POST", f"/conversations/{case['id']}/messages", {"text": REPEATED, "force": True})
    asked = MessageId("asked"), ConversationId("gone"), ChannelName("telegram"), "ru"
    grounds = ArticleId("delivery-cost"), "Стоимость доставки", 0.93, 0.91, "v1"
    await shop.bridge.store.write_rows([Review("r1", shop.bridge.clock.now(), "почём самовар", *grounds, *asked)])
    question = (await shop.api("GET", "/articles/delivery-cost"))["questions"][0]
    await shop.api("POST", "/kb/questions", {"text": question, "article_id": "delivery-cost"}, who="admin")
    draft = {"title": "Погода", "questions": ["про погоду"]}
    await shop.api("PUT", "/articles/delivery-cost/draft", draft, who="admin")


async def published(page: Page, theme: str) -> None:
    """Be warned of what publishing would break, and think again."""
    await page.get_by_test_id("kb-publish").click()
    await expect(page.get_by_test_id("kc-effect").first).to_be_visible()
    assert await faults(page, theme) == [], "what publishing would do"
    if theme == "light":
        await page.set_viewport_size(NARROW)
        assert await faults(page) == [], "narrow: what publishing would do"
        await page.set_viewport_size(WIDE)
    await page.get_by_role("dialog").get_by_role("button", name="Отмена").click()


@pytest.mark.parametrize("theme", THEMES)
async def test_the_room_of_the_knowledge_base(shop: Any, seat: Any, theme: str) -> None:
    await filled(shop)
    desk = await seat("admin", "/kb", color_scheme=theme)
    page = desk.page
    for address in KB_PAGES:
        await desk.open(address)
        await expect(page.get_by_test_id("kb-row").first).to_be_visible()
        await expect(page.get_by_test_id("kb-aside-misses").or_(page.get_by_test_id("kb-miss")).first).to_be_visible()
        assert await faults(page, theme) == [], address
        if theme == "light" and address in KB_NARROW:  # the colours are the same at any width
            await page.set_viewport_size(NARROW)
            assert await faults(page) == [], f"narrow: {address}"
            await page.set_viewport_size(WIDE)
    await published(page, theme)
    await page.get_by_test_id("kb-answer").fill("**Даром**")
    await expect(page.get_by_test_id("kb-flag")).to_be_visible()
    await page.get_by_role("button", name="Кнопка", exact=True).click()
    await page.get_by_test_id("kb-choose").click()
    assert await faults(page, theme) == [], "an article with edits, rows to choose"
    await page.get_by_test_id("kb-history").click()
    await expect(page.get_by_test_id("kb-change").first).to_be_visible()
    assert await faults(page, theme) == [], "its history"
    await page.set_viewport_size(NARROW)
    await desk.open("/kb")
    assert await faults(page, theme) == [], "narrow: the list"


@pytest.mark.parametrize("theme", THEMES)
async def test_the_window_on_the_website(site: Any, visits: Any, theme: str) -> None:
    anna = await visits(color_scheme=theme)
    shop_page = await faults(anna.page, theme)
    assert [fault for fault in shop_page if "mostik" in fault] == [], "the button"
    await anna.open()
    frame = next(each for each in anna.page.frames if "/widget/" in each.url)
    await expect(anna.frame.get_by_role("heading", name="Чем помочь?")).to_be_visible()
    assert await faults(frame, theme) == [], "the first words"
    await anna.say("позовите человека")
    await expect(anna.said("зову оператора", "bot")).to_be_visible()
    await anna.answer("Здравствуйте, <b>я</b> здесь", force=True)
    await expect(anna.said("я", "operator")).to_be_visible()
    assert await faults(frame, theme) == [], "a conversation"
    case = await anna.conversation()
    await site.api("POST", f"/conversations/{case['id']}/close", {})
    await expect(anna.said("Оцените")).to_be_visible()
    assert await faults(frame, theme) == [], "a rating"
    await anna.page.set_viewport_size(NARROW)
    assert await faults(frame, theme) == [], "on a phone"


async def test_a_rated_conversation_in_the_panel(site: Any, seats: Any) -> None:
    visitor = Line(site)
    try:
        tab = await visitor.come()
        await tab.say("позовите оператора")
        await tab.gets("оператор")
        row = await until(visitor.conversation)
        body = {"text": "Готово", "force": True}
        await site.api("POST", f"/conversations/{row['id']}/messages", body)
        await tab.gets("Готово")
        await site.api("POST", f"/conversations/{row['id']}/close", {})
        asks = await tab.gets("Оцените от 1 до 5")
        await tab.send(type="rate", message_id=asks["id"], score=2, comment="Долго", client_id="s1")
        desk = await seats(site, "elena", f"/inbox/closed/{row['id']}")
        await expect(desk.page.get_by_test_id("ctx-rating")).to_be_visible()
        assert await faults(desk.page) == []
    finally:
        await visitor.leave()


async def test_what_is_wrong_is_found(seat: Any) -> None:
    page = (await seat("elena", None)).page
    await page.goto("/login")
    await page.evaluate(
        """() => { const wrong = document.createElement('p');
            wrong.innerHTML = '<input><button></button><b>barely</b>';
            wrong.lastChild.style.cssText = 'color: #aaa; background: #fff; font-size: 13px';
            document.querySelector('main').append(wrong); }"""
    )
    found = {fault.split()[1].rstrip(":") for fault in await faults(page)}
    assert found == {"label", "button-name", "color-contrast"}
