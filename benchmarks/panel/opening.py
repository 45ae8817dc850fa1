"""How long the inbox takes to open on a long past, beside a short one: what the panel's process needs, in one run."""

import asyncio
import re
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.panel import history
from benchmarks.panel.history import Past
from benchmarks.processes import ROOT, Child, answers, command, free_port, printed

BUILD = ROOT / "build"
LONG, SHORT = Past(100_000, 5_000), Past(100, 80)
#: What is opened, in turn on both stores, and how often.
PAGES = {
    "mine": "/inbox/mine",
    "all": "/inbox/all",
    "closed": "/inbox/closed",
    "thread": "/inbox/all/{id}",
    "list": "/api/v1/conversations?limit=50",
    "found": "/api/v1/conversations?q=чайник&limit=50",
}
TURNS = 41
#: What counts as opening the inbox: its two usual views, and one with a conversation.
OPENED = ("mine", "all", "thread")
PASSWORD = re.compile(r"\S+$")


@dataclass(frozen=True, slots=True)
class Panel:
    """One process of the panel on one past, and an operator who is logged in."""

    base: str
    email: str
    password: str
    token: str
    child: Child


def panel(stack: ExitStack, folder: Path, name: str, past: Past, more: str = "") -> Panel:
    """Make a store with a past, start the panel on it and wait until it answers."""
    where, port = folder / name, free_port()
    where.mkdir()
    base, config = f"http://127.0.0.1:{port}", folder / f"{name}.toml"
    store = where / "mostik.sqlite3"
    config.write_text(
        f'[store]\nurl = "sqlite:///{store}"\n[panel]\nport = {port}\npublic_url = "{base}"\n{more}', encoding="utf-8"
    )
    on = ("--config", str(config))
    command("-m", "mostik", "migrate", *on)
    email = "anna@shop.example"
    added = printed("-m", "mostik", "operator", "add", email, "--name", "Анна", "--role", "operator", *on)
    token = printed("-m", "mostik", "operator", "token", email, *on).strip()
    found = PASSWORD.search(added.strip())
    assert found is not None, added
    started = time.monotonic()
    history.write(store, past, email)
    print(
        f"{name}: {past.conversations} conversations, {past.words} words written in {time.monotonic() - started:.0f} s"
    )
    child = Child("-m", "mostik", "run", *on, log=folder / f"{name}.log")
    stack.callback(child.end)
    child.until(answers(f"{base}/readyz"))
    return Panel(base, email, found.group(), token, child)


def measure() -> dict[str, float]:
    """Return panel_open_ratio_1e6."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder, ExitStack() as stack:
        panels = {name: panel(stack, Path(folder), name, past) for name, past in (("long", LONG), ("short", SHORT))}
        took = asyncio.run(_in_turn(panels))
    middle = {key: statistics.median(times) for key, times in took.items()}
    for page in PAGES:
        long, short = middle["long", page], middle["short", page]
        print(f"open {page:8} {long * 1000:6.1f} ms beside {short * 1000:6.1f} ms: {long / short:.2f}")
    return {
        "panel_open_ratio_1e6": sum(middle["long", page] for page in OPENED)
        / sum(middle["short", page] for page in OPENED)
    }


async def _in_turn(panels: dict[str, Panel]) -> dict[tuple[str, str], list[float]]:
    took: dict[tuple[str, str], list[float]] = {(name, page): [] for name in panels for page in PAGES}
    async with aiohttp.ClientSession() as session:
        seats = {name: await _seat(session, one) for name, one in panels.items()}
        for turn in range(TURNS):
            for name in panels if turn % 2 == 0 else reversed(list(panels)):
                cookie, ids = seats[name]
                for page, path in PAGES.items():
                    url = panels[name].base + path.format(id=ids[turn % len(ids)])
                    took[name, page].append(await _seconds(session, url, cookie))
    return took


async def _seat(session: aiohttp.ClientSession, one: Panel) -> tuple[str, list[str]]:
    """Log in; return the cookie's header, and ids of conversations that stand in the inbox."""
    cookie = await log_in(session, one)
    async with session.get(f"{one.base}/api/v1/conversations?limit=40", headers={"Cookie": cookie}) as answer:
        return cookie, [each["id"] for each in (await answer.json())["items"]]


async def log_in(session: aiohttp.ClientSession, one: Panel) -> str:
    """Log the operator in as the page does; return the header of his cookies. Raises SystemExit when refused."""
    form = {"email": one.email, "password": one.password, "next": ""}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(f"{one.base}/login") as shown:
            hidden = re.search(r'name="csrf" value="([^"]*)"', await shown.text())
        if hidden:
            form["csrf"] = hidden.group(1)
        async with browser.post(f"{one.base}/login", data=form, allow_redirects=False) as answer:
            if answer.status != 303:
                raise SystemExit(f"the login answered {answer.status}")
        return "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.cookie_jar)


async def _seconds(session: aiohttp.ClientSession, url: str, cookie: str) -> float:
    started = time.perf_counter()
    async with session.get(url, headers={"Cookie": cookie}) as answer:
        body = await answer.read()
        if answer.status != 200 or not body:
            raise SystemExit(f"{url} answered {answer.status}")
    return time.perf_counter() - started
