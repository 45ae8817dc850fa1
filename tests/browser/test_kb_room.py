"""The room of the knowledge base in a browser: an article from its first letter to an edition brought back; files."""

import json
from typing import Any

import pytest
from playwright.async_api import Error, Locator, Page, expect

from bridge.model.ids import OperatorId
from bridge.model.operators import Operator, Role
from tests.browser.desk import Desk
from tests.shop import password_hash, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANSWER = "Да, кот ждёт вас каждый день."


def part(page: Page, name: str) -> Locator:
    """A piece of the room by its test id."""
    return page.get_by_test_id(f"kb-{name}")


async def row(page: Page, title: str, state: str) -> None:
    """Wait until the list shows an article in a state."""
    await expect(part(page, "row").filter(has_text=title)).to_have_attribute("data-state", state)


async def written(desk: Desk) -> str:
    """Write an article by the keyboard alone; return its id once the server has it."""
    page = desk.page
    await page.keyboard.press("n")
    await expect(part(page, "title")).to_be_focused()
    await page.keyboard.type("Можно погладить кота?")
    await page.keyboard.press("Enter")
    await expect(part(page, "answer")).to_be_focused()
    await page.keyboard.type(ANSWER)
    await page.get_by_role("button", name="Вопрос", exact=True).click()
    for number, words in enumerate(("где ваш кот", "сколько стоит доставка"), 1):
        await expect(page.get_by_role("textbox", name=f"Вопрос {number}", exact=True)).to_be_focused()
        await page.keyboard.type(words)
        await page.keyboard.press("Enter")
    await expect(part(page, "saved")).to_contain_text("Сохранено в")
    await page.keyboard.press("Control+s")
    await expect(part(page, "flag").filter(has_text="в другой статье")).to_be_visible()
    await expect(page.get_by_role("link", name="Стоимость доставки").last).to_be_visible()
    return page.url.rpartition("/")[2]


async def changed_and_brought_back(desk: Desk, id: str) -> None:
    """Change a published article in two languages, look at its history, bring an edition back."""
    page, shop = desk.page, desk.shop
    await part(page, "answer").fill("Да, кот ждёт вас по будням.")
    await row(page, "Можно погладить кота?", "next")
    assert (await shop.api("GET", f"/articles/{id}"))["answer"] == ANSWER, "customers are told what stands"
    await expect(part(page, "preview")).to_contain_text("по будням")
    await page.get_by_role("tab", name="EN").click()
    await part(page, "answer").fill("Yes, on weekdays.")
    await expect(part(page, "preview")).to_contain_text("Yes, on weekdays.")
    await part(page, "publish").click()
    await row(page, "Можно погладить кота?", "live")

    await part(page, "history").click()
    change = page.locator('[data-testid="kb-change"][data-field="answer"]')
    await expect(change.locator("del")).to_have_text(["каждый", "день"])
    await expect(change.locator("ins")).to_have_text(["по", "будням"])
    edition = page.locator('[data-testid="kb-edition"][data-number="2"]')
    await edition.click()
    await part(page, "restore").click()
    await page.get_by_role("dialog").get_by_role("button", name="Вернуть и опубликовать").click()
    await page.get_by_role("tab", name="RU").click()
    await expect(part(page, "answer")).to_have_value(ANSWER)
    assert (await shop.api("GET", f"/articles/{id}"))["variants"] == []


async def written_by_two(desk: Desk, id: str) -> None:
    """Somebody else writes meanwhile: what one alone changed is put together, what both changed is asked about."""
    page, shop = desk.page, desk.shop
    await shop.api("PUT", f"/articles/{id}/draft", {"team": "Кот", "answer": "Нет, кот в отпуске."}, who="admin")
    desk.tolerated.append("409")
    await part(page, "answer").fill("Кот спит.")
    await expect(part(page, "conflict")).to_contain_text("Ответ")
    await page.get_by_role("button", name="Оставить мой").click()
    await expect(part(page, "conflict")).to_be_hidden()

    async def mine() -> bool:
        draft = (await shop.api("GET", f"/articles/{id}"))["next"]
        return bool(draft) and (draft["answer"], draft["team"]) == ("Кот спит.", "Кот")

    await until(mine, "both are put together")
    await expect(part(page, "saved")).to_contain_text("Сохранено в")


