"""Variables of canned replies and macros: one list, filled with what is known where a text is inserted; pure.

A variable nobody can fill stays as it is, in its braces: whoever inserts the text sees it and fills it by hand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.context import Bridge
from bridge.model.conversations import Conversation
from bridge.model.customers import Customer
from bridge.model.operators import Operator
from bridge.teamwork import roster

#: A variable in a text: letters, digits and dots in double braces.
VARIABLE = re.compile(r"\{\{\s*([^\W\d_][\w.]{0,60})\s*\}\}")
#: All there are, in the order in which people are offered them.
NAMES = (
    "customer.name",
    "customer.first_name",
    "customer.company",
    "conversation.number",
    "channel",
    "operator.name",
    "operator.first_name",
    "team",
    "company",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled; `unfilled` are the names of those that could not be, each once."""

    text: str
    unfilled: tuple[str, ...] = ()


def values(bridge: Bridge, conversation: Conversation, customer: Customer, actor: Operator) -> dict[str, str]:
    """Return what each variable stands for here; "" where it is not known."""
    named = customer.name.strip() if customer.named else ""
    channel = bridge.channels.by_name.get(conversation.channel)
    kind = channel.kind if channel else conversation.channel
    return {
        "customer.name": named,
        "customer.first_name": _first(named),
        "customer.company": customer.company,
        "conversation.number": str(conversation.number),
        "channel": bridge.phrases.channel(conversation.language, kind),
        "operator.name": actor.name,
        "operator.first_name": _first(actor.name),
        "team": roster.name_of(bridge, conversation.team) if conversation.team else "",
        "company": bridge.shop,
    }


def filled(text: str, known: Mapping[str, str]) -> Filled:
    """Fill the variables of a text; what a value holds is never looked through for variables again."""
    missing: dict[str, None] = {}

    def put(found: re.Match[str]) -> str:
        name = found.group(1)
        value = known.get(name, "")
        if not value:
            missing[name] = None
        return value or found.group(0)

    return Filled(VARIABLE.sub(put, text), tuple(missing))


def unknown(text: str) -> tuple[str, ...]:
    """Return the variables of a text that are none of ours."""
    return tuple(dict.fromkeys(name for name in VARIABLE.findall(text) if name not in NAMES))


def _first(name: str) -> str:
    return name.split()[0] if name.strip() else ""
