"""The funnel: every answer of the Bot API, through real aiogram, becomes the error the hall can act on."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiogram.types  # noqa: F401  # completes the models of its methods
import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramMigrateToChat
from aiogram.methods import SendMessage
from aiohttp import web

from bots.telegram.errors import AlreadyDone, Session, funnel, redacted
from bridge.errors import BridgeError, ChannelBroken, NotFound, OutcomeUnknown, Rejected, RetryLater, Unreachable

TOKEN = "7000000001:AAtests-only-token-of-35-characters"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def ask(aiohttp_server: Any) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Send one message to a server that answers as told; returns what the funnel made of it."""
    told: list[Answer] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        return await told[-1](request)

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    server = await aiohttp_server(app)
    session = Session(api=TelegramAPIServer.from_base(str(server.make_url("")).rstrip("/")))
    bot = Bot(TOKEN, session=session)

    async def asked(reply: Answer | dict[str, Any], timeout: float = 5) -> Any:
        async def said(_request: web.Request) -> web.StreamResponse:
            assert isinstance(reply, dict)
            return web.json_response(reply, status=reply.get("error_code", 200))

        told.append(said if isinstance(reply, dict) else reply)
        try:
            return await funnel(lambda: bot(SendMessage(chat_id=1, text="x"), request_timeout=timeout))
        except Exception as error:
            return error

    yield asked
    await session.close()


def refusal(code: int, description: str, **parameters: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return {**found, "parameters": parameters} if parameters else found


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (refusal(429, "Too Many Requests: retry after 7", retry_after=7), RetryLater, "flood"),
        (refusal(429, "Too Many Requests"), RetryLater, "flood"),
        (refusal(429, "Too Many Requests", retry_after=0), RetryLater, "flood"),
        (refusal(500, "Internal Server Error"), RetryLater, "server"),
        ({"ok": False, "error_code": 500}, RetryLater, "server"),
        (refusal(403, "Forbidden: bot was blocked by the user"), Unreachable, "blocked"),
        (refusal(403, "Forbidden: user is deactivated"), Unreachable, "deactivated"),
        (refusal(403, "Forbidden: bot can't initiate conversation with a user"), Unreachable, "never_wrote"),
        (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), Unreachable, "not_allowed"),
        (refusal(400, "Bad Request: USER_IS_BLOCKED"), Unreachable, "blocked"),
        (refusal(400, "Bad Request: chat not found"), Unreachable, "chat_not_found"),
        (refusal(400, "Bad Request: message is too long"), Rejected, "too_long"),
        (refusal(400, "Bad Request: message text is empty"), Rejected, "empty"),
        (refusal(400, "Bad Request: something new"), Rejected, "Bad Request: something new"),
        (refusal(400, "Bad Request: message thread not found"), NotFound, "topic_gone"),
        (refusal(400, "Bad Request: TOPIC_DELETED"), NotFound, "topic_gone"),
        (refusal(400, "Bad Request: message to edit not found"), Rejected, "message_gone"),
        (refusal(400, "Bad Request: message to react not found"), Rejected, "message_gone"),
        (refusal(400, "Bad Request: message to delete not found"), Rejected, "message_gone"),
        (refusal(400, "Bad Request: MESSAGE_ID_INVALID"), Rejected, "message_gone"),
        (refusal(400, "Bad Request: message can't be edited"), Rejected, "edit_too_old"),
        (refusal(400, "Bad Request: message can't be deleted for everyone"), Rejected, "delete_too_old"),
        (refusal(400, "Bad Request: message caption is too long"), Rejected, "too_long"),
        (refusal(400, "Bad Request: REACTION_INVALID"), Rejected, "reaction_unknown"),
        (refusal(401, "Unauthorized"), ChannelBroken, "unauthorized"),
        (refusal(404, "Not Found"), ChannelBroken, "unauthorized"),
        (refusal(409, "Conflict: terminated by other getUpdates request"), ChannelBroken, "conflict"),
        (refusal(413, "Request Entity Too Large"), Rejected, "too_long"),
    ],
)
async def test_refusals(ask: Any, reply: dict[str, Any], kind: type[BridgeError], words: str) -> None:
    error = await ask(reply)
    assert type(error) is kind
    assert str(error) == words


async def test_a_flood_names_its_pause(ask: Any) -> None:
    assert (await ask(refusal(429, "Too Many Requests", retry_after=7))).seconds == 7


async def test_done_already_and_moved_pass_through(ask: Any) -> None:
    assert isinstance(await ask(refusal(400, "Bad Request: message is not modified: same")), AlreadyDone)
    moved = await ask(refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1002))
    assert isinstance(moved, TelegramMigrateToChat)


async def test_ok_false_with_200_is_a_refusal(ask: Any) -> None:
    async def reply(_request: web.Request) -> web.Response:
        return web.json_response(refusal(400, "Bad Request: chat not found"), status=200)

    assert isinstance(await ask(reply), BridgeError)


@pytest.mark.parametrize("body", ["<html>502 Bad Gateway</html>", ""])
async def test_a_proxy_in_between_is_a_server_that_will_be_back(ask: Any, body: str) -> None:
    async def reply(_request: web.Request) -> web.Response:
        return web.Response(status=502, text=body, content_type="text/html")

    error = await ask(reply)
    assert type(error) is RetryLater
    assert str(error) == "server"


@pytest.mark.parametrize("body", ["", "<html>", '{"ok": true, "result": "what"}'])
async def test_an_answer_nobody_understands_leaves_the_outcome_open(ask: Any, body: str) -> None:
    async def reply(_request: web.Request) -> web.Response:
        return web.Response(text=body, content_type="application/json")

    assert type(await ask(reply)) is OutcomeUnknown


async def test_silence_and_a_cut_line_leave_the_outcome_open(ask: Any) -> None:
    async def silent(_request: web.Request) -> web.Response:
        await asyncio.sleep(3)
        return web.Response()

    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    assert type(await ask(silent, timeout=1)) is OutcomeUnknown
    assert type(await ask(cut)) is OutcomeUnknown


async def test_nobody_there_means_nothing_was_sent() -> None:
    session = Session(api=TelegramAPIServer.from_base("http://127.0.0.1:1"))
    bot = Bot(TOKEN, session=session)
    try:
        with pytest.raises(RetryLater, match="network"):
            await funnel(lambda: bot(SendMessage(chat_id=1, text="x"), request_timeout=2))
    finally:
        await session.close()


def test_tokens_are_cut_out_of_texts() -> None:
    text = f"cannot fetch http://x/file/bot{TOKEN}/a.jpg: {aiohttp.ClientError()!r}"
    assert TOKEN not in redacted(text)
    assert json.dumps(redacted(text))
