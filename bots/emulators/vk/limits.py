"""The call budget of the VK API, off until somebody asks for it: 20 calls a second for a token, as VK documents it."""

from collections import deque

from bots.emulators.vk.errors import VkError

PER_SECOND = 20


class Limits:
    """A sliding second for each token."""

    def __init__(self) -> None:
        self.on = False
        self.per_second = PER_SECOND
        self._calls: dict[str, deque[float]] = {}

    def clear(self) -> None:
        """Forget what was spent."""
        self._calls.clear()

    def spend(self, token: str, moment: float) -> None:
        """Count a call; raises VkError 6 for one too many. `moment` is a monotonic time in (scaled) seconds."""
        if not self.on:
            return
        calls = self._calls.setdefault(token, deque())
        while calls and moment - calls[0] >= 1.0:
            calls.popleft()
        if len(calls) >= self.per_second:
            raise VkError(6)
        calls.append(moment)
