"""VK: one community per table [bots.<name>] of kind "vk"."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bots.vk.channel import Vk


def check(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the faults of a table as (key, fault in words); none: it can be opened."""
    from pydantic import ValidationError

    from bots.vk.settings import VkSettings

    try:
        VkSettings.model_validate(dict(table))
    except ValidationError as error:
        return [(".".join(map(str, item["loc"])), _words(item)) for item in error.errors(include_input=False)]
    return []


def _words(item: Mapping[str, Any]) -> str:
    known = {"missing": "is missing", "extra_forbidden": "is no known key"}
    return known.get(item["type"], str(item["msg"]))


def open(name: str, table: Mapping[str, Any], public_url: str) -> "Vk":  # noqa: A001 - the door's verb everywhere
    """Make the channel of a table. Raises ValueError for wrong settings."""
    from bots.vk.channel import Vk
    from bots.vk.settings import VkSettings

    return Vk(name, VkSettings.model_validate(dict(table)), public_url)
