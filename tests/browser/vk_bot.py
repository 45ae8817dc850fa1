"""A VK community of a few lines that speaks the raw VK API over Long Poll."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, TCPConnector
from aiohttp.test_utils import TestServer

from bots.emulators.vk import VkEmulator

TOKEN = "vk1.a." + "A" * 40
COMMUNITY = 220_300_001


class TinyCommunity:
    """Answers every word with three buttons, and presses with a line at the foot of the screen."""

    def __init__(self, base: str, client: ClientSession) -> None:
        self.base = base
        self.client = client
        self.heard: list[dict[str, Any]] = []

    async def call(self, method: str, **params: Any) -> Any:
        """Call a method until it works."""
        data = {"access_token": TOKEN, "v": "5.199", **params}
        while True:
            async with self.client.post(f"{self.base}/method/{method}", data=data) as answer:
                body = await answer.json(content_type=None) if answer.status == 200 else {}
            if "response" in body:
                return body["response"]

    async def run(self, server: dict[str, str]) -> None:
        """Poll for ever."""
        ts = server["ts"]
        while True:
            query = {"act": "a_check", "key": server["key"], "ts": ts, "wait": "20"}
            async with self.client.get(server["server"], params=query) as answer:
                told = await answer.json()
            ts = told["ts"]
            for event in told["updates"]:
                self.heard.append(event)
                if event["type"] == "message_new":
                    await self.said(event["object"]["message"])
                elif event["type"] == "message_event":
                    await self.pressed(event["object"])

    async def said(self, message: dict[str, Any]) -> None:
        """Answer a customer."""
        rows = [
            [{"action": {"type": "callback", "label": "Yes", "payload": "{}"}, "color": "primary"}],
            [{"action": {"type": "text", "label": "No", "payload": ""}}],
            [{"action": {"type": "open_link", "label": "Site", "link": "https://shop.example/"}}],
        ]
        await self.call(
            "messages.send",
            peer_id=message["peer_id"],
            random_id=message["id"],
            message=f"An answer to: {message['text']}",
            keyboard=json.dumps({"inline": True, "buttons": rows}),
        )

    async def pressed(self, event: dict[str, Any]) -> None:
        """Answer a press."""
        told = {"type": "show_snackbar", "text": "Glad to hear"}
        ids = {name: event[name] for name in ("event_id", "user_id", "peer_id")}
        await self.call("messages.sendMessageEventAnswer", **ids, event_data=json.dumps(told))


@asynccontextmanager
async def open_community() -> AsyncIterator[TinyCommunity]:
    """Open an emulated VK with a community that answers."""
    emulator = VkEmulator({TOKEN: {"id": COMMUNITY, "name": "Cedar", "long_poll": True}})
    server = TestServer(emulator.app())
    await server.start_server(shutdown_timeout=0.2)
    async with ClientSession(connector=TCPConnector(force_close=True)) as client:
        community = TinyCommunity(str(server.make_url("")).rstrip("/"), client)
        found = await community.call("groups.getLongPollServer", group_id=COMMUNITY)
        polling = asyncio.create_task(community.run(found))
        yield community
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    await server.close()
