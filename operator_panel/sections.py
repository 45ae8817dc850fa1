"""Sections of the settings, in the order of their menu, and who is offered which."""

from bridge.model.operators import Operator
from bridge.rights import may

#: Address below /settings -> the right that opens it; None: everybody.
SECTIONS: dict[str, str | None] = {
    "me": None,
    "people": "staff",
    "teams": "teams",
    "canned": "canned",
    "macros": "canned",
}


def sections_of(operator: Operator) -> list[str]:
    """Return the sections this person is offered, the first being his own."""
    return [name for name, right in SECTIONS.items() if right is None or may(operator, right)]
