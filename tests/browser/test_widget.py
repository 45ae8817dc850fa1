"""A visitor asks, presses, sends a photo, is answered by a person, comes back; words go out once, whatever breaks."""

import re
from typing import Any

import pytest
from aiohttp import FormData
from playwright.async_api import expect

from bridge import attendance
from tests.browser.wire import wired
from tests.files import picture, sound
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
CUT_OFF = ["net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK_CHANGED"]


async def test_the_bot_answers_with_buttons_that_go_when_pressed(visits: Any, library: Any) -> None:
    anna = await visits()
    await anna.open()
    await expect(anna.frame.get_by_role("heading", name="Чем помочь?")).to_be_visible()
    article = library.articles[0]
    await anna.say(article.questions[0])
    own = anna.said(article.questions[0], "customer")
    await expect(own).to_have_attribute("data-status", re.compile("sent|delivered"))
    await expect(anna.said(article.answer[:40], "bot")).to_be_visible()
    await expect(anna.said(article.answer[:40], "bot")).not_to_contain_text("Ответ помог?")
    asks = anna.frame.get_by_role("group", name="Ответ помог?")
    await expect(asks).to_contain_text("Ответ помог?")
    await expect(asks.get_by_test_id("quick-reply")).to_have_count(2)
    await asks.get_by_role("button", name="Да, спасибо").click()
    await expect(anna.said("Рад, что помогло", "bot")).to_be_visible()
    await expect(anna.replies).to_have_count(0)
    await expect(anna.said("Да, спасибо", "customer")).to_have_count(1)
    assert (await anna.conversation())["stage"] == "bot"


async def test_a_person_is_called_in_two_taps_and_the_answer_shows_on_the_button(visits: Any) -> None:
    anna = await visits()
    await attendance.note(anna.shop.bridge)
    await anna.open()
    await expect(anna.frame.get_by_text("Мы на связи")).to_be_visible()
    await anna.button("Меню").click()
    await anna.frame.get_by_role("menuitem", name="Позвать оператора").click()
    await expect(anna.said("Если связь прервётся", "bot")).to_be_visible()  # the last the bot says: all is read
    await anna.button("Меню").click()
    await expect(anna.frame.get_by_role("menuitem", name="Оператор уже знает о вас")).to_be_disabled()
    await anna.page.keyboard.press("Escape")
    await anna.launcher.click()
    await expect(anna.page.get_by_test_id("widget-frame")).to_be_hidden()
    await anna.answer("Здравствуйте, это Елена")
    await expect(anna.launcher).to_have_accessible_name("Чат, новых: 1")
    await expect(anna.page.get_by_test_id("widget-unread")).to_have_text("1")
    await anna.page.reload()
    await expect(anna.launcher).to_have_accessible_name("Чат, новых: 1")
    await anna.open()
    await expect(anna.said("это Елена", "operator")).to_be_visible()
    await expect(anna.frame.get_by_text("Теперь с вами Елена Соколова")).to_be_visible()
    await expect(anna.launcher).to_have_accessible_name("Чат")
    where = (await anna.conversation())["id"]

    async def read() -> bool:
        rows = (await anna.shop.api("GET", f"/conversations/{where}/messages?limit=200"))["items"]
        return next(row for row in rows if row["author"]["kind"] == "operator")["delivery"]["state"] == "read"

    await until(read, "read")


async def test_history_stands_after_a_reload_and_older_words_come_with_scrolling(visits: Any) -> None:
    anna = await visits()
    await anna.open()
    await anna.say("позовите человека")
    await expect(anna.said("зову оператора", "bot")).to_be_visible()
    for number in range(1, 76):
        await anna.answer(f"строка {number:02}")
    await expect(anna.said("строка 75")).to_be_visible()
    await anna.page.reload()
    await anna.open()
    await expect(anna.said("строка 75")).to_be_visible()
    await expect(anna.said("строка")).to_have_count(60)
    place = anna.frame.locator("#scroll")
    await place.evaluate("one => { one.scrollTop = 200; }")
    await expect(anna.said("позовите человека", "customer")).to_have_count(1)
    assert [word for word in await anna.words() if word.startswith("строка")] == [
        f"строка {n:02}" for n in range(1, 76)
    ]
    await anna.answer("строка 76")
    down = anna.button("1 новое сообщение")
    await expect(down).to_be_visible()
    await down.click()
    await expect(anna.said("строка 76")).to_be_in_viewport()
    await expect(down).to_have_count(0)


