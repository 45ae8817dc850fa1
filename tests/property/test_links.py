"""Joining and parting customers: whatever dies, and whoever does it at once, every row is whose it should be."""

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge import facts, service, timers
from bridge.errors import Conflict, Invalid
from bridge.model.conversations import Conversation
from bridge.model.customers import Chat, Customer, Identity, Link
from bridge.model.ids import ChatId, CustomerId, derive
from bridge.model.inbound import Identified, Inbound, Said, Shared
from bridge.model.messages import Message
from bridge.people import cards, linking
from bridge.people.identity import standing
from bridge.people.kin import root
from storage.codec import row_of
from storage.documents import Doc
from storage.memory import MemoryDocuments
from storage.schema import AUDIT, CHATS, CONVERSATIONS, CUSTOMERS, IDENTITIES, LINKS, MESSAGES
from tests.hall import OLGA, Process, founded, sender
from tests.property.words import stand_once
from tests.street import NAME, Killed, Life, Street, Time

HISTORIES = int(os.environ.get("MOSTIK_TEST_HISTORIES", "100"))
PEOPLE = "1234"
PHONES = ("+79120000001", "+79120000002")
DAY = 90_000


def who(chat: str) -> CustomerId:
    return CustomerId(derive("customer", NAME, chat))


async def _answer_nobody() -> None:
    """No breath waits here: each fact is done alone."""


@dataclass
class Shop:
    """Four customers and one process after the other."""

    group: bool = False
    pace: tuple[int, ...] = (0,)
    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    time: Time = field(default_factory=Time)
    numbers: int = 0
    facts: list[Inbound] = field(default_factory=list)

    async def found(self) -> "Shop":
        self.street = Street(self.time)
        self.eyes = await founded(self.documents, self.time)
        self.process = self.born()
        for chat in PEOPLE:
            self.time.pass_(1)
            await self.do("say", chat)
        return self

    def born(self, pace: tuple[int, ...] = (0,)) -> Process:
        return Process(self.documents, self.street, Life(), group=self.group, pace=pace)

    async def do(self, verb: str, *args: Any, process: Process | None = None) -> None:
        """Do one thing; whoever got no answer asks again, and refusals are his."""
        if verb == "later":
            await self.do("close", *args, process=process)
            self.time.pass_(DAY)
            verb = "say"
        self.time.pass_(1)
        self.numbers += 1
        number = str(self.numbers)
        try:
            await self._once(verb, number, process or self.process, *args)
        except Killed:
            self.process = self.born()
            await timers.take_up(self.process.bridge, timedelta(0))
            await self._once(verb, number, self.process, *args)
        except (Conflict, Invalid):
            pass

    async def _once(self, verb: str, number: str, process: Process, *args: Any) -> None:
        bridge, now = process.bridge, self.time.now()
        if verb == "link":
            await linking.link(bridge, OLGA, who(args[0]), who(args[1]))
        elif verb == "unlink":
            await linking.unlink(bridge, OLGA, who(args[0]), who(args[1]))
        elif verb == "close":
            chat = await bridge.store.people.chat(NAME, ChatId(args[0]))
            assert chat is not None
            assert chat.conversation is not None
            await service.close(bridge, OLGA, chat.conversation)
        else:
            self.facts.append(self._fact(verb, number, now, *args))
            await facts.done(bridge, self.facts[-1], _answer_nobody)

    def _fact(self, verb: str, number: str, now: datetime, chat: str, value: str = "") -> Inbound:
        place = (NAME, ChatId(chat), number, sender(chat))
        if verb == "share":
            return Shared(*place, phone=value, own=True, at=now)
        if verb == "identify":
            return Identified(*place, user_id=value, email="", phone="", at=now)
        return Said(*place, text=value or "вопрос", at=now)

    async def rest(self) -> None:
        """Let the next process finish what is left."""
        self.process = self.born()
        for _ in range(3):
            self.time.pass_(1)
            await timers.take_up(self.process.bridge, timedelta(0))
            await timers.tidy_up(self.process.bridge)

    def rows(self, coll: Any, cls: Any) -> list[Any]:
        rows = self.documents._rows[coll.name]
        return [row_of(cls, Doc(id, row.ver, row.body)) for id, row in rows.items()]

    def rows_of_steps(self) -> list[Link]:
        return sorted(self.rows(LINKS, Link), key=lambda step: step.number)

    async def judge(self, *, ordered: bool = True) -> None:
        """Every row belongs to whoever stands for the customer it came with, and the history is whole."""
        await self.rest()
        bridge = self.process.bridge
        steps = self.rows_of_steps()
        assert [step.number for step in steps] == list(range(1, len(steps) + 1))
        assert all(step.done for step in steps)
        for customer in self.rows(CUSTOMERS, Customer):
            await root(bridge, customer.id)  # no rings
        for row in (*self.rows(CHATS, Chat), *self.rows(IDENTITIES, Identity), *self.rows(CONVERSATIONS, Conversation)):
            owner = await root(bridge, row.home)
            assert row.customer == owner.id, row
            if isinstance(row, Conversation):
                assert row.customer_name == owner.name
                assert row.home == who(row.chat)
                assert not row.pending
        self._threads(steps)
        self._audit(steps)
        cases = {row.id: row for row in self.rows(CONVERSATIONS, Conversation)}
        stand_once(self.facts, self.rows(MESSAGES, Message), cases, ordered=ordered)

    def _audit(self, steps: list[Link]) -> None:
        """Each step stands in the audit log, once."""
        verbs = {"customer_linked": True, "customer_unlinked": False}
        rows = [doc.body for doc in self.documents._rows[AUDIT.name].values() if doc.body["action"] in verbs]
        told = [(verbs[row["action"]], row["subject"], row["detail"]["other"], row["actor"]) for row in rows]
        assert sorted(told) == sorted((step.joins, f"customer:{step.parent}", step.child, step.by) for step in steps)

    def _threads(self, steps: list[Link]) -> None:
        """Threads have no holes, and a step is told in each of them once at most."""
        lines: dict[str, list[int]] = {}
        for doc in self.documents._rows[MESSAGES.name].values():
            lines.setdefault(doc.body["conversation"], []).append(doc.body["seq"])
        for seqs in lines.values():
            assert sorted(seqs) == list(range(1, len(seqs) + 1))
        told: Counter[tuple[str, bool]] = Counter()
        for doc in self.documents._rows[MESSAGES.name].values():
            code = (doc.body["event"] or {}).get("code", "")
            if code in ("linked", "linked_by_proof", "unlinked"):
                told[doc.body["conversation"], code != "unlinked"] += 1
        for (_, joins), times in told.items():
            assert times <= sum(step.joins == joins for step in steps)


