"""The website's widget: one door per table [bots.<name>] of kind "web"; docs/widget.md holds its protocol."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bots.tables import faults

if TYPE_CHECKING:
    from bots.web.channel import Web
    from bridge.delivery.sharing import Installation


def check(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the faults of a table as (key, fault in words); none: it can be opened."""
    from bots.web.settings import WebSettings

    return faults(WebSettings, table)


def open(  # noqa: A001 - the door's verb everywhere
    name: str, table: Mapping[str, Any], public_url: str, installation: "Installation | None" = None
) -> "Web":
    """Make the channel of a table. Raises ValueError for wrong settings."""
    from bots.web.channel import Web
    from bots.web.settings import WebSettings

    return Web(name, WebSettings.model_validate(dict(table)), public_url, installation)
