"""Moments of joining that seldom meet: somebody is overtaken between two of his steps, or dies there."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.model.customers import Chat, Customer, Identity, Link
from bridge.model.ids import ChatId, IdentityId
from bridge.people import cards, linking
from bridge.people.kin import root
from storage.schema import IDENTITIES, MESSAGES
from tests.hall import OLGA
from tests.property.test_links import DAY, PHONES, Shop, who
from tests.street import NAME

Overtakes = Callable[..., None]


@pytest.fixture
def overtaken(monkeypatch: pytest.MonkeyPatch) -> Overtakes:
    """Let two customers be joined just before a repository does something."""

    def overtake(shop: Shop, part: Any, name: str, parent: str, child: str) -> None:
        whole, hand = getattr(part, name), shop.born().bridge

        async def late(*args: Any, **more: Any) -> Any:
            monkeypatch.setattr(part, name, whole)
            await linking.link(hand, OLGA, who(parent), who(child))
            return await whole(*args, **more)

        monkeypatch.setattr(part, name, late)

    return overtake


async def test_a_step_whose_writer_died_stands_before_the_next_is_written() -> None:
    shop = await Shop().found()
    await shop.eyes.links.add(Link("1".zfill(12), 1, who("2"), who("1"), True, "system", shop.time.now()))
    await shop.do("link", "2", "1")
    assert (await root(shop.process.bridge, who("2"))).id == who("1")
    await shop.judge()


async def test_a_step_carried_out_late_does_not_undo_what_came_after_it() -> None:
    shop = await Shop().found()
    await shop.do("link", "1", "2")
    (joined,) = shop.rows_of_steps()
    await shop.do("unlink", "1", "2")
    await linking.carry_out(shop.process.bridge, joined)
    assert (await root(shop.process.bridge, who("2"))).id == who("2")
    await shop.judge()


async def test_a_conversation_opened_while_its_customer_joins_goes_with_him(overtaken: Overtakes) -> None:
    shop = await Shop().found()
    await shop.do("close", "2")
    shop.time.pass_(DAY)
    overtaken(shop, shop.process.bridge.store.conversations, "open", "1", "2")
    await shop.do("say", "2")
    assert (await root(shop.process.bridge, who("2"))).id == who("1")
    await shop.judge()


async def test_an_identity_written_while_its_customer_joins_goes_with_him(overtaken: Overtakes) -> None:
    shop = await Shop().found()
    overtaken(shop, shop.process.bridge.store.people, "add_identity", "1", "2")
    await shop.do("say", "2", "мой номер 8 912 000-00-01")
    await shop.judge()
    kept = [each for each in shop.rows(IDENTITIES, Identity) if each.kind == "phone"]
    assert [(each.customer, each.home) for each in kept] == [(who("1"), who("2"))]


async def test_a_chat_made_while_its_customer_joins_goes_with_him(overtaken: Overtakes) -> None:
    shop = await Shop().found()
    people = shop.process.bridge.store.people
    overtaken(shop, people._chats, "insert_once", "1", "2")  # type: ignore[attr-defined]
    account = next(each for each in await people.identities(who("2")) if each.kind == NAME)
    fresh = Chat(f"{NAME}:22", NAME, ChatId("22"), who("2"))
    met = await people.meet(fresh, Customer(who("2"), "", shop.time.now()), account)
    assert (met.customer, met.home) == (who("1"), who("2"))


async def test_what_was_claimed_and_is_proved_later_stays_one() -> None:
    shop = await Shop().found()
    await shop.do("say", "1", "мой номер 8 912 000-00-01")
    await shop.do("share", "1", PHONES[0])
    await shop.do("say", "1", "повторяю: 8 912 000-00-01")
    phones = [each for each in shop.rows(IDENTITIES, Identity) if each.kind == "phone"]
    assert [(each.value, each.proved) for each in phones] == [(PHONES[0], True)]
    assert codes(shop) == ["contact_added", "contact_proved"]


def codes(shop: Shop) -> list[str]:
    lines = sorted((doc.body for doc in shop.documents._rows[MESSAGES.name].values()), key=lambda body: body["seq"])
    found = [body["event"]["code"] for body in lines if body["event"]]
    return [code for code in found if code.startswith("contact_")]


@pytest.mark.parametrize("op", [("say", "1", "мой номер 8 912 000-00-01"), ("share", "1", PHONES[0])])
async def test_a_contact_is_told_once_wherever_the_process_dies(op: tuple[str, ...]) -> None:
    whole = await Shop(group=True).found()
    start = whole.process.life.had
    await whole.do(*op)
    effects = whole.process.life.had - start
    assert effects > 3
    for death in range(effects):
        shop = await Shop(group=True).found()
        shop.process.life.left = death
        await shop.do(*op)
        await shop.judge()
        assert codes(shop) == codes(whole), death
        kept = [each.value for each in shop.rows(IDENTITIES, Identity) if each.kind == "phone"]
        assert kept == [PHONES[0]], death


async def test_an_identity_is_found_again_after_a_lost_swap() -> None:
    shop = await Shop().found()
    await shop.do("share", "2", PHONES[0])
    (phone,) = await shop.eyes.people.owners("phone", PHONES[0], 9)
    assert phone.id != IdentityId("")
    hand = shop.born().bridge
    whole = hand.store.people.replace_identity

    async def beaten(row: Identity) -> Identity:
        hand.store.people.replace_identity = whole  # type: ignore[method-assign]
        await shop.eyes.people.replace_identity(row)
        return await whole(row)

    hand.store.people.replace_identity = beaten  # type: ignore[method-assign]
    await linking.link(hand, OLGA, who("1"), who("2"))
    await shop.judge()


async def test_what_is_only_claimed_joins_nobody() -> None:
    shop = await Shop().found()
    await shop.do("share", "1", PHONES[0])
    await shop.do("say", "2", "мой номер 8 912 000-00-01")
    bridge = shop.process.bridge
    assert (await root(bridge, who("2"))).id == who("2")
    (mine,) = (await cards.card(bridge, who("1"))).alike
    (theirs,) = (await cards.card(bridge, who("2"))).alike
    assert (mine.customer.id, mine.proved) == (who("2"), False)
    assert (theirs.customer.id, theirs.proved) == (who("1"), True)
