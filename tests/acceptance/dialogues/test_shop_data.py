"""The shop's program is asked what it knows of a customer: signed, about what he proved, wherever it may be called."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web

from bridge.signatures import HEADER, fault
from tests.ports import free_port
from tests.shop import serving, until

SECRET = "the shop's own secret"


class Program:
    """The shop's program: notes what it is asked, and answers or leads elsewhere."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, str]] = []
        self.answer: Any = {
            "fields": [{"name": "Последний заказ", "value": "№ 4821", "link": "https://crm.example/4821"}]
        }

    def app(self) -> web.Application:
        async def data(request: web.Request) -> web.Response:
            self.asked.append((await request.read(), request.headers[HEADER]))
            if isinstance(self.answer, str):
                raise web.HTTPFound(self.answer)
            return web.json_response(self.answer)

        app = web.Application()
        app.router.add_post("/data", data)
        return app


async def asked_anew(shop: Any, path: str) -> Any:
    """Ask anew; who looks at the card too is told to look again."""
    async with asyncio.timeout(20), shop.bridge.feed.follow() as events:
        told = await shop.api("GET", f"{path}/shop_data?anew=true")
        while (await anext(events)).type != "conversation.updated":
            continue
    return told


@pytest.mark.parametrize("private", [True, False])
async def test_the_card_shows_what_the_program_tells(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, private: bool
) -> None:
    program = Program()
    async with serving(program.app(), free_port()) as url:
        # A name that leads inside is refused like the number: what is checked is what is connected to.
        table = {"url": f"{url}/data".replace("127.0.0.1", "localhost"), "secret": SECRET, "private": private}
        async with open_shop(tmp_path, library, matcher, settings={"customer_data": table}) as shop:
            anna = await shop.caller()
            await anna.say("моя почта anna@kedr.example")
            await anna.gets("записал")
            await shop.ctl("POST", "/user/say", {"user": anna.id, "contact": {"phone": "79123456789", "own": True}})
            path = f"/customers/{(await shop.conversation(anna))['customer']['id']}"

            async def proved() -> bool:
                return any(each["channel"] == "phone" for each in (await shop.api("GET", path))["identities"])

            await until(proved)
            assert (await shop.api("GET", path))["shop_data"] is True
            told = await shop.api("GET", f"{path}/shop_data")
            if not private:
                assert (told["fault"], told["fields"], told["at"]) == ("address_not_allowed", [], None)
                assert program.asked == []
                return
            assert told["fault"] == ""
            assert told["fields"] == [
                {"name": "Последний заказ", "value": "№ 4821", "link": "https://crm.example/4821"}
            ]
            ((body, signature),) = program.asked
            asked = json.loads(body)
            assert fault(SECRET, signature, body, asked["at"]) is None
            kinds = {each["kind"]: each["value"] for each in asked["customer"]["identities"]}
            assert kinds == {"telegram": str(anna.id), "phone": "+79123456789"}  # the e-mail is only claimed
            assert await shop.api("GET", f"{path}/shop_data") == told
            assert len(program.asked) == 1
            program.answer = {"fields": [{"name": "Последний заказ", "value": "№ 4822"}]}
            told = await asked_anew(shop, path)
            assert [each["value"] for each in told["fields"]] == ["№ 4822"]
            program.answer = f"{url}/data"  # redirects lead nowhere
            failed = await shop.api("GET", f"{path}/shop_data?anew=true")
            assert (failed["fault"], failed["fields"], failed["at"]) == ("refused", told["fields"], told["at"])
            assert len(program.asked) == 3
