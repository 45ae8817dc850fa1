"""VK: one community per table [bots.<name>] of kind "vk"."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bots.tables import faults

if TYPE_CHECKING:
    from bots.vk.channel import Vk
    from bridge.delivery.sharing import Installation


def check(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the faults of a table as (key, fault in words); none: it can be opened."""
    from bots.vk.settings import VkSettings

    return faults(VkSettings, table)


def open(  # noqa: A001 - the door's verb everywhere
    name: str, table: Mapping[str, Any], public_url: str, installation: "Installation | None" = None
) -> "Vk":
    """Make the channel of a table. Raises ValueError for wrong settings."""
    from bots.vk.channel import Vk
    from bots.vk.settings import VkSettings

    return Vk(name, VkSettings.model_validate(dict(table)), public_url, installation)
