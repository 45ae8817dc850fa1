"""VK for tests: the emulated API on a port of its own, a community on it, and its people with their phones."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bots.emulators.vk import VkEmulator
from tests.ports import free_port
from tests.shop import serving, until

TOKEN = "vk1.a.tests-only-key-of-the-community"
GROUP = 700_001
NAME = "Кедр"


@dataclass
class Community:
    """One community of the emulated VK; it outlives shops."""

    emulator: VkEmulator
    base: str
    http: aiohttp.ClientSession
    table: dict[str, Any] = field(default_factory=dict)
    heard: bool = False

    async def listened(self) -> None:
        """Wait until somebody listens to the community: what is said before is told to nobody, as in VK."""

        async def listens() -> bool:
            group = self.emulator.emulation.world.groups[GROUP]
            if any(each.confirmed and each.events.get("message_new") for each in group.servers.values()):
                return True
            return group.poll_on and bool(await self.calls("groups.getLongPollServer"))

        if not self.heard:
            await until(listens, "somebody listens")
            self.heard = True

    async def ctl(self, method: str, path: str, body: Any = None) -> Any:
        async with self.http.request(method, f"{self.base}/ctl{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return json.loads(await answer.text() or "{}")

    async def person(self, name: str = "Анна Ковалёва") -> "Person":
        user = (await self.ctl("POST", "/user", {"name": name, "lang": "ru"}))["user"]
        return Person(self, user["id"], name)

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """Return the parameters of every call of a method so far."""
        return [call["params"] for call in (await self.ctl("GET", f"/calls?method={method}"))["items"]]

    async def fault(self, fault: str, **more: Any) -> None:
        await self.ctl("POST", "/faults", {"fault": fault, **more})

    async def admin_says(self, person: "Person", text: str, **more: Any) -> dict[str, Any]:
        """Let a person of the community answer in VK itself."""
        return await self.ctl("POST", "/operator/say", {"user": person.id, "text": text, **more})


@dataclass
class Person:
    """A customer with VK on the phone."""

    community: Community
    id: int
    name: str

    async def say(self, text: str = "", **more: Any) -> int:
        await self.community.listened()
        body = {"user": self.id, "text": text, **more}
        return (await self.community.ctl("POST", "/user/say", body))["message_id"]

    async def does(self, what: str, **more: Any) -> Any:
        await self.community.listened()
        return await self.community.ctl("POST", f"/user/{what}", {"user": self.id, **more})

    async def press(self, message: dict[str, Any], label: str) -> dict[str, Any]:
        """Press a button and return what its answer shows."""
        body = {"message_id": message["message_id"], "text": label, "wait": 20}
        return (await self.does("press", **body))["answer"]

    async def sees(self) -> list[dict[str, Any]]:
        return (await self.community.ctl("GET", f"/chat/{self.id}/messages"))["items"]

    async def heard(self) -> list[str]:
        """Texts that came from the community, in order."""
        return [m["text"] for m in await self.sees() if m["from"]["is_bot"]]

    async def gets(self, part: str) -> dict[str, Any]:
        async def got() -> dict[str, Any] | None:
            return next((m for m in await self.sees() if m["from"]["is_bot"] and part in m["text"]), None)

        return await until(got, part)


@asynccontextmanager
async def open_community() -> AsyncIterator[Community]:
    """Serve an emulated VK with one community."""
    emulator = VkEmulator({TOKEN: {"id": GROUP, "name": NAME}})
    async with serving(emulator.app(), free_port()) as base, aiohttp.ClientSession() as http:
        yield Community(emulator, base, http, {"kind": "vk", "token": TOKEN, "api_base": base, "mode": "callback"})
