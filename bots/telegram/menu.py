"""The bot's menu: the orders Telegram offers a customer by name, in the customer's language."""

import logging
from collections.abc import Sequence

from aiogram.methods import GetMyCommands, SetMyCommands
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

from bots.telegram.letters import Call
from bridge.errors import BridgeError
from bridge.phrases import Phrases

log = logging.getLogger("mostik.telegram")

ORDERS = ("start", "operator", "help", "lang")


def same(there: Sequence[BotCommand], wanted: Sequence[BotCommand]) -> bool:
    """Tell whether commands are the same; aiogram's objects also compare the bot they came with."""
    return [(each.command, each.description) for each in there] == [(each.command, each.description) for each in wanted]


async def offer(call: Call, phrases: Phrases) -> None:
    """Have Telegram list the orders; they are compared before they are set. A menu that fails is no reason to stop."""
    scope = BotCommandScopeAllPrivateChats()
    try:
        for language in (None, *phrases.texts):
            words = {name: phrases.say(language, f"customer.command_{name}") for name in ORDERS}
            wanted = [BotCommand(command=name, description=text) for name, text in words.items()]
            there = await call(GetMyCommands(scope=scope, language_code=language), 0)
            if not same(there, wanted):
                await call(SetMyCommands(commands=wanted, scope=scope, language_code=language), 0)
    except BridgeError as fault:
        log.warning("the bot's menu could not be set: %s", fault)
