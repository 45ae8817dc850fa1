"""What waits to be written to one live line: bounded, newer rows take the place of older ones."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

LARGEST = 256


class TooSlow(Exception):
    """The client does not read as fast as things happen."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A text to send; a later frame with the same key makes an earlier unsent one needless."""

    text: str
    key: str | None = None


@dataclass(slots=True)
class Backlog:
    """A queue of frames in order; `put` never waits."""

    room: int = LARGEST
    _frames: OrderedDict[object, str] = field(default_factory=OrderedDict)
    _filled: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, frame: Frame) -> None:
        """Add a frame at the end, dropping an older one of its key; raises TooSlow when there is no room."""
        key: object = frame.key or object()
        self._frames.pop(key, None)
        if len(self._frames) >= self.room:
            raise TooSlow
        self._frames[key] = frame.text
        self._filled.set()

    async def get(self) -> str:
        """Wait for the oldest frame and take it."""
        while not self._frames:
            self._filled.clear()
            await self._filled.wait()
        return self._frames.popitem(last=False)[1]

    def __len__(self) -> int:
        """Count the frames that wait."""
        return len(self._frames)
