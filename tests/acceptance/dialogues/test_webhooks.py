"""Programs that are told what happens: signed calls that survive faults and restarts, to addresses allowed."""

import itertools
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bridge import signatures
from bridge.delivery import telling
from bridge.model.ids import ConversationId
from bridge.model.webhooks import CallState, WebhookCall
from bridge.ports.webhooks import Answer
from tests.ports import free_port
from tests.shop import Shop, open_shop, serving, until

SECRET = "a-secret-of-both-sides"
INSIDE = {"webhooks": {"private": True}}


@dataclass
class Receiver:
    """A program that is called; `answers` are what the next calls get, then each gets 204."""

    url: str = ""
    answers: list[web.Response] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        assert signatures.fault(SECRET, request.headers[signatures.HEADER], raw, time.time()) is None
        event = json.loads(raw)
        self.calls.append(event)
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(event)
        return web.Response(status=204)

    async def gets(self, kind: str, text: str = "") -> dict[str, Any]:
        """Return the first event of a type whose message says this, awaiting it."""

        async def got() -> Any:
            fits = (one for one in self.taken if one["type"] == kind)
            return next((one for one in fits if text in one["data"].get("message", {}).get("text", "")), None)

        return dict(await until(got, f"{kind} {text}"))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made, port = Receiver(), free_port()
    app = web.Application()
    app.router.add_post("/told", made.take)
    app.router.add_post("/moved", _moved)
    async with serving(app, port) as url:
        made.url = f"{url}/told"
        yield made


async def _moved(request: web.Request) -> web.Response:
    raise web.HTTPTemporaryRedirect("/told")


@pytest.fixture
async def shop(tmp_path: Any, library: Any, matcher: Any) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, library, matcher, settings=INSIDE) as opened:
        yield opened


async def register(shop: Shop, url: str, *types: str, status: int = 201) -> dict[str, Any]:
    body = {"url": url, "types": list(types) or ["message.created"], "secret": SECRET}
    return dict(await shop.api("POST", "/webhooks", body, who="admin", status=status))


async def test_a_program_is_told_of_messages_and_conversations(shop: Shop, receiver: Receiver) -> None:
    hook = await register(shop, receiver.url, "message.created", "message.updated", "conversation.updated")
    assert hook["secret"] == "••••••••"
    anna = await shop.caller()
    event = await receiver.gets("message.created", "позовите человека")
    case = await shop.conversation(anna)
    assert (event["data"]["conversation_id"], event["data"]["seq"]) == (case["id"], event["data"]["message"]["seq"])
    assert event["data"]["message"]["author"]["kind"] == "customer"
    assert event["data"]["conversation"]["number"] == case["number"]
    await receiver.gets("conversation.updated")
    body = {"text": "Иду", "force": True}
    sent = await shop.api("POST", f"/conversations/{case['id']}/messages", body)
    await receiver.gets("message.created", "Иду")

    async def delivered() -> bool:
        states = [one["data"]["message"]["delivery"] for one in receiver.taken if one["type"] == "message.updated"]
        return any(state and state["state"] == "sent" for state in states)

    await until(delivered)
    await shop.quiet()
    ids = [event["id"] for event in receiver.taken]
    assert len(ids) == len(set(ids))
    told = [one for one in receiver.taken if one["type"] == "message.created"]
    assert [one["data"]["message"]["id"] for one in told].count(sent["id"]) == 1

    async def all_done() -> bool:
        return (await shop.api("GET", f"/webhooks/{hook['id']}", who="admin"))["waiting"] == 0

    await until(all_done)
    log = (await shop.api("GET", f"/webhooks/{hook['id']}/deliveries", who="admin"))["items"]
    assert {(one["state"], one["status"], one["error"]) for one in log} == {("done", 204, None)}


async def test_what_is_refused_is_tried_again_with_the_same_id(shop: Shop, receiver: Receiver) -> None:
    receiver.answers = [web.Response(status=500), web.Response(status=404)]
    hook = await register(shop, receiver.url)
    await shop.caller()

    async def taken() -> bool:
        refused = {event["id"] for event in receiver.calls[:2]}
        return len(receiver.calls) > 2 and refused <= {event["id"] for event in receiver.taken}

    await until(taken)
    await receiver.gets("message.created", "позовите человека")

    async def settled() -> Any:
        items = (await shop.api("GET", f"/webhooks/{hook['id']}/deliveries", who="admin"))["items"]
        tried = sorted((one for one in items if one["attempts"] > 1), key=lambda one: one["at"])
        return tried if tried and all(one["state"] == "done" for one in items) else None

    tried = await until(settled)
    assert {one["id"] for one in tried} == {event["id"] for event in receiver.calls[:2]}
    assert all(one["error"] is None and one["status"] == 204 and one["tried_at"] for one in tried)


