"""The demo's VK: named in the ready file, answered by the bot, and there again after a restart."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector

HOUSE = Path(__file__).resolve().parents[3]
QUESTION = "Сколько стоит доставка?"
pytestmark = pytest.mark.slow


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[dict[str, Any]]:
    """Run the demo on a folder; yields its ready file."""
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    command = ["-m", "mostik", "demo", "--port", "0", "--data", str(folder / "data"), "--ready-file", str(ready)]
    running = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=HOUSE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(120):
            while not ready.exists():
                assert running.returncode is None, "the demo ended"
                await asyncio.sleep(0.1)
        yield json.loads(ready.read_text(encoding="utf-8"))
    finally:
        if running.returncode is None:
            running.terminate()
        await running.communicate()
    assert running.returncode == 0


class People:
    """VK's control API and the demo's own."""

    def __init__(self, ready: dict[str, Any], client: ClientSession) -> None:
        self.ready = ready
        self.client = client

    async def ask(self, path: str, body: Any = None) -> Any:
        """Ask the control API: POST with a body, GET without one."""
        url = f"{self.ready['vk']['base']}/ctl{path}"
        async with self.client.request("GET" if body is None else "POST", url, json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def said(self, user: int) -> list[str]:
        """What stands in a dialog."""
        return [item["text"] for item in (await self.ask(f"/chat/{user}/messages"))["items"]]

    async def channels(self) -> dict[str, str]:
        """The demo's channels and how they are."""
        headers = {"Authorization": f"Bearer {self.ready['api_token']}"}
        async with self.client.get(f"{self.ready['api']}/channels", headers=headers) as answer:
            return {one["name"]: one["state"] for one in (await answer.json())["items"]}


async def test_a_customer_in_vk_is_answered_and_found_again(tmp_path: Path) -> None:
    async with ClientSession(connector=TCPConnector(force_close=True)) as client:
        async with demo(tmp_path) as ready:
            people = People(ready, client)
            assert (await people.ask("/groups"))["items"][0]["id"] == ready["vk"]["group_id"]
            assert (await people.channels())["vk"] == "ok"
            user = (await people.ask("/user", {"name": "Мария Лебедева"}))["user"]["id"]
            await people.ask("/user/say", {"user": user, "text": QUESTION})
            await people.ask(f"/wait?chat={user}&contains=250&from_bot=1&timeout=60")
            before = await people.said(user)
        async with demo(tmp_path) as ready:
            people = People(ready, client)
            assert await people.said(user) == before
            said = await people.ask("/user/say", {"user": user, "text": "Позовите оператора"})
            since = f"since={said['message_id']}"
            await people.ask(f"/wait?chat={user}&contains=оператор&from_bot=1&{since}&timeout=60")
