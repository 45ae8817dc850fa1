"""What the house calls in the world outside, as the settings say: a mail server, the shop's own program."""

from typing import TypedDict

from bots.smtp import Smtp
from bridge.model.asking import AskRules
from bridge.ports.mail import MailDoor
from configs.contacts import asks
from configs.settings import Settings


class Calls(TypedDict):
    """Parts of the hall's context, by its own names."""

    asks: AskRules
    mail: MailDoor | None


def calls(settings: Settings) -> Calls:
    """Open what is called; nothing is connected before it is needed."""
    mail = Smtp(**settings.mail.model_dump()) if settings.mail.host else None
    return Calls(asks=asks(settings.contact), mail=mail)
