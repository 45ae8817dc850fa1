"""Files in the panel: attached, pasted, dropped, refused; sent as what they are; shown as what they are."""

import base64
import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from bots.telegram import media
from tests import files
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: A name that would like to be markup, and what is left of it.
EVIL = '<img src=x onerror="alert(1)">.pdf'
TAMED = "_img src=x onerror=%22alert(1)%22_.pdf"
_GIVE = """([kind, name, mime, body, target]) => {
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, {type: mime}));
  const place = document.querySelector(target);
  const more = {bubbles: true, cancelable: true};
  if (kind === 'paste') place.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, ...more}));
  else place.dispatchEvent(new DragEvent(kind, {dataTransfer: data, ...more}));
}"""


def _file(name: str, mime: str, body: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": mime, "buffer": body}


def _photo(name: str = "кружка.png", **more: Any) -> dict[str, Any]:
    return _file(name, "image/png", files.picture(**more))


async def _choose(desk: Any, *chosen: dict[str, Any]) -> None:
    async with desk.page.expect_file_chooser() as chooser:
        await desk.button("Прикрепить файлы").click()
    await (await chooser.value).set_files(list(chosen))


async def _give(desk: Any, kind: str, given: dict[str, Any], target: str) -> None:
    body = base64.b64encode(given["buffer"]).decode()
    await desk.page.evaluate(_GIVE, [kind, given["name"], given["mimeType"], body, target])


def _tiles(desk: Any) -> Locator:
    found: Locator = desk.page.get_by_test_id("tile")
    return found


async def _drawn(picture: Locator) -> None:
    """Wait until the browser has the picture's bytes."""
    await until(lambda: picture.evaluate("(img) => img.complete && img.naturalWidth > 0"), "the picture")


async def test_chosen_pasted_and_dropped_files_are_put_in_order_by_the_keyboard(shop: Any, seat: Any) -> None:
    await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    await expect(elena.button("Отправить")).to_be_disabled()
    await _choose(elena, _photo(), _file(EVIL, "application/pdf", files.PDF))
    await expect(_tiles(elena)).to_have_count(2)
    await _give(elena, "paste", _photo("image.png", width=40), "#composer-text")
    await _give(elena, "dragover", _photo("late.png"), "#thread-log")
    zone = elena.page.locator("#thread[data-drop]")
    await expect(zone).to_have_attribute("data-drop", "Отпустите, чтобы прикрепить к ответу")
    await _give(elena, "drop", _photo("late.png", width=50), "#thread-log")
    await expect(zone).to_have_count(0)
    assert await _names(elena, 4) == ["кружка.png", TAMED, "image.png", "late.png"]
    await expect(elena.button("Отправить")).to_be_enabled()
    await _tiles(elena).nth(3).focus()
    for _ in range(3):
        await elena.page.keyboard.press("Alt+ArrowLeft")
    await expect(_tiles(elena).first).to_be_focused()
    assert await _names(elena, 4) == ["late.png", "кружка.png", TAMED, "image.png"]
    await _tiles(elena).nth(3).press("Delete")
    await expect(_tiles(elena)).to_have_count(3)
    await expect(_tiles(elena).nth(2)).to_be_focused()


async def test_attached_files_wait_in_the_draft_and_reach_the_customer_as_what_they_are(shop: Any, seat: Any) -> None:
    anna, _ = await shop.caller(), await shop.caller("Борис Орлов")
    elena = await seat("elena", "/inbox/all")
    await elena.pick("Анна Ковалёва")
    await _choose(elena, _photo(), _photo("вторая.png", width=40), _file(EVIL, "application/pdf", files.PDF))
    assert await _names(elena, 3) == ["кружка.png", "вторая.png", TAMED]
    # Elsewhere and after a reload they are still there, and nowhere else.
    await elena.pick("Борис Орлов")
    await expect(_tiles(elena)).to_have_count(0)
    await expect(elena.row("Анна Ковалёва")).to_contain_text("Черновик: 3 файла")
    await elena.reload()
    await elena.pick("Анна Ковалёва")
    assert await _names(elena, 3) == ["кружка.png", "вторая.png", TAMED]
    await elena.field.fill("Вот они")
    await elena.field.press("Control+Enter")
    await expect(_tiles(elena)).to_have_count(0)
    sent = elena.said("Вот они", "operator")
    await expect(sent).to_have_attribute("data-status", "sent")
    await expect(sent).to_have_count(1)
    for picture in await sent.locator("img").all():
        await _drawn(picture)
    await expect(sent).to_contain_text(TAMED)
    await expect(sent).to_contain_text("PDF · 36 Б")
    assert await elena.page.locator("img[src=x]").count() == 0
    line = (await shop.history(anna))[-1]
    assert [each["kind"] for each in line["attachments"]] == ["photo", "photo", "document"]
    await anna.gets("Вот они")
    assert [each["kind"] for each in await anna.sees()][-3:] == ["photo", "photo", "document"]


async def test_what_a_customer_sends_is_shown_heard_and_saved(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena", "/inbox/all")
    await elena.pick("Анна Ковалёва")
    base = {"user": anna.id}
    await shop.ctl("POST", "/user/say", {**base, "photo": "кружка", "caption": "треснула"})
    photo = elena.said("треснула", "customer")
    await _drawn(photo.locator("img"))
    await shop.ctl("POST", "/user/say", {**base, "voice": {"duration": 14, "name": "v.ogg"}})
    player = elena.page.get_by_test_id("player")
    await expect(player).to_contain_text("0:14")
    await expect(elena.row("Анна Ковалёва")).to_contain_text("Голосовое")
    await player.get_by_role("button", name="Слушать").click()
    await expect(player).to_contain_text("0:00 / 0:")
    await player.get_by_role("button", name="Скорость 1×").click()
    await expect(player.get_by_role("button", name="Скорость 1,5×")).to_be_visible()
    await shop.ctl("POST", "/user/say", {**base, "document": "чек"})
    link = elena.page.get_by_role("link", name="Скачать")
    async with elena.page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename.endswith(".pdf")
    await shop.ctl("POST", "/user/say", {**base, "location": {"latitude": 55.8, "longitude": 49.1}})
    place = elena.said("55.800000, 49.100000", "customer").get_by_role("link", name="На карте")
    await expect(place).to_have_attribute("href", re.compile("mlat=55.800000&mlon=49.100000"))
    await photo.get_by_role("button", name="Открыть: Фото").click()
    viewer = elena.page.get_by_role("dialog", name="Просмотр фото")
    await _drawn(viewer.locator("img"))


async def _names(desk: Any, count: int) -> list[str]:
    await expect(desk.page.locator('[data-testid="tile"][data-state="ready"]')).to_have_count(count)
    await expect(desk.page.locator('[data-testid="tile"]:not([data-state="ready"])')).to_have_count(0)
    return [str(name) for name in await _tiles(desk).locator(".file-name").all_inner_texts()]


async def test_a_refused_file_says_why_and_takes_nothing_with_it(shop: Any, seat: Any) -> None:
    await shop.caller()
    elena = await seat("elena")
    elena.tolerated.append("status of 422")
    page = elena.page
    await elena.pick("Анна Ковалёва")
    await elena.field.fill("Смотрите")
    huge = _file("фильм.bin", "application/octet-stream", bytes(shop.bridge.files.limit + 1))
    broken = _file("скан.png", "image/png", files.picture()[:90])
    await _choose(elena, _photo(), broken, _file("пусто.txt", "text/plain", b""))
    await page.evaluate(
        """([size]) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(size)], 'фильм.bin'));
          const place = document.getElementById('thread-log');
          place.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        [len(huge["buffer"])],
    )
    failed = page.locator('[data-testid="tile"][data-state="failed"]')
    await expect(failed).to_have_count(3)
    await expect(failed.filter(has_text="скан.png")).to_contain_text("файл повреждён и не открывается")
    await expect(failed.filter(has_text="пусто.txt")).to_contain_text("файл пустой")
    await expect(failed.filter(has_text="фильм.bin")).to_contain_text("больше предела 20 МБ")
    await expect(page.get_by_role("alert")).to_contain_text("Уберите или повторите то, что не загрузилось")
    await expect(elena.button("Отправить")).to_be_disabled()
    await elena.field.press("Control+Enter")
    await expect(elena.field).to_have_value("Смотрите")
    for name in ("скан.png", "пусто.txt", "фильм.bin"):
        await elena.button(f"Убрать {name}").click()
    assert await _names(elena, 1) == ["кружка.png"]
    await expect(elena.button("Отправить")).to_be_enabled()

    # Eleven are one too many.
    await _choose(elena, *(_photo(f"{number}.png") for number in range(10)))
    await expect(page.get_by_test_id("toast").filter(has_text="не больше 10 файлов")).to_be_visible()
    await expect(_tiles(elena)).to_have_count(10)


async def test_what_the_channel_does_not_take_is_told_before_a_byte_is_sent(
    shop: Any, seat: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "UP", 2000)
    await shop.caller()
    elena = await seat("elena")
    page = elena.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/files") else None)
    await elena.pick("Анна Ковалёва")
    large = _file("смета.txt", "text/plain", b"a" * 3000)
    await _choose(elena, large)
    await expect(_tiles(elena)).to_contain_text("Telegram принимает файлы до 2 КБ")
    await elena.field.fill("Вот смета")
    await expect(elena.button("Отправить")).to_be_disabled()
    assert sent == []
    # The house itself takes it: a note may hold it.
    await page.get_by_role("tab", name="Заметка").click()
    await _choose(elena, large)
    assert await _names(elena, 1) == ["смета.txt"]
    assert len(sent) == 1


async def test_a_reply_held_back_keeps_its_files(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    elena.tolerated.append("status of 409")
    page = elena.page
    await elena.pick("Анна Ковалёва")
    await _choose(elena, _photo())
    assert await _names(elena, 1) == ["кружка.png"]
    await elena.field.fill("Такая?")
    refusal = '{"status": 409, "code": "channel_cannot", "detail": ""}'
    await page.route(
        "**/messages",
        lambda route: route.fulfill(status=409, content_type="application/problem+json", body=refusal),
        times=1,
    )
    await elena.field.press("Control+Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Этот канал не передаёт файлы")
    await expect(elena.field).to_have_value("Такая?")
    assert await _names(elena, 1) == ["кружка.png"]
    # And when somebody wrote meanwhile.
    body = {"text": "Ответ Марка", "kind": "reply"}
    await shop.api("POST", f"/conversations/{(await shop.conversation(anna))['id']}/messages", body, who="mark")
    await expect(elena.said("Ответ Марка", "operator")).to_be_visible()
    await elena.field.press("Control+Enter")
    await expect(page.get_by_test_id("collision")).to_contain_text("Ответ Марка")
    assert await _names(elena, 1) == ["кружка.png"]
    await elena.button("Отправить всё равно").click()
    await expect(_tiles(elena)).to_have_count(0)
    await expect(elena.said("Такая?", "operator")).to_have_attribute("data-status", "sent")
    assert len((await shop.history(anna))[-1]["attachments"]) == 1


async def test_files_of_a_note_stay_with_the_team(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena, mark = await seat("elena"), await seat("mark", "/inbox/all")
    await elena.pick("Анна Ковалёва")
    await mark.pick("Анна Ковалёва")
    await elena.page.get_by_role("tab", name="Заметка").click()
    await _choose(elena, _photo())
    await elena.button("Сохранить заметку").click()
    note = mark.page.locator('[data-testid="msg"][data-kind="note"]')
    await _drawn(note.locator("img"))
    await note.get_by_role("button", name="Открыть: Фото").click()
    viewer = mark.page.get_by_role("dialog", name="Просмотр фото")
    await expect(viewer).to_contain_text("Елена Соколова")
    await mark.page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(note.get_by_role("button", name="Открыть: Фото")).to_be_focused()
    await shop.quiet()
    calls = (await shop.ctl("GET", "/calls"))["items"]
    photos = [
        call for call in calls if call["method"] == "sendPhoto" and str(call["params"]["chat_id"]) == str(anna.id)
    ]
    assert photos == []


async def test_the_network_goes_while_a_file_is_on_its_way(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    elena.tolerated.append("net::ERR_FAILED")
    await elena.pick("Анна Ковалёва")
    await elena.page.route("**/api/v1/files", lambda route: route.abort())
    await _choose(elena, _photo())
    failed = elena.page.locator('[data-testid="tile"][data-state="failed"]')
    await expect(failed).to_contain_text("Нет связи с сервером")
    await elena.page.unroute("**/api/v1/files")
    await failed.get_by_role("button", name="Попробовать ещё раз").click()
    await expect(elena.page.locator('[data-testid="tile"][data-state="ready"]')).to_have_count(1)
    # What was sent before it had arrived goes as soon as it has.
    await elena.page.route("**/api/v1/files", lambda route: route.abort(), times=1)
    await _choose(elena, _photo("вторая.png", width=60))
    await expect(failed).to_have_count(1)
    await failed.get_by_role("button", name="Попробовать ещё раз").click()
    await elena.field.fill("обе")
    await elena.field.press("Control+Enter")
    await expect(elena.said("обе", "operator").locator("img")).to_have_count(2)

    async def stored() -> bool:
        line = (await shop.history(anna))[-1]
        return line["text"] == "обе" and len(line["attachments"]) == 2

    await until(stored)
    assert len([line for line in await shop.history(anna) if line["text"] == "обе"]) == 1
