"""A rush: thirty customers call for a person at once, and one staff group takes twenty messages a minute."""

import asyncio
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.doors import asked, bot_table, config_of
from benchmarks.processes import ROOT, Child, answers, command, free_port, printed

BUILD = ROOT / "build"
#: Who comes, and what each says after the word that calls a person.
CUSTOMERS = 30
PARTS = ("первое", "второе", "третье", "четвёртое")
#: The number of the bot and the group at the emulated Telegram, and what a group takes a minute.
BOT, GROUP, A_MINUTE = 2, -1001700000099, 20
#: Calls that count against a group.
COUNTED = ("sendMessage", "createForumTopic", "editForumTopic", "editMessageText", "pinChatMessage")
#: Seconds after which not everything is shown.
PATIENCE = 1200.0
#: Seconds between two looks of an operator into the panel.
LOOK = 0.2


def measure() -> dict[str, float]:
    """Return the figures of the rush; it takes as long as the group's limit makes it, about five minutes."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder, ExitStack() as stack:
        where = Path(folder)
        street, port = f"http://127.0.0.1:{free_port()}", free_port()
        child = Child("-m", "benchmarks.street", street.rpartition(":")[2], log=where / "street.log")
        stack.callback(child.end)
        child.until(answers(f"{street}/ctl/stats"))
        group = f"[bots.telegram.staff_group]\nchat = {GROUP}\n"
        config = str(config_of(where, "rush", port, f"[bots.telegram]\n{bot_table(street, BOT)}{group}"))
        admin = ("a@example.org", "--name", "A", "--role", "admin", "--config", config)
        command("-m", "mostik", "operator", "add", *admin)
        token = printed("-m", "mostik", "operator", "token", "a@example.org", "--config", config).strip()
        asyncio.run(_prepare(street))
        ours = Child("-m", "mostik", "run", "--config", config, log=where / "rush.log")
        stack.callback(ours.end)
        ours.until(answers(f"http://127.0.0.1:{port}/readyz"))
        return asyncio.run(_rush(street, f"http://127.0.0.1:{port}/api/v1", token))


async def _prepare(street: str) -> None:
    async with aiohttp.ClientSession() as session:
        await asked(session, f"{street}/street/group", {"id": GROUP, "title": "Staff"})
        await asked(session, f"{street}/ctl/limits", {"on": True})


async def _rush(street: str, api: str, token: str) -> dict[str, float]:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        started = time.perf_counter()
        looking = asyncio.create_task(_looks(session, api))
        users = await _say_all(session, street)
        while not await _all_shown(session, street, users):
            if time.perf_counter() - started > PATIENCE:
                raise SystemExit(f"not everything is shown in the group after {PATIENCE:.0f} s")
            await asyncio.sleep(1)
        seconds = time.perf_counter() - started
        looking.cancel()
        took = (await asyncio.gather(looking, return_exceptions=True))[0]
        calls = await _got(session, f"{street}/ctl/calls?limit=5000")
    counted = [each for each in calls["items"] if _counts(each)]
    late = [each for each in calls["items"] if each["status"] == 429]
    # The first twenty may go out at once: what is left takes a minute for every twenty.
    least = max(len(counted) - A_MINUTE, 0) / A_MINUTE * 60
    assert isinstance(took, list), took
    p95 = statistics.quantiles(took, n=20)[-1] * 1000
    print(
        f"rush: {len(counted)} calls to the group in {seconds:.0f} s (20 a minute allow {least:.0f} s), "
        f"{len(late)} times 429{_told(late)}; {len(took)} looks into the panel, p95 {p95:.0f} ms"
    )
    return {"rush_shown_ratio": seconds / least, "rush_429": len(late), "rush_panel_p95_ms": p95}


def _told(late: list[dict[str, Any]]) -> str:
    return "".join(f" ({each['at']} {each['method']} to {each['params'].get('chat_id')})" for each in late[:5])


def _counts(call: dict[str, Any]) -> bool:
    return call["method"] in COUNTED and str(call["params"].get("chat_id")) == str(GROUP)


async def _say_all(session: aiohttp.ClientSession, street: str) -> list[str]:
    names = [f"Клиент {number:02}" for number in range(CUSTOMERS)]
    ids = [(await asked(session, f"{street}/ctl/user", {"name": name}))["user"]["id"] for name in names]
    for part in ("оператор", *PARTS):
        words = [
            {"user": id, "bot": BOT, "text": part if part == "оператор" else f"{name}: {part}"}
            for id, name in zip(ids, names, strict=True)
        ]
        await asyncio.gather(*(asked(session, f"{street}/ctl/user/say", word) for word in words))
    return names


async def _all_shown(session: aiohttp.ClientSession, street: str, names: list[str]) -> bool:
    items = (await _got(session, f"{street}/ctl/chat/{GROUP}/messages?bot={BOT}"))["items"]
    texts = "\n".join(item["text"] for item in items)
    return all(f"{name}: {part}" in texts for name in names for part in PARTS)


async def _looks(session: aiohttp.ClientSession, api: str) -> list[float]:
    """Look into list and thread as an operator does, until cancelled; returns seconds a look."""
    took: list[float] = []
    try:
        while True:
            started = time.perf_counter()
            found = (await _got(session, f"{api}/conversations?limit=50"))["items"]
            if found:
                await _got(session, f"{api}/conversations/{found[len(took) % len(found)]['id']}/messages?limit=50")
            took.append(time.perf_counter() - started)
            await asyncio.sleep(LOOK)
    except asyncio.CancelledError:
        return took


async def _got(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url) as answer:
        if answer.status != 200:
            raise SystemExit(f"{url} answered {answer.status}: {(await answer.text())[:300]}")
        return await answer.json()
