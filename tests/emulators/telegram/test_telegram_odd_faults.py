"""Rarer faults on order: odd answers, broken downloads, strange updates, deliveries with a wrong secret."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramUnauthorizedError,
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


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("401", TelegramUnauthorizedError, "Unauthorized"),
        ("404", TelegramNotFound, "Not Found"),
        ("409", TelegramConflictError, "terminated by other"),
        ("500_bare", TypeError, "NoneType"),
        ("200_refused", TelegramAPIError, "strange server"),
        ("wrong_type", Exception, "deserialize"),
        ("half_body", (TelegramNetworkError, ClientError), None),
    ],
)
async def test_an_odd_answer(stand: Stand, fault: str, error: Any, words: str | None) -> None:
    user = await started(stand)
    await stand.ctl("/faults", {"fault": fault, "method": "sendMessage"})
    with pytest.raises(error, match=words):
        await stand.bot.send_message(user, "x")
    done = [item["text"] for item in (await stand.ctl(f"/chat/{user}/messages"))["items"]]
    assert done == (["hi", "x"] if fault == "half_body" else ["hi"])


@pytest.mark.parametrize(("fault", "there"), [("delay", []), ("delay_after", ["late"])])
async def test_an_answer_takes_its_time_before_or_after_the_deed(stand: Stand, fault: str, there: list[str]) -> None:
    user = await started(stand)
    await stand.ctl("/faults", {"fault": fault, "method": "sendMessage", "delay": 30})
    sending = asyncio.create_task(stand.bot.send_message(user, "late"))
    async with asyncio.timeout(5):
        while not stand.emulator.emulation.journal.faults[fault]:  # noqa: ASYNC110 - a counter tells nobody
            await asyncio.sleep(0.01)
    path = f"/chat/{user}/messages"
    items = (await stand.ctl(f"/wait?chat={user}&contains=late" if there else path))["items"]
    assert [item["text"] for item in items if item["text"] != "hi"] == there
    assert not sending.done()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)


async def test_a_file_is_unknown_its_link_is_over_or_it_ends_halfway(stand: Stand) -> None:
    user = await started(stand)
    await stand.ctl("/faults", {"fault": "wrong_file"})
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await stand.bot.send_document(user, BufferedInputFile(b"x" * 999, filename="x"))
    sent = await stand.bot.send_document(user, BufferedInputFile(b"x" * 999, filename="x"))
    file = await stand.bot.get_file(sent.document.file_id)
    for fault in ("expired_link", "truncated"):
        await stand.ctl("/faults", {"fault": fault, "count": 1, "method": "download"})
        with pytest.raises(ClientError):
            await stand.bot.download_file(file.file_path)
    assert len((await stand.bot.download_file(file.file_path)).read()) == 999


@pytest.mark.parametrize(
    ("fault", "words"),
    [("topic_closed", "TOPIC_CLOSED"), ("no_rights", "have no rights"), ("topic_deleted", "TOPIC_DELETED")],
)
async def test_a_forum_refuses(stand: Stand, fault: str, words: str) -> None:
    topic = (await stand.bot.create_forum_topic(stand.group, "T")).message_thread_id
    await stand.ctl("/faults", {"fault": fault, "method": "sendMessage"})
    with pytest.raises(TelegramBadRequest, match=words):
        await stand.bot.send_message(stand.group, "x", message_thread_id=topic)
    await stand.ctl("/faults", {"fault": "not_a_forum"})
    with pytest.raises(TelegramBadRequest, match="not a forum"):
        await stand.bot.create_forum_topic(stand.group, "T2")


@pytest.mark.parametrize("fault", ["unknown_kind", "missing_field"])
async def test_an_odd_update_comes_before_the_real_one(stand: Stand, receiver: Any, fault: str) -> None:
    await stand.bot.set_webhook(receiver.url)
    await stand.ctl("/faults", {"fault": fault})
    await stand.say(await stand.user(), "real")
    odd, real = await receiver.wait(2)
    if fault == "missing_field":
        with pytest.raises(ValidationError):
            Update.model_validate(odd)
    else:
        assert Update.model_validate(odd).message is None
    assert Update.model_validate(real).message.text == "real"


async def test_numbers_jump_and_an_update_comes_late(stand: Stand) -> None:
    user = await started(stand)
    await stand.ctl("/faults", {"fault": "id_jump"})
    await stand.say(user, "far")
    first, far = await stand.updates(count=2)
    assert far.update_id - first.update_id > 900_000
    for delay, text in ((3600, "in an hour"), (0.2, "in a moment")):
        await stand.ctl("/faults", {"fault": "delay_update", "delay": delay})
        await stand.say(user, text)
    found = await stand.updates(offset=far.update_id + 1)
    assert [update.message.text for update in found] == ["in a moment"]


@pytest.mark.parametrize("fault", ["no_secret", "wrong_secret"])
async def test_a_delivery_proves_itself_wrongly_and_comes_again(stand: Stand, receiver: Any, fault: str) -> None:
    from aiohttp import web

    async def check(request: web.Request, update: Any) -> web.StreamResponse | None:
        mine = request.headers.get("X-Telegram-Bot-Api-Secret-Token") == "s3cret"
        return None if mine else web.Response(status=401)

    receiver.answer = check
    await stand.bot.set_webhook(receiver.url, secret_token="s3cret")
    await stand.ctl("/faults", {"fault": fault})
    await stand.say(await stand.user(), "hi")
    await receiver.wait(2)
    given = [headers.get("X-Telegram-Bot-Api-Secret-Token") for headers in receiver.headers]
    assert given == [None if fault == "no_secret" else "somebody-elses", "s3cret"]
