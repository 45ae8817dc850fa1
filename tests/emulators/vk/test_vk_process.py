"""`mostik emulate vk`: a process of its own, with a state file that outlives even a kill."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector

from tests.vk_stand import VERSION

ROOT = Path(__file__).parents[3]
TOKEN = "vk1.a." + "P" * 40


@asynccontextmanager
async def process(folder: Path, end: signal.Signals) -> AsyncIterator[str]:
    """Run the emulator until the block ends; yields its address."""
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    arguments = ["-m", "mostik", "emulate", "vk", "--state", str(folder / "vk.json"), "--ready-file", str(ready)]
    running = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert running.stdout is not None
    try:
        async with asyncio.timeout(30):
            address = (await running.stdout.readline()).decode().strip()
        told = json.loads(ready.read_text(encoding="utf-8"))
        assert told == {"base": address, "ctl": f"{address}/ctl"}
        yield address
    finally:
        running.send_signal(end)
        _, complaints = await running.communicate()
    assert not complaints.decode()


async def said(client: ClientSession, base: str, user: int) -> list[str]:
    """What stands in a dialog."""
    async with client.get(f"{base}/ctl/chat/{user}/messages") as answer:
        return [item["text"] for item in (await answer.json())["items"]]


@pytest.mark.slow
async def test_a_process_ends_and_comes_back_with_everything(tmp_path: Path) -> None:
    async with ClientSession(connector=TCPConnector(force_close=True)) as client:

        async def ask(url: str, body: dict) -> dict:
            async with client.post(url, json=body) as answer:
                return await answer.json()

        call = {"access_token": TOKEN, "v": VERSION}
        async with process(tmp_path, signal.SIGTERM) as base:
            group = (await ask(f"{base}/method/groups.getById", call))["response"]["groups"][0]["id"]
            user = (await ask(f"{base}/ctl/user", {"name": "Anna"}))["user"]["id"]
            await ask(f"{base}/ctl/user/say", {"user": user, "text": "hello"})
        async with process(tmp_path, signal.SIGKILL) as base:
            assert await said(client, base, user) == ["hello"]
            send = {**call, "peer_id": user, "message": "good day", "random_id": 1}
            await ask(f"{base}/method/messages.send", send)
            async with asyncio.timeout(10):
                while "good day" not in (tmp_path / "vk.json").read_text(encoding="utf-8"):  # noqa: ASYNC110 - only the file tells
                    await asyncio.sleep(0.05)
        async with process(tmp_path, signal.SIGTERM) as base:
            assert await said(client, base, user) == ["hello", "good day"]
            assert (await ask(f"{base}/method/groups.getById", call))["response"]["groups"][0]["id"] == group
