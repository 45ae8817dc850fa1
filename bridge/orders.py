"""What customers order the bot by name: an operator, help, another language."""

from collections.abc import Callable
from dataclasses import replace

from bridge import bot, handoff
from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict
from bridge.model.conversations import Conversation, Stage
from bridge.model.ids import CustomerId
from bridge.model.inbound import Commanded
from bridge.model.messages import Choice
from bridge.people.asking import BOT
from bridge.people.kin import root
from bridge.receive import Received
from bridge.turn import CALL

#: Begins the data of the buttons that choose a language.
LANGUAGE = "lang"
#: Orders that are known; any other is a word like any other.
ORDERS = ("operator", "help", LANGUAGE)


async def ordered(bridge: Bridge, received: Received, inbound: Commanded) -> bool:
    """Do what a customer orders; False: there is no such order."""
    match inbound.command:
        case "operator":
            await _call_operator(bridge, received)
        case "help":
            await _help(bridge, received)
        case command if command == LANGUAGE:
            await _language(bridge, received, inbound.argument)
        case _:
            return False
    return True


async def pressed(bridge: Bridge, received: Received, data: str) -> str | None:
    """Set the language a button names; returns the word shown at the button, None for any other button."""
    verb, _, language = data.partition(":")
    if verb != LANGUAGE:
        return None
    await _language(bridge, received, language)
    return ""


async def _call_operator(bridge: Bridge, received: Received) -> None:
    waiting = await bot.press(bridge, received, CALL)

    def say(draft: Draft) -> None:
        draft.say(BOT, waiting, "already", anyway=True)

    if waiting:
        await _answer(bridge, received, (Stage.WAITING,), say)


async def _help(bridge: Bridge, received: Received) -> None:
    def say(draft: Draft) -> None:
        language = draft.conversation.language
        call = Choice(bridge.phrases.say(language, "customer.call_person"), CALL)
        calls = (call,) if draft.conversation.stage is Stage.BOT else ()
        draft.say(
            BOT, bridge.phrases.say(language, "customer.help", shop=bridge.shop), "help", choices=calls, anyway=True
        )

    await _answer(bridge, received, (Stage.BOT, Stage.WAITING), say)


async def _language(bridge: Bridge, received: Received, wanted: str) -> None:
    """Speak a language from now on; which ones there are is offered when none of them was named."""
    language = wanted.strip().lower()[:2]
    known = language in bridge.phrases.texts
    if known:
        conversation = await bridge.store.conversations.get(received.conversation)
        await _keep(bridge, conversation.customer, language)

    def say(draft: Draft) -> None:
        if known:
            draft.conversation = replace(draft.conversation, language=language)
            draft.event("language_set", detail=bridge.phrases.say(language, "customer.language_name"))
            draft.say(BOT, bridge.phrases.say(language, "customer.language_set"), "language", anyway=True)
            return
        choices = tuple(
            Choice(bridge.phrases.say(each, "customer.language_name"), f"{LANGUAGE}:{each}")
            for each in bridge.phrases.texts
        )
        words = bridge.phrases.say(draft.conversation.language, "customer.choose_language")
        draft.say(BOT, words, "languages", choices=choices, anyway=True)

    await _answer(bridge, received, tuple(Stage), say)


async def _keep(bridge: Bridge, id: CustomerId, language: str) -> None:
    customer = await root(bridge, id)
    while customer.language != language:
        try:
            await bridge.store.people.replace_customer(replace(customer, language=language))
        except Conflict:
            customer = await root(bridge, id)
            continue
        return


async def _answer(bridge: Bridge, received: Received, stages: tuple[Stage, ...], say: Callable[[Draft], None]) -> None:
    """Answer an order, once; only in some stages: where a person holds the word, most is his to answer."""
    key = f"order:{received.message}"

    def decide(before: Conversation) -> Change | None:
        if before.stage not in stages:
            return None
        answers = before.stage is Stage.BOT
        draft = Draft(bridge, before, handoff.bot_answers(before) if answers else before, key)
        say(draft)
        return draft.change()

    await commit(bridge, received.conversation, key, decide)