async def test_a_redirect_is_not_followed(shop: Shop, receiver: Receiver) -> None:
    hook = await register(shop, receiver.url.replace("/told", "/moved"))
    await shop.caller()

    async def failed() -> Any:
        return (await shop.api("GET", f"/webhooks/{hook['id']}", who="admin"))["last_error"]

    error = await until(failed)
    assert (error["status"], error["error"], error["state"]) == (307, "refused", "waiting")
    assert error["next_at"] is not None
    assert receiver.calls == []


async def test_what_waits_survives_a_restart(tmp_path: Any, library: Any, matcher: Any) -> None:
    port, receiver = free_port(), Receiver()
    url = f"http://127.0.0.1:{port}/told"
    async with open_shop(tmp_path, library, matcher, settings=INSIDE) as shop:
        hook = await register(shop, url)
        await shop.caller()

        async def failed() -> Any:
            return (await shop.api("GET", f"/webhooks/{hook['id']}", who="admin"))["last_error"]

        assert (await until(failed))["error"] == "network"
    app = web.Application()
    app.router.add_post("/told", receiver.take)
    async with open_shop(tmp_path, library, matcher, settings=INSIDE) as shop, serving(app, port):
        await receiver.gets("message.created", "позовите человека")


async def test_a_removed_webhook_is_called_no_more(shop: Shop, receiver: Receiver) -> None:
    hook, other = await register(shop, receiver.url), await register(shop, receiver.url, "conversation.updated")
    await shop.api("DELETE", f"/webhooks/{hook['id']}", who="admin", status=204)
    await shop.api("GET", f"/webhooks/{hook['id']}", who="admin", status=404)
    await shop.caller()
    await receiver.gets("conversation.updated")
    assert {event["type"] for event in receiver.taken} == {"conversation.updated"}
    listed = (await shop.api("GET", "/webhooks", who="admin"))["items"]
    assert [one["id"] for one in listed] == [other["id"]]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/x", "http://localhost/x", "http://2130706433/", "https://10.0.0.7/x", "http://[::1]/x",
     "http://169.254.169.254/latest"],
)  # fmt: skip
async def test_addresses_inside_are_refused(plain: Shop, url: str) -> None:
    refused = await register(plain, url, status=422)
    assert refused["errors"] == [{"field": "url", "code": "address_not_allowed"}]


async def test_a_name_that_leads_inside_is_not_called(
    plain: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    import aiohttp

    async def resolve(self: Any, host: str, port: int = 0, family: Any = 0) -> list[dict[str, Any]]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    hook = await register(plain, receiver.url.replace("127.0.0.1", "hooks.example"))
    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    await plain.caller()

    async def failed() -> Any:
        return (await plain.api("GET", f"/webhooks/{hook['id']}", who="admin"))["last_error"]

    assert (await until(failed))["error"] == "address_not_allowed"
    assert receiver.calls == []


@pytest.fixture
async def plain(tmp_path: Any, library: Any, matcher: Any) -> AsyncIterator[Shop]:
    """A shop whose settings name nothing."""
    async with open_shop(tmp_path, library, matcher) as opened:
        yield opened


async def test_a_call_is_given_up_after_a_day() -> None:
    from bridge.clock import SystemClock

    now = SystemClock().now()
    row = WebhookCall("e", "w", "message.created", ConversationId("c"), None, now, now)
    waits = []
    while row.state is CallState.WAITING:
        row, _ = telling.after(row, Answer(503, "refused", 0.0), row.due)
        waits.append(row.due)
    assert row.state is CallState.FAILED
    assert row.due - row.at <= telling.TRIED
    pauses = [later - sooner for sooner, later in itertools.pairwise(waits)]
    assert pauses[0] == timedelta(seconds=2)
    assert max(pauses) == timedelta(seconds=telling.LONGEST)
    kept, wait = telling.after(
        WebhookCall("e", "w", "message.created", ConversationId("c"), None, now, now), Answer(429, "refused", 30.0), now
    )
    assert (kept.due - now, wait) == (timedelta(seconds=30), 30.0)


async def test_many_events_come_in_their_order(shop: Shop, receiver: Receiver) -> None:
    await register(shop, receiver.url)
    anna = await shop.caller()
    for number in range(12):
        await anna.say(f"слово {number:02}")
    await receiver.gets("message.created", "слово 11")
    said = [
        one["data"]["message"]["text"] for one in receiver.taken if one["data"]["message"]["text"].startswith("слово")
    ]
    assert said == sorted(said)
    assert len(said) == len(set(said))
