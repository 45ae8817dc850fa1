"""Twenty messages a minute: a rush of customers into one group, words merged, what waits is told, several groups."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge.delivery.quota import Draw, LocalQuota
from bridge.model.articles import Library
from bridge.staff import backlog
from kb_matcher import KbMatcher
from tests.custom import Program, program
from tests.shop import GROUP, PACED, STAFF, Phone, Shop, open_shop

#: So much faster than ours the emulated day runs.
SCALE = 6.0
QUICK = 3.0
CUSTOMERS = 30
PARTS = ("первое", "второе", "третье", "четвёртое")
SECOND = -1001700000002


@pytest.fixture
def shop(paced: Shop) -> Shop:
    """A shop whose pace is the subject."""
    return paced


@pytest.fixture
async def own(tmp_path: Path, library: Library, matcher: KbMatcher) -> AsyncIterator[Program]:
    """A program of such a shop's own."""
    async with program() as made, open_shop(tmp_path, library, matcher, PACED, more={"custom": made.table()}) as shop:
        made.shop = shop
        yield made


class Lived:
    """Seconds this process has lived: while it waits for a busy machine none pass.

    A call held up a moment is held up for seconds of the emulated day; turns given meanwhile would arrive with it.
    """

    def __init__(self) -> None:
        self.seconds = 0.0

    async def live(self) -> None:
        """Count for ever."""
        before = time.monotonic()
        while True:
            await asyncio.sleep(0.01)
            now = time.monotonic()
            self.seconds += min(now - before, 0.03)
            before = now


@asynccontextmanager
async def living() -> AsyncIterator[Lived]:
    """Count what is lived."""
    lived = Lived()
    counting = asyncio.create_task(lived.live())
    try:
        yield lived
    finally:
        counting.cancel()


class Hurried:
    """A quota that counts by the emulated day, asked by people who live slower; nothing is sent in a burst."""

    def __init__(self, lived: Lived) -> None:
        self._inner = LocalQuota(lambda: lived.seconds * SCALE)

    async def take(self, pause: str, draws: Sequence[Draw]) -> float:
        return await self._inner.take(pause, [self._spaced(draw) for draw in draws]) / SCALE

    @staticmethod
    def _spaced(draw: Draw) -> Draw:
        return replace(draw, size=draw.size - 4) if ":group:" in draw.key else replace(draw, size=1.0, reserve=0.0)

    async def pause(self, key: str, seconds: float) -> None:
        await self._inner.pause(key, seconds * SCALE)


async def _hurry(shop: Any, lived: Lived) -> None:
    await shop.ctl("POST", "/clock", {"scale": SCALE})
    shop.bridge.desk._budget.quota = Hurried(lived)
    await shop.ctl("POST", "/limits", {"on": True})


