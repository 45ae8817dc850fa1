"""VK's receiving half: one process polls, all take deliveries; names and long words never hold an event up."""

import asyncio
from typing import Any

import pytest

from bots.vk import channel as channels
from bots.vk import names as naming
from bots.vk.budget import SendBudget
from bots.vk.channel import Vk
from bots.vk.events import Placing
from bots.vk.history import History
from bots.vk.names import Names
from bots.vk.settings import VkSettings
from bridge.delivery.quota import LocalQuota
from bridge.delivery.sharing import Work
from bridge.errors import ChannelBroken, RetryLater
from bridge.model.ids import ChannelName
from bridge.ports.channels import ChannelState, Raw
from tests.vk_payloads import ANNA, NAME, event, message, new

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


class Api:
    """A VK that notes what it is asked, and answers as told: a value, an error, or nothing until it is let."""

    def __init__(self, *answers: Any) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answers = list(answers)

    async def call(self, method: str, **values: Any) -> Any:
        self.asked.append(values)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return []
        return answer


def budget() -> SendBudget:
    return SendBudget("key", 0)


def user(id: int, name: str) -> dict[str, Any]:
    return {"id": id, "first_name": name, "last_name": ""}


async def accept(channel: ChannelName, raw: Raw) -> None:
    return None


@pytest.fixture
async def vk(monkeypatch: pytest.MonkeyPatch) -> Vk:
    monkeypatch.setattr(channels, "BROKEN", 0.01)
    return Vk("vk", VkSettings.model_validate({"token": "vk1.a.key"}), "https://shop.example")


async def test_only_the_holder_receives_and_all_are_ok(vk: Vk, monkeypatch: pytest.MonkeyPatch) -> None:
    received = asyncio.Event()

    async def connect() -> None:
        vk.state = ChannelState("ok")

    async def receive() -> None:
        received.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(vk, "_connect", connect)
    monkeypatch.setattr(vk, "_receive", receive)
    denied = Denied()
    vk.share(denied, LocalQuota())
    running = asyncio.create_task(vk.run(accept))
    async with asyncio.timeout(PATIENCE):
        await denied.asked.wait()
        assert vk.state == ChannelState("ok")
        assert vk._receiver.accept is accept  # a delivery that reaches this process is taken
        assert not received.is_set()
        denied.free.set()
        await received.wait()
    await vk.unturn("77", 100)
    assert await vk.turn("77", "message") > 90
    assert await vk.turn("78", "message") == 0
    running.cancel()
    await asyncio.wait({running})


async def test_a_community_whose_key_was_refused_is_tried_again(vk: Vk, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["unauthorized", "unauthorized"]
    received = asyncio.Event()

    async def connect() -> None:
        answer = answers.pop(0) if answers else "ok"
        if answer != "ok":
            raise ChannelBroken(answer)
        vk.state = ChannelState("ok")

    async def receive() -> None:
        received.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(vk, "_connect", connect)
    monkeypatch.setattr(vk, "_receive", receive)
    running = asyncio.create_task(vk.run(accept))
    async with asyncio.timeout(PATIENCE):
        await received.wait()
    assert vk.state.state == "ok"
    running.cancel()
    await asyncio.wait({running})


async def test_those_who_come_together_are_asked_for_together_and_once() -> None:
    api = Api([user(2, "Борис"), user(3, "Вера")])
    names = Names(api, budget())  # type: ignore[arg-type]  # all it needs of the API is a call
    assert await asyncio.gather(*(names.of({id}) for id in (2, 3, 2))) == [{2: "Борис"}, {3: "Вера"}, {2: "Борис"}]
    assert await names.of({2, 3}) == {2: "Борис", 3: "Вера"}
    assert api.asked == [{"user_ids": [2, 3]}]


async def test_nobody_waits_long_for_a_name_nor_asks_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "PATIENCE", 0.05)
    api = Api(asyncio.Event(), RetryLater(1, "server"))
    names = Names(api, budget())  # type: ignore[arg-type]
    assert await names.of({1}) == {}
    refused = Names(Api(RetryLater(1, "server")), budget())  # type: ignore[arg-type]
    assert await refused.of({1}) == {}
    assert await refused.of({1}) == {}  # a second call would find no answer


async def test_a_long_word_is_read_whole_and_kept_as_it_is_when_it_cannot_be() -> None:
    long = message(text="а" * 9000)
    cut = new(text="а" * 100, is_cropped=True)
    api = Api({"items": [long]}, {"items": []}, RetryLater(1, "server"))
    history = History(api, budget())  # type: ignore[arg-type]
    assert (await history.whole(cut))["object"]["message"] == long
    assert (await history.whole(cut))["object"]["client_info"] == cut["object"]["client_info"]
    assert await history.whole(cut) == cut
    whole = new()
    assert await history.whole(whole) is whole


def test_messages_stand_by_their_number_and_all_else_behind_what_was_heard() -> None:
    placing = Placing(NAME)
    later = placing.place(new(conversation_message_id=13), "")
    earlier = placing.place(new(conversation_message_id=12), "")
    press = placing.place(
        event("message_event", {"peer_id": ANNA, "user_id": ANNA, "event_id": "x", "conversation_message_id": 11}), ""
    )
    answer = placing.place(new(conversation_message_id=14), "")
    assert earlier.order < later.order < press.order < answer.order
    assert {each.lane for each in (later, earlier, press, answer)} == {f"in:vk:{ANNA}"}


def test_one_message_has_one_key_whatever_transport_tells_of_it() -> None:
    placing = Placing(NAME)
    first = placing.place(new(), "")
    again = placing.place({**new(), "event_id": "another"}, "")
    old = placing.place(event("message_new", message()), "")
    assert first.key == again.key == old.key
    edit = event("message_edit", message(update_time=5))
    assert placing.place(edit, "").key == placing.place({**edit, "event_id": "another"}, "").key != first.key


@pytest.mark.parametrize(
    "odd", [{}, {"type": "message_new"}, event("message_new", {}), event("message_edit", {"x": 1})]
)
def test_an_event_without_a_place_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Placing(NAME).place(odd, "")
