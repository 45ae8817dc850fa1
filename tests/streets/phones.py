"""Customers with a messenger on the phone: emulated Telegram and VK have one control API."""

import base64
import io
import json
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.files import PDF
from tests.streets.people import Paper, Person, Seen, Street


@dataclass
class PhoneStreet(Street):
    """A messenger with an emulator, whose control API stands at `base`/ctl."""

    base: str = ""
    paused: tuple[str, str] = ("", "")  # method and fault that ask for a pause
    someone: "ClassVar[type[PhonePerson]]"

    async def ctl(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the emulator's control API."""
        data = None if body is None else io.BytesIO(json.dumps(body).encode())
        headers = {"Content-Type": "application/json"}
        async with self.shop.http.request(method, f"{self.base}/ctl{path}", data=data, headers=headers) as answer:
            assert answer.status < 300, await answer.text()
            return json.loads(await answer.text() or "{}")

    async def person(self, name: str = "Анна Ковалёва") -> "PhonePerson":
        """Return somebody with a new account."""
        user = (await self.ctl("POST", "/user", {"name": name, "lang": "ru"}))["user"]
        return self.someone(self, user["id"])

    async def pause(self, person: Person) -> None:
        """Have the next word wait."""
        method, fault = self.paused
        order = {"method": method, "fault": fault, "count": 1, "retry_after": 1, "chat": int(person.chat)}
        await self.ctl("POST", "/faults", order)

    async def types_to(self, person: Person) -> bool:
        """Was the messenger asked to show it?"""
        method = {"telegram": "sendChatAction", "vk": "messages.setActivity"}[self.name]
        calls = (await self.ctl("GET", f"/calls?method={method}"))["items"]
        return any(person.chat in map(str, call["params"].values()) for call in calls)

    async def shows_read(self, person: Person, id: str) -> bool:
        """Does the message bear the mark?"""
        return any(seen.id == id and seen.raw.get("read") for seen in await person.sees())


@dataclass
class PhonePerson(Person):
    """Somebody in such a messenger."""

    street: PhoneStreet
    id: int
    quotes = True

    @property
    def chat(self) -> str:  # type: ignore[override]
        """The account's id is the chat's."""
        return str(self.id)

    async def do(self, what: str, **more: Any) -> dict[str, Any]:
        """Do something on the phone."""
        return dict(await self.street.ctl("POST", f"/user/{what}", {"user": self.id, **more}))

    async def say(self, text: str, reply_to: str | None = None) -> str:
        """Write."""
        more = {"reply_to": int(reply_to)} if reply_to else {}
        return str((await self.do("say", text=text, **more))["message_id"])

    async def say_twice(self, text: str) -> None:
        """Write once; the update comes twice."""
        await self.street.ctl("POST", "/faults", {"fault": "duplicate_update", "count": 1})
        await self.say(text)

    async def send(self, body: bytes, name: str, text: str = "") -> None:
        """Send a photo or a document."""
        given = {"base64": base64.b64encode(body).decode(), "name": name}
        await self.do("say", text=text, **{"document" if body == PDF else "photo": given})

    async def bring(self, kind: str, body: bytes, name: str) -> None:
        """Send a file as a kind, without words."""
        await self.do("say", **{kind: {"base64": base64.b64encode(body).decode(), "name": name}})

    async def bring_album(self, count: int) -> None:
        """Send several photos at once."""
        await self.do("say", album=count)

    async def press(self, seen: Seen, label: str) -> None:
        """Press a button; one of a keyboard below the chat says its label."""
        data = next(b["data"] for row in seen.raw["buttons"] for b in row if b["text"] == label)
        if data is None or seen.raw.get("keyboard") == "reply":
            await self.do("press", message_id=int(seen.id), text=label)
        else:
            await self.do("press", message_id=int(seen.id), data=data)

    async def edit(self, id: str, text: str) -> None:
        """Change an own message."""
        await self.do("edit", message_id=int(id), text=text)

    async def delete(self, id: str) -> None:
        """Take an own message back."""
        await self.do("delete", message_id=int(id))

    async def react(self, seen: Seen, emoji: str) -> None:
        """Put a sign on a message."""
        await self.do("react", message_id=int(seen.id), emoji=emoji)

    async def block(self) -> None:
        """Shut the door."""
        await self.do("block")

    async def sees(self) -> list[Seen]:
        """Return what is on the screen."""
        items = (await self.street.ctl("GET", f"/chat/{self.id}/messages"))["items"]
        return [self._seen(item) for item in items]

    def _seen(self, item: dict[str, Any]) -> Seen:
        files = item.get("files") or ([item["file"]] if item.get("file") else [])
        return Seen(
            id=str(item["message_id"]),
            text=item["text"] or "",
            own=not item["from"]["is_bot"],
            buttons=tuple(button["text"] for row in item["buttons"] for button in row),
            files=tuple(Paper(item["kind"], file.get("name") or "", self._reader(file["id"])) for file in files),
            reply_to=str(item["reply_to"]) if item["reply_to"] else None,
            edited=item["edited"],
            deleted=item["deleted"],
            reactions=tuple(item["reactions"]),
            raw=item,
        )

    def _reader(self, id: str) -> Any:
        async def read() -> bytes:
            async with self.street.shop.http.get(f"{self.street.base}/ctl/file/{id}") as answer:
                assert answer.status == 200, await answer.text()
                return bytes(await answer.read())

        return read
