"""Telegram: one bot per table [bots.<name>] of kind "telegram"."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bots.tables import faults
from bots.telegram_models import defer

if TYPE_CHECKING:
    from bots.telegram.channel import Telegram
    from bridge.delivery.sharing import Installation

defer()


def check(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the faults of a table as (key, fault in words); none: it can be opened."""
    from bots.telegram.settings import TelegramSettings

    return faults(TelegramSettings, table)


def open(  # noqa: A001 - the door's verb everywhere
    name: str, table: Mapping[str, Any], public_url: str, installation: "Installation | None" = None
) -> "Telegram":
    """Make the channel of a table. Raises ValueError for wrong settings, ChannelBroken for a token that is none."""
    from bots.telegram.channel import Telegram
    from bots.telegram.desk import TelegramWithGroup
    from bots.telegram.desk_bot import TelegramWithDeskBot
    from bots.telegram.settings import TelegramSettings

    settings = TelegramSettings.model_validate(dict(table))
    group = settings.staff_group
    if group is None:
        return Telegram(name, settings, public_url, installation)
    own = group.token is not None and group.token != settings.token
    return (TelegramWithDeskBot if own else TelegramWithGroup)(name, settings, public_url, installation)
