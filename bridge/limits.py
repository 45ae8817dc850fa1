"""The confidences in force."""

from bridge.context import Bridge
from bridge.model.articles import Thresholds


def thresholds(bridge: Bridge) -> Thresholds:
    """Return the thresholds in force: the library's, where the settings do not say otherwise."""
    settings = bridge.settings
    answer = settings.answer if settings.answer is not None else bridge.matcher.thresholds.answer
    return Thresholds(answer, settings.offer, settings.suggest)
