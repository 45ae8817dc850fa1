"""The funnel: what VK answers, and what vk_api and the network may raise, becomes one of the hall's few errors.

Codes are those of VK's schema (errors.json of VKCOM/vk-api-schema). Nothing need stay in doubt here: messages.send and
wall.createComment take a key made from our message's id, so they can be repeated after a timeout without harm, and
editing, deleting, uploading and reacting are the same when they are done again. So a line that broke is RetryLater
where a messenger without such keys would need OutcomeUnknown. Only a word says that it may be there already
(`doubtful`): the hall sends it again too, for the channel is a RepeatableChannel, and minds meanwhile that somebody may
have read it.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
import requests
import vk_api

from bridge.errors import BridgeError, ChannelBroken, NotFound, OutcomeUnknown, Rejected, RetryLater, Unreachable

T = TypeVar("T")

#: Code -> seconds to wait and the reason; "flood" is a time the messenger means, others grow with each attempt.
_LATER = {
    1: (1.0, "server"),
    6: (0.5, "flood"),  # more than 20 a second
    9: (60.0, "flood"),  # the same words, or the same chat, too often: VK means minutes
    10: (1.0, "server"),
    14: (60.0, "captcha"),
    29: (600.0, "daily_limit"),
    603: (60.0, "server"),
    944: (600.0, "daily_limit"),
}
#: This person cannot be written to until he writes or allows it: trying again is what pitfall 18 is about.
_SHUT = {
    18: "deactivated",
    900: "blacklisted",
    901: "messages_denied",
    902: "privacy",
    917: "not_allowed",
    922: "not_allowed",
    927: "chat_not_found",
    932: "not_allowed",
    935: "not_allowed",
    936: "chat_not_found",
    945: "not_allowed",
    946: "not_allowed",
    950: "reply_timed_out",
    985: "not_allowed",
    987: "messages_denied",
    988: "messages_denied",
    1012: "not_allowed",
}
_BROKEN = {5: "unauthorized", 17: "validation", 27: "unauthorized", 28: "unauthorized", 1117: "unauthorized"}
_GONE = frozenset({104})
_REFUSED = {
    7: "no_rights",
    15: "no_rights",
    22: "file_refused",
    105: "file_refused",
    118: "file_refused",
    121: "file_refused",
    122: "file_refused",
    129: "file_refused",
    211: "comments_closed",
    212: "comments_closed",
    213: "comments_closed",
    222: "links_forbidden",
    223: "comments_closed",
    909: "edit_too_old",
    910: "too_long",
    911: "bad_keyboard",
    912: "bad_keyboard",
    913: "bad_reply",
    914: "too_long",
    920: "edit_too_old",
    921: "bad_reply",
    924: "delete_too_old",
    969: "bad_reply",
    1009: "reaction_unknown",
    1010: "reaction_unknown",
    1011: "reaction_unknown",
    1152: "file_refused",
}
#: Refusals of a keyboard, and of what is replied to: the words can go without.
KEYBOARD = frozenset({911, 912})
REPLY = frozenset({100, 913, 921, 969})
#: A wrong parameter: what it was stands in VK's text.
PARAMETER = 100


class LineLost(RetryLater):
    """The line broke after it stood: what was asked may have been done."""


class Refused(Rejected):
    """VK will never take this; `vk` is its own code."""

    def __init__(self, reason: str, vk: int) -> None:
        super().__init__(reason)
        self.vk = vk


def refusal(code: int, text: str) -> BridgeError:
    """Return the hall's error of one of VK's codes."""
    if code in _LATER:
        return RetryLater(*_LATER[code])
    if code in _SHUT:
        return Unreachable(_SHUT[code])
    if code in _BROKEN:
        return ChannelBroken(_BROKEN[code])
    if code in _GONE:
        return NotFound("message_gone")
    return Refused(_REFUSED.get(code, f"VK {code}: {text}"[:200]), code)


async def doubtful(call: Awaitable[T]) -> T:
    """Await a call that sends a word. Raises OutcomeUnknown when the line broke after it stood."""
    try:
        return await call
    except LineLost:
        raise OutcomeUnknown("network_unknown") from None


async def funnel(call: Callable[[], Awaitable[T]]) -> T:
    """Await a call. Raises RetryLater, Unreachable, Rejected, NotFound, ChannelBroken; never a text with the token."""
    try:
        return await call()
    except BridgeError:
        raise
    except Exception as error:
        known = translated(error)
        if known is None:
            raise
        raise known from None


def translated(error: Exception) -> BridgeError | None:
    """Return what an exception of vk_api, aiohttp or requests means to the hall; None: it is none of theirs."""
    match error:
        case vk_api.ApiError():
            return _of_api(error)
        case vk_api.Captcha():
            return refusal(14, "captcha")
        case vk_api.ApiHttpError():
            return RetryLater(1, "server")
        # ValueError: HTML or half a body where JSON was due; both libraries' decoding errors are ValueErrors.
        case aiohttp.ContentTypeError() | ValueError():
            return RetryLater(1, "server")
        case aiohttp.ClientConnectorError() | requests.ConnectTimeout():
            return RetryLater(1, "network")
        case aiohttp.ClientError() | requests.RequestException() | TimeoutError() | OSError():
            return LineLost(1, "network")
    return None


def _of_api(error: Any) -> BridgeError:
    told: dict[str, Any] = error.error if isinstance(error.error, dict) else {}
    return refusal(int(error.code), str(told.get("error_msg") or ""))
