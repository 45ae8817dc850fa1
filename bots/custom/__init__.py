"""A channel of one's own: a program that speaks signed webhooks both ways; docs/custom.md holds its protocol."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bots.tables import faults

if TYPE_CHECKING:
    from bots.custom.channel import Custom
    from bridge.delivery.sharing import Installation


def check(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the faults of a table as (key, fault in words); none: it can be opened."""
    from bots.custom.settings import CustomSettings

    return faults(CustomSettings, table, too_short="needs 8 characters or more")


def open(  # noqa: A001 - the door's verb everywhere
    name: str, table: Mapping[str, Any], public_url: str, installation: "Installation | None" = None
) -> "Custom":
    """Make the channel of a table; any process calls a program and is called. Raises ValueError for wrong settings."""
    from bots.custom.channel import Custom
    from bots.custom.settings import CustomSettings

    return Custom(name, CustomSettings.model_validate(dict(table)), public_url)
