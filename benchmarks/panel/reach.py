"""How long the inbox takes to open for who gets two small teams alone, beside who gets everything, in two pasts."""

import asyncio
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import aiohttp

from benchmarks.panel import history
from benchmarks.panel.history import Past
from benchmarks.panel.opening import BUILD, Panel, log_in, panel
from benchmarks.processes import printed

#: The same pasts as those of opening.py in conversations, with fewer words: what is said has no part in lists.
PASTS = {"long": Past(100_000, 5_000, 2, teams=10), "short": Past(1_000, 80, 2, teams=10)}
PAGES = {
    "mine": "/inbox/mine",
    "all": "/inbox/all",
    "closed": "/inbox/closed",
    "list": "/api/v1/conversations?limit=50",
    "counts": "/api/v1/conversations/counts",
    "views": "/api/v1/views/counts",
    "found": "/api/v1/search?q=чайник",
}
TURNS = 21
NARROW = "vera@shop.example"


def main() -> None:
    """Print milliseconds by page, past and person."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder, ExitStack() as stack:
        panels = {name: panel(stack, Path(folder), name, past) for name, past in PASTS.items()}
        took = asyncio.run(_measured(panels, Path(folder)))
    for page in PAGES:
        times = {key: statistics.median(took[*key, page]) * 1000 for key in {key[:2] for key in took}}
        narrow, whole = times["long", "narrow"], times["long", "whole"]
        short = times["short", "narrow"]
        print(
            f"open {page:7} two teams {narrow:6.1f} ms, beside everything {whole:6.1f} ms: {narrow / whole:.2f};"
            f" beside a short past {short:6.1f} ms: {narrow / short:.2f}"
        )


async def _measured(panels: dict[str, Panel], folder: Path) -> dict[tuple[str, str, str], list[float]]:
    took: dict[tuple[str, str, str], list[float]] = {}
    async with aiohttp.ClientSession() as session:
        seats = {}
        for name, one in panels.items():
            narrow = await _narrow(session, one, folder / f"{name}.toml")
            seats[name, "whole"] = one.base, await log_in(session, one)
            seats[name, "narrow"] = one.base, await log_in(session, narrow)
        for turn in range(TURNS):
            for key in seats if turn % 2 == 0 else reversed(list(seats)):
                base, cookie = seats[key]
                for page, path in PAGES.items():
                    seconds = await _seconds(session, base + path, cookie)
                    took.setdefault((*key, page), []).append(seconds)
    return took


async def _narrow(session: aiohttp.ClientSession, one: Panel, config: Path) -> Panel:
    """Add somebody who works in one small team and gets the smallest one too."""
    on = ("--config", str(config))
    added = printed("-m", "mostik", "operator", "add", NARROW, "--name", "Вера", "--role", "operator", *on)
    chief = "chief@shop.example"
    printed("-m", "mostik", "operator", "add", chief, "--name", "Шеф", "--role", "admin", *on)
    token = printed("-m", "mostik", "operator", "token", chief, *on).strip()
    headers = {"Authorization": f"Bearer {token}"}
    async with session.get(f"{one.base}/api/v1/operators", headers=headers) as answer:
        people = (await answer.json())["items"]
    id = next(person["id"] for person in people if person["email"] == NARROW)
    reach = {"scope": "only", "names": [history.team_id(9), history.team_id(1)]}
    body = {"teams": [history.team_id(1)], "team_access": reach}
    async with session.patch(f"{one.base}/api/v1/operators/{id}", json=body, headers=headers) as answer:
        if answer.status != 200:
            raise SystemExit(await answer.text())
    return Panel(one.base, NARROW, added.split()[-1], "", one.child)


async def _seconds(session: aiohttp.ClientSession, url: str, cookie: str) -> float:
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with session.get(url, headers={"Cookie": cookie}) as answer:
        if not await answer.read() or answer.status != 200:
            raise SystemExit(f"{url} answered {answer.status}")
    return loop.time() - started


if __name__ == "__main__":
    sys.exit(main())
