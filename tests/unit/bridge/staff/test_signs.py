"""The sign that a word arrived, and the customer's own sign on it: whichever is quicker, the customer's stands."""

from dataclasses import replace

from bridge.changes.revising import with_sign
from bridge.model.messages import Author, AuthorKind
from bridge.staff import mirror
from bridge.staff.mirror_changes import resolved
from tests.property.histories import World


async def test_a_customers_sign_that_was_quicker_is_not_covered(world: World) -> None:
    await world.say("1", "оператор")
    await world.rest()
    await world.topic_say("petr", "1", "Из темы")
    await world.rest()
    bridge, id = world.process.bridge, await world.case("1")
    assert id is not None
    conversation, topic = await bridge.store.conversations.get(id), await bridge.store.desk.topic(id)
    assert topic is not None
    word = (await bridge.store.messages.page(id, None, None, 50))[-1]
    assert word.author.kind is AuthorKind.OPERATOR
    mark = mirror.mark(bridge, conversation, word)
    assert await resolved(bridge, mark, topic) == mark
    anna = Author(AuthorKind.CUSTOMER, conversation.customer, "Анна")
    await bridge.store.messages.replace(replace(word, reactions=with_sign(word, anna, "❤")))
    assert await resolved(bridge, mark, topic) is None
