"""A person of the desk is told by the bot in private: linked by a code, told once, and what he handled is taken off."""

from dataclasses import replace
from typing import Any

from bridge.model.ids import OperatorId
from operator_panel.access import COOKIE, new_session

OLGA = {"email": "olga@kedr.example", "name": "Ольга Зимина", "role": "operator"}


class Seat:
    """Somebody at the panel in a browser of his own."""

    def __init__(self, shop: Any, id: str) -> None:
        self.shop, self.id = shop, OperatorId(id)
        self.headers: dict[str, str] = {}

    async def sits(self) -> "Seat":
        store = self.shop.bridge.store.staff
        opened = new_session(await store.operator(self.id), self.shop.bridge.clock.now(), True, "")
        await store.open_session(opened.session)
        self.headers = {"Cookie": f"{COOKIE}={opened.cookie}", "X-CSRF-Token": opened.session.csrf}
        return self

    async def api(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.shop.url}/api/v1{path}"
        async with self.shop.http.request(method, url, json=body, headers=self.headers) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.status != 204 else None

    async def hurries(self) -> None:
        """Let what waits for her go out now: half a minute at the panel is not waited for."""
        notices = self.shop.bridge.store.notices
        for row in await notices.unread(self.id, 50):
            if not row.told and row.telegram_at is not None:
                await notices.replace(replace(row, telegram_at=self.shop.bridge.clock.now()))


async def test_who_linked_her_telegram_is_told_there_until_she_has_handled_it(shop: Any, until: Any) -> None:
    made = await shop.api("POST", "/operators", OLGA, who="admin", status=201)
    olga = await Seat(shop, made["id"]).sits()
    phone = await shop.phone("Ольга")
    code = (await olga.api("POST", "/me/telegram"))["code"]
    await phone.say(f"/start {code}")
    await phone.gets("Готово: этот Telegram теперь ваш")
    anna = await shop.caller()
    case = await shop.conversation(anna)
    await shop.api("POST", f"/conversations/{case['id']}/assign", {"operator": made["id"]})
    await olga.hurries()
    told = await phone.gets("Вам передан диалог: Анна Ковалёва")
    note = {"text": "@Ольга <b>взгляни</b>", "kind": "note"}
    await shop.api("POST", f"/conversations/{case['id']}/messages", note)
    await olga.hurries()
    mentioned = await phone.gets("Елена Соколова упоминает вас")
    assert "«@Ольга <b>взгляни</b>»" in mentioned["text"]

    async def says(message: dict[str, Any], words: str) -> bool:
        shown = next(each for each in await phone.sees() if each["message_id"] == message["message_id"])
        return words in shown["text"]

    # She handles one of the two: the other stands as it was.
    rows = (await olga.api("GET", "/notifications"))["items"]
    assigned = next(row["id"] for row in rows if row["kind"] == "assigned")
    await olga.api("POST", "/notifications/read", {"ids": [assigned]})
    await until(lambda: says(told, "✓ Прочитано"))
    assert await says(mentioned, "упоминает вас")
    await olga.api("POST", f"/conversations/{case['id']}/read", {"seq": 99})
    await until(lambda: says(mentioned, "✓ Прочитано"))
    # Each was told once, and nothing is left to be done about them.
    await shop.quiet()
    private = [text for text in await shop.sent_to(phone) if "Вам передан" in text or "упоминает вас" in text]
    assert len(private) == 2

    async def settled() -> bool:
        found = [await shop.bridge.store.notices.find(row["id"]) for row in rows]
        return not any(row.told or row.telegram_at for row in found if row is not None)

    await until(settled)
