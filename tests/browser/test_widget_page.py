"""The widget on somebody's page: strict policies, hostile styles, keyboards, phones, signatures, and its weight."""

import gzip
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.browser.visitor import PHONE
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
XSS = '<img src=x onerror="alert(1)"> {{7*7}} javascript:alert(1) https://kedr.example/a?b=<script>'


async def test_nothing_of_the_widget_is_asked_for_before_it_is_opened_but_its_script(visits: Any, site: Any) -> None:
    anna = await visits(None)
    asked: list[str] = []
    anna.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    await anna.look()
    await anna.page.wait_for_load_state("networkidle")
    assert [path for path in asked if "/widget/" in path] == ["/widget/site/loader.js"]
    assert await anna.page.get_by_test_id("widget-frame").count() == 0
    shifts = """() => new Promise(done => {
        const own = ({node}) => !node || node.localName === 'mostik-widget' || node.getRootNode() !== document;
        const count = list => list.getEntries().flatMap(one => one.sources).filter(own).length;
        new PerformanceObserver(list => done(count(list))).observe({type: 'layout-shift', buffered: true});
        setTimeout(() => done(0), 300); })"""
    blocking = "() => performance.getEntriesByType('resource').find(one => one.name.endsWith('loader.js'))"
    # What does not block rendering cannot make the page's own largest part come later.
    assert await anna.page.evaluate(f"({blocking})()?.renderBlockingStatus") == "non-blocking"
    # The page's own font may move its words; the widget moves nothing.
    assert await anna.page.evaluate(shifts) == 0


async def test_it_works_under_a_strict_policy(visits: Any) -> None:
    anna = await visits("?csp=1")
    await anna.open()
    await anna.say("позовите человека")
    await expect(anna.said("зову оператора", "bot")).to_be_visible()
    await anna.answer("политика не мешает")
    await expect(anna.said("политика не мешает", "operator")).to_be_visible()


async def test_a_hostile_page_does_not_change_it_and_it_does_not_change_the_page(visits: Any) -> None:
    calm, angry = await visits(), await visits("?hostile=1")
    looks = []
    for one in (calm, angry):
        await one.page.evaluate("document.fonts.ready.then(() => null)")  # the page's own fonts come when they come
        await one.page.wait_for_load_state("networkidle")
        before = await one.page_itself()
        await one.open()
        await expect(one.frame.get_by_role("heading", name="Чем помочь?")).to_be_visible()
        frame = one.page.get_by_test_id("widget-frame")
        looks.append((await one.launcher.bounding_box(), await frame.bounding_box(), await _look(one.launcher)))
        await one.shut()
        await one.looks(before)
    assert looks[0] == looks[1]


async def _look(element: Any) -> list[str]:
    names = ["backgroundColor", "color", "borderTopWidth", "opacity", "transform", "filter", "letterSpacing"]
    return await element.evaluate("(one, names) => names.map(name => getComputedStyle(one)[name])", names)


async def test_escape_closes_and_gives_the_focus_back(visits: Any) -> None:
    anna = await visits()
    await anna.page.evaluate(
        "window.seen = []; for (const name of ['open', 'close']) Mostik('on', name, () => seen.push(name))"
    )
    await anna.launcher.focus()
    await anna.page.keyboard.press("Enter")
    await anna.online()
    await expect(anna.launcher).to_have_attribute("aria-expanded", "true")
    await expect(anna.field).to_be_focused()
    await anna.page.keyboard.press("Escape")
    await expect(anna.page.get_by_test_id("widget-frame")).to_be_hidden()
    await expect(anna.launcher).to_be_focused()
    await expect(anna.launcher).to_have_attribute("aria-expanded", "false")
    assert await anna.page.evaluate("seen") == ["open", "close"]


