"""Five hundred random acts of customers, panel and topic: at the end all three show the same, and no note got out."""

import asyncio
import random
from collections import Counter

from bridge.model.messages import Message
from tests.acceptance.mirror import story
from tests.acceptance.mirror.actions import ACTIONS, Scene
from tests.acceptance.mirror.views import leaks, look, topic_faults
from tests.shop import Shop, until

CUSTOMERS = 5
ACTS = 100
#: What must have been among the things compared.
KINDS = {
    *("customer edited", "customer quoted", "customer album", "customer signed by operator"),
    *("operator edited", "operator deleted", "operator quoted", "operator signed by customer"),
    *("topic edited", "topic quoted", "topic album", "topic signed by customer", "note edited", "note deleted"),
}
SEED = 222


async def _acts(scene: Scene) -> None:
    for _ in range(ACTS):
        await scene.act()


def kinds_of(rows: list[Message]) -> Counter[str]:
    """Count what happened to words, and where."""
    found = Counter[str]()
    for row in rows:
        where = "topic" if row.origin.endswith(".staff") else row.author.kind.value
        found[f"{where} edited"] += row.edited_at is not None
        found[f"{where} deleted"] += row.deleted_at is not None
        found[f"{where} quoted"] += row.reply_to is not None
        found[f"{where} album"] += len(row.attachments) > 1
        for sign in row.reactions:
            found[f"{where} signed by {sign.author.kind.value}"] += 1
    return +found & Counter(dict.fromkeys(KINDS, len(rows)))


async def _settled(shop: Shop) -> bool:
    """Tell whether nothing is on its way any more: to customers, in the group, of what was changed."""
    store = shop.bridge.store
    later = shop.bridge.clock.now().replace(year=2100)
    waiting = [
        await store.updates.lost(later, 1),
        await store.messages.unsent(later, 1),
        await store.desk.unsent(later, 1),
        await store.conversations.unsettled(later, 1),
    ]
    return not any(waiting)


async def test_five_hundred_acts_leave_three_equal_views(shop: Shop) -> None:
    scenes = []
    for number in range(CUSTOMERS + 1):
        phone = await shop.caller(f"Покупатель{number}")
        await shop.topic(phone)
        scenes.append(Scene(shop, phone, random.Random(SEED + number)))
    *drawn, planned = scenes
    await asyncio.gather(story.told(planned), *map(_acts, drawn))
    await story.made_up(drawn[0], set(ACTIONS) - {name for scene in drawn for name in scene.done})
    await until(lambda: _settled(shop), "all is quiet")
    faults, seen = [], Counter[str]()
    for scene in scenes:
        for views in await look(shop, scene.phone):
            faults += [f"{scene.phone.name}: {fault}" for fault in (*views.faults(), *await topic_faults(shop, views))]
            seen += kinds_of(views.rows)
    assert not faults, "\n".join(faults)
    assert set(seen) == KINDS, f"not everything was compared: {seen}"
    assert not await leaks(shop)
