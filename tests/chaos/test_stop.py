"""A process that is told to stop: what is being sent is settled, and its lanes are free for the next one at once."""

import asyncio
import random
from datetime import timedelta

import pytest

from bridge.clock import SystemClock
from bridge.delivery import sending
from bridge.delivery.lanes import LaneWorkers
from bridge.model.conversations import ConversationFilters
from bridge.model.lanes import in_lane, out_lane
from bridge.model.messages import DeliveryState, Message
from bridge.ports.channels import Outgoing, Receipt
from tests.chaos.lives import CHAT, NAME, Door, Life, Process, World


class SlowDoor(Door):
    """A messenger that takes its time: every send waits until it may answer."""

    def __init__(self, world: World) -> None:
        super().__init__(world.street, Life(-1, random.Random(0)))
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def send(self, message: Outgoing) -> Receipt:
        self.asked.set()
        await self.may_answer.wait()
        return Receipt(self._street.say(message.text, by_bot=True))


class Busy:
    """A process in the middle of its first send."""

    def __init__(self) -> None:
        self.world = World()
        self.world.clock = SystemClock()  # type: ignore[assignment]  # workers wait in real time

    async def start(self) -> None:
        await self.world.open()
        process = self.world.process(Life(-1, random.Random(0)))
        self.process: Process = process
        self.door = SlowDoor(self.world)
        process.bridge.channels.by_name[NAME] = self.door  # type: ignore[assignment]
        self.world.say("one")
        await process.inbox.accept(NAME, self.world.undelivered.pop())
        self.work = asyncio.create_task(self._work())
        await self.door.asked.wait()

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as group:
            for direction, handle in (("in", self.process.inbox.handle), ("out", self.process.outbox.handle)):
                group.create_task(LaneWorkers(self.process.bridge, direction, handle, 2).run())

    async def ended(self) -> list[Message]:
        """Wait for the end; return the bot's rows."""
        await asyncio.gather(self.work, return_exceptions=True)
        store = self.process.bridge.store
        (conversation,), _ = await store.conversations.page(ConversationFilters(), None, 10)
        return [row for row in await store.messages.page(conversation.id, 0, None, 10) if row.delivery is not None]

    async def free_lanes(self) -> list[str]:
        now = self.world.clock.now() + timedelta(milliseconds=1)
        lanes = self.process.bridge.store.lanes
        claimed = [await lanes.claim(lane, now, now, "next") for lane in (in_lane(NAME, CHAT), out_lane(NAME, CHAT))]
        return [lane.id for lane in claimed if lane is not None]


@pytest.mark.chaos
async def test_what_is_being_sent_is_settled_and_the_lane_is_free() -> None:
    busy = Busy()
    await busy.start()
    busy.work.cancel()
    await asyncio.sleep(0)
    busy.door.may_answer.set()
    first, *others = await busy.ended()
    assert first.delivery is not None
    assert first.delivery.state is DeliveryState.SENT
    assert first.delivery.external_id == "2"
    assert {row.delivery.state for row in others if row.delivery} == {DeliveryState.QUEUED}
    assert out_lane(NAME, CHAT) in await busy.free_lanes()


@pytest.mark.chaos
async def test_a_messenger_that_never_answers_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "GRACE", 0.05)
    busy = Busy()
    await busy.start()
    busy.work.cancel()
    first, *_ = await busy.ended()
    assert first.delivery is not None
    assert first.delivery.state is DeliveryState.SENDING  # whoever finds it calls it unknown