def _in_group(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = ("sendMessage", "createForumTopic", "editMessageText", "sendPhoto")
    return [call for call in calls if call["method"] in names and str(call["params"].get("chat_id")) == str(GROUP)]


async def test_thirty_customers_at_once_reach_their_topics_within_the_limit(shop: Any, until: Any) -> None:
    async with living() as lived:
        await _hurry(shop, lived)
        await _rush(shop, until)


async def _rush(shop: Any, until: Any) -> None:
    phones = [await shop.phone(f"Клиент {number:02}") for number in range(CUSTOMERS)]
    await asyncio.gather(*(phone.say("оператор") for phone in phones))
    for part in PARTS:
        await asyncio.gather(*(phone.say(f"{phone.name}: {part}") for phone in phones))

    async def opened() -> Any:
        return len((await shop.ctl("GET", f"/topics?group={GROUP}"))["items"]) == CUSTOMERS

    async def shown() -> Any:
        items = (await shop.ctl("GET", f"/chat/{GROUP}/messages"))["items"]
        texts = "\n".join(item["text"] for item in items)
        return all(f"{phone.name}: {part}" in texts for phone in phones for part in PARTS)

    await until(opened, "all topics")
    await until(shown, "all texts")
    calls = (await shop.ctl("GET", "/calls"))["items"]
    refused = [(call["at"], call["method"], call["params"].get("chat_id")) for call in calls if call["status"] == 429]
    assert refused == []
    # A topic, what was said before, and at most two messages with the rest: one by one it were seven a customer.
    assert len(_in_group(calls)) <= CUSTOMERS * 4 + 20
    topics = {item["topic"]: item["name"] for item in (await shop.ctl("GET", f"/topics?group={GROUP}"))["items"]}
    assert len(topics) == CUSTOMERS
    for item in (await shop.ctl("GET", f"/chat/{GROUP}/messages"))["items"]:
        for phone in phones:
            assert f"{phone.name}: " not in item["text"] or topics[item["topic"]].startswith(phone.name)


async def test_merged_words_are_edited_and_answered_one_by_one(shop: Any, until: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Диалог №")
    await shop.quiet()
    budget = shop.bridge.desk._budget
    await budget.quota.pause(f"{budget._bot}:{GROUP}", 3)
    ids = [await anna.say(text) for text in ("первая чашка", "вторая чашка", "третья чашка")]
    shown = await shop.topic_shows(topic, "третья чашка")
    assert "первая чашка" in shown["text"]
    assert sum(look["type"] == "bold" for look in shown["entities"]) == 3
    await shop.ctl("POST", "/user/edit", {"user": anna.id, "message_id": ids[1], "text": "второе блюдце"})

    async def changed() -> Any:
        found = next(m for m in await shop.in_topic(topic) if m["message_id"] == shown["message_id"])
        return found if "второе блюдце" in found["text"] else None

    now = await until(changed)
    assert "первая чашка" in now["text"]
    assert "третья чашка" in now["text"]
    await shop.staff_says("elena", topic, "Привезём все", reply_to=shown["message_id"])
    assert (await anna.gets("Привезём все"))["reply_to"] == ids[2]


async def test_what_waits_longer_than_a_minute_is_told_once(shop: Any, until: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    await shop.topic(anna)
    desk = shop.bridge.desk
    since = shop.bridge.clock.now() - timedelta(seconds=75)
    for _ in range(3):
        await backlog.tell_slow(shop.bridge, desk, str(GROUP), since)

    async def told() -> Any:
        return [m for m in await shop.in_topic(0) if "20 сообщений в минуту" in m["text"]]

    assert "75 с" in (await until(told))[0]["text"]
    await shop.quiet()
    assert len(await told()) == 1


async def test_new_topics_go_to_the_group_with_the_most_room_and_stay(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, until: Any
) -> None:
    two = PACED | {"staff_group": {"chat": [GROUP, SECOND]}}
    async with open_shop(tmp_path, library, matcher, two) as shop:
        members = [{"id": id, "name": name} for name, id in STAFF.values()]
        await shop.ctl("POST", "/group", {"id": SECOND, "title": "Кедр 2", "operators": members})
        phones = [await shop.phone(f"Клиент {number}") for number in range(6)]
        await asyncio.gather(*(phone.say("оператор") for phone in phones))

        async def names(group: int) -> list[str]:
            items = (await shop.ctl("GET", f"/topics?group={group}"))["items"]
            return [item["name"].split(" ·")[0] for item in items]

        async def all_there() -> Any:
            found = [await names(GROUP), await names(SECOND)]
            return found if sum(map(len, found)) == 6 else None

        first, second = await until(all_there)
        assert len(first) == len(second) == 3
        phone = next(phone for phone in phones if phone.name in second)
        items = (await shop.ctl("GET", f"/topics?group={SECOND}"))["items"]
        topic = next(item["topic"] for item in items if item["name"].startswith(phone.name))
        body = {"operator": STAFF["mark"][1], "group": SECOND, "topic": topic, "text": "Я из второй группы"}
        await shop.ctl("POST", "/operator/say", body)
        await phone.gets("Я из второй группы")
        await phone.say("а я всё там же")

        async def shown() -> Any:
            found = (await shop.ctl("GET", f"/chat/{SECOND}/messages?topic={topic}"))["items"]
            return any("а я всё там же" in m["text"] for m in found)

        await until(shown)


async def test_a_group_that_refuses_topics_leaves_them_to_the_other(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, until: Any
) -> None:
    two = PACED | {"staff_group": {"chat": [GROUP, SECOND]}}
    async with open_shop(tmp_path, library, matcher, two) as shop:
        members = [{"id": id, "name": name} for name, id in STAFF.values()]
        await shop.ctl("POST", "/group", {"id": SECOND, "title": "Кедр 2", "operators": members})
        await shop.ctl(
            "POST", "/faults", {"fault": "no_rights", "method": "createForumTopic", "chat": GROUP, "count": 50}
        )
        anna = await shop.phone()
        await anna.say("оператор")

        async def made() -> Any:
            items = (await shop.ctl("GET", f"/topics?group={SECOND}"))["items"]
            return any(item["name"].startswith(anna.name) for item in items)

        await until(made)


class Quick(LocalQuota):
    """A quota that counts by the emulated day, with the product's own margins."""

    def __init__(self, lived: Lived) -> None:
        super().__init__(lambda: lived.seconds * QUICK)

    async def take(self, pause: str, draws: Sequence[Draw]) -> float:
        return await super().take(pause, draws) / QUICK


async def test_words_of_several_messages_take_a_turn_for_each(own: Program) -> None:
    async with living() as lived:
        await _several(own, own.mostik, lived)


async def _several(own: Program, shop: Shop, lived: Lived) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    await own.tell(text="позовите человека", customer={"id": "c1", "name": "Пётр Ильин"})
    petr = await shop.topic(Phone(shop, 0, "Пётр Ильин"))
    await shop.topic_shows(petr, "Диалог №")
    await shop.quiet()
    await shop.ctl("POST", "/clock", {"scale": QUICK})
    shop.bridge.desk._budget.quota = Quick(lived)
    await shop.ctl("POST", "/limits", {"on": True})
    since = len((await shop.ctl("GET", "/calls"))["items"])
    others = [await shop.phone(f"Клиент {number}") for number in range(3)]
    long = "Часть первая. " + "Подробно. " * 950 + "Конец письма."
    await own.tell(text=long)
    await shop.ctl("POST", "/user/say", {"user": anna.id, "album": 10, "text": "вот сколы"})
    await asyncio.gather(*(phone.say("оператор") for phone in others))
    await anna.say("это всё")
    await shop.topic_shows(topic, "это всё")
    assert len([item for item in await shop.in_topic(topic) if item["kind"] == "photo"]) == 10
    await shop.topic_shows(petr, "Конец письма.")
    for phone in others:
        await shop.topic_shows(await shop.topic(phone), "оператор")
    await shop.quiet()
    calls = (await shop.ctl("GET", "/calls"))["items"][since:]
    assert [(call["method"], call["params"].get("chat_id")) for call in calls if call["status"] == 429] == []
    assert len([call for call in _in_group(calls) if "Подробно. Подробно." in str(call["params"].get("text"))]) == 3
