"""What the panel counts, in a registry of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metrics:
    """Counters of the panel; what else the process counts may join by `registry`."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram
    sockets: Gauge
    too_slow: Counter
    events: Counter

    @classmethod
    def new(cls) -> "Metrics":
        """Make a fresh registry."""
        registry = CollectorRegistry()
        return cls(
            registry,
            Counter("mostik_http_requests", "Requests answered", ("method", "route", "status"), registry=registry),
            Histogram("mostik_http_seconds", "Seconds until the answer", ("route",), registry=registry),
            Gauge("mostik_live_sockets", "Open live lines", registry=registry),
            Counter("mostik_live_too_slow", "Live lines closed for a client that was too slow", registry=registry),
            Counter("mostik_feed_events", "Facts of the feed rendered for live lines", ("type",), registry=registry),
        )

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)


class ChannelStates:
    """Collector: 1 for the state each channel is in now."""

    def __init__(self, states: Callable[[], Iterable[tuple[str, str]]]) -> None:
        self._states = states

    def collect(self) -> Iterable[Metric]:
        """Yield mostik_channel_state{channel, state}."""
        family = GaugeMetricFamily("mostik_channel_state", "State of a connected account", labels=("channel", "state"))
        for name, state in self._states():
            for each in ("ok", "starting", "broken"):
                family.add_metric((name, each), 1.0 if state == each else 0.0)
        yield family