async def test_a_photo_goes_both_ways(visits: Any, site: Any) -> None:
    anna = await visits()
    await anna.open()
    await anna.frame.get_by_test_id("attach").set_input_files(
        {"name": "кружка.png", "mimeType": "image/png", "buffer": picture(40, 30)}
    )
    await expect(anna.frame.get_by_test_id("upload")).to_have_attribute("data-state", "done")
    await anna.say("вот что пришло")
    own = anna.said("вот что пришло", "customer")
    await expect(own).to_have_attribute("data-status", re.compile("sent|delivered|read"))
    sent = own.get_by_role("button", name="Открыть фото кружка.png")
    await expect(sent.locator("img[src^=blob]")).to_be_visible()
    await anna.page.reload()
    await anna.open()
    again = anna.said("вот что пришло", "customer").get_by_role("button", name="Открыть фото кружка.png")
    shown = again.locator("img")
    await expect(shown).to_have_attribute("src", re.compile("^blob:"))
    assert await shown.evaluate("img => img.decode().then(() => img.naturalWidth)") == 40
    await again.click()
    await expect(anna.frame.get_by_role("dialog", name="кружка.png")).to_be_visible()
    await anna.page.keyboard.press("Escape")
    await expect(anna.frame.get_by_role("dialog")).to_have_count(0)
    await expect(anna.page.get_by_test_id("widget-frame")).to_be_visible()

    file = await _uploaded(site, "replacement.png", picture(64, 48))
    await anna.answer("такая подойдёт?", attachments=[{"file_id": file}])
    theirs = anna.said("такая подойдёт?", "operator").get_by_role("button", name="Открыть фото replacement.png")
    await expect(theirs.locator("img")).to_have_attribute("src", re.compile("^blob:"))


async def _uploaded(site: Any, name: str, body: bytes) -> str:
    form = FormData()
    form.add_field("file", body, filename=name, content_type="image/png")
    headers = {"Authorization": f"Bearer {site.tokens['elena']}"}
    async with site.http.post(f"{site.url}/api/v1/files", data=form, headers=headers) as answer:
        assert answer.status < 300, await answer.text()
        return str((await answer.json())["id"])


GAP = "one => Math.round(one.scrollHeight - one.scrollTop - one.clientHeight)"


async def test_the_end_stays_the_end_whatever_grows_and_the_reader_leaves_it_by_his_own_hand(visits: Any) -> None:
    anna = await visits()
    await anna.open()
    await anna.say("сколько стоит доставка")
    await anna.frame.get_by_test_id("attach").set_input_files(
        [
            {"name": "коробка.png", "mimeType": "image/png", "buffer": picture(400, 300)},
            {"name": "счёт.txt", "mimeType": "text/plain", "buffer": b"1 490"},
        ]
    )
    for number in range(2):
        await expect(anna.frame.get_by_test_id("upload").nth(number)).to_have_attribute("data-state", "done")
    await anna.field.fill("первая\nвторая\nтретья\nчетвёртая\nпятая")
    await anna.say("позовите человека")
    await expect(anna.said("зову оператора", "bot")).to_be_visible()
    thread, to_end = anna.frame.locator("#scroll"), anna.frame.locator(".to-end")
    # The scrolling by the page itself is heard of when the thread has grown again, by more than counts as near.
    grow = """(one, tall) => new Promise(done => { one.scrollTop = one.scrollHeight;
        document.getElementById('log').style.paddingBottom = tall;
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))); })"""
    for tall in ("300px", "20px", "900px"):
        await thread.evaluate(grow, tall)
        await until(lambda: _at_end(thread), tall)
        await expect(to_end).to_have_count(0)
    await thread.hover()
    await anna.page.mouse.wheel(0, -400)
    await expect(to_end).to_have_count(1)
    await thread.evaluate("() => document.getElementById('log').style.paddingBottom = '1200px'")
    await expect(to_end).to_have_count(1)
    assert await thread.evaluate(GAP) > 300
    await anna.say("своё слово")
    await expect(anna.said("своё слово", "customer")).to_be_attached()
    await expect(to_end).to_have_count(0)
    await until(lambda: _at_end(thread), "the end")


async def _at_end(thread: Any) -> bool:
    return bool(await thread.evaluate(GAP) == 0)


async def test_a_recording_is_heard_and_a_document_is_saved_never_opened(visits: Any) -> None:
    anna = await visits()
    await anna.open()
    await anna.frame.get_by_test_id("attach").set_input_files(
        [
            {"name": "звонок.wav", "mimeType": "audio/wav", "buffer": sound(2)},
            {"name": "чек.txt", "mimeType": "text/plain", "buffer": "итого 1 490".encode()},
        ]
    )
    for number in range(2):
        await expect(anna.frame.get_by_test_id("upload").nth(number)).to_have_attribute("data-state", "done")
    await anna.button("Отправить").click()
    own = anna.frame.locator('[data-testid="msg"][data-kind="customer"]')
    await expect(own).to_have_attribute("data-status", re.compile("sent|delivered|read"))
    await own.get_by_role("button", name="Слушать").click()
    await expect(own.get_by_role("button", name="Пауза")).to_be_visible()
    async with anna.page.expect_download() as saved:
        await own.get_by_role("button", name="Скачать чек.txt").click()
    download = await saved.value
    assert download.suggested_filename == "чек.txt"
    assert (await download.path()).read_text("utf-8") == "итого 1 490"


