"""One's own work in the panel: who is told rings once, a task goes to and fro, a star is found again."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import expect

from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: Words that would be markup where they are not taken as words.
HOSTILE = "<img src=x onerror=alert(1)>"


async def _id(shop: Any, name: str) -> str:
    people = (await shop.api("GET", "/operators", who="admin"))["items"]
    return next(each["id"] for each in people if each["email"] == f"{name}@kedr.example")


@pytest.mark.scenario(number=5)
async def test_a_mention_rings_in_one_tab_and_is_taken_off_when_it_is_read(shop: Any, seat: Any) -> None:
    anna = await shop.caller("Анна Ковалёва")
    mark = await seat("mark", "/inbox/all")
    other = await mark.context.new_page()
    await other.goto("/inbox/all")
    for tab in (mark.page, other):  # somebody is there
        await tab.mouse.move(9, 9)
        await tab.mouse.move(19, 19)
        await expect(tab.locator("html[data-bell]")).to_be_attached()
    case = await shop.conversation(anna)
    note = {"text": f"@Марк {HOSTILE}", "kind": "note", "mentions": [await _id(shop, "mark")]}
    await shop.api("POST", f"/conversations/{case['id']}/messages", note, who="elena")
    await expect(mark.page.locator("#notices-badge")).to_be_visible()
    rang = [await page.locator("html[data-rang]").count() for page in (mark.page, other)]
    assert sum(rang) == 1
    await other.close()
    await mark.page.get_by_test_id("rail-notices").click()
    panel = mark.page.get_by_role("dialog", name="Уведомления")
    told = panel.locator('[data-testid="notice"][data-kind="mention"]')
    await expect(told).to_contain_text(HOSTILE)
    await told.get_by_role("link").click()
    await expect(mark.said(HOSTILE, "note")).to_have_attribute("data-fresh", "true")
    await expect(told).to_have_count(0)
    await mark.page.get_by_test_id("rail-notices").click()
    await expect(told.locator(".notice-dot")).to_have_count(0)


#: Keeps how loud and how high each sound of a page began.
EARS = """window.heard = [];
const [{prototype: param}, {prototype: source}] = [AudioParam, AudioScheduledSourceNode];
const [set, start] = [param.setValueAtTime, source.start];
param.setValueAtTime = function (...how) { heard.push(how[0]); return set.apply(this, how); };
source.start = function (...when) { heard.push(this.frequency.value); return start.apply(this, when); };"""
#: A quarter of the loudest, 0.24.
KNOCK = [0.06, 180, 0.06, 180]


async def test_it_rings_with_the_sound_and_as_loud_as_somebody_chose(shop: Any, seat: Any) -> None:
    await shop.caller("Анна Ковалёва")
    mark = await seat("mark", "/settings/me")
    page = mark.page
    await page.add_init_script(EARS)
    await page.reload()
    await page.get_by_label("Какой звук").select_option("Стук")
    await page.get_by_label("Громкость").fill("25")
    await page.get_by_role("button", name="Проверить звук").click()

    async def heard() -> bool:
        return bool((await page.evaluate("heard"))[-4:] == KNOCK)

    await until(heard)
    form = page.get_by_test_id("me-notifications")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_test_id("toast")).to_be_visible()

    await mark.open("/inbox/all")
    await mark.row("Анна Ковалёва").click()
    await mark.key("Escape", "Escape")
    await expect(page.locator("html[data-bell]")).to_be_attached()
    assert await page.evaluate("heard") == []
    boris = await shop.conversation(await shop.caller("Борис Орлов"))
    note = {"text": "@Марк поможешь?", "kind": "note", "mentions": [await _id(shop, "mark")]}
    await shop.api("POST", f"/conversations/{boris['id']}/messages", note, who="elena")
    await until(heard)


async def test_the_bells_count_stands_on_every_page(shop: Any, seat: Any) -> None:
    case = await shop.conversation(await shop.caller("Анна Ковалёва"))
    path = f"/conversations/{case['id']}/messages"
    for text in ("Проверьте оплату", "И адрес"):
        note = {"text": f"@Ирина {text}", "kind": "note", "mentions": ["op-admin"]}
        await shop.api("POST", path, note, who="elena")
    chief = await seat("admin", "/inbox/all")
    for address in (
        "/inbox/all",
        "/tasks",
        "/starred",
        "/customers",
        "/kb/articles",
        "/settings/people",
        "/settings/me",
    ):
        await chief.open(address)
        await expect(chief.page.locator("#notices-badge")).to_have_text("3")  # two mentions and who waits
    await chief.open("/notifications")
    await expect(chief.page.locator("#notices-badge")).to_have_text("3")  # two mentions and who waits
    await shop.api("POST", "/notifications/read", {"all": True}, who="admin")
    await chief.open("/tasks")
    await expect(chief.page.locator("#notices-badge")).to_be_hidden()


async def test_a_task_is_given_beside_the_thread_and_done_on_ones_own_page(shop: Any, seat: Any) -> None:
    await shop.caller("Анна Ковалёва")
    elena, mark = await seat("elena", "/inbox/all"), await seat("mark", "/tasks")
    await expect(mark.page.get_by_text("Задач нет")).to_be_visible()
    await elena.pick("Анна Ковалёва")
    page = elena.page
    await page.get_by_test_id("priority").select_option("urgent")
    await expect(page.get_by_test_id("row-priority")).to_have_text("Срочно")
    await page.get_by_test_id("follow").click()
    await expect(page.get_by_test_id("follow")).to_have_text("Не следить")
    await page.get_by_test_id("task-new").click()
    form = page.get_by_test_id("task-form")
    await form.get_by_role("button", name="Добавить").click()
    await expect(form.get_by_role("alert")).to_have_text("Напишите, что нужно сделать")
    await form.get_by_role("textbox", name="Что нужно сделать").fill(f"Перезвонить {HOSTILE}")
    name = await form.locator("option").filter(has_text="Марк").inner_text()
    await form.get_by_role("combobox").select_option(name)
    await form.get_by_label("Срок").fill("2026-01-05T10:00")
    await form.get_by_role("button", name="Добавить").click()
    await expect(page.get_by_test_id("tasks").get_by_text(HOSTILE)).to_be_visible()
    await expect(elena.said("ставит задачу", "system")).to_be_visible()
    await expect(form).to_have_count(0)

    await mark.open("/tasks")
    late = mark.page.get_by_test_id("tasks-group-overdue")
    await expect(late).to_contain_text("Анна Ковалёва")
    await expect(late.locator("time")).to_contain_text("5 янв")  # which day it was due, not the hour alone
    await late.get_by_role("checkbox", name="Перезвонить").check()
    await expect(mark.page.get_by_test_id("tasks-group-done")).to_contain_text(HOSTILE)
    await expect(elena.said("выполняет задачу", "system")).to_be_visible()
    await expect(page.get_by_test_id("tasks").get_by_role("checkbox")).to_be_checked()
    await expect(page.locator("#notices-badge")).to_be_visible()


async def test_a_task_is_said_otherwise_given_away_and_taken_back(shop: Any, seat: Any) -> None:
    conversation = (await shop.conversation(await shop.caller("Анна Ковалёва")))["id"]
    due = (shop.bridge.clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:30.000Z")
    await shop.api("POST", "/tasks", {"text": "Позвонить", "assignee": "me", "due": due, "conversation": conversation})
    elena = await seat("elena", "/tasks")
    page = elena.page
    form = page.get_by_test_id("task-change")
    await page.get_by_role("button", name="Изменить задачу «Позвонить»").click()
    await expect(form.get_by_role("textbox", name="Что нужно сделать")).to_be_focused()
    await form.get_by_role("textbox", name="Что нужно сделать").fill("")
    await page.keyboard.press("Enter")
    await expect(form.get_by_role("alert")).to_have_text("Напишите, что нужно сделать")
    await form.get_by_role("textbox", name="Что нужно сделать").fill("Позвонить вечером")
    [task] = (await shop.api("GET", "/tasks"))["items"]
    elena.tolerated.append("status of 409")
    await shop.api("PATCH", f"/tasks/{task['id']}", {"text": "Позвонить утром"})  # meanwhile
    await form.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_test_id("toast")).to_contain_text("изменил кто-то другой")
    await form.get_by_role("button", name="Сохранить").click()  # one's own words are still there
    await expect(form).to_have_count(0)
    [task] = (await shop.api("GET", "/tasks"))["items"]
    assert (task["text"], task["due"]) == ("Позвонить вечером", due)

    await elena.open("/inbox/all")
    await elena.pick("Анна Ковалёва")
    beside = page.get_by_test_id("tasks")
    await beside.get_by_role("button", name="Изменить задачу").click()
    name = await form.locator("option").filter(has_text="Марк").inner_text()
    await form.get_by_role("combobox").select_option(name)
    await form.get_by_label("Срок").fill("")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(beside.get_by_test_id("task")).to_contain_text("Марк")
    await expect(beside.locator("time")).to_have_count(0)
    [task] = (await shop.api("GET", "/tasks", who="mark"))["items"]
    assert task["due"] is None
    await beside.get_by_role("button", name="Изменить задачу").click()
    await form.get_by_role("button", name="Удалить").click()
    await expect(beside.get_by_test_id("task")).to_have_count(0)
    await page.get_by_test_id("toast").get_by_role("button", name="Вернуть").click()
    await expect(beside.get_by_test_id("task")).to_contain_text("Позвонить вечером")
    assert [row["text"] for row in (await shop.api("GET", "/tasks", who="mark"))["items"]] == ["Позвонить вечером"]


async def test_a_star_is_found_again_and_wishes_are_kept(shop: Any, seat: Any) -> None:
    await shop.caller("Анна Ковалёва")
    elena = await seat("elena", "/inbox/all")
    page = elena.page
    await elena.pick("Анна Ковалёва")
    await elena.note("важное о доставке")
    kept = elena.said("важное о доставке", "note").and_(page.locator(":not([data-local])"))
    await kept.click(button="right")
    await page.get_by_role("menuitem", name="В избранное").click()
    await expect(page.get_by_test_id("toast").filter(has_text="Добавлено в избранное")).to_be_visible()
    await kept.click(button="right")  # its script is there by now, and letting go of the mouse does not close it
    await expect(page.get_by_role("menuitem", name="Убрать из избранного")).to_be_visible()
    await page.keyboard.press("Escape")
    await elena.open("/starred")
    await expect(page.get_by_test_id("starred")).to_contain_text("важное о доставке")
    await page.get_by_role("button", name="Убрать из избранного").click()
    await expect(page.get_by_test_id("starred")).to_have_count(0)

    await elena.open("/settings/me")
    card = page.get_by_test_id("me-notifications")
    box = card.get_by_test_id("notify-followed-browser")
    await box.check()
    await card.get_by_role("checkbox", name="Тихие часы").check()
    await card.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_test_id("toast")).to_be_visible()
    await elena.reload()
    await expect(box).to_be_checked()
    await expect(card.get_by_label("С", exact=True)).to_have_value("22:00")
