"""Every page, in both themes, wide and narrow: nothing axe-core finds, nothing that sticks out or is cut off."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bridge.model.ids import ArticleId, ChannelName, ConversationId, MessageId
from bridge.model.labels import Review
from tests.browser.looks import NARROW as NARROW
from tests.browser.looks import faults as faults
from tests.browser.looks import glanced_at, looked_at, overflow
from tests.shop import until
from tests.widget import Visitor as Line

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

THEMES = ["light", "dark"]
#: Pages of the knowledge base's room.
KB_PAGES = [f"/kb/{name}" for name in ("misses", "import", "replies", "review", "health", "articles/delivery-cost")]
#: Those for administrators, what must be there when they stand, and what is pressed then.
OFFICE = {
    "/settings/people": ("person", "people-invite"),
    "/settings/teams": ("team-new", "team-new"),
    "/settings/canned": ("kept-new", "kept-new"),
    "/settings/macros": ("kept-new", "kept-new"),
    "/settings/me": ("me-account", ""),
    "/customers": ("customer-row", "customer-row"),
    "/customers/import": ("customers-file", ""),
    "/tasks": ("task", ""),
    "/starred": ("starred", ""),
    "/notifications": ("notice", ""),
}
#: What a desk says again and again, until an article says it.
REPEATED = "Баржу до Нарвы пришлём в среду утром, капитан позвонит за час."


async def busy(shop: Any) -> Any:
    """A conversation with all kinds of lines, another that waits; something on one's own pages."""
    anna = await shop.caller()
    await anna.say("мой номер 8 912 345-67-89")
    await shop.ctl("POST", "/user/say", {"user": anna.id, "photo": "кружка", "caption": "треснула"})
    await shop.caller("Игорь Белов")
    case = await shop.conversation(anna)
    path = f"/conversations/{case['id']}/messages"
    note = await shop.api("POST", path, {"text": "@Ирина проверьте оплату", "kind": "note", "mentions": ["op-admin"]})
    await shop.api("POST", path, {"text": "Смотрю", "force": True})
    await shop.api("PUT", f"/messages/{note['id']}/star", who="admin")
    due = {"text": "Перезвонить Анне", "due": "2026-01-05T10:00:00Z", "conversation": case["id"], "assignee": "me"}
    await shop.api("POST", "/tasks", due, who="admin", status=201)
    return case


async def opened(page: Page, what: str) -> None:
    """Open one of what stands over a page."""
    if what == "the command menu":
        await page.keyboard.press("Control+k")
        await page.get_by_test_id("palette").get_by_role("combobox").fill("отложить")
        await expect(page.get_by_test_id("palette").get_by_role("option").first).to_be_visible()
    elif what == "the more menu":
        await page.get_by_test_id("more").click()
        await expect(page.get_by_role("menu")).to_be_visible()
    elif what == "the bell":
        await page.get_by_test_id("rail-notices").click()
        await expect(page.get_by_role("dialog", name="Уведомления")).to_be_visible()
    else:
        await page.keyboard.press("Shift+?")
        await expect(page.get_by_role("dialog", name="Клавиши")).to_be_visible()


async def test_the_inbox_and_what_opens_over_it(shop: Any, seat: Any) -> None:
    case = await busy(shop)
    desk = await seat("admin", None)
    page = desk.page
    await page.goto("/login")
    await expect(page.get_by_role("button", name="Войти")).to_be_visible()
    found = await looked_at(page, "login")
    await desk.log_in()
    desk.tolerated.append("404")
    await page.goto("/nowhere")
    found += await looked_at(page, "an address that is none")
    await desk.open("/inbox/all")
    await expect(desk.row("Анна Ковалёва")).to_be_visible()
    found += await looked_at(page, "the list")
    await desk.open(f"/inbox/all/{case['id']}")
    await expect(page.get_by_test_id("ctx-customer")).to_be_visible()
    await expect(desk.said("треснула")).to_be_visible()
    found += await looked_at(page, "a conversation")
    for what in ("the command menu", "the more menu", "the bell", "the keys"):
        await opened(page, what)
        found += await glanced_at(page, what)
        await page.keyboard.press("Escape")
    await page.get_by_test_id("ban").click()
    await page.get_by_test_id("ban-form").get_by_role("button", name="Заблокировать").click()
    await expect(page.get_by_test_id("banned")).to_be_visible()
    await page.get_by_role("tab", name="Заметка").click()
    await desk.owner.click()
    found += await glanced_at(page, "a banned customer, a note, a menu")
    assert found == [], "\n".join(found)


