"""What a page of the panel comes with: its first picture, what its reader gets of it, no gap before the live line."""

import json
import re
from typing import Any

import pytest

from operator_panel.access import COOKIE

BOOT = re.compile(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', re.S)


@pytest.fixture
def page(house, session):
    """Anna's browser: an address gives the status and the JSON its page starts from."""

    async def look(path: str) -> tuple[int, Any]:
        answer = await house.client.get(path, headers={"Cookie": f"{COOKIE}={session.cookie}"}, allow_redirects=False)
        found = BOOT.search(await answer.text())
        return answer.status, json.loads(found[1]) if found else None

    return look


async def test_the_inbox_page_carries_its_first_picture(house, session, page) -> None:
    case = await house.says("</script><b>Здравствуйте")
    await house.post(f"/conversations/{case.id}/release", {"to": "queue"})
    status, boot = await page(f"/inbox/mine/{case.id}")
    assert status == 200
    assert (await house.bridge.store.staff.seen(["anna"])).get("anna") is not None  # who opens a page is there
    assert (boot["me"]["id"], boot["shop"]) == ("anna", "Кедр и Ко")
    assert (boot["view"], boot["conversation"], boot["lang"]) == ("mine", case.id, "ru")
    assert [row["id"] for row in boot["list"]["items"]] == [case.id]
    assert boot["list"]["items"][0]["unread"] == 1
    assert boot["thread"]["messages"][0]["text"] == "</script><b>Здравствуйте"
    assert (boot["thread"]["customer"]["name"], boot["thread"]["has_more"]) == ("Игорь Белов", False)
    assert boot["counts"] == {"mine": 1, "free": 1, "all": 1, "bot": 0, "due": 1}
    fine = {"name": "telegram", "kind": "telegram", "state": "ok", "reason": None, "reason_text": None}
    files = {"size": 1 << 20, "most": 10, "refused": [], "caption": None}
    assert boot["channels"] == [{**fine, "can": [], "files": files, "desk": None}]
    assert set(boot["thresholds"]) == {"answer", "suggest"}
    assert {"id": "mark", "name": "Mark", "role": "operator"} in boot["operators"]
    assert boot["strings"]
    assert all(key.startswith("ui.") for key in boot["strings"])
    assert boot["csrf"] == session.session.csrf


@pytest.mark.parametrize("path", ["/inbox/all", "/kb", "/customers", "/tasks", "/settings/me"])
async def test_every_page_counts_what_its_reader_gets_and_knows_his_keys(house, page, path) -> None:
    case = await house.says("Здравствуйте")
    await house.post(f"/conversations/{case.id}/release", {"to": "queue"})
    status, boot = await page(path)
    assert (status, boot["counts"]["due"]) == (200, 1)
    access = {"channel_access": {"scope": "except", "names": ["telegram"]}}
    await house.patch("/operators/anna", access, who="boss")
    await house.call("PUT", "/me/habits", json={"keys": {"go": "q"}})
    _, boot = await page(path)
    assert boot["counts"] == await house.get("/conversations/counts")
    assert (boot["counts"]["due"], boot["habits"]["keys"]["go"]) == (0, "q")


async def test_the_page_and_the_line_leave_no_gap(house, session, page) -> None:
    _, boot = await page("/inbox/all")
    await house.says("пока страница рисовалась")
    cookie = {"Cookie": f"{COOKIE}={session.cookie}"}
    async with house.client.ws_connect("/live", params={"since": boot["cursor"]}, headers=cookie) as socket:
        kinds = [(await socket.receive_json(timeout=5))["type"] for _ in range(2)]
    assert kinds == ["hello", "message.created"]


async def test_unknown_places_of_the_inbox(house, session, page) -> None:
    assert (await page("/inbox/theirs"))[0] == 404
    status, boot = await page("/inbox/mine/nowhere")
    assert (status, boot["thread"]) == (404, None)
    cookie = {"Cookie": f"{COOKIE}={session.cookie}"}
    moved = await house.client.get("/inbox", headers=cookie, allow_redirects=False)
    assert moved.headers["Location"] == "/inbox/mine"