async def buttons_lead(desk: Desk, id: str) -> None:
    """Give an article a button: to another one by its title, then to an address."""
    page = desk.page
    desk.tolerated.append("422")
    await page.get_by_role("button", name="Кнопка", exact=True).click()
    await page.get_by_label("Надпись на кнопке 1").fill("Адрес")
    await page.get_by_label("Куда ведёт").select_option("article")
    await page.get_by_label("Название статьи").fill("Стоимость доставки")

    async def leads() -> bool:
        draft = (await desk.shop.api("GET", f"/articles/{id}"))["next"]
        return [one["article"] for one in (draft or {}).get("buttons", [])] == ["delivery-cost"]

    await until(leads, "the button leads to the article of that title")
    await page.get_by_label("Куда ведёт").select_option("url")
    await page.get_by_label("https://, tel: или mailto:").fill("кот")
    await expect(page.get_by_role("alert").filter(has_text="так записать нельзя").first).to_be_visible()
    await page.get_by_label("https://, tel: или mailto:").fill("https://kedr.example/cat")
    await expect(part(page, "problem")).to_be_hidden()


async def test_an_article_is_written_published_changed_compared_and_brought_back(shop: Any, seat: Any) -> None:
    desk = await seat("admin", "/kb")
    page = desk.page
    id = await written(desk)
    await row(page, "Можно погладить кота?", "draft")
    await page.get_by_role("button", name="Убрать вопрос: сколько стоит доставка").click()
    await part(page, "publish").click()
    await row(page, "Можно погладить кота?", "live")
    stored = await shop.api("GET", f"/articles/{id}")
    assert (stored["answer"], stored["questions"], stored["state"]) == (ANSWER, ["где ваш кот"], "published")
    await changed_and_brought_back(desk, id)
    await written_by_two(desk, id)
    await buttons_lead(desk, id)
    await page.get_by_test_id("rail-inbox").click()
    await expect(page.get_by_test_id("conv-list")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_label("https://, tel: или mailto:")).to_have_value("https://kedr.example/cat")


async def cut_off(desk: Desk) -> Page:
    """Write without a line to the server, be asked when going, and lose the page; return a new one."""
    page = desk.page
    await page.route("**/draft", lambda route: route.abort())
    desk.tolerated.append("ERR_FAILED")
    await part(page, "answer").fill("Сто рублей.")
    await expect(part(page, "saved")).to_have_text("Не сохранено")
    await part(page, "saved").click()
    desk.tolerated.append("dialog")  # the browser asks, and he who is asked stays
    with pytest.raises(Error, match="ERR_ABORTED"):
        await page.goto("/inbox/mine")
    await expect(part(page, "answer")).to_have_value("Сто рублей.")
    await page.close()  # as when the machine is switched off
    desk.page = await desk.context.new_page()
    return desk.page


async def test_an_editor_asks_and_a_supervisor_answers_and_no_letter_is_lost_on_the_way(
    opens: Any, seats: Any, library: Any, matcher: Any
) -> None:
    shop = await opens(library, matcher, None, {"review": True})
    await shop.bridge.store.staff.add(
        Operator(
            OperatorId("op-vera"),
            "vera@kedr.example",
            "Вера Жук",
            Role.EDITOR,
            password_hash(),
            shop.bridge.clock.now(),
        )
    )
    vera = await seats(shop, "vera", "/kb/articles/delivery-cost")
    page = await cut_off(vera)
    await vera.open("/kb/articles/delivery-cost")
    await expect(part(page, "answer")).to_have_value("Сто рублей.")
    await row(page, "Стоимость доставки", "next")
    await page.get_by_role("button", name="На проверку").click()
    await row(page, "Стоимость доставки", "review_next")
    await expect(page.get_by_role("button", name="На проверке")).to_be_disabled()

    chief = await seats(shop, "admin", "/kb/articles/delivery-cost")
    await chief.menu(part(chief.page, "more"), "Вернуть автору")
    await chief.page.get_by_role("dialog").get_by_role("textbox").fill("А за город?")
    await chief.page.get_by_role("dialog").get_by_role("button", name="Вернуть автору").click()
    await expect(part(chief.page, "comment")).to_contain_text("А за город?")
    await vera.reload()
    await expect(part(page, "comment")).to_contain_text("А за город?")
    await part(page, "answer").fill("Сто рублей, за город двести.")
    await page.get_by_role("button", name="На проверку").click()
    await expect(page.get_by_role("button", name="На проверке")).to_be_disabled()
    await chief.reload()
    await part(chief.page, "publish").click()
    await row(chief.page, "Стоимость доставки", "live")
    assert (await shop.api("GET", "/articles/delivery-cost"))["answer"] == "Сто рублей, за город двести."


