"""Snapshots, restarts, resets, several bots, open tokens, mounting, and a process of its own."""

import asyncio
import io
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bots.emulators.telegram import TelegramEmulator

Stand = Any
TOKEN = "4200001:" + "A" * 35
GROUP = {"id": -1001234, "title": "Staff", "members": [{"id": 5001, "name": "Olga"}]}


async def ask(base: str, path: str, body: Any = None, method: str | None = None) -> Any:
    """A request of a test that has no aiogram bot at hand."""
    verb = method or ("GET" if body is None else "POST")
    async with ClientSession() as client, client.request(verb, base + path, json=body) as answer:
        return await answer.json(content_type=None)


async def open_server(emulator: TelegramEmulator) -> tuple[TestServer, str]:
    """Serve an emulator."""
    server = TestServer(emulator.app())
    await server.start_server(shutdown_timeout=0.2)
    return server, str(server.make_url("/")).rstrip("/")


async def live(base: str) -> dict[str, Any]:
    """A small history: a customer, a topic, a file, an unread update."""
    user = (await ask(base, "/ctl/user", {"name": "Anna"}))["user"]["id"]
    await ask(base, "/ctl/user/say", {"user": user, "text": "hi"})
    call = f"/bot{TOKEN}"
    topic = (await ask(base, f"{call}/createForumTopic", {"chat_id": -1001234, "name": "T"}))["result"]
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    sent = await ask(base, f"{call}/sendMessage", {"chat_id": user, "text": "q", "reply_markup": keyboard})
    await ask(base, "/ctl/user/say", {"user": user, "document": "bill.pdf"})
    return {"user": user, "topic": topic["message_thread_id"], "sent": sent["result"]["message_id"]}


async def check(base: str, was: dict[str, Any]) -> list[dict[str, Any]]:
    """The history is whole; returns the waiting updates."""
    updates = (await ask(base, f"/bot{TOKEN}/getUpdates"))["result"]
    assert updates[0]["message"]["text"] == "hi"
    items = (await ask(base, f"/ctl/chat/{was['user']}/messages"))["items"]
    assert [i["text"] or i["kind"] for i in items] == ["hi", "q", "document"]
    assert (await ask(base, "/ctl/topics?group=-1001234"))["items"][0]["topic"] == was["topic"]
    file = (await ask(base, f"/bot{TOKEN}/getFile", {"file_id": updates[-1]["message"]["document"]["file_id"]}))[
        "result"
    ]
    async with ClientSession() as client, client.get(f"{base}/file/bot{TOKEN}/{file['file_path']}") as answer:
        assert (await answer.read()).startswith(b"%PDF")
    press = {"user": was["user"], "message_id": was["sent"], "data": "a"}
    assert "callback_query_id" in await ask(base, "/ctl/user/press", press)
    return updates  # type: ignore[no-any-return]


