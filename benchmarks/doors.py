"""The doors: how fast updates are taken in durably, how near sending comes to what is allowed, what bots weigh."""

import asyncio
import itertools
import json
import statistics
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp

from benchmarks.processes import ROOT, Child, answers, command, free_port, listens, printed
from benchmarks.takers import SECRET

BUILD = ROOT / "build"
#: Updates of one turn, connections they come over (Telegram's default of max_connections), chats, and turns.
UPDATES, CONNECTIONS, CHATS, TURNS = 2000, 40, 500, 5
#: The key of the emulated community.
VK_TOKEN = "vk1.a." + "benchmark" * 4
#: Messages sent under the limits, and customers they go to: each chat takes one a second.
SENT, CUSTOMERS = 450, 90
#: Messages a second that Telegram allows a bot.
ALLOWED = 30
#: Looks, a twentieth of a second apart, until everything said must be out.
PATIENCE = 2400
#: Bots of one process.
BOTS = 20

#: Makes the body of an update's number.
Body = Callable[[int], bytes]


def measure() -> dict[str, float]:
    """Return the figures of the doors."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder, ExitStack() as stack:
        where = Path(folder)
        street = f"http://127.0.0.1:{free_port()}"
        child = Child("-m", "benchmarks.street", street.rpartition(":")[2], log=where / "street.log")
        stack.callback(child.end)
        child.until(answers(f"{street}/ctl/stats"))
        return {**_taking(where, street), **asyncio.run(_sending(where, street)), **_weighing(where, street)}


def telegram_update(number: int) -> bytes:
    """Return an update as Telegram delivers it."""
    id = number % CHATS + 1000
    person = {"id": id, "is_bot": False, "first_name": f"Customer {id}", "language_code": "ru"}
    message = {"message_id": number, "date": 1774000000, "text": f"Когда привезут заказ {number}?"}
    message |= {"from": person, "chat": {"id": id, "type": "private", "first_name": person["first_name"]}}
    return json.dumps({"update_id": number, "message": message}).encode()


def vk_event(number: int, group: int) -> bytes:
    """Return an event as VK's Callback API delivers it."""
    id = number % CHATS + 1000
    said = {"id": number, "date": 1774000000, "peer_id": id, "from_id": id, "out": 0, "random_id": 0, "attachments": []}
    said |= {"text": f"Когда привезут заказ {number}?", "conversation_message_id": number // CHATS + 1}
    event = {"group_id": group, "type": "message_new", "event_id": f"{number:040x}", "v": "5.199", "secret": SECRET}
    return json.dumps(event | {"object": {"message": said, "client_info": {}}}).encode()


def _taking(folder: Path, street: str) -> dict[str, float]:
    """Let updates come to the doors of a process that only takes them in, and to a bare server, in turn."""
    with ExitStack() as stack:
        vk, community = _community(stack, folder)
        port, bare = free_port(), free_port()
        tables = f'[bots.telegram]\n{bot_table(street, 1)}webhook_secret = "{SECRET}"\n'
        tables += f'[bots.vk]\ntoken = "{VK_TOKEN}"\napi_base = "{vk}"\nmode = "callback"\n'
        config = config_of(folder, "taking", port, f'{tables}callback_secret = "{SECRET}"\n')
        ours = Child("-m", "mostik", "run", "--config", str(config), "--role", "doors", log=folder / "taking.log")
        stack.callback(ours.end)
        theirs = Child("-m", "benchmarks.takers", str(bare), log=folder / "bare.log")
        stack.callback(theirs.end)
        ours.until(answers(f"http://127.0.0.1:{port}/readyz"))
        theirs.until(listens(bare))
        figures = {}
        bodies: dict[str, Body] = {"telegram": telegram_update, "vk": lambda number: vk_event(number, community)}
        for name, body in bodies.items():
            urls = {"ours": f"http://127.0.0.1:{port}/hooks/{name}", "bare": f"http://127.0.0.1:{bare}/{name}"}
            rates = asyncio.run(_in_turn(urls, body, itertools.count(1)))
            for which, told in rates.items():
                each = ", ".join(f"{rate:.0f}" for rate in told)
                print(f"taken in: {name} {which:6} {statistics.median(told):5.0f}/s ({each})")
            pairs = zip(rates["ours"], rates["bare"], strict=True)
            figures[f"{name}_taken_ratio"] = statistics.median(mine / other for mine, other in pairs)
    return figures


def _community(stack: ExitStack, folder: Path) -> tuple[str, int]:
    """Start the emulated VK with one community; returns its address and the community's number."""
    port = free_port()
    child = Child("-m", "mostik", "emulate", "vk", "--port", str(port), log=folder / "vk.log")
    stack.callback(child.end)
    base = f"http://127.0.0.1:{port}"
    child.until(answers(f"{base}/ctl/stats"))
    form = urllib.parse.urlencode({"access_token": VK_TOKEN, "v": "5.199"}).encode()
    with urllib.request.urlopen(f"{base}/method/groups.getById", form, timeout=30) as answer:
        return base, int(json.load(answer)["response"]["groups"][0]["id"])


async def _in_turn(urls: dict[str, str], body: Body, numbers: Iterator[int]) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {name: [] for name in urls}
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        for turn in range(TURNS + 1):
            for name, url in urls.items() if turn % 2 else reversed(urls.items()):
                # The first turn fills caches, asks for names and opens connections.
                bodies = [body(next(numbers)) for _ in range(UPDATES if turn else CHATS)]
                rate = await _poured(session, url, bodies)
                if turn:
                    rates[name].append(rate)
    return rates


async def _poured(session: aiohttp.ClientSession, url: str, bodies: list[bytes]) -> float:
    """Deliver bodies over all connections at once; returns how many a second. Raises SystemExit when one is refused."""
    left = iter(bodies)

    async def deliver() -> None:
        for body in left:
            async with session.post(url, data=body) as answer:
                if answer.status != 200:
                    raise SystemExit(f"{url} answered {answer.status}: {(await answer.text())[:300]}")

    started = time.perf_counter()
    await asyncio.gather(*(deliver() for _ in range(CONNECTIONS)))
    return len(bodies) / (time.perf_counter() - started)


async def _sending(folder: Path, street: str) -> dict[str, float]:
    """Let operators answer many customers at once under Telegram's limits: how much of what is allowed is used."""
    port = free_port()
    config = config_of(folder, "sending", port, f"[bots.telegram]\n{bot_table(street, 2)}")
    command(
        "-m", "mostik", "operator", "add", "a@example.org", "--name", "A", "--role", "admin", "--config", str(config)
    )
    token = printed("-m", "mostik", "operator", "token", "a@example.org", "--config", str(config)).strip()
    child = Child("-m", "mostik", "run", "--config", str(config), log=folder / "sending.log")
    try:
        await asyncio.to_thread(child.until, answers(f"http://127.0.0.1:{port}/readyz"))
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
            return await _answered(session, street, f"http://127.0.0.1:{port}/api/v1")
    finally:
        await asyncio.to_thread(child.end)


async def _answered(session: aiohttp.ClientSession, street: str, api: str) -> dict[str, float]:
    for number in range(CUSTOMERS):
        user = (await asked(session, f"{street}/ctl/user", {"name": f"Customer {number}"}))["user"]["id"]
        await asked(session, f"{street}/ctl/user/say", {"user": user, "bot": 2, "text": "Позовите оператора"})
    met: list[str] = []
    while len(met) < CUSTOMERS:
        async with session.get(f"{api}/conversations", params={"stage": "waiting", "limit": "100"}) as answer:
            met = [each["id"] for each in (await answer.json())["items"]]
        await asyncio.sleep(0.2)
    await asyncio.sleep(1)  # what the bot said to them is out
    before = await _counted(session, street)
    await asked(session, f"{street}/ctl/limits", {"on": True})
    started = time.perf_counter()

    async def answer_all(conversation: str) -> None:
        for number in range(SENT // CUSTOMERS):
            url = f"{api}/conversations/{conversation}/messages"
            await asked(session, url, {"text": f"Ответ {number}", "kind": "reply"})

    await asyncio.gather(*map(answer_all, met))
    said = time.perf_counter() - started
    sent = before
    for _ in range(PATIENCE):
        sent = await _counted(session, street)
        if sent[0] >= before[0] + SENT:
            break
        await asyncio.sleep(0.05)
    else:
        raise SystemExit(f"{sent[0] - before[0]} of {SENT} replies went out")
    seconds = time.perf_counter() - started
    print(f"sent: {SENT} replies said in {said:.1f} s were out after {seconds:.1f} s, {sent[1] - before[1]} times 429")
    await asked(session, f"{street}/ctl/limits", {"on": False})
    return {"sent_share_of_limit": SENT / seconds / ALLOWED, "sent_429": sent[1] - before[1]}


async def _counted(session: aiohttp.ClientSession, street: str) -> tuple[int, int]:
    async with session.get(f"{street}/ctl/stats") as answer:
        told = await answer.json()
    limited = int(told["rate_limited"])
    return int(told["methods"].get("sendMessage", 0)) - limited, limited


async def asked(session: aiohttp.ClientSession, url: str, body: dict[str, object]) -> dict[str, dict[str, str]]:
    """Post a body and return the answer's. Raises SystemExit when it is refused."""
    async with session.post(url, json=body) as answer:
        if answer.status >= 300:
            raise SystemExit(f"{url} answered {answer.status}: {(await answer.text())[:300]}")
        told: dict[str, dict[str, str]] = await answer.json()
        return told


def _weighing(folder: Path, street: str) -> dict[str, float]:
    """Weigh a process with one bot, and one with many."""
    one, many = (_weighed(folder, street, count) for count in (1, BOTS))
    print(f"memory: {one:.0f} MB with one bot, {many:.0f} MB with {BOTS}")
    return {"bots_20_rss_mb": many, "bots_20_rss_ratio": many / one}


def _weighed(folder: Path, street: str, count: int) -> float:
    port = free_port()
    tables = "".join(f"[bots.t{number}]\n{bot_table(street, 100 + number)}" for number in range(count))
    config = config_of(folder, f"bots{count}", port, tables)
    child = Child("-m", "mostik", "run", "--config", str(config), log=folder / f"bots{count}.log")
    try:
        child.until(answers(f"http://127.0.0.1:{port}/readyz"))
        time.sleep(2)  # every bot is connected
        return child.rss_mb()
    finally:
        child.end()


def config_of(folder: Path, name: str, port: int, bots: str) -> Path:
    """Write settings with these tables of bots, prepare their store, and return the file."""
    config = folder / f"{name}.toml"
    config.write_text(
        f'[store]\nurl = "sqlite:///{folder / name / "mostik.sqlite3"}"\n'
        f'[panel]\nport = {port}\npublic_url = "http://127.0.0.1:{port}"\n{bots}',
        encoding="utf-8",
    )
    command("-m", "mostik", "migrate", "--config", str(config))
    return config


def bot_table(street: str, number: int) -> str:
    """Return the table of a bot of the emulated Telegram."""
    return f'kind = "telegram"\ntoken = "{number}:{"benchmark" * 4}"\napi_base = "{street}"\nmode = "webhook"\n'
