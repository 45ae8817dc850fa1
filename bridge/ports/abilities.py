"""What some channels are able to do beside what bridge.ports.channels tells of, asked by isinstance too."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a channel takes of files: bytes of one, files of a message, endings it refuses, words under a file.

    `endings` are lower case without a dot; `caption` is in UTF-16 units, longer words go as a message of their own; 0
    stands for no limit of the channel's own.
    """

    size: int = 0
    most: int = 0
    endings: frozenset[str] = frozenset()
    caption: int = 0


@runtime_checkable
class LimitedChannel(Protocol):
    """A channel that carries files within limits it can tell beforehand; `carries` refuses by the same ones."""

    @property
    def file_limits(self) -> FileLimits:
        """The limits of each file that goes out here."""


@runtime_checkable
class RatingChannel(Protocol):
    """A channel whose customers can be shown a scale to rate with, where the settings want it."""

    @property
    def rates(self) -> bool:
        """Are they to be asked?"""


@runtime_checkable
class LinkedChannel(Protocol):
    """A channel that can be entered from elsewhere by a link, which brings a word along (Started.payload)."""

    def link(self, payload: str) -> str | None:
        """Return the link; the payload is empty or 1-64 of A-Z a-z 0-9 _ -. None: not known yet, or not to be had."""


@runtime_checkable
class PublicChannel(Protocol):
    """A channel some of whose chats everybody reads: comments under a post."""

    def is_public(self, chat: str) -> bool:
        """Does everybody read what is said in this chat?"""


@runtime_checkable
class RepeatableChannel(Protocol):
    """A channel whose messenger knows a word by our id of it: sent again, it is the same message there."""

    @property
    def remembers(self) -> float:
        """How long after a word was written that holds, seconds."""


@runtime_checkable
class HearingChannel(Protocol):
    """A channel that hears on the bus itself who writes to its customers, and shows it."""

    @property
    def hears(self) -> bool:
        """Does it?"""
