"""The seeded demo: forty conversations of two weeks in three channels, as true as if they had been lived."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

import mostik_seed
from bridge.clock import SystemClock
from bridge.model.conversations import DeskState, Stage
from bridge.model.messages import SETTLED, AuthorKind, DeliveryState, Message
from mostik_seed import STORIES
from mostik_stories import read_stories
from tests.seeded_shop import GROUP, Shop, open_shop

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["ru", "en"])
async def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    """A shop that was seeded a moment ago; tests only look."""
    async with open_shop(tmp_path_factory.mktemp("seeded"), request.param) as opened:
        assert await opened.seed() == 40
        yield opened


async def test_two_weeks_of_a_shop(shop: Shop) -> None:
    mark = await shop.house.bridge.store.journal.value("demo:seeded")
    assert mark is not None
    began = datetime.fromisoformat(mark["at"])
    rows = await shop.rows()

    assert [row.number for row in rows] == list(range(1, 41))
    assert len({row.customer for row in rows}) == 40
    starts = [row.created_at for row in rows]
    assert starts == sorted(starts)
    assert timedelta(days=11) < began - starts[0] < timedelta(days=14)
    assert len({start.date() for start in starts}) >= 12
    assert all(row.last_message is not None and row.last_message.at <= began for row in rows)

    states = Counter(row.desk_state for row in rows)
    assert states[DeskState.DUE] >= 8
    assert states[DeskState.ANSWERED] >= 10
    assert states[DeskState.SNOOZED] == 2
    assert states[DeskState.CLOSED] >= 10
    assert Counter(row.stage for row in rows)[Stage.BOT] >= 6
    waits = sorted(began - row.waiting_since for row in rows if row.desk_state is DeskState.DUE and row.waiting_since)
    assert timedelta(minutes=1) < waits[0] < timedelta(minutes=5)
    assert sum(timedelta(minutes=15) < wait < timedelta(minutes=30) for wait in waits) >= 2
    assert timedelta(minutes=30) < waits[-1] <= timedelta(minutes=50)
    assert {row.language for row in rows} == {"ru", "en"}
    assert {row.assignee for row in rows} >= {None, "admin", "elena", "mark"}


async def test_what_was_said_is_whole_and_settled(shop: Shop) -> None:
    rows = await shop.rows()
    failed: list[Message] = []
    for row in rows:
        lines = await shop.lines(row)
        assert [line.seq for line in lines] == list(range(1, row.seq + 1)), row.customer_name
        assert [line.at for line in lines] == sorted(line.at for line in lines), row.customer_name
        assert lines[-1].at <= row.updated_at
        assert not row.pending
        out = [line for line in lines if line.delivery is not None]
        assert all(line.delivery.state in SETTLED for line in out)
        failed += [line for line in out if line.delivery.state is DeliveryState.FAILED]
        sent = [line for line in out if line.delivery.state is DeliveryState.SENT]
        assert all(line.delivery.external_id for line in sent)
        # What was sent stands on the customer's phone, and what the customer wrote.
        said = [line for line in lines if line.author.kind is AuthorKind.CUSTOMER and line.kind != "press"]
        assert Counter(line.text for line in [*sent, *said]) == Counter(await shop.phone(row))
    assert [(line.delivery.reason, line.author.id) for line in failed if line.delivery] == [("blocked", "elena")]
    assert not any(bot.queue for bot in shop.emulator.emulation.world.bots.values())
    assert not any(group.events for group in shop.emulators.vk.emulation.world.groups.values())
    assert shop.emulator.emulation.journal.n == shop.emulators.vk.emulation.journal.n == 0


async def test_the_bot_and_the_staff_group_speak_for_themselves(shop: Shop) -> None:
    lines = [line for row in await shop.rows() for line in await shop.lines(row)]
    sources = [line.source for line in lines if line.source]
    assert len(sources) >= 20
    assert {round(source.confidence, 3) for source in sources} != {1.0}
    assert any(line.offered for line in lines) or shop.language == "en"
    codes = {line.event.code for line in lines if line.event}
    assert codes >= {"claimed", "closed", "reopened", "reopened_by_customer", "released", "assigned", "blocked"}
    assert codes >= {"handed_off_wish", "handed_off_not_helped", "handed_off_unsupported"}
    assert sum(line.author.kind is AuthorKind.NOTE for line in lines) >= 4
    group = shop.emulator.emulation.world.group(GROUP)
    shown = [row for row in await shop.rows() if row.topic]
    assert group is not None
    assert len(group.topics) == len(shown) >= 25
    audit = await shop.house.bridge.store.journal.page(None, 1000)
    assert Counter(event.action for event in audit)["reply"] == sum(
        line.author.kind is AuthorKind.OPERATOR for line in lines
    )


async def test_what_customers_sent_stands_in_their_topics_too(shop: Shop) -> None:
    sent: Counter[str] = Counter()
    for row in await shop.rows():
        if row.topic:
            sent.update(each.kind for line in await shop.lines(row) for each in line.attachments)
    assert {"photo", "document", "voice"} <= set(sent)
    group = shop.emulator.emulation.world.group(GROUP)
    assert group is not None
    shown = Counter(kind for post in group.posts for kind in sent if kind in post.body)
    assert shown == sent


async def test_seeding_again_changes_nothing(shop: Shop) -> None:
    before = await shop.rows()
    phones = [await shop.phone(row) for row in before]
    assert await shop.seed() == 0
    assert await shop.rows() == before
    assert [await shop.phone(row) for row in before] == phones


async def test_an_interrupted_seeding_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, told = mostik_seed._tell, 0

    async def breaks_off(*arguments: Any) -> None:
        nonlocal told
        told += 1
        if told > 12:
            raise RuntimeError("ended half way")
        await real(*arguments)

    async with open_shop(tmp_path, "ru") as shop:
        monkeypatch.setattr(mostik_seed, "_tell", breaks_off)
        with pytest.raises(ExceptionGroup):
            await shop.seed()
        begun = len(await shop.rows())
        assert 0 < begun <= 12
        monkeypatch.setattr(mostik_seed, "_tell", real)
        assert await shop.seed() == 40 - begun
        assert len({row.customer for row in await shop.rows()}) == 40


async def test_the_waits_of_a_story_are_counted_back_from_now() -> None:
    now = SystemClock().now()
    stories = {story.sender.name: story for story in read_stories(STORIES / "dialogues.ru.jsonl", now)}
    assert len(stories) == 40
    assert now - stories["Игорь Белов"].steps[-1].at == timedelta(minutes=34, seconds=30)
    assert stories["Сергей Дорохов"].steps[-1].at.strftime("%H:%M") == "07:20"  # 10:20 in Kazan
    assert [story.sender.username for story in stories.values() if story.sender.name == "Анна Ковалёва"] == ["anna_kov"]
    assert all(story.steps[-1].at <= now for story in stories.values())