async def test_a_restart_keeps_the_world(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state.json"
    server, base = await open_server(TelegramEmulator({TOKEN: {}}, [GROUP], path))
    was = await live(base)
    before = (await ask(base, f"/bot{TOKEN}/getUpdates"))["result"]
    await server.close()
    assert not list(path.parent.glob("*.partial"))
    server, base = await open_server(TelegramEmulator({TOKEN: {}}, [GROUP], path))
    assert await check(base, was) == before
    said = await ask(base, "/ctl/user/say", {"user": was["user"], "text": "again"})
    assert said["message_id"] == 4
    ids = [u["update_id"] for u in (await ask(base, f"/bot{TOKEN}/getUpdates?offset=1"))["result"]]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    await server.close()


async def test_a_restart_completes_its_groups(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    staff = {"title": "Staff", "members": [{"id": 5001, "name": "Olga"}]}
    server, base = await open_server(TelegramEmulator({TOKEN: {}}, [staff], path))
    first = (await ask(base, "/ctl/groups"))["items"]
    await server.close()
    more = {**staff, "members": [*staff["members"], {"id": 5002, "name": "Ivan"}]}
    second_bot = "4200002:" + "B" * 35
    server, base = await open_server(TelegramEmulator({TOKEN: {}, second_bot: {}}, [more], path))
    (group,) = (await ask(base, "/ctl/groups"))["items"]
    assert group["id"] == first[0]["id"]
    assert [(o["id"], o["status"]) for o in group["operators"]] == [(5001, "creator"), (5002, "administrator")]
    assert (await ask(base, f"/bot{second_bot}/sendMessage", {"chat_id": group["id"], "text": "here"}))["ok"]
    await server.close()


async def test_after_a_crash_no_id_is_given_twice(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    server, base = await open_server(TelegramEmulator({TOKEN: {}}, [GROUP], path))
    was = await live(base)
    async with asyncio.timeout(5):
        while not path.exists() or len(json.loads(path.read_text())["files"]) == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    crashed = json.loads(path.read_text())
    assert crashed["clean"] is False
    before = (await ask(base, f"/bot{TOKEN}/getUpdates"))["result"]
    await server.close()
    path.write_text(json.dumps(crashed))
    server, base = await open_server(TelegramEmulator({TOKEN: {}}, [GROUP], path))
    await check(base, was)
    await ask(base, "/ctl/user/say", {"user": was["user"], "text": "again"})
    newest = (await ask(base, f"/bot{TOKEN}/getUpdates?offset=-1"))["result"][0]
    assert newest["update_id"] > before[-1]["update_id"] + 1000
    await server.close()


async def test_a_webhook_outlives_a_restart(tmp_path: Path, receiver: Any) -> None:
    path = tmp_path / "state.json"
    server, base = await open_server(TelegramEmulator({TOKEN: {}}, [GROUP], path))
    assert (await ask(base, f"/bot{TOKEN}/setWebhook", {"url": receiver.url, "secret_token": "s"}))["ok"]
    await server.close()
    server, base = await open_server(TelegramEmulator({TOKEN: {}}, [GROUP], path))
    user = (await ask(base, "/ctl/user", {"name": "Anna"}))["user"]["id"]
    await ask(base, "/ctl/user/say", {"user": user, "text": "hi"})
    assert (await receiver.wait(1))[0]["message"]["text"] == "hi"
    assert receiver.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "s"
    await server.close()


async def test_a_snapshot_moves_the_world() -> None:
    first, base = await open_server(TelegramEmulator({TOKEN: {}}, [GROUP]))
    was = await live(base)
    snapshot = await ask(base, "/ctl/snapshot")
    await first.close()
    second, base = await open_server(TelegramEmulator())
    await ask(base, "/ctl/snapshot", snapshot, "PUT")
    await check(base, was)
    problem = await ask(base, "/ctl/snapshot", {"version": 9}, "PUT")
    assert problem["status"] == 400
    await second.close()


async def test_a_reset_keeps_bots_groups_and_webhooks(stand: Stand, receiver: Any) -> None:
    user = await stand.user()
    await stand.bot.set_webhook(receiver.url)
    await stand.say(user, "one")
    await receiver.wait(1)
    await stand.bot.create_forum_topic(stand.group, "T")
    await receiver.wait(2)
    await stand.ctl("/faults", {"fault": "500", "count": 9})
    await stand.ctl("/reset", {})
    assert (await stand.ctl("/users"))["items"][0]["id"] == 5001
    assert (await stand.ctl(f"/topics?group={stand.group}"))["items"] == []
    assert (await stand.ctl("/calls"))["items"] == []
    fresh = await stand.user()
    assert fresh > user
    await stand.say(fresh, "two")
    got = await receiver.wait(3)
    assert got[2]["message"]["text"] == "two"
    assert got[2]["update_id"] > got[1]["update_id"]


async def test_two_bots_share_a_group_and_not_a_chat(stand: Stand) -> None:
    stand.emulator.add_bot("4200002:" + "B" * 35, "Second")
    other = stand.open_bot("4200002:" + "B" * 35)
    user = await stand.user()
    await stand.say(user, "to the first")
    await stand.ctl("/user/say", {"user": user, "text": "to the second", "bot": 4200002})
    assert [u.message.text for u in await stand.updates()] == ["to the first"]
    assert [u.message.text for u in await other.get_updates()] == ["to the second"]
    items = (await stand.ctl(f"/chat/{user}/messages?bot=4200002"))["items"]
    assert [i["text"] for i in items] == ["to the second"]
    shared = (await stand.ctl("/group", {"title": "Both"}))["group"]["id"]
    newcomer = await stand.user("Op")
    await stand.ctl("/operator/say", {"operator": newcomer, "group": shared, "text": "all", "photo": "p"})
    mine = (await stand.bot.get_updates(offset=-1))[0].message
    theirs = (await other.get_updates(offset=-1))[0].message
    assert mine.message_id == theirs.message_id
    assert mine.photo[-1].file_id != theirs.photo[-1].file_id
    assert (await other.download(theirs.photo[-1])).read() == (await stand.bot.download(mine.photo[-1])).read()


async def test_open_tokens_make_bots() -> None:
    server, base = await open_server(TelegramEmulator(open_tokens=True))
    group = (await ask(base, "/ctl/group", {"operators": [{"name": "Olga"}]}))["group"]
    token = "987:" + "x" * 30
    assert (await ask(base, f"/bot{token}/getMe"))["result"]["id"] == 987
    assert (await ask(base, f"/bot987:{'y' * 30}/getMe"))["error_code"] == 401
    assert (await ask(base, f"/bot{token}/createForumTopic", {"chat_id": group["id"], "name": "T"}))["ok"]
    assert (await ask(base, "/ctl/bots"))["items"][0]["id"] == 987
    await server.close()


async def test_changes_are_told(stand: Stand) -> None:
    user = await stand.user()
    seq = (await stand.ctl("/changes?timeout=0"))["seq"]
    waiting = asyncio.create_task(stand.ctl(f"/changes?since={seq}&timeout=5"))
    await asyncio.sleep(0.02)
    await stand.say(user, "x")
    assert (await waiting)["chats"] == [user]
    assert (await stand.ctl(f"/changes?since={seq + 99}&timeout=0"))["chats"][-1] == user


async def test_mounted_under_a_prefix_and_without_control() -> None:
    root = web.Application()
    root.add_subapp("/telegram", TelegramEmulator({TOKEN: {}}).app())
    root.add_subapp("/quiet", TelegramEmulator({TOKEN: {}}, expose_ctl=False).app())
    server = TestServer(root)
    await server.start_server()
    base = str(server.make_url("/")).rstrip("/")
    assert (await ask(base, f"/telegram/bot{TOKEN}/getMe"))["ok"]
    big = json.dumps({"user": 1, "document": {"base64": "A" * 3_000_000}}).encode()
    async with ClientSession() as client:
        async with client.post(f"{base}/telegram/ctl/user/say", data=io.BytesIO(big)) as answer:
            assert answer.status == 404  # the body was read, nobody has the id 1
        async with client.get(f"{base}/quiet/ctl/stats") as answer:
            assert answer.status == 404
        async with client.get(f"{base}/quiet/bot{TOKEN}/getMe") as answer:
            assert answer.status == 200
    await server.close()


async def test_whoever_waits_is_let_go_at_the_end() -> None:
    server, base = await open_server(TelegramEmulator({TOKEN: {}}))
    user = (await ask(base, "/ctl/user", {"name": "Anna"}))["user"]["id"]
    await ask(base, "/ctl/faults", {"fault": "hang", "method": "getMe"})
    paths = [
        f"/bot{TOKEN}/getUpdates?timeout=50",
        f"/ctl/wait?chat={user}&timeout=50",
        "/ctl/changes?timeout=50",
    ]
    waiting = [asyncio.create_task(ask(base, path)) for path in [*paths, f"/bot{TOKEN}/getMe"]]
    await asyncio.sleep(0.1)
    async with asyncio.timeout(5):
        await server.close()
        ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert not any(isinstance(end, asyncio.CancelledError) for end in ends)


@pytest.mark.slow
async def test_a_process_of_its_own(tmp_path: Path) -> None:
    ready, state = tmp_path / "ready.json", tmp_path / "state.json"
    code = (
        "import asyncio, sys; from bots.emulators.telegram import serve;"
        "assert 'aiogram' not in sys.modules;"
        f"asyncio.run(serve(state={str(state)!r}, ready_file={str(ready)!r}))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    try:
        assert process.stdout is not None
        base = (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()
        assert json.loads(ready.read_text()) == {"base": base, "ctl": f"{base}/ctl"}
        await ask(base, "/ctl/user", {"name": "Anna"})
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 20)
    assert process.returncode == 0
    saved = json.loads(state.read_text())
    assert (saved["clean"], saved["people"][0]["name"]) == (True, "Anna")
