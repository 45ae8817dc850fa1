"""Files on the playground: chosen or made up, shown on the phone and in the topic, and never run as a page of ours."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Locator, expect

from tests.browser.stand import Stand, open_stand
from tests.files import HTML, PDF, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PHOTO: FilePayload = {"name": "cat.png", "mimeType": "image/png", "buffer": picture(120, 80)}
PAGE: FilePayload = {"name": "page.html", "mimeType": "text/html", "buffer": HTML}


@pytest_asyncio.fixture(loop_scope="session")
async def stand(browser: Browser) -> AsyncIterator[Stand]:
    """A page on a fresh emulator with a bot that polls it."""
    async with open_stand(browser) as opened:
        yield opened


async def attach(stand: Stand, where: Locator, side: str, words: str, file: FilePayload | None = None) -> None:
    """Choose a line of the menu behind the paper clip, and a file if it asks for one."""
    await where.get_by_test_id(f"{side}-attach").click()
    line = where.get_by_role("button", name=words)
    if file is None:
        await line.click()
        return
    async with stand.page.expect_file_chooser() as chooser:
        await line.click()
    await (await chooser.value).set_files(file)


async def drawn(image: Locator) -> bool:
    """Tell whether a picture was loaded and can be seen."""
    found: Any = await image.evaluate("(one) => one.decode().then(() => one.naturalWidth > 0)")
    return bool(found)


async def test_what_a_phone_sends_is_shown_there(stand: Stand) -> None:
    phone = stand.phone()
    await phone.get_by_test_id("phone-input").fill("look at him")
    await attach(stand, phone, "phone", "Photo from this computer", PHOTO)
    first = phone.get_by_test_id("phone-message").first
    await expect(first).to_contain_text("look at him")
    await expect(phone.get_by_test_id("phone-input")).to_have_value("")
    assert await drawn(first.locator("img"))
    assert await first.locator("img").get_attribute("width") == "120"
    for words, kind in (("Sample photo", "photo"), ("Sample file", "document"), ("Sample voice message", "voice")):
        await attach(stand, phone, "phone", words)
        await expect(phone.locator(f"[data-from=person][data-kind={kind}]").last).to_be_visible()
    voice = phone.locator("[data-from=person][data-kind=voice] audio")
    assert await voice.evaluate("(one) => new Promise((done) => { one.oncanplay = () => done(true); one.load(); })")
    document = phone.locator("[data-from=person][data-kind=document] a")
    assert await document.get_attribute("download") == "Sample.pdf"
    user = int(await phone.get_attribute("data-user") or 0)
    seen = (await stand.ctl(f"/chat/{user}/messages"))["items"]
    kinds = [item["kind"] for item in seen if not item["from"]["is_bot"]]
    assert kinds == ["photo", "photo", "document", "voice"]
    assert stand.faults == []


async def test_an_operator_answers_with_a_photo(stand: Stand) -> None:
    phone, page = stand.phone(), stand.page
    await stand.ask("A question")
    await phone.get_by_test_id("phone-button").filter(has_text="Call a human").click()
    thread = page.get_by_test_id("staff-thread")
    await expect(thread).to_contain_text("A card")
    await thread.get_by_test_id("staff-input").fill("// a note")
    await attach(stand, thread, "staff", "Photo from this computer", PHOTO)
    posted = thread.locator("[data-kind=photo]")
    await expect(posted).to_contain_text("// a note")
    assert await drawn(posted.locator("img"))
    assert stand.faults == []


async def test_a_page_somebody_sends_is_saved_and_never_run(stand: Stand) -> None:
    phone = stand.phone()
    await attach(stand, phone, "phone", "File from this computer", PAGE)
    link = phone.locator("[data-kind=document] a")
    address = await link.get_attribute("href") or ""
    async with stand.client.get(stand.url.removesuffix("/playground") + address) as answer:
        assert answer.status == 200
        assert await answer.read() == HTML
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with stand.page.expect_download() as saved:
        await link.click()
    assert (await saved.value).suggested_filename == "page.html"
    async with stand.client.get(f"{stand.url}/ctl/file/..%2Fsnapshot") as answer:
        assert answer.status in (403, 404)


async def test_a_large_file_is_passed_on_and_one_too_large_is_told(stand: Stand) -> None:
    phone = stand.phone()
    large: FilePayload = {"name": "big.pdf", "mimeType": "application/pdf", "buffer": PDF + bytes(3 << 20)}
    await attach(stand, phone, "phone", "File from this computer", large)
    await expect(phone.locator("[data-kind=document]")).to_contain_text("big.pdf · 3072 KB")
    assert stand.faults == []
