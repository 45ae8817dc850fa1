"""The funnel: everything aiogram and the network may raise becomes one of the hall's few errors.

Texts to match and their meaning were read in the real server's source; a bot's token stands in some of aiogram's
errors, so no text of theirs leaves this file unredacted.
"""

import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlencode

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bridge.errors import (
    BridgeError,
    ChannelBroken,
    NotFound,
    OutcomeUnknown,
    Rejected,
    RetryLater,
    Unreachable,
)

T = TypeVar("T")

#: Reason of a refusal: the message that was to be changed is not there any more.
GONE = "message_gone"
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
#: Substrings of descriptions (lower case) -> phrase code of why a person cannot be written to.
_SHUT = {
    "bot was blocked": "blocked",
    "user_is_blocked": "blocked",
    "user is deactivated": "deactivated",
    "input_user_deactivated": "deactivated",
    "can't initiate conversation": "never_wrote",
    "chat not found": "chat_not_found",
    "peer_id_invalid": "chat_not_found",
    "bot was kicked": "not_allowed",
    "bot is not a member": "not_allowed",
}
_TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_id_invalid")
_DONE_ALREADY = ("message is not modified", "topic_not_modified")
_REFUSED = {
    "message to edit not found": GONE,
    "message to react not found": GONE,
    "message to delete not found": GONE,
    "message_id_invalid": GONE,
    "message can't be edited": "edit_too_old",
    "message_edit_time_expired": "edit_too_old",
    "there is no caption in the message": "edit_too_old",
    "there is no text in the message": "edit_too_old",
    "message can't be deleted": "delete_too_old",
    "message_delete_forbidden": "delete_too_old",
    "reaction_invalid": "reaction_unknown",
    "reaction_empty": "reaction_unknown",
    "reactions_too_many": "reaction_unknown",
    "caption is too long": "too_long",
    "message_too_long": "too_long",
    "message is too long": "too_long",
    "message text is empty": "empty",
    "text must be non-empty": "empty",
    "not enough rights": "not_allowed",
    "have no rights": "not_allowed",
    "the chat is not a forum": "not_allowed",
    "can't parse entities": "bad_text",
    "file is too big": "file_too_big",
    "too big for a photo": "bad_photo",
    "photo_invalid_dimensions": "bad_photo",
    "image_process_failed": "bad_photo",
    "voice_messages_forbidden": "no_voices",
    "wrong file": "wrong_file",
    "wrong remote file": "wrong_file",
    "invalid file_id": "wrong_file",
    "can't use file of type": "wrong_file",
    "file must be non-empty": "file_empty",
}


class AlreadyDone(Exception):
    """What was asked for is so already: a success without a new message."""


class _Words(aiohttp.FormData):
    """A form of words alone, written at once: the general one prepares for files first, at three times the cost."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._body = urlencode(fields).encode()

    def __call__(self) -> aiohttp.payload.BytesPayload:
        return aiohttp.payload.BytesPayload(self._body, content_type="application/x-www-form-urlencoded")


class Session(AiohttpSession):
    """aiogram's session that tells 5xx and 429 by their status, whatever the body holds."""

    async def close(self) -> None:
        """Close the connections; aiogram's own then waits a quarter of a second for TLS, which a plain one has not."""
        if self.api.base.startswith("https:"):
            await super().close()
        elif self._session is not None and not self._session.closed:
            await self._session.close()

    def build_form_data(self, bot: Bot, method: TelegramMethod[TelegramType]) -> aiohttp.FormData:
        """Return what aiogram's own returns, sooner where there are no files."""
        files: dict[str, Any] = {}
        fields = [
            (key, value)
            for key, given in method.model_dump(warnings=False).items()
            if (value := self.prepare_value(given, bot=bot, files=files))
        ]
        return super().build_form_data(bot, method) if files else _Words(fields)

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Raise for bodies aiogram would stumble over: HTML of a proxy, nothing at all, 429 without a time."""
        if status_code >= 500:
            raise TelegramServerError(method=method, message=f"HTTP {status_code}")
        if status_code == 429 and '"retry_after"' not in content:
            raise TelegramRetryAfter(method=method, message="Too Many Requests", retry_after=5)
        _answer_model(method.__returning__)
        return super().check_response(bot, method, status_code, content)


@cache
def _answer_model(returning: Any) -> Any:
    """Hold on to the model of a method's answer: pydantic forgets those nobody holds, and makes them in 20 ms."""
    return Response[returning]


def redacted(text: object) -> str:
    """Return a text without bot tokens."""
    return _TOKEN.sub("<token>", str(text))


async def funnel(call: Callable[[], Awaitable[T]]) -> T:
    """Await a call of aiogram's. Raises RetryLater, Unreachable, Rejected, NotFound, OutcomeUnknown, ChannelBroken.

    AlreadyDone and TelegramMigrateToChat pass through: the caller has something to do about them.
    """
    try:
        return await call()
    except (BridgeError, TelegramMigrateToChat):
        raise
    except TelegramRetryAfter as error:
        raise RetryLater(max(float(error.retry_after), 1.0), "flood") from None
    except TelegramEntityTooLarge:
        raise Rejected("too_long") from None
    except TelegramNetworkError as error:
        raise _network(error) from None
    except TelegramAPIError as error:
        raise _refusal(error) from None
    except (ClientDecodeError, TypeError, aiohttp.ClientError, TimeoutError):
        raise OutcomeUnknown("network_unknown") from None


def _network(error: TelegramNetworkError) -> BridgeError:
    # aiogram raises inside its except block: the cause stands in the context. A connection that never came to be
    # has sent nothing; anything else may have.
    if isinstance(error.__context__, aiohttp.ClientConnectorError):
        return RetryLater(1, "network")
    return OutcomeUnknown("network_unknown")


def _refusal(error: TelegramAPIError) -> BridgeError | AlreadyDone:
    text = error.message.lower()
    if isinstance(error, TelegramUnauthorizedError):
        return ChannelBroken("unauthorized")
    if isinstance(error, TelegramConflictError):
        return ChannelBroken("conflict")
    if isinstance(error, TelegramServerError):
        return RetryLater(1, "server")
    if "too many requests" in text:
        return RetryLater(5, "flood")
    if any(part in text for part in _DONE_ALREADY):
        return AlreadyDone(text)
    if any(part in text for part in _TOPIC_GONE):
        return NotFound("topic_gone")
    for part, code in _SHUT.items():
        if part in text:
            return Unreachable(code)
    if isinstance(error, TelegramForbiddenError):
        return Unreachable("blocked")
    if isinstance(error, TelegramNotFound):
        return ChannelBroken("unauthorized")
    for part, code in _REFUSED.items():
        if part in text:
            return Rejected(code)
    if isinstance(error, TelegramBadRequest):
        return Rejected(redacted(error.message)[:200])
    return Rejected(redacted(error.message)[:200])


Call = Callable[[], Awaitable[Any]]
