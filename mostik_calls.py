"""What the house calls in the world outside, as the settings say: a mail server, the shop's own program."""

from typing import TypedDict

from bots.shop_program import SignedProgram
from bots.smtp import Smtp
from bridge.context import Bridge
from bridge.model.asking import AskRules
from bridge.ports.mail import MailDoor
from bridge.ports.programs import ShopProgram
from configs.contacts import asks
from configs.settings import Settings


class Calls(TypedDict):
    """Parts of the hall's context, by its own names."""

    asks: AskRules
    mail: MailDoor | None
    program: ShopProgram | None
    panel: str


def calls(settings: Settings) -> Calls:
    """Open what is called; nothing is connected before it is needed."""
    mail = smtp(settings)
    data = settings.customer_data
    program = SignedProgram(**data.model_dump()) if data.url else None
    return Calls(asks=asks(settings.contact), mail=mail, program=program, panel=settings.panel.public_url)


def smtp(settings: Settings) -> Smtp | None:
    """Return the mail server of the settings, if there is one."""
    return Smtp(**settings.mail.model_dump()) if settings.mail.host else None


async def hang_up(bridge: Bridge) -> None:
    """Give up the connections to programs."""
    for each in (bridge.caller, bridge.program):
        if each is not None:
            await each.close()