async def test_everything_is_reached_by_the_keyboard(visits: Any, library: Any) -> None:
    anna = await visits()
    await anna.launcher.focus()
    await anna.page.keyboard.press("Enter")
    await anna.online()
    await expect(anna.field).to_be_focused()
    keys = anna.page.keyboard
    await keys.type("первая строка")
    await keys.press("Shift+Enter")
    await keys.type("вторая")
    await expect(anna.field).to_have_value("первая строка\nвторая")
    await anna.say(library.articles[0].questions[0])
    await expect(anna.replies.first).to_be_visible()
    await keys.press("Shift+Tab")
    await until(lambda: _focused(anna, "attach"))
    await keys.press("Shift+Tab")
    await expect(anna.replies.last).to_be_focused()
    await keys.press("Enter")
    await expect(anna.said("Жаль, что не помогло", "bot")).to_be_visible()
    await expect(anna.field).to_be_focused()
    await keys.press("Tab")
    await until(lambda: _focused(anna, "Эмодзи"))
    await keys.press("Enter")
    await keys.press("Escape")
    await expect(anna.field).to_be_focused()
    await anna.frame.get_by_role("button", name="Меню").focus()
    await keys.press("Enter")
    await keys.press("ArrowDown")
    await expect(anna.frame.get_by_role("menuitem", name="Тёмная тема")).to_be_focused()
    await keys.press("Escape")
    await until(lambda: _focused(anna, "menu-button"))
    await expect(anna.page.get_by_test_id("widget-frame")).to_be_visible()


async def _focused(visitor: Any, what: str) -> bool:
    return bool(await visitor.focused() == what)


async def test_the_shop_vouches_for_its_customer_and_logging_out_forgets_him(visits: Any, site: Any) -> None:
    anna = await visits()
    await anna.page.get_by_role("button", name="Войти: Анна Ковалёва").click()
    await expect(anna.page.get_by_test_id("account")).to_have_text("Вы вошли: Анна Ковалёва")
    await anna.open()
    await anna.say("где мой заказ?")
    await expect(anna.said("где мой заказ?", "customer")).to_have_attribute("data-status", re.compile("sent|del|read"))

    async def proved() -> set[str]:
        customer = (await anna.conversation())["customer"]
        found = await site.api("GET", f"/customers/{customer['id']}")
        return {one.get("email") or one.get("phone") or "" for one in found["identities"] if one["proved"]}

    await until(lambda: _has(proved, "customer1@kedr.example"))
    assert (await anna.conversation())["customer"]["name"] == "Анна Ковалёва"
    await anna.field.fill("недописанное")
    await anna.page.keyboard.press("Escape")
    await anna.page.get_by_test_id("log-out").click()
    await expect(anna.page.get_by_test_id("widget-frame")).to_have_count(0)
    assert await anna.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('mostik'))") == []
    await anna.open()
    await expect(anna.frame.get_by_role("heading", name="Чем помочь?")).to_be_visible()
    await expect(anna.field).to_have_value("")
    assert await anna.words() == []

    await anna.page.get_by_role("button", name="Войти: Анна Ковалёва").click()
    await expect(anna.said("где мой заказ?", "customer")).to_be_visible()


async def _has(proved: Any, wanted: str) -> bool:
    return wanted in await proved()


async def test_a_forged_signature_leaves_a_guest_and_tells_the_page(visits: Any) -> None:
    anna = await visits()
    anna.tolerated.append("status of 403")
    await anna.page.evaluate(
        "window.heard = []; Mostik('on', 'identified', one => heard.push(one));"
        "Mostik('identify', {userId: '1', email: 'boss@kedr.example', hash: 'ab'.repeat(32)})"
    )
    await anna.open()
    await anna.say("здравствуйте")
    await expect(anna.said("здравствуйте", "customer")).to_have_attribute("data-status", re.compile("sent|delivered"))
    [answer] = await anna.page.evaluate("heard")
    assert (answer["proved"], answer["code"]) == (False, "bad_hash")
    assert len(answer["detail"]) > 10


async def test_calls_made_before_the_script_came_are_not_lost(visits: Any) -> None:
    anna = await visits(None)
    await anna.page.add_init_script(
        "(window.Mostik = function () { (Mostik.q = Mostik.q || []).push(arguments); })('open', 'Вопрос с порога')"
    )
    await anna.look()
    await anna.online()
    await expect(anna.field).to_have_value("Вопрос с порога")


