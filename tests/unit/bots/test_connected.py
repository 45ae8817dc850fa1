"""An account in several processes: one receives, all take deliveries and send, and each notices that it works again."""

import asyncio
from collections.abc import Callable

import pytest

from bots import connected
from bots.connected import Connected
from bots.telegram.channel import Telegram
from bots.telegram.settings import TelegramSettings
from bots.vk.channel import Vk
from bots.vk.settings import VkSettings
from bridge.delivery.quota import LocalQuota
from bridge.delivery.sharing import Installation, Work
from bridge.errors import ChannelBroken
from bridge.model.ids import ChannelName
from bridge.ports.channels import ChannelState, Raw

PATIENCE = 20
URL = "https://shop.example"
Account = Telegram | Vk


class Denied:
    """The lease is another's, until it is free."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.free = asyncio.Event()

    async def __call__(self, work: Work) -> None:
        self.asked.set()
        await self.free.wait()
        await work()


def telegram(given: Installation) -> Telegram:
    return Telegram("telegram", TelegramSettings.model_validate({"token": "42:" + "x" * 35}), URL, given)


def vk(given: Installation) -> Vk:
    return Vk("vk", VkSettings.model_validate({"token": "vk1.a.key"}), URL, given)


@pytest.fixture(params=[telegram, vk])
def opened(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Installation], Account]:
    monkeypatch.setattr(connected, "BROKEN", 0.01)
    made: Callable[[Installation], Account] = request.param
    return made


async def accept(channel: ChannelName, raw: Raw) -> None:
    return None


def looks(account: Connected, answers: list[str], monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let each look at the account end as told, after that well; returns what is set when it receives."""
    received = asyncio.Event()

    async def look() -> None:
        answer = answers.pop(0) if answers else "ok"
        if answer != "ok":
            raise ChannelBroken(answer)

    async def receive() -> None:
        received.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(account, "_look", look)
    monkeypatch.setattr(account, "_receive", receive)
    return received


async def ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.wait({running})


async def test_only_the_holder_receives_and_all_are_ok(
    opened: Callable[[Installation], Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    denied, quota = Denied(), LocalQuota()
    account = opened(Installation(denied, quota))
    received = looks(account, [], monkeypatch)
    running = asyncio.create_task(account.run(accept))
    async with asyncio.timeout(PATIENCE):
        await denied.asked.wait()
        assert account.state == ChannelState("ok")
        assert account._receiver.accept is accept  # a delivery that reaches this process is taken
        assert not received.is_set()
        denied.free.set()
        await received.wait()
    await account.unturn("77", 100)
    assert await account.turn("77", "message") > 90
    assert await account.turn("78", "message") == 0
    another = opened(Installation(quota=quota))
    assert await another.turn("77", "message") > 90  # what one process is told, all keep to
    await ended(running)
    await another.close()


async def test_an_account_whose_key_was_refused_is_tried_again(
    opened: Callable[[Installation], Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = opened(Installation())
    received = looks(account, ["unauthorized", "unauthorized"], monkeypatch)
    running = asyncio.create_task(account.run(accept))
    async with asyncio.timeout(PATIENCE):
        await received.wait()
    assert account.state.state == "ok"
    await ended(running)


async def test_an_account_that_waits_notices_that_it_works_again(
    opened: Callable[[Installation], Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["ok", "unauthorized", "unauthorized", "ok"]
    denied = Denied()
    account = opened(Installation(denied))
    looks(account, answers, monkeypatch)
    running = asyncio.create_task(account.run(accept))
    async with asyncio.timeout(PATIENCE):
        await denied.asked.wait()
        account.state = ChannelState("broken", "unauthorized")  # as a send found it
        while account.state.state != "ok":  # noqa: ASYNC110 - a plain attribute tells nobody
            await asyncio.sleep(0.01)
    assert answers == []
    await ended(running)
