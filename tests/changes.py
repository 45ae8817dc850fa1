"""Words in a shop that are to be changed: said, looked up, seen as the customer and the staff see them."""

from typing import Any

from bridge import service
from bridge.model.conversations import Conversation
from bridge.model.inbound import Inbound
from bridge.model.messages import AuthorKind, Message
from tests.hall import OLGA
from tests.property.histories import World


async def now(world: World) -> Conversation:
    id = await world.case("1")
    assert id is not None
    return await world.eyes.conversations.get(id)


async def replied(world: World, text: str = "Ответ", *, sent: bool = True, **more: Any) -> Message:
    await world.say("1", "туман")
    await world.rest()
    said = await service.reply(world.process.bridge, OLGA, (await now(world)).id, text, key="k", **more)
    if sent:
        await world.rest()
    return await world.eyes.messages.get(said.id)


async def stands(world: World, message: Message) -> Message:
    return await world.eyes.messages.get(message.id)


async def events(world: World) -> list[tuple[str, str]]:
    rows = await world.eyes.messages.page((await now(world)).id, 0, None, 200)
    return [(row.event.code, row.event.detail) for row in rows if row.event and row.event.code.endswith("_failed")]


def on_screen(world: World, message: Message) -> str | None:
    assert message.delivery is not None
    return world.street.screen.get(str(message.delivery.external_id))


async def thread(world: World) -> list[Message]:
    return await world.eyes.messages.page((await now(world)).id, 0, None, 200)


async def words(world: World, kind: AuthorKind) -> list[str]:
    return [row.text for row in await thread(world) if row.author.kind is kind]


async def comes(world: World, *facts: Inbound) -> None:
    for fact in facts:
        world._post("1", fact)
    await world.rest()


async def called(world: World) -> Message:
    """A customer waits for a person; returns his word."""
    await world.say("1", "оператор")
    await world.rest()
    return (await thread(world))[0]


def at(world: World) -> Any:
    return world.time.now()
