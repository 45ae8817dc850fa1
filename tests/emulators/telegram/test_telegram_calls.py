"""How calls are read and refused: tokens, methods, parameters, shapes; and the control API likewise."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramUnauthorizedError,
)

Stand = Any


async def test_a_bot_knows_itself(stand: Stand) -> None:
    me = await stand.bot.me()
    assert (me.id, me.is_bot, me.username) == (4200001, True, "shop_bot")


@pytest.mark.parametrize("token", ["nonsense", "4200001:" + "C" * 35, "77:" + "C" * 35, "4200001:short"])
async def test_wrong_tokens_are_refused(stand: Stand, token: str) -> None:
    status, body = await stand.raw("getMe", token=token)
    assert (status, body) == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})


async def test_aiogram_sees_the_wrong_secret(stand: Stand) -> None:
    with pytest.raises(TelegramUnauthorizedError):
        await stand.open_bot("4200001:" + "Z" * 35).get_me()


async def test_methods_and_parameters_are_checked(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    assert (await stand.raw("sendMesage"))[1]["description"] == "Not Found: method not found"
    assert (await stand.raw("SENDMESSAGE", {"chat_id": user, "text": "x"}))[0] == 200
    status, body = await stand.raw("sendMessage", {"chat_id": user, "text": "x", "txt": "y"})
    assert (status, body["description"]) == (400, 'Bad Request: unknown parameter "txt" of sendMessage')
    assert (await stand.raw("sendMessage", {"text": "x"}))[1]["description"] == "Bad Request: chat_id is empty"
    status, body = await stand.raw("sendMessage", {"chat_id": user})
    assert body["description"] == "Bad Request: message text is empty"
    status, body = await stand.raw("sendInvoice", {"chat_id": user})
    assert status == 400


async def test_wait_wakes_up_or_gives_up(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    waiting = asyncio.create_task(stand.ctl(f"/wait?chat={user}&contains=hello&timeout=5"))
    await asyncio.sleep(0)
    await stand.bot.send_message(user, "hello there")
    assert (await waiting)["items"][0]["text"] == "hello there"
    problem = await stand.ctl(f"/wait?chat={user}&contains=never&timeout=0.05", status=408)
    assert "never" in problem["detail"]


async def test_bad_control_requests_say_why(stand: Stand) -> None:
    user = await stand.user()
    for path, body, words in [
        ("/user", {}, "name"),
        ("/user/say", {"user": user}, "say something"),
        ("/user/say", {"user": "x", "text": "y"}, "person's id"),
        ("/clock", {"scale": "fast"}, "scale"),
        ("/limits", {}, "on is true"),
        ("/faults", {"fault": "fire"}, "fault must be one of"),
    ]:
        problem = await stand.ctl(path, body, status=400)
        assert problem["status"] == 400
        assert words in problem["detail"]
    assert "nobody" in (await stand.ctl("/user/say", {"user": 1, "text": "x"}, status=404))["detail"]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"text": "x", "reply_parameters": '{"message_id": "one"}'}),
        ("sendMessage", {"text": "x", "entities": '["bold"]'}),
        ("sendMessage", {"text": "x", "entities": '[{"type": "bold", "offset": "a", "length": 1}]'}),
        ("sendMessage", {"text": "x", "message_thread_id": "one"}),
        ("sendMessage", {"text": "x", "parse_mode": "BBCode"}),
        ("setMyCommands", {"commands": "{}"}),
        ("deleteMessages", {"message_ids": '["a"]'}),
        ("sendPoll", {"question": "q", "options": "7"}),
        ("setMessageReaction", {"message_id": "1", "reaction": '[{"type": "emoji", "emoji": "X"}]'}),
    ],
)
async def test_odd_shapes_are_refused_politely(stand: Stand, method: str, params: dict[str, str]) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    if method != "setMyCommands":
        params = {"chat_id": str(user), **params}
    status, body = await stand.raw(method, params)
    assert (status, body["ok"]) == (400, False)
    assert body["description"].startswith("Bad Request: ")


async def test_typing_is_seen_until_the_words_come(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    await stand.bot.send_chat_action(user, "typing")
    assert (await stand.ctl(f"/chat/{user}/messages"))["action"] == "typing"
    await stand.bot.send_message(user, "x")
    assert (await stand.ctl(f"/chat/{user}/messages"))["action"] is None
    status, _ = await stand.raw("sendChatAction", {"chat_id": user, "action": "dancing"})
    assert status == 400


async def test_json_and_query_are_read_like_forms(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hi")
    async with stand.client.get(f"{stand.base}/bot{stand.bot.token}/sendMessage?chat_id={user}&text=one") as answer:
        assert (await answer.json())["result"]["text"] == "one"
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    body = {"chat_id": user, "text": "two", "reply_markup": keyboard, "protect_content": True}
    async with stand.client.post(f"{stand.base}/bot{stand.bot.token}/sendmessage", json=body) as answer:
        assert (await answer.json())["result"]["reply_markup"] == keyboard
    async with stand.client.post(f"{stand.base}/bot{stand.bot.token}/sendmessage", data=b"{") as answer:
        assert answer.status == 400
    calls = (await stand.ctl("/calls?since=1"))["items"]
    assert [c["status"] for c in calls] == [200, 400]


async def test_commands_and_names_are_kept(stand: Stand) -> None:
    from aiogram.types import BotCommand

    await stand.bot.set_my_commands([BotCommand(command="start", description="Begin")])
    assert [c.command for c in await stand.bot.get_my_commands()] == ["start"]
    await stand.bot.delete_my_commands()
    assert await stand.bot.get_my_commands() == []
    await stand.bot.set_my_name("Shop")
    assert (await stand.bot.get_my_name()).name == "Shop"
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await stand.bot.set_my_commands([BotCommand(command="a b", description="x")])
