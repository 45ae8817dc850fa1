"""A visitor and the desk: what is changed, signed, read and written there is seen here, and what he leaves behind."""

import base64
import re
from typing import Any

import pytest
from playwright.async_api import expect

from bridge import attendance
from tests.browser.visitor import PHONE
from tests.files import picture
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def served(visits: Any, text: str = "Отправим завтра", **options: Any) -> Any:
    """Return a visitor in his chat whom a person has answered."""
    anna = await visits(**options)
    await attendance.note(anna.shop.bridge)
    await anna.open()
    await anna.say("позовите человека")
    await expect(anna.said("зову оператора", "bot")).to_be_visible()
    await anna.answer(text)
    await expect(anna.said(text, "operator")).to_be_visible()
    return anna


async def rows(anna: Any) -> list[dict[str, Any]]:
    where = (await anna.conversation())["id"]
    return list((await anna.shop.api("GET", f"/conversations/{where}/messages?limit=200"))["items"])


async def test_changed_deleted_and_signed_words_are_seen_at_once_and_after_a_reload(visits: Any) -> None:
    anna = await served(visits)
    await anna.answer("лишнее")
    await expect(anna.said("лишнее", "operator")).to_be_visible()
    found = await rows(anna)
    word, extra = (next(row["id"] for row in found if row["text"] == text) for text in ("Отправим завтра", "лишнее"))
    own = next(row["id"] for row in found if row["author"]["kind"] == "customer")
    await anna.shop.api("PATCH", f"/messages/{word}", {"text": "Отправим сегодня"})
    await anna.shop.api("DELETE", f"/messages/{extra}")
    await anna.shop.api("PUT", f"/messages/{own}/reaction", {"emoji": "👍"})

    async def seen() -> None:
        await expect(anna.said("Отправим сегодня", "operator")).to_contain_text("изменено")
        await expect(anna.frame.locator(f'[data-id="{extra}"]')).to_contain_text("Сообщение удалено")
        await expect(anna.said("лишнее")).to_have_count(0)
        await expect(anna.said("позовите человека").get_by_test_id("reactions")).to_have_text("👍")

    await seen()
    await anna.page.reload()
    await anna.open()
    await seen()


async def test_a_visitor_signs_an_answer_by_mouse_and_by_keyboard(visits: Any) -> None:
    anna = await served(visits)
    answer = anna.said("Отправим завтра", "operator")
    await answer.hover()
    await answer.get_by_role("button", name="Отметить").click()
    await anna.frame.get_by_test_id("signs").get_by_role("button", name="Отметить: 🔥").click()
    await expect(answer.get_by_test_id("reactions")).to_have_text("🔥")

    async def told(wanted: list[str]) -> bool:
        return [each["emoji"] for row in await rows(anna) for each in row["reactions"]] == wanted

    await until(lambda: told(["🔥"]))
    sign = answer.get_by_role("button", name="Отметить", exact=True)
    await expect(sign).to_be_focused()
    await anna.page.keyboard.press("Enter")
    chosen = anna.frame.get_by_test_id("signs").get_by_role("button", name="Отметить: 🔥")
    await expect(chosen).to_have_attribute("aria-pressed", "true")
    await anna.page.keyboard.press("Escape")
    await expect(anna.frame.get_by_test_id("signs")).to_have_count(0)
    await expect(sign).to_be_focused()
    await expect(anna.page.get_by_test_id("widget-frame")).to_be_visible()
    await anna.page.keyboard.press("Enter")
    await chosen.press("Enter")
    await expect(answer.get_by_test_id("reactions")).to_have_count(0)
    await until(lambda: told([]))


async def test_a_visitor_answers_one_message_among_many(visits: Any) -> None:
    anna = await served(visits, "Отправим завтра")
    await anna.answer("И вернём деньги")
    answer = anna.said("Отправим завтра", "operator")
    await answer.hover()
    await answer.get_by_role("button", name="Отметить").click()
    await anna.frame.get_by_test_id("signs").get_by_role("button", name="Ответить").click()
    await expect(anna.frame.get_by_test_id("answering")).to_contain_text("Отправим завтра")
    await expect(anna.field).to_be_focused()
    await anna.say("до обеда?")
    await expect(anna.frame.get_by_test_id("answering")).to_have_count(0)
    await expect(anna.said("до обеда?", "customer").get_by_test_id("quote")).to_contain_text("Отправим завтра")

    async def found() -> Any:
        there = {row["text"]: row for row in await rows(anna)}
        return there if "до обеда?" in there else None

    there = await until(found, "the answer at the desk")
    assert there["до обеда?"]["reply_to"] == there["Отправим завтра"]["id"]


