"""A bot in several processes: one receives, all take deliveries and send, and each notices that it works again."""

import asyncio

import pytest

from bots.telegram import channel as channels
from bots.telegram.channel import Telegram
from bots.telegram.settings import TelegramSettings
from bridge.delivery.quota import LocalQuota
from bridge.delivery.sharing import Work
from bridge.errors import ChannelBroken
from bridge.model.ids import ChannelName
from bridge.ports.channels import ChannelState, Raw

PATIENCE = 20


class Denied:
    """The lease is another's, until it is free."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.free = asyncio.Event()

    async def __call__(self, work: Work) -> None:
        self.asked.set()
        await self.free.wait()
        await work()


async def accept(channel: ChannelName, raw: Raw) -> None:
    return None


@pytest.fixture
async def bot(monkeypatch: pytest.MonkeyPatch) -> Telegram:
    monkeypatch.setattr(channels, "BROKEN", 0.01)
    return Telegram("telegram", TelegramSettings.model_validate({"token": "42:" + "x" * 35}), "https://shop.example")


async def test_only_the_holder_receives_and_all_are_ok(bot: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    received = asyncio.Event()

    async def connect() -> None:
        bot.state = ChannelState("ok")

    async def receive() -> None:
        received.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(bot, "_connect", connect)
    monkeypatch.setattr(bot, "_receive", receive)
    denied, quota = Denied(), LocalQuota()
    bot.share(denied, quota)
    running = asyncio.create_task(bot.run(accept))
    async with asyncio.timeout(PATIENCE):
        await denied.asked.wait()
        assert bot.state == ChannelState("ok")
        assert bot._receiver.accept is accept  # a delivery that reaches this process is taken
        assert not received.is_set()
        denied.free.set()
        await received.wait()
    await quota.pause("42:7", 100)
    assert await bot.turn("7", "message") > 90
    running.cancel()
    await asyncio.wait({running})


async def test_a_bot_that_waits_notices_that_it_works_again(bot: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[str] = ["ok", "unauthorized", "unauthorized", "ok"]

    async def connect() -> None:
        answer = answers.pop(0)
        if answer != "ok":
            raise ChannelBroken(answer)
        bot.state = ChannelState("ok")

    monkeypatch.setattr(bot, "_connect", connect)
    denied = Denied()
    bot.share(denied, LocalQuota())
    running = asyncio.create_task(bot.run(accept))
    async with asyncio.timeout(PATIENCE):
        await denied.asked.wait()
        bot.state = ChannelState("broken", "unauthorized")  # as a send found it
        while bot.state.state != "ok":  # noqa: ASYNC110 - a plain attribute tells nobody
            await asyncio.sleep(0.01)
    assert answers == []
    running.cancel()
    await asyncio.wait({running})
