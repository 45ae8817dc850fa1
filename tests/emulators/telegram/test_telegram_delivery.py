"""Updates on their way: getUpdates, webhooks, order, retries, expiry."""

import asyncio
import itertools
from typing import Any

import pytest
from aiogram.exceptions import TelegramConflictError
from aiogram.methods import SendMessage
from aiogram.types import Update
from aiohttp import web

Stand = Any
Receiver = Any


async def talkers(stand: Stand, count: int) -> list[int]:
    """People who may be written to."""
    return [await stand.user(f"Person {number}") for number in range(count)]


async def test_an_offset_confirms(stand: Stand) -> None:
    user = await stand.user()
    for number in range(5):
        await stand.say(user, f"word {number}")
    first = await stand.bot.get_updates(limit=2)
    assert [u.message.text for u in first] == ["word 0", "word 1"]
    assert next(u.update_id for u in await stand.bot.get_updates(limit=2)) == first[0].update_id
    rest = await stand.bot.get_updates(offset=first[-1].update_id + 1)
    assert [u.message.text for u in rest] == ["word 2", "word 3", "word 4"]
    assert [u.update_id for u in first + rest] == list(range(first[0].update_id, first[0].update_id + 5))
    (last,) = await stand.bot.get_updates(offset=-1)
    assert last.message.text == "word 4"
    assert await stand.bot.get_updates(offset=last.update_id + 1) == []
    assert (await stand.bot.get_webhook_info()).pending_update_count == 0


async def test_a_poll_waits_for_news(stand: Stand) -> None:
    user = await stand.user()
    poll = asyncio.create_task(stand.bot.get_updates(timeout=20))
    await stand.polling()
    assert not poll.done()
    await stand.say(user, "news")
    (update,) = await asyncio.wait_for(poll, 2)
    assert update.message.text == "news"


async def test_allowed_updates_stick(stand: Stand) -> None:
    user = await stand.user()
    await stand.bot.get_updates(allowed_updates=["edited_message", "no_such_kind"])
    said = await stand.say(user, "x")
    await stand.ctl("/user/edit", {"user": user, "message_id": said, "text": "y"})
    assert [u.event_type for u in await stand.updates()] == ["edited_message"]
    assert (await stand.bot.get_webhook_info()).allowed_updates == ["edited_message"]


async def test_reactions_come_only_when_asked_for(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "x")
    sent = await stand.bot.send_message(user, "y")
    await stand.ctl("/user/react", {"user": user, "message_id": sent.message_id, "emoji": "👍"})
    await stand.say(user, "z")
    assert [u.message.text for u in await stand.updates(count=2)] == ["x", "z"]


async def test_two_pollers_are_one_too_many(stand: Stand) -> None:
    await stand.ctl("/clock", {"scale": 20})
    first = asyncio.create_task(stand.bot.get_updates(offset=1, timeout=20))
    await stand.polling()
    second = asyncio.create_task(stand.bot.get_updates(offset=2, timeout=20))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await first
    user = await stand.user()
    await stand.say(user, "x")
    assert len(await second) == 1


async def test_a_webhook_shuts_polling_out(stand: Stand, receiver: Receiver) -> None:
    await stand.bot.set_webhook(receiver.url)
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
        await stand.bot.get_updates()
    await stand.bot.delete_webhook()
    assert await stand.bot.get_updates() == []


async def test_a_webhook_gets_secret_and_waiting_updates(stand: Stand, receiver: Receiver) -> None:
    user = await stand.user()
    await stand.say(user, "before")
    await stand.bot.set_webhook(receiver.url, secret_token="s3cret_-", max_connections=7, allowed_updates=["message"])
    await stand.say(user, "after")
    got = await receiver.wait(2)
    assert [Update.model_validate(u).message.text for u in got] == ["before", "after"]
    assert receiver.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "s3cret_-"
    info = await stand.bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (receiver.url, 7, 0)


@pytest.mark.parametrize(("url", "secret"), [("ftp://x", "ok"), ("nonsense", "ok"), ("http://x/", "sp ace")])
async def test_bad_webhooks_are_refused(stand: Stand, url: str, secret: str) -> None:
    status, _ = await stand.raw("setWebhook", {"url": url, "secret_token": secret})
    assert status == 400


async def test_order_holds_within_a_chat_and_chats_do_not_wait_for_each_other(stand: Stand, receiver: Receiver) -> None:
    slow, quick = await talkers(stand, 2)
    gate = asyncio.Event()

    async def answer(_: web.Request, update: dict[str, Any]) -> None:
        if update["message"]["text"] == "slow 0":
            await gate.wait()

    receiver.answer = answer
    await stand.bot.set_webhook(receiver.url)
    for number in range(3):
        await stand.say(slow, f"slow {number}")
    for number in range(3):
        await stand.say(quick, f"quick {number}")
    assert [u["message"]["text"] for u in await receiver.wait(3)] == ["quick 0", "quick 1", "quick 2"]
    gate.set()
    assert [u["message"]["text"] for u in await receiver.wait(6)][3:] == ["slow 0", "slow 1", "slow 2"]