async def test_desk_and_visitor_see_each_other_write_and_read(visits: Any, seats: Any) -> None:
    anna = await served(visits, "Слушаю вас")
    await anna.say("Кружка пришла разбитой")
    own = anna.said("Кружка пришла разбитой", "customer")
    await expect(own).to_have_attribute("data-status", re.compile("sent|delivered"))
    elena = await seats(anna.shop, "elena")
    where = (await anna.conversation())["id"]
    await elena.open(f"/inbox/mine/{where}")
    await expect(elena.said("Кружка пришла разбитой", "customer")).to_be_visible()
    await expect(own).to_have_attribute("data-status", "read")
    await elena.field.press_sequentially("Пришлём", delay=20)
    dots = anna.frame.get_by_test_id("typing")
    await expect(dots.get_by_role("img", name="Елена Соколова печатает")).to_be_visible()
    await elena.field.press("Control+Enter")
    await expect(anna.said("Пришлём", "operator")).to_be_visible()
    await expect(dots).to_have_count(0)
    await anna.page.reload()
    await anna.open()
    await expect(own).to_have_attribute("data-status", "read")


async def test_what_is_unread_stands_in_the_title_and_no_sound_is_made_unasked(visits: Any) -> None:
    anna = await visits(None)
    await anna.page.add_init_script(
        "window.rung = 0; const Real = AudioContext;"
        "window.AudioContext = class extends Real { constructor() { super(); window.rung += 1; } }"
    )
    await anna.look()
    title = await anna.page.title()
    await anna.open()
    await anna.say("позовите человека")
    await expect(anna.said("Если связь прервётся", "bot")).to_be_visible()  # the last the bot says: all is read
    await anna.launcher.click()
    await anna.answer("первое")
    await anna.answer("второе")
    await expect(anna.page.get_by_test_id("widget-unread")).to_have_text("2")
    await expect(anna.page).to_have_title(f"(2) {title}")
    await anna.page.evaluate("document.title = 'Корзина'")
    await anna.answer("третье")
    await expect(anna.page).to_have_title("(3) Корзина")
    await anna.launcher.click()
    await expect(anna.said("третье", "operator")).to_be_visible()
    await expect(anna.page).to_have_title("Корзина")
    frame = anna.frame.locator("html")
    assert await frame.evaluate("window.rung") == 0
    await anna.button("Меню").click()
    await anna.frame.get_by_role("menuitem", name="Включить звук").click()
    await anna.button("Меню").click()
    await expect(anna.frame.get_by_role("menuitem", name="Выключить звук")).to_be_visible()

    async def rang() -> bool:
        return bool(await frame.evaluate("window.rung") == 1)

    await until(rang)


async def test_when_nobody_is_in_a_message_and_an_address_are_left(visits: Any) -> None:
    anna = await visits()
    await anna.open()
    await expect(anna.frame.get_by_text("Сейчас отвечает бот")).to_be_visible()
    await expect(anna.frame.get_by_text("Сейчас никого из операторов нет")).to_be_visible()
    await anna.button("Оставить сообщение").click()
    form = anna.frame.get_by_role("dialog", name="Оставить сообщение")
    email, text = form.get_by_label("Почта для ответа"), form.get_by_role("textbox", name="Сообщение")
    await expect(email).to_be_focused()
    await email.fill("не почта")
    await text.fill("Кружка пришла разбитой")
    await form.get_by_role("button", name="Отправить").click()
    await expect(form).to_be_visible()
    await email.fill("anna@example.com")
    await form.get_by_role("button", name="Отправить").click()
    await expect(form).to_have_count(0)
    await expect(anna.said("Кружка пришла разбитой", "customer")).to_contain_text("anna@example.com")
    await expect(anna.frame.get_by_test_id("away")).to_be_visible()

    async def waits() -> Any:
        found = await anna.conversation()
        return found if found["stage"] == "waiting" else None

    customer = (await until(waits))["customer"]["id"]

    async def known() -> Any:
        found = (await anna.shop.api("GET", f"/customers/{customer}"))["identities"]
        return [(one["email"], one["proved"]) for one in found if one.get("email")]

    assert await until(known, "the address") == [("anna@example.com", False)]
    await attendance.note(anna.shop.bridge)
    await expect(anna.frame.get_by_test_id("away")).to_have_count(0)
    await expect(anna.frame.get_by_text("Оператор скоро ответит")).to_be_visible()


