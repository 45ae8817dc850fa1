"""Files that were brought and never sent."""

from datetime import timedelta
from typing import Any

import pytest

from bridge import files
from tests.files import PDF, picture, upload

PHOTO = picture(200, 150, "JPEG")


async def test_what_nobody_attached_is_forgotten_and_what_was_stays(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = await shop.caller()
    row = await shop.conversation(anna)
    url = f"/conversations/{row['id']}/messages"
    sent, left = await upload(shop, PHOTO, "кот.jpg"), await upload(shop, PDF, "счёт.pdf")
    await shop.api("POST", url, {"text": "", "attachments": [{"file_id": sent}]}, status=201)
    assert await files.forget_loose(shop.bridge) == 0
    monkeypatch.setattr(files, "LOOSE", timedelta(0))
    await shop.bridge.clock.sleep(0.01)
    assert await files.forget_loose(shop.bridge) == 1
    assert await shop.bridge.files.delete(left) is False
    await shop.api("GET", f"/files/{left}", status=404)
    refused = await shop.api("POST", url, {"text": "", "attachments": [{"file_id": left}]}, status=422)
    assert refused["errors"] == [{"field": "attachments", "code": "unknown"}]
    (line,) = [m for m in await shop.history(anna) if m["author"]["kind"] == "operator"]
    assert line["attachments"][0]["name"] == "кот.jpg"
    assert [piece async for piece in shop.bridge.files.read(sent)]
