"""What the hall needs to ask the shop what it knows of a customer: a door to a program of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Replied:
    """What a program answered: the JSON object of its body (empty: none could be read), or why there is none.

    `fault`: network, refused (no 2xx), unreadable, address_not_allowed; "" for none.
    """

    said: Mapping[str, Any]
    fault: str = ""


class ShopProgram(Protocol):
    """The shop's program, asked by a signed request."""

    @property
    def minutes(self) -> float:
        """How long an answer is shown before it is asked for again."""

    async def ask(self, question: Mapping[str, Any]) -> Replied:
        """Ask; whatever goes wrong is in the reply."""

    async def close(self) -> None:
        """Give up the connections."""
