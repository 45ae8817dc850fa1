"""Faults on order, as aiogram shows them, and the send budget."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile, Update
from aiohttp import ClientError
from pydantic import ValidationError

Stand = Any


async def started(stand: Stand) -> int:
    """A person the bot may write to."""
    user = await stand.user()
    await stand.say(user, "hi")
    return int(user)


async def texts(stand: Stand, chat: int) -> list[str]:
    """What a human reads in a chat."""
    return [item["text"] for item in (await stand.ctl(f"/chat/{chat}/messages"))["items"]]


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ({"fault": "403"}, TelegramForbiddenError, "bot was blocked by the user"),
        ({"fault": "400"}, TelegramBadRequest, "chat not found"),
        ({"fault": "400", "description": "Bad Request: OWN_WORDS"}, TelegramBadRequest, "OWN_WORDS"),
        ({"fault": "500"}, TelegramServerError, "Internal Server Error"),
        ({"fault": "502html"}, ClientDecodeError, "502 Bad Gateway"),
        ({"fault": "empty"}, ClientDecodeError, "decode"),
        ({"fault": "reset"}, TelegramNetworkError, "HTTP Client says"),
    ],
)
async def test_a_call_fails_once_and_nothing_is_done(
    stand: Stand, fault: dict[str, Any], error: type[Exception], words: str
) -> None:
    user = await started(stand)
    await stand.ctl("/faults", {**fault, "method": "SendMessage", "chat": user})
    with pytest.raises(error, match=words):
        await stand.bot.send_message(user, "lost")
    await stand.bot.send_message(user, "found")
    assert await texts(stand, user) == ["hi", "found"]


async def test_429_with_and_without_a_number(stand: Stand) -> None:
    user = await started(stand)
    await stand.ctl("/faults", {"fault": "429", "retry_after": 7})
    with pytest.raises(TelegramRetryAfter) as caught:
        await stand.bot.send_message(user, "x")
    assert caught.value.retry_after == 7
    await stand.ctl("/faults", {"fault": "429", "retry_after": None})
    with pytest.raises(TelegramAPIError) as plain:
        await stand.bot.send_message(user, "x")
    assert type(plain.value) is TelegramAPIError
    await stand.ctl("/faults", {"fault": "429", "retry_after": 3})
    async with stand.client.post(f"{stand.base}/bot{stand.bot.token}/sendMessage", data={"chat_id": user}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "3")


async def test_a_lost_answer_was_applied_and_a_hang_was_not(stand: Stand) -> None:
    user = await started(stand)
    await stand.ctl("/faults", {"fault": "applied_lost", "method": "sendMessage"})
    with pytest.raises(TelegramNetworkError):
        await stand.bot.send_message(user, "applied")
    await stand.ctl("/faults", {"fault": "hang", "method": "sendMessage"})
    with pytest.raises(TelegramNetworkError):
        await stand.bot.send_message(user, "hung", request_timeout=1)
    assert await texts(stand, user) == ["hi", "applied"]
    sent = [c for c in (await stand.ctl("/calls"))["items"] if c["method"] == "sendMessage"]
    assert [c["status"] for c in sent] == ["applied_lost", "hang"]


async def test_counts_seconds_probability_and_filters(stand: Stand) -> None:
    user, other = await started(stand), await started(stand)
    await stand.ctl("/faults", {"fault": "500", "count": 2, "chat": user})
    for _ in range(2):
        with pytest.raises(TelegramServerError):
            await stand.bot.send_message(user, "x")
        await stand.bot.send_message(other, "y")
    await stand.bot.send_message(user, "z")
    await stand.ctl("/faults", {"fault": "500", "seconds": 60, "method": "getMe"})
    await stand.ctl("/faults", {"fault": "400", "probability": 0.0})
    await stand.bot.send_message(user, "z")
    for _ in range(3):
        with pytest.raises(TelegramServerError):
            await stand.bot.get_me()
    shown = (await stand.ctl("/faults"))["items"]
    assert [(f["fault"], f["hits"]) for f in shown] == [("500", 3), ("400", 0)]
    await stand.ctl("/faults", method="DELETE")
    assert await stand.bot.get_me()
    await stand.ctl("/faults", {"fault": "500", "seconds": 0.0})
    assert await stand.bot.get_me()
    assert (await stand.ctl("/stats"))["faults"] == {"500": 5}


async def test_an_update_comes_twice(stand: Stand, receiver: Any) -> None:
    await stand.ctl("/faults", {"fault": "duplicate_update"})
    await stand.bot.set_webhook(receiver.url)
    user = await stand.user()
    await stand.say(user, "one")
    await stand.say(user, "two")
    got = await receiver.wait(3)
    assert [u["message"]["text"] for u in got] == ["one", "one", "two"]
    assert got[0]["update_id"] == got[1]["update_id"]


async def test_an_update_comes_twice_to_a_poller(stand: Stand) -> None:
    user = await stand.user()
    await stand.ctl("/faults", {"fault": "duplicate_update"})
    await stand.say(user, "one")
    (first,) = await stand.updates()
    (second,) = await stand.updates(offset=first.update_id + 1)
    assert first.update_id == second.update_id
    await stand.say(user, "two")
    assert [u.message.text for u in await stand.updates(offset=first.update_id + 1)] == ["two"]


async def test_updates_change_places(stand: Stand, receiver: Any) -> None:
    user, other = await stand.user(), await stand.user()
    await stand.ctl("/faults", {"fault": "reorder_updates", "chat": user})
    await stand.bot.set_webhook(receiver.url)
    for number in range(3):
        await stand.say(user, f"w{number}")
    await stand.say(other, "else")
    got = await receiver.wait(4)
    mine = [(u["message"]["text"], u["update_id"]) for u in got if u["message"]["chat"]["id"] == user]
    assert [text for text, _ in mine] == ["w1", "w0", "w2"]
    assert mine[0][1] == mine[1][1] + 1
    await stand.ctl("/clock", {"scale": 1000})
    await stand.ctl("/faults", {"fault": "reorder_updates", "chat": user})
    await stand.say(user, "alone")
    assert (await receiver.wait(5))[4]["message"]["text"] == "alone"


async def test_an_unparsable_update_comes_besides_the_real_one(stand: Stand, receiver: Any) -> None:
    await stand.ctl("/faults", {"fault": "bad_update"})
    await stand.bot.set_webhook(receiver.url)
    user = await stand.user()
    await stand.say(user, "real")
    bad, real = await receiver.wait(2)
    with pytest.raises(ValidationError):
        Update.model_validate(bad)
    assert Update.model_validate(real).message.text == "real"
    assert bad["update_id"] != real["update_id"]
    assert await texts(stand, user) == ["real"]


async def test_a_group_gets_a_new_id(stand: Stand) -> None:
    topic = (await stand.bot.create_forum_topic(stand.group, "T")).message_thread_id
    await stand.ctl("/faults", {"fault": "migrate", "method": "sendMessage"})
    with pytest.raises(TelegramMigrateToChat) as caught:
        await stand.bot.send_message(stand.group, "x", message_thread_id=topic)
    fresh = caught.value.migrate_to_chat_id
    assert fresh != stand.group
    with pytest.raises(TelegramMigrateToChat):
        await stand.bot.send_message(stand.group, "x")
    await stand.bot.send_message(fresh, "y", message_thread_id=topic)
    _, left, came = await stand.updates(count=3)
    assert (left.message.chat.id, left.message.migrate_to_chat_id) == (stand.group, fresh)
    assert (came.message.chat.id, came.message.migrate_from_chat_id) == (fresh, stand.group)
    place = {"operator": 5001, "group": stand.group, "topic": topic}
    await stand.ctl("/operator/say", {**place, "text": "by the old id"})
    assert "by the old id" in await texts(stand, fresh)
    assert [g["id"] for g in (await stand.ctl("/groups"))["items"]] == [fresh]


async def test_a_topic_vanishes_with_both_texts(stand: Stand) -> None:
    topic = (await stand.bot.create_forum_topic(stand.group, "T")).message_thread_id
    await stand.ctl("/faults", {"fault": "topic_deleted"})
    await stand.bot.send_message(stand.group, "General is spared")
    with pytest.raises(TelegramBadRequest, match="TOPIC_DELETED"):
        await stand.bot.send_message(stand.group, "x", message_thread_id=topic)
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await stand.bot.send_message(stand.group, "x", message_thread_id=topic)
    assert (await stand.ctl(f"/topics?group={stand.group}"))["items"] == []


async def test_a_file_is_too_big_on_order(stand: Stand) -> None:
    user = await started(stand)
    await stand.say(user, document="x.txt")
    document = (await stand.updates(count=2))[1].message.document
    await stand.ctl("/faults", {"fault": "file_too_big", "count": 2})
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await stand.bot.get_file(document.file_id)
    with pytest.raises(TelegramEntityTooLarge):
        await stand.bot.send_document(user, BufferedInputFile(b"x", filename="x"))
    assert await stand.bot.get_file(document.file_id)


async def test_a_download_breaks_on_order(stand: Stand) -> None:
    user = await started(stand)
    await stand.say(user, document="x.txt")
    file = await stand.bot.get_file((await stand.updates(count=2))[1].message.document.file_id)
    await stand.ctl("/faults", {"fault": "502html", "method": "download"})
    await stand.ctl("/faults", {"fault": "500"})
    with pytest.raises(ClientError):
        await stand.bot.download_file(file.file_path)
    assert (await stand.bot.download_file(file.file_path)).read() == b"x.txt\n"


async def test_limits_of_a_chat_and_of_a_group(stand: Stand) -> None:
    user = await started(stand)
    for _ in range(10):
        await stand.bot.send_message(user, "free")
    await stand.ctl("/limits", {"on": True})
    results = await asyncio.gather(*(stand.bot.send_message(user, f"m{n}") for n in range(8)), return_exceptions=True)
    refused = [r for r in results if isinstance(r, TelegramRetryAfter)]
    assert 1 <= len(refused) <= 4
    assert {r.retry_after for r in refused} == {1}
    await stand.ctl("/limits", {"on": False})
    await stand.bot.send_message(user, "free again")


async def test_a_forum_is_one_chat_for_its_limit() -> None:
    from bots.emulators.telegram.errors import BotApiError
    from bots.emulators.telegram.limits import Limits

    limits = Limits()
    limits.on = True
    moment = 0.0
    methods = ("sendmessage", "editmessagetext", "createforumtopic", "sendphoto")
    for number in range(20):
        moment += 2
        limits.spend(1, methods[number % 4], -100, 1, moment)
    spent = 0
    refused: BotApiError | None = None
    while refused is None:
        moment += 1
        try:
            limits.spend(1, methods[spent % 4], -100, 1, moment)
            spent += 1
        except BotApiError as error:
            refused = error
    assert refused.parameters is not None
    assert 1 <= refused.parameters["retry_after"] <= 3
    assert spent >= 10
    limits.spend(1, "sendchataction", -100, 1, moment)
    limits.spend(1, "editforumtopic", -100, 1, moment)
    for _ in range(19):
        limits.spend(1, "sendchataction", -100, 1, moment)
    with pytest.raises(BotApiError):
        limits.spend(1, "sendchataction", -100, 1, moment)