async def test_failures_are_repeated_at_once_then_slower(stand: Stand, receiver: Receiver) -> None:
    user = await stand.user()
    times: list[float] = []

    async def answer(_: web.Request, update: dict[str, Any]) -> web.Response | None:
        times.append(asyncio.get_running_loop().time())
        return web.Response(status=500) if len(times) < 5 else None

    receiver.answer = answer
    await stand.ctl("/clock", {"scale": 20})
    await stand.bot.set_webhook(receiver.url)
    await stand.say(user, "one")
    await stand.say(user, "two")
    got = await receiver.wait(6)
    assert [u["message"]["text"] for u in got] == ["one"] * 5 + ["two"]
    gaps = [(b - a) * 20 for a, b in itertools.pairwise(times[:5])]
    assert gaps[0] < gaps[1]
    for gap, wanted in zip(gaps[1:], (2, 4, 8), strict=True):
        assert gap >= wanted
    info = await stand.bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert info.last_error_date is not None


async def test_retry_after_is_honoured(stand: Stand, receiver: Receiver) -> None:
    user = await stand.user()
    times: list[float] = []

    async def answer(_: web.Request, update: dict[str, Any]) -> web.Response | None:
        times.append(asyncio.get_running_loop().time())
        return web.Response(status=503, headers={"Retry-After": "30"}) if len(times) == 1 else None

    receiver.answer = answer
    await stand.ctl("/clock", {"scale": 100})
    await stand.bot.set_webhook(receiver.url)
    await stand.say(user, "one")
    await receiver.wait(2)
    assert (times[1] - times[0]) * 100 >= 30


async def test_a_press_too_old_is_dropped_and_a_message_is_kept(stand: Stand, receiver: Receiver) -> None:
    user = await stand.user()
    await stand.say(user, "x")
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    sent = await stand.bot.send_message(user, "y", reply_markup=markup)
    await stand.ctl("/user/press", {"user": user, "message_id": sent.message_id, "data": "a"})
    await stand.ctl("/clock", {"scale": 3000})
    await asyncio.sleep(0.1)
    await stand.bot.set_webhook(receiver.url)
    assert "message" in (await receiver.wait(1))[0]
    assert (await stand.bot.get_webhook_info()).pending_update_count == 0
    assert (await stand.ctl("/stats"))["expired"] == 1


async def test_a_webhook_may_answer_with_a_method(stand: Stand, receiver: Receiver) -> None:
    user = await stand.user()

    async def answer(_: web.Request, update: dict[str, Any]) -> web.Response:
        return web.json_response({"method": "sendMessage", "chat_id": user, "text": "from the reply"})

    receiver.answer = answer
    await stand.bot.set_webhook(receiver.url)
    await stand.say(user, "x")
    assert (await stand.ctl(f"/wait?chat={user}&contains=from+the+reply"))["items"]
    (call,) = (await stand.ctl("/calls?method=sendmessage"))["items"]
    assert (call["method"], call["status"], call["params"]["text"]) == ("sendMessage", 200, "from the reply")


async def test_a_multipart_reply_is_done_and_questions_are_not(stand: Stand, receiver: Receiver) -> None:
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler

    user = await stand.user()

    async def answer(_: web.Request, update: dict[str, Any]) -> web.StreamResponse:
        if update["message"]["text"] == "ask":
            return web.json_response({"method": "getMe"})
        handler = SimpleRequestHandler(dispatcher=None, bot=stand.bot)  # type: ignore[arg-type]
        writer = handler._build_response_writer(stand.bot, SendMessage(chat_id=user, text="in parts"))
        return web.Response(body=writer)

    receiver.answer = answer
    await stand.bot.set_webhook(receiver.url)
    await stand.say(user, "ask")
    await stand.say(user, "x")
    assert (await stand.ctl(f"/wait?chat={user}&contains=in+parts"))["items"]
    assert (await stand.ctl("/calls?method=getme"))["items"] == []


async def test_said_while_the_bot_is_away_is_delivered_later(stand: Stand, receiver: Receiver) -> None:
    user = await stand.user()
    await stand.ctl("/clock", {"scale": 1000})
    await stand.bot.set_webhook("http://127.0.0.1:9/hook")
    await stand.say(user, "anybody?")
    async with asyncio.timeout(5):
        while (await stand.ctl("/stats"))["webhook_failures"] == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # the failure is seen in the figures only
    assert (await stand.bot.get_webhook_info()).last_error_message == "Connection refused"
    await stand.bot.set_webhook(receiver.url)
    assert (await receiver.wait(1))[0]["message"]["text"] == "anybody?"
    await stand.bot.set_webhook(receiver.url, drop_pending_updates=True)


async def test_figures_of_delivery(stand: Stand, receiver: Receiver) -> None:
    user = await stand.user()
    await stand.bot.set_webhook(receiver.url)
    await stand.say(user, "x")
    await receiver.wait(1)
    await stand.bot.send_message(user, "y")
    stats = await stand.ctl("/stats")
    assert (stats["updates"], stats["delivered"], stats["methods"]["sendMessage"]) == (1, 1, 1)
    assert stats["arrival_p50_ms"] > 0
    assert stats["reply_p99_ms"] > 0
