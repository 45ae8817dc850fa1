"""A channel of one's own: a program that speaks signed webhooks both ways; docs/custom.md holds its protocol."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bots.custom.channel import Custom


def check(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the faults of a table as (key, fault in words); none: it can be opened."""
    from pydantic import ValidationError

    from bots.custom.settings import CustomSettings

    try:
        CustomSettings.model_validate(dict(table))
    except ValidationError as error:
        return [(".".join(map(str, item["loc"])), _words(item)) for item in error.errors(include_input=False)]
    return []


def _words(item: Mapping[str, Any]) -> str:
    known = {"missing": "is missing", "extra_forbidden": "is no known key", "too_short": "needs 8 characters or more"}
    return known.get(item["type"], str(item["msg"]).removeprefix("Value error, "))


def open(name: str, table: Mapping[str, Any], public_url: str) -> "Custom":  # noqa: A001 - the door's verb everywhere
    """Make the channel of a table. Raises ValueError for wrong settings."""
    from bots.custom.channel import Custom
    from bots.custom.settings import CustomSettings

    return Custom(name, CustomSettings.model_validate(dict(table)), public_url)