async def test_a_closed_conversation_is_rated_with_stars_and_a_comment(visits: Any) -> None:
    anna = await served(visits)
    where = (await anna.conversation())["id"]
    await anna.shop.api("POST", f"/conversations/{where}/close", {})
    rating = anna.frame.get_by_test_id("rating")
    await rating.get_by_role("button", name="4 звезды").click()
    await expect(rating).to_have_attribute("data-score", "4")
    await rating.get_by_role("button", name="5 звёзд").click()
    await rating.get_by_role("textbox").fill("Быстро и по делу")
    await rating.get_by_role("button", name="Отправить").click()
    await expect(rating.get_by_role("textbox")).to_have_count(0)
    await expect(rating).to_contain_text("Спасибо за оценку!")

    async def kept() -> bool:
        found = (await anna.shop.api("GET", f"/conversations/{where}"))["rating"]
        return bool(found) and (found["score"], found["comment"]) == (5, "Быстро и по делу")

    await until(kept)
    await anna.page.reload()
    await anna.open()
    await expect(rating).to_have_attribute("data-score", "5")
    await expect(rating.get_by_role("textbox")).to_have_count(0)


async def test_the_article_behind_an_answer_opens_over_the_chat_and_gives_the_focus_back(
    visits: Any, library: Any
) -> None:
    anna = await visits()
    await anna.open()
    article = library.articles[0]
    await anna.say(article.questions[0])
    card = anna.said(article.answer[:40], "bot").get_by_test_id("article-card")
    await expect(card).to_have_text(re.compile(re.escape(article.title)))
    await card.click()
    sheet = anna.frame.get_by_role("dialog", name=article.title)
    await expect(sheet).to_contain_text(article.answer[:60])
    await anna.page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await expect(card).to_be_focused()
    await expect(anna.page.get_by_test_id("widget-frame")).to_be_visible()


async def test_a_visitor_goes_on_in_telegram_by_a_link_of_his_own(visits: Any) -> None:
    anna = await served(visits)
    asked: list[str] = []
    await anna.context.route("https://t.me/**", lambda route: (asked.append(route.request.url), route.abort())[1])
    async with anna.page.expect_popup():
        await anna.frame.get_by_test_id("ways").get_by_role("button", name="Telegram").click()

    async def went() -> str:
        return asked[0] if asked else ""

    url = await until(went)
    assert url.startswith("https://t.me/kedr_help_bot?start=")
    phone = await anna.shop.phone("Анна Ковалёва")
    await phone.say(f"/start {url.partition('=')[2]}")
    await phone.gets("разговор продолжается здесь")
    await expect(anna.said("Вы продолжили этот разговор: Telegram", "bot")).to_be_visible()
    assert (await anna.conversation())["customer"]["name"] == "Анна Ковалёва"


GIVE = """(one, [kind, name, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], name, {type: 'image/png'}));
    const given = kind === 'paste' ? {clipboardData: data} : {dataTransfer: data};
    const event = kind === 'paste' ? ClipboardEvent : DragEvent;
    one.dispatchEvent(new event(kind, {bubbles: true, cancelable: true, ...given})); }"""


@pytest.mark.parametrize("kind", ["paste", "drop"])
async def test_a_screenshot_is_pasted_and_a_picture_is_dropped(visits: Any, kind: str) -> None:
    anna = await visits()
    await anna.open()
    body = base64.b64encode(picture(40, 30)).decode()
    await anna.field.evaluate(GIVE, [kind, "экран.png", body])
    await expect(anna.frame.get_by_test_id("upload")).to_have_attribute("data-state", "done")
    await anna.button("Отправить").click()
    own = anna.frame.locator('[data-testid="msg"][data-kind="customer"]')
    await expect(own.get_by_role("button", name="Открыть фото экран.png")).to_be_visible()
    await until(lambda: _kept(anna))


async def _kept(anna: Any) -> bool:
    return [each["name"] for row in await rows(anna) for each in row["attachments"]] == ["экран.png"]


async def test_everything_of_it_fits_a_phone(visits: Any) -> None:
    anna = await served(visits, **PHONE)
    where = (await anna.conversation())["id"]
    await anna.shop.api("POST", f"/conversations/{where}/close", {})
    await anna.frame.get_by_test_id("rating").get_by_role("button", name="3 звезды").click()
    await expect(anna.frame.get_by_test_id("rating").get_by_role("textbox")).to_be_visible()
    answer = anna.said("Отправим завтра", "operator")
    await answer.get_by_role("button", name="Отметить").click()
    box = await anna.frame.get_by_test_id("signs").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    small = """() => [...document.querySelectorAll('button, label.tool, textarea')].map(one => [one.className,
        one.getBoundingClientRect()]).filter(([, box]) => box.width && (box.width < 44 || box.height < 44))
        .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
    root = anna.frame.locator("html")
    assert await root.evaluate(small) == []
    assert await anna.frame.locator("#scroll").evaluate("one => one.scrollWidth <= one.clientWidth")
