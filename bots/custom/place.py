"""What the parts of one custom channel's door share."""

from dataclasses import dataclass

from bots.custom.settings import CustomSettings
from bridge.context import Bridge
from bridge.model.ids import ChannelName
from bridge.ports.channels import Accept


@dataclass(slots=True)
class Place:
    """One channel's door as long as the process lives; `accept` is there once the channel runs."""

    name: ChannelName
    settings: CustomSettings
    bridge: Bridge
    accept: Accept | None = None
    order: int = 0

    @property
    def secret(self) -> str:
        """What both sides sign with."""
        return self.settings.secret.get_secret_value()

    def next_order(self) -> int:
        """Return a place in a chat's lane after all given before: the time in microseconds, never the same twice."""
        self.order = max(self.order + 1, round(self.bridge.clock.now().timestamp() * 1e6))
        return self.order
