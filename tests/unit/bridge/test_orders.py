"""What customers order by name: an operator, help, another language."""

from bridge import service
from bridge.model.conversations import Stage
from bridge.model.ids import ChatId
from bridge.model.inbound import Commanded, Pressed
from bridge.model.messages import AuthorKind
from tests.changes import at, comes, now, words
from tests.hall import OLGA, sender
from tests.property.histories import World
from tests.street import NAME

CHAT = ChatId("1")


def order(world: World, command: str, argument: str = "", number: int = 1) -> Commanded:
    return Commanded(NAME, CHAT, f"c{number}", sender("1"), command, argument, at(world))


async def test_an_operator_is_called_by_name(world: World) -> None:
    await comes(world, order(world, "operator"))
    assert (await now(world)).stage is Stage.WAITING
    before = len(await words(world, AuthorKind.BOT))
    await comes(world, order(world, "operator", number=2))
    waiting = world.process.bridge.phrases.say("ru", "customer.already_waiting")
    assert (await words(world, AuthorKind.BOT))[before:] == [waiting]
    await service.claim(world.process.bridge, OLGA, (await now(world)).id)
    await comes(world, order(world, "operator", number=3))
    assert len(await words(world, AuthorKind.BOT)) == before + 1
    assert await words(world, AuthorKind.CUSTOMER) == ["/operator"] * 3


async def test_help_is_given_where_the_bot_holds_the_word(no_group: World) -> None:
    await comes(no_group, order(no_group, "help"))
    case = await now(no_group)
    assert (case.stage, case.waiting_since) == (Stage.BOT, None)
    assert no_group.street.seen[-1].text == no_group.process.bridge.phrases.say("ru", "customer.help", shop="Кедр")
    assert [choice.data for choice in no_group.street.seen[-1].choices] == ["human"]


async def test_a_language_is_chosen_by_name_or_by_button_and_kept(no_group: World) -> None:
    await comes(no_group, order(no_group, "lang"))
    offered = [(choice.text, choice.data) for choice in no_group.street.seen[-1].choices]
    assert sorted(offered) == [("English", "lang:en"), ("Русский", "lang:ru")]
    await comes(no_group, Pressed(NAME, CHAT, "p1", sender("1"), "lang:en", "English", at(no_group)))
    case = await now(no_group)
    assert case.language == "en"
    assert (await no_group.eyes.people.customer(case.customer)).language == "en"
    assert no_group.street.seen[-1].text == no_group.process.bridge.phrases.say("en", "customer.language_set")
    await comes(no_group, order(no_group, "lang", " RU ", number=2))
    assert (await now(no_group)).language == "ru"
    await comes(no_group, order(no_group, "lang", "klingon", number=3))
    assert len(no_group.street.seen[-1].choices) == 2
    assert (await now(no_group)).language == "ru"


async def test_an_unknown_order_is_a_word(no_group: World) -> None:
    await comes(no_group, order(no_group, "dance"))
    assert await words(no_group, AuthorKind.CUSTOMER) == ["/dance"]