async def test_a_refused_file_says_why_and_keeps_nothing_back(visits: Any) -> None:
    anna = await visits()
    anna.tolerated.append("status of 4")
    await anna.open()
    broken = {"name": "оплата.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\nno picture"}
    empty = {"name": "пусто.txt", "mimeType": "text/plain", "buffer": b""}
    await anna.frame.get_by_test_id("attach").set_input_files([broken, empty])
    uploads = anna.frame.get_by_test_id("upload")
    for number in range(2):
        await expect(uploads.nth(number)).to_have_attribute("data-state", "failed")
        await expect(uploads.nth(number).get_by_role("alert")).to_have_text(re.compile(r"[А-я ]{10,}"))
    await anna.say("а файлы не прошли")
    await expect(anna.said("а файлы не прошли", "customer")).to_have_attribute("data-status", re.compile("sent|deliv"))


async def test_words_of_a_lost_line_wait_and_go_out_once_and_in_order(visits: Any, site: Any) -> None:
    async with wired(int(site.url.rpartition(":")[2])) as wire:
        anna = await visits(widget=wire.url)
        anna.tolerated += CUT_OFF
        await anna.open()
        await anna.say("позовите человека")
        await expect(anna.said("зову оператора", "bot")).to_be_visible()
        bar = anna.frame.get_by_test_id("widget-state")
        wire.die()
        await anna.context.set_offline(True)
        await expect(bar).to_have_attribute("data-state", "offline")
        await expect(bar).to_contain_text("Нет связи")
        for number in range(1, 6):
            await anna.say(f"без связи {number}")
        await expect(anna.said("без связи 5")).to_have_attribute("data-status", "queued")
        await anna.answer("мы здесь")
        wire.mend()
        await anna.context.set_offline(False)
        await expect(anna.said("мы здесь", "operator")).to_be_visible()
        await expect(anna.said("без связи 5")).to_have_attribute("data-status", re.compile("sent|delivered|read"))
        await expect(bar).to_have_attribute("data-state", "online")
        await site.quiet()
        where = (await anna.conversation())["id"]
        rows = (await site.api("GET", f"/conversations/{where}/messages?limit=200"))["items"]
        said = [row["text"] for row in rows if row["text"] and row["text"].startswith("без связи")]
        assert said == [f"без связи {number}" for number in range(1, 6)]
        assert [word for word in await anna.words() if word.startswith("без связи")] == said


async def test_words_that_waited_survive_a_reload(visits: Any, site: Any) -> None:
    async with wired(int(site.url.rpartition(":")[2])) as wire:
        anna = await visits(widget=wire.url)
        anna.tolerated += CUT_OFF
        await anna.open()
        wire.die()
        await anna.context.set_offline(True)
        await expect(anna.frame.get_by_test_id("widget-state")).to_have_attribute("data-state", "offline")
        await anna.say("сказано в лифте")
        await anna.field.fill("и начато")
        wire.mend()
        await anna.context.set_offline(False)
        await anna.page.reload()
        await anna.open()
        await expect(anna.said("сказано в лифте")).to_have_attribute("data-status", re.compile("sent|delivered"))
        await expect(anna.field).to_have_value("и начато")
        await site.quiet()
        where = (await anna.conversation())["id"]
        rows = (await site.api("GET", f"/conversations/{where}/messages"))["items"]
        assert [row["text"] for row in rows].count("сказано в лифте") == 1


async def test_two_tabs_show_the_same_conversation(visits: Any) -> None:
    anna = await visits()
    await anna.open()
    await anna.say("позовите человека")
    await expect(anna.said("зову оператора", "bot")).to_be_visible()
    tab = await anna.context.new_page()
    other = type(anna)(anna.shop, anna.url, anna.context, tab, anna.complaints)
    await other.look()
    await other.open()
    await other.say("из второй вкладки")
    await expect(anna.said("из второй вкладки", "customer")).to_have_count(1)
    await anna.answer("вижу обе")
    for one in (anna, other):
        await expect(one.said("вижу обе", "operator")).to_have_count(1)

    async def same() -> bool:
        return bool(await anna.words() == await other.words())

    await until(same, "the same words in both")