async def test_the_pages_beside_the_inbox(shop: Any, seat: Any) -> None:
    await busy(shop)
    desk = await seat("admin", None)
    await desk.log_in()
    page, found = desk.page, []
    for address, (there, press) in OFFICE.items():
        await desk.open(address)
        await expect(page.get_by_test_id(there).first).to_be_attached()
        found += await looked_at(page, address)
        if press:
            await page.get_by_test_id(press).first.click()
            await expect(page.get_by_role("dialog").or_(page.locator("form:visible")).first).to_be_visible()
            found += await glanced_at(page, f"{address}: {press}")
    invited = await shop.api("POST", "/invitations", {"email": "nina@kedr.example", "role": "operator"}, "admin", 201)
    await page.goto(invited["url"])
    found += await looked_at(page, "an invitation")
    assert found == [], "\n".join(found)


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


async def test_the_room_of_the_knowledge_base(shop: Any, seat: Any) -> None:
    await filled(shop)
    desk = await seat("admin", "/kb")
    page, found = desk.page, []
    for address in KB_PAGES:
        await desk.open(address)
        await expect(page.get_by_test_id("kb-row").first).to_be_visible()
        await expect(page.get_by_test_id("kb-aside-misses").or_(page.get_by_test_id("kb-miss")).first).to_be_visible()
        found += await looked_at(page, address)
    await page.get_by_test_id("kb-publish").click()
    await expect(page.get_by_test_id("kc-effect").first).to_be_visible()
    found += await glanced_at(page, "what publishing would do")
    await page.get_by_role("dialog").get_by_role("button", name="Отмена").click()
    await page.get_by_test_id("kb-answer").fill("**Даром**")
    await expect(page.get_by_test_id("kb-flag")).to_be_visible()
    await page.get_by_role("button", name="Кнопка", exact=True).click()
    await page.get_by_test_id("kb-choose").click()
    found += await glanced_at(page, "an article with edits, rows to choose")
    await page.get_by_test_id("kb-history").click()
    await expect(page.get_by_test_id("kb-change").first).to_be_visible()
    found += await glanced_at(page, "its history")
    await desk.open("/kb")
    found += await looked_at(page, "the list")
    assert found == [], "\n".join(found)


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
    """A field without a name, words of no contrast; a button too narrow for longer words, words that are cut off."""
    page = (await seat("elena", None)).page
    await page.goto("/login")
    await page.evaluate(
        """() => { const wrong = document.createElement('p');
            wrong.innerHTML = '<input><button></button><b>barely</b>';
            wrong.lastChild.style.cssText = 'color: #aaa; background: #fff; font-size: 13px';
            document.querySelector('main').append(wrong);
            for (const [tag, style] of [['button', 'width: 100px'], ['div', 'width: 100px; overflow: hidden']]) {
              const narrow = document.createElement(tag);
              narrow.textContent = 'Непромокаемо';
              narrow.style.cssText = `${style}; font: 15px monospace; padding: 0; white-space: nowrap`;
              document.querySelector('main').append(narrow);
            } }"""
    )
    found = {fault.split()[1].rstrip(":") for fault in await faults(page)}
    assert found == {"label", "button-name", "color-contrast", "target-size"}
    stuck = {fault.partition(" in ")[0] for fault in await overflow(page)}
    assert stuck >= {
        'longer: out of its button: BUTTON. "НепромокаемоНепро"',
        'longer: cut off: DIV. "НепромокаемоНепро"',
    }