async def taken_in(desk: Desk) -> None:
    """Import four rows, two of them broken."""
    page = desk.page
    lines = [
        json.dumps({"id": "cat", "title": "Кот Мурзик", "questions": ["где кот"], "answer": "Спит", "tags": ["кот"]}),
        json.dumps({"id": "delivery-cost", "answer": "Иначе"}),
        json.dumps({"id": "late", "title": "x", "valid_from": "когда-нибудь"}),
        "{oops",
    ]
    rows = part(page, "import-row")
    table = "Имя статьи;Заголовок;Вопросы;Ответ\ncat;Кот Барсик;где кот;Спит".encode("cp1251")
    await part(page, "import-files").set_input_files([{"name": "коты.csv", "mimeType": "text/csv", "buffer": table}])
    await expect(rows).to_contain_text("Кот Барсик")
    file = {"name": "коты.jsonl", "mimeType": "application/jsonl", "buffer": "\n".join(lines).encode()}
    await part(page, "import-files").set_input_files([file])
    await expect(rows).to_have_count(4)
    await expect(rows.first).to_contain_text("Кот Мурзик")
    assert [await each.get_attribute("data-change") for each in await rows.all()] == [
        *("new", "changed", "broken", "broken"),
    ]
    await expect(rows.nth(2)).to_contain_text("коты.jsonl:3")
    await expect(rows.nth(2)).to_contain_text("Действует с: такого времени нет")
    await expect(rows.nth(3)).to_contain_text("это не JSON")
    await expect(part(page, "import-take")).to_be_disabled()
    await page.get_by_label("Пропустить 2 строки с ошибками").check()
    await part(page, "import-take").click()
    await row(page, "Кот Мурзик", "live")

    async def changed() -> bool:
        return bool((await desk.shop.api("GET", "/articles/delivery-cost"))["answer"] == "Иначе")

    await until(changed, "the second row")
    async with page.expect_download() as packed:
        await page.get_by_role("link", name="Папка Markdown").click()
    assert (await packed.value).suggested_filename == "articles.zip"


async def reads(desk: Desk) -> None:
    """See an article as somebody who may not write it, and go between the inbox and the base."""
    page = desk.page
    await expect(part(page, "title")).to_have_value("Кот Мурзик")
    await expect(part(page, "answer")).not_to_be_editable()
    for name in ("publish", "more", "choose"):
        await expect(part(page, name)).to_have_count(0)
    await expect(page.get_by_role("link", name="Загрузить файлы")).to_have_count(0)
    await desk.shop.api("PUT", "/articles/cat/draft", {"answer": "нет"}, who="elena", status=403)
    await page.get_by_role("searchbox").fill("скока стоит достака")
    await expect(part(page, "like").first).to_have_attribute("data-id", "delivery-cost")
    await page.get_by_test_id("rail-inbox").click()
    await expect(page.get_by_test_id("conv-list")).to_be_visible()
    await page.get_by_test_id("rail-kb").click()
    await desk.ready()
    await expect(part(page, "list")).to_be_visible()


async def test_files_come_in_without_their_broken_rows_and_go_again_and_who_may_not_write_reads(
    shop: Any, seat: Any
) -> None:
    before = await shop.api("GET", "/articles/delivery-cost")
    desk = await seat("admin", "/kb/import")
    page = desk.page
    await taken_in(desk)
    await part(page, "choose").click()
    await page.get_by_role("checkbox", name="Кот Мурзик").check()
    await part(page, "bulk-change").click()
    await part(page, "bulk-add").fill("звери")
    await page.get_by_role("dialog").get_by_role("button", name="Изменить", exact=True).click()
    await expect(page.get_by_test_id("toast").filter(has_text="Изменена 1 статья")).to_be_visible()
    assert (await shop.api("GET", "/articles/cat"))["tags"] == ["кот", "звери"]

    await part(page, "import").get_by_role("button", name="Отменить").click()
    await page.get_by_role("dialog").get_by_role("button", name="Отменить").click()
    await expect(part(page, "import")).to_contain_text("отменена")
    assert (await shop.api("GET", "/articles/delivery-cost"))["answer"] == before["answer"]
    assert (await shop.api("GET", "/articles/cat"))["answer"] == "Спит", "changed since: it stays"
    await reads(await seat("elena", "/kb/articles/cat"))


async def test_an_article_that_is_not_there_says_so_and_leads_to_those_that_are(shop: Any, seat: Any) -> None:
    desk = await seat("admin", "/kb/articles/delivery-cost")
    desk.tolerated.append("404")
    await desk.page.goto("/kb/articles/gone-long-ago")
    await expect(part(desk.page, "failed")).to_contain_text("нет")
    await desk.page.get_by_role("link", name="К списку статей").click()
    await expect(part(desk.page, "failed")).to_be_hidden()
    await expect(part(desk.page, "row").first).to_be_visible()
