"""Joining, parting and erasing at once: who is erased goes whole, and nobody who stays loses a row by it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge import timers
from bridge.errors import Invalid, NotFound
from bridge.model.conversations import Conversation
from bridge.model.customers import Chat, Customer, Identity, Link
from bridge.model.ids import CustomerId
from bridge.model.operators import Role
from bridge.people import erasing, linking
from bridge.people.kin import root
from storage.schema import CHATS, CONVERSATIONS, CUSTOMERS, IDENTITIES
from tests.hall import OLGA, PETR
from tests.property.test_links import PHONES, Shop, who

ADMIN = replace(PETR, role=Role.ADMIN)
#: Calls of an erasing before which another process has its turn.
MOMENTS = (
    *("erasing.begin", "erasing.save", "links.newest", "links.add", "people.chats", "erasing.hold_lane"),
    *("erasing.take_updates", "erasing.take_conversation", "erasing.take_words", "erasing.take_chat"),
    *("erasing.take_customer", "erasing.blank_audit", "erasing.blank_links"),
)


async def left(shop: Shop) -> dict[str, CustomerId]:
    """Return who has the chats there are, once all that was begun is finished; whatever is left is in order."""
    await shop.rest()
    bridge = shop.process.bridge
    assert await erasing.take_up(bridge, timedelta(0)) == 0
    assert all(step.done for step in shop.rows_of_steps())
    people = {row.id for row in shop.rows(CUSTOMERS, Customer)}
    rows = (*shop.rows(CHATS, Chat), *shop.rows(IDENTITIES, Identity), *shop.rows(CONVERSATIONS, Conversation))
    for row in rows:
        assert row.home in people, row
        assert row.customer == (await root(bridge, row.home)).id, row
    return {row.chat: row.customer for row in shop.rows(CONVERSATIONS, Conversation)}


def overtaken(bridge: Any, moment: str, late: Callable[[], Awaitable[object]], patch: pytest.MonkeyPatch) -> list[str]:
    """Let another process do something just before a repository's function is called for the first time."""
    place, name = moment.split(".")
    part, called = getattr(bridge.store, place), list[str]()
    whole = getattr(part, name)

    async def turn(*args: Any, **more: Any) -> Any:
        patch.setattr(part, name, whole)
        try:
            await late()
            called.append("done")
        except (NotFound, Invalid):
            called.append("refused")
        return await whole(*args, **more)

    patch.setattr(part, name, turn)
    return called


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("verb", ["joins him", "he joins", "leaves him", "proves the same"])
async def test_who_joins_or_parts_while_one_is_erased_goes_whole_or_stays_whole(
    moment: str, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await Shop().found()
    await shop.do("link", "1", "2")
    await shop.do("share", "1", PHONES[0])
    hand, bridge = shop.born(), shop.process.bridge

    async def late() -> object:
        if verb == "joins him":
            return await linking.link(hand.bridge, OLGA, who("1"), who("3"))
        if verb == "he joins":
            return await linking.link(hand.bridge, OLGA, who("3"), who("1"))
        if verb == "leaves him":
            return await linking.unlink(hand.bridge, OLGA, who("1"), who("2"))
        return await shop.do("share", "3", PHONES[0], process=hand)

    called = overtaken(bridge, moment, late, monkeypatch)
    await erasing.erase(bridge, ADMIN, who("1"))
    assert called in (["done"], ["refused"])
    chats = await left(shop)
    assert chats.pop("4") == who("4")
    # Three has all that is his, alone, or went as a part of the one who was erased; two parted in time or went.
    early = called == ["done"] and verb != "proves the same"
    assert "1" not in chats
    assert chats.pop("3", who("3")) == who("3") or early
    assert chats == {} or (verb == "leaves him" and early and chats == {"2": who("2")})


async def test_nobody_is_joined_to_or_parted_from_whom_is_gone() -> None:
    shop = await Shop().found()
    await shop.do("link", "1", "2")
    await shop.do("unlink", "1", "2")
    await shop.do("link", "3", "2")
    await erasing.erase(shop.process.bridge, ADMIN, who("1"))
    bridge = shop.process.bridge
    for verb in (linking.link, linking.unlink):
        for one, other in (("1", "4"), ("4", "1")):
            with pytest.raises(NotFound):
                await verb(bridge, OLGA, who(one), who(other))
    assert await left(shop) == {"2": who("3"), "3": who("3"), "4": who("4")}
    # Steps of who is gone hinder nobody: the history goes on, whatever its newest step is about.
    newest = max(step.number for step in shop.rows_of_steps())
    await bridge.store.links.add(
        Link(
            f"{newest + 1:012}",
            newest + 1,
            CustomerId("gone"),
            CustomerId("gone"),
            False,
            "system",
            shop.time.now(),
            done=True,
        )
    )
    await shop.do("unlink", "3", "2")
    await timers.take_up(bridge, timedelta(0))
    assert await left(shop) == {"2": who("2"), "3": who("3"), "4": who("4")}