async def test_a_phone_gives_it_the_whole_screen(visits: Any) -> None:
    anna = await visits(**PHONE)
    await anna.open()
    box = await anna.page.get_by_test_id("widget-frame").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    await expect(anna.launcher).to_be_hidden()
    await anna.say("позовите человека")
    await expect(anna.said("зову оператора", "bot")).to_be_visible()
    small = """() => [...document.querySelectorAll('button, label.tool, textarea')].map(one => [one.className,
        one.getBoundingClientRect()]).filter(([, box]) => box.width && (box.width < 44 || box.height < 44))
        .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
    root = anna.frame.locator("html")
    assert await root.evaluate(small) == []
    assert await root.evaluate("one => one.scrollWidth <= one.clientWidth")
    await anna.page.set_viewport_size({"width": 390, "height": 430})  # a keyboard came up
    await expect(anna.said("зову оператора", "bot")).to_be_in_viewport()
    await anna.button("Закрыть чат").click()
    await expect(anna.page.get_by_test_id("widget-frame")).to_be_hidden()
    await expect(anna.launcher).to_be_visible()


async def test_it_speaks_english_on_an_english_page(visits: Any) -> None:
    john = await visits("?lang=en", locale="en-GB")
    await expect(john.launcher).to_have_accessible_name("Chat")
    await john.open()
    await expect(john.frame.get_by_role("heading", name="How can we help?")).to_be_visible()
    await john.say("I want to talk to a human")
    await expect(john.said("calling a human", "bot")).to_be_visible()


async def test_light_and_dark_follow_the_system_the_page_and_the_visitor(visits: Any) -> None:
    anna = await visits(color_scheme="dark")
    await anna.open()
    root = anna.frame.locator("html")
    dark, light = "rgb(12, 17, 16)", "rgb(244, 246, 245)"
    await expect(root).to_have_css("background-color", dark)
    await anna.page.evaluate("Mostik('theme', 'light')")
    await expect(root).to_have_attribute("data-theme", "light")
    await expect(root).to_have_css("background-color", light)
    await anna.button("Меню").click()
    await anna.frame.get_by_role("menuitem", name="Тёмная тема").click()
    await expect(root).to_have_css("background-color", dark)
    await anna.page.evaluate("Mostik('theme', 'light')")
    await anna.page.reload()
    await anna.open()
    await expect(root, "the visitor's own choice stays").to_have_css("background-color", dark)


async def test_hostile_words_stay_words(visits: Any) -> None:
    anna = await visits()
    await anna.open()
    await anna.say("позовите человека")
    await expect(anna.said("зову оператора", "bot")).to_be_visible()
    await anna.say(XSS)
    await anna.answer(f"{XSS} {'ы' * 400}")
    for kind in ("customer", "operator"):
        said = anna.said("onerror", kind)
        await expect(said).to_contain_text('<img src=x onerror="alert(1)"> {{7*7}} javascript:alert(1)')
        links = said.get_by_role("link")
        await expect(links).to_have_count(1)
        await expect(links).to_have_attribute("href", "https://kedr.example/a?b=")
        await expect(links).to_have_attribute("rel", "noopener noreferrer nofollow")
    root = anna.frame.locator("#scroll")
    assert await root.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert await anna.frame.locator("[data-testid=msg] img").count() == 0


async def test_pages_of_another_origin_are_not_listened_to(visits: Any) -> None:
    anna = await visits()
    await anna.open()
    await anna.say("слышно?")
    await expect(anna.said("слышно?", "customer")).to_have_count(1)
    # A message that does not come from the page around, or to it from the frame, is nobody's.
    await anna.frame.locator("html").evaluate("() => window.postMessage({mostik: 'reset'}, '*')")
    await anna.page.evaluate("for (const mostik of ['shut', 'unread']) postMessage({mostik, value: 7}, '*')")
    await anna.say("слышно.")
    await expect(anna.said("слышно.", "customer")).to_have_count(1)
    await expect(anna.launcher).to_have_accessible_name("Чат")
    await expect(anna.launcher).to_have_attribute("aria-expanded", "true")


async def test_it_weighs_little(visits: Any, site: Any) -> None:
    async with site.http.get(f"{site.url}/widget/site/loader.js", headers={"Accept-Encoding": "identity"}) as answer:
        assert len(gzip.compress(await answer.read(), 9)) <= 2560
    anna = await visits()
    came: list[Any] = []
    anna.page.on("requestfinished", lambda request: came.append(request))
    await anna.open()
    await anna.page.wait_for_load_state("networkidle")
    weights: dict[str, int] = {}
    for request in came:
        path = urlsplit(request.url).path
        if request.url.startswith(site.url) and "/static/" in path and not path.endswith(".woff2"):
            weights[path] = len(gzip.compress(await (await request.response()).body(), 9))
    assert len(weights) > 20
    assert not [path for path in weights if "/later/" in path], "what nobody has asked for yet is not fetched"
    assert sum(weights.values()) <= 45 * 1024, sorted(weights.items())
