"""Refusals of the emulated Bot API server and of its control API, with the texts of the real server."""

from bots.emulators.control import ControlError as ControlError
from bots.emulators.control import Json as Json


class BotApiError(Exception):
    """An answer `ok: false`: HTTP status, description and, for 429 and migrations, `parameters`."""

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(text: str, parameters: Json | None = None) -> BotApiError:
    """Return the 400 with the real server's prefix."""
    return BotApiError(400, f"Bad Request: {text}", parameters)


def forbidden(text: str) -> BotApiError:
    """Return the 403 with the real server's prefix."""
    return BotApiError(403, f"Forbidden: {text}")


def too_many_requests(seconds: int) -> BotApiError:
    """Return the 429 that asks to wait; 0 seconds gives the form without `parameters`."""
    if seconds <= 0:
        return BotApiError(429, "Too Many Requests")
    return BotApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
