"""Fifty panels at once, fifty words a second: from the customer's program to every socket; memory; a slow one."""

import argparse
import asyncio
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.panel.history import CHANNEL, Past
from benchmarks.panel.opening import BUILD, Panel, panel
from benchmarks.processes import ROOT, command, printed

#: Panels, those that never read, words a second, customers who say them, people of the desk, seconds.
PANELS, SLOW, RATE, CUSTOMERS, PEOPLE, SECONDS = 50, 1, 50, 50, 5, 60
SECRET = "benchmark" * 4
#: Seconds of the beginning that are not looked at: caches fill.
WARM = 10


def measure(seconds: int = SECONDS) -> dict[str, float]:
    """Return event_to_socket_p95_ms; prints what memory did, and how a line fared that never reads."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder, ExitStack() as stack:
        channel = f'[bots.{CHANNEL}]\nkind = "custom"\nsecret = "{SECRET}"\nurl = "http://127.0.0.1:9/nowhere"\n'
        shop = panel(stack, Path(folder), "crowd", Past(1000, 500), f"[bot]\nburst_seconds = 0\n{channel}")
        tokens = [shop.token, *_people(Path(folder) / "crowd.toml")]
        plan = {"url": shop.base, "tokens": tokens, "panels": PANELS, "slow": SLOW, "seconds": seconds}
        watchers = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.panel.watchers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        stack.callback(watchers.kill)
        assert watchers.stdin is not None
        assert watchers.stdout is not None
        asyncio.run(meet(shop))
        watchers.stdin.write(json.dumps(plan) + "\n")
        watchers.stdin.flush()
        if watchers.stdout.readline().strip() != "ready":
            raise SystemExit("the panels did not open")
        memory, said, took = asyncio.run(speak(shop, seconds))
        time.sleep(2)
        watchers.stdin.close()
        told: dict[str, Any] = json.loads(watchers.stdout.readline())
    _show(told, memory, said, took)
    return {"event_to_socket_p95_ms": told["p95"]}


def _people(config: Path) -> list[str]:
    tokens = []
    for number in range(1, PEOPLE):
        email = f"operator{number}@shop.example"
        on = ("--config", str(config))
        command("-m", "mostik", "operator", "add", email, "--name", f"Оператор {number}", "--role", "operator", *on)
        tokens.append(printed("-m", "mostik", "operator", "token", email, *on).strip())
    return tokens


async def meet(shop: Panel) -> None:
    """Let every customer call for a person, so that the bot is silent from then on."""
    async with aiohttp.ClientSession() as session:
        for number in range(CUSTOMERS):
            await say(session, shop, number, "позовите оператора", f"first-{number}")
    await asyncio.sleep(3)


async def speak(shop: Panel, seconds: int, rate: int = RATE) -> tuple[list[float], int, float]:
    """Say so many words a second; returns the server's memory in MB, ten times a minute, words, seconds it took."""
    loop = asyncio.get_running_loop()
    memory: list[float] = []
    tasks: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        begun = due = loop.time()
        run = time.monotonic_ns()  # words of another run are others
        for number in range(seconds * rate):
            if number % (6 * rate) == 0:
                memory.append(shop.child.rss_mb())
            task = asyncio.create_task(
                say(session, shop, number % CUSTOMERS, f"t={time.monotonic_ns()} слово", f"word-{run}-{number}")
            )
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            due += 1 / rate
            await asyncio.sleep(due - loop.time())
        await asyncio.gather(*tasks)
        return memory, seconds * rate, loop.time() - begun


async def say(session: aiohttp.ClientSession, shop: Panel, customer: int, text: str, id: str) -> None:
    said = {"external_id": id, "customer": {"id": f"c{customer}", "name": f"Покупатель {customer}"}, "text": text}
    body, at = json.dumps(said).encode(), int(time.time())
    seal = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Mostik-Signature": f"t={at},v1={seal}", "Content-Type": "application/json"}
    async with session.post(f"{shop.base}/api/v1/channels/{CHANNEL}/inbound", data=body, headers=headers) as answer:
        if answer.status != 200:
            raise SystemExit(f"a word was answered {answer.status}: {(await answer.text())[:300]}")


def _show(told: dict[str, Any], memory: list[float], said: int, took: float) -> None:
    least, most = min(told["words"]), max(told["words"])
    print(
        f"crowd: {said} words in {took:.0f} s to {PANELS} panels, each got {least}-{most}; "
        f"p50 {told['p50']:.0f}, p95 {told['p95']:.0f}, p99 {told['p99']:.0f} ms; lines lost {len(told['lost'])}; "
        f"of {SLOW} that never read {told['slow_cut']} cut off"
    )
    warm = memory[min(len(memory) - 1, 60 // 6) :] or memory
    print(f"crowd: memory {memory[0]:.0f} MB at first, {warm[0]:.0f} after a minute, {warm[-1]:.0f} MB at the end")
    print("crowd: MB minute by minute:", " ".join(f"{each:.0f}" for each in memory[::10]))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=SECONDS)
    print(measure(options.parse_args().seconds))