def history(seed: int, length: int = 8) -> list[tuple[str, ...]]:
    dice = random.Random(seed)
    ops: list[tuple[str, ...]] = []
    for _ in range(length):
        one, other = dice.sample(PEOPLE, 2)
        ops.append(
            dice.choice(
                [
                    ("link", one, other),
                    ("link", one, other),
                    ("unlink", one, other),
                    ("unlink", one, other),
                    ("share", one, dice.choice(PHONES)),
                    ("identify", one, dice.choice(("u1", "u2"))),
                    ("say", one, dice.choice(("ещё", "мой номер 8 912 000-00-01", "a@kedr.example"))),
                    ("later", one),
                ]
            )
        )
    return ops


@pytest.mark.parametrize("seed", range(HISTORIES // 5))
async def test_histories_at_random(seed: int) -> None:
    shop = await Shop(group=seed % 2 == 0).found()
    for op in history(seed, 12):
        await shop.do(*op)
    await shop.judge()
    # Parted from all, everybody has his own again, with what began since.
    for one in PEOPLE:
        for other in PEOPLE:
            await shop.do("unlink", one, other)
    await shop.judge()
    assert {(row.chat, row.customer) for row in shop.rows(CONVERSATIONS, Conversation)} == {
        (chat, who(chat)) for chat in PEOPLE
    }


STORIES: dict[str, list[tuple[str, ...]]] = {
    "a chain and its middle": [("link", "2", "3"), ("link", "1", "2"), ("later", "3"), ("unlink", "1", "2")],
    "the same proof twice": [("share", "1", PHONES[0]), ("share", "2", PHONES[0]), ("share", "3", PHONES[0])],
    "joined, gone on, parted": [("link", "1", "2"), ("later", "2"), ("say", "2", "a@b.ru"), ("unlink", "1", "2")],
    "the elder joins the younger": [("link", "3", "1"), ("link", "4", "3"), ("unlink", "4", "1")],
}


@pytest.mark.parametrize("story", STORIES)
async def test_a_death_between_any_two_effects(story: str) -> None:
    ops = STORIES[story]
    whole = await Shop(group=True).found()
    start = whole.process.life.had
    for op in ops:
        await whole.do(*op)
    effects = whole.process.life.had - start
    await whole.judge()
    assert effects > 20
    wanted = sorted((row.id, row.customer) for row in whole.rows(CONVERSATIONS, Conversation))
    chosen = range(effects) if HISTORIES >= 400 else sorted(random.Random(story).sample(range(effects), 20))
    for death in chosen:
        shop = await Shop(group=True).found()
        shop.process.life.left = death
        for op in ops:
            await shop.do(*op)
        await shop.judge()
        assert sorted((row.id, row.customer) for row in shop.rows(CONVERSATIONS, Conversation)) == wanted, death


@pytest.mark.parametrize("seed", range(HISTORIES // 5))
async def test_several_at_once_in_several_processes(seed: int) -> None:
    dice = random.Random(seed)
    shop = await Shop(group=False).found()
    for op in history(seed, 4):
        await shop.do(*op)
    hands = [shop.born((dice.randrange(4), dice.randrange(7), dice.randrange(3))) for _ in range(3)]
    ops = history(seed + 1000, 6)
    await asyncio.gather(*(shop.do(*op, process=hands[number % 3]) for number, op in enumerate(ops)))
    await shop.judge(ordered=False)


async def test_two_who_join_each_other_at_once_make_no_ring() -> None:
    for pace in range(12):
        shop = await Shop().found()
        hands = [shop.born((0,)), shop.born((pace % 4, pace % 3, pace % 5))]
        await asyncio.gather(
            shop.do("link", "1", "2", process=hands[0]),
            shop.do("link", "2", "1", process=hands[1]),
            shop.do("link", "2", "3", process=hands[0]),
            shop.do("link", "3", "1", process=hands[1]),
        )
        await shop.judge()
        assert len({(await root(shop.process.bridge, who(chat))).id for chat in "123"}) == 1


async def test_equal_proofs_join_the_younger_to_the_older_and_what_was_parted_stays_so() -> None:
    shop = await Shop().found()
    await shop.do("share", "3", "+7 912 000 00 01")
    await shop.do("share", "2", "79120000001")
    bridge = shop.process.bridge
    assert (await root(bridge, who("3"))).id == who("2")
    first, second = standing(*[await bridge.store.people.customer(who(chat)) for chat in "32"])
    assert (first.id, second.id) == (who("2"), who("3"))
    await shop.do("unlink", "2", "3")
    await shop.do("share", "3", PHONES[0])
    assert (await root(bridge, who("3"))).id == who("3")
    alike = (await cards.card(bridge, who("2"))).alike
    assert [(each.customer.id, each.kind, each.proved) for each in alike] == [(who("3"), "phone", True)]
    await shop.do("link", "3", "2")
    assert (await root(bridge, who("2"))).id == who("3")
    await shop.judge()


async def test_two_accounts_of_the_shop_are_two_people_whatever_else_is_equal() -> None:
    shop = await Shop().found()
    await shop.do("identify", "1", "u1")
    await shop.do("identify", "2", "u2")
    await shop.do("share", "1", PHONES[0])
    await shop.do("share", "2", PHONES[0])
    bridge = shop.process.bridge
    assert (await root(bridge, who("2"))).id == who("2")
    await shop.do("identify", "3", "u1")
    assert (await root(bridge, who("3"))).id == who("1")
    # One browser, two accounts: shown, and nobody is joined by it.
    await shop.do("identify", "2", "u1")
    card = await cards.card(bridge, who("2"))
    assert card.conflicts == {"user_id": ("u1", "u2")}
    assert (await root(bridge, who("2"))).id == who("2")
