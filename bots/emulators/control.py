"""A control API as every emulator has one: a table of routes, each verb takes the emulation and a JSON object."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from aiohttp import web

Json = dict[str, Any]
T = TypeVar("T")
Verb = Callable[[T, Json], Json | Awaitable[Json]]
Row = tuple[str, str, Verb[T]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)
#: A file of 50 MB as JSON carries it, bytes; a snapshot holds all files.
MAX_BODY = 104 << 20
MAX_SNAPSHOT = 10 * MAX_BODY
MIME = re.compile(r"[\w.+-]+/[\w.+-]+")


class Stored(Protocol):
    """A file somebody sent."""

    mime: str
    content: bytes


class ControlError(Exception):
    """A request to `/ctl` that cannot be done: HTTP status and a sentence for a person."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def routes(
    emulation: T, verbs: Sequence[Row[T]], prefix: str, refusal: Callable[[Exception], ControlError | None]
) -> list[web.RouteDef]:
    """Return the routes of a table of (HTTP method, path, verb); `refusal` translates the emulator's own errors."""
    return [web.route(method, prefix + path, _handler(emulation, verb, refusal)) for method, path, verb in verbs]


def _handler(emulation: T, verb: Verb[T], refusal: Callable[[Exception], ControlError | None]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            result = verb(emulation, await _body(request))
            if asyncio.iscoroutine(result):
                result = await result
        except ControlError as error:
            return problem(error.status, error.detail)
        except Exception as error:
            known = refusal(error)
            if known is not None:
                return problem(known.status, known.detail)
            if not isinstance(error, (TypeError, ValueError, KeyError, AttributeError)):
                raise
            log.warning("%s could not be read", request.path, exc_info=True)
            return problem(400, f"the request could not be read: {error!r}")
        return web.json_response(result)

    return handle


async def _body(request: web.Request) -> Json:
    body: Json = {**request.query, **request.match_info}
    if request.method not in ("POST", "PUT", "DELETE") or not request.body_exists:
        return body
    limit = MAX_SNAPSHOT if request.method == "PUT" else MAX_BODY
    try:
        given = await request.clone(client_max_size=limit).json()
    except ValueError:
        raise ControlError(400, "the body is not JSON") from None
    if not isinstance(given, dict):
        raise ControlError(400, "the body is a JSON object")
    return {**body, **given}


def problem(status: int, detail: str) -> web.Response:
    """Return an error as RFC 9457 asks."""
    reason = {400: "Bad request", 403: "Forbidden", 404: "Not found", 408: "Nothing came", 409: "Conflict"}
    shown = {"type": "about:blank", "title": reason.get(status, "Error"), "status": status, "detail": detail}
    return web.json_response(shown, status=status, content_type="application/problem+json")


def iso(seconds: float) -> str:
    """Return a moment as ISO 8601 in UTC, with milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def number(query: Json, name: str, default: float | None = None) -> float | None:
    """Return a number of a query. Raises ControlError 400."""
    value = query.get(name)
    if value in (None, ""):
        return default
    try:
        return float(str(value))
    except ValueError:
        raise ControlError(400, f"{name} is a number") from None


def named(find: Callable[[int], T | None], given: Any, wrong: str, missing: str) -> T:
    """Return what an id names. Raises ControlError 400 for what is no id, 404 for one that names nothing."""
    try:
        found = find(int(given))
    except (TypeError, ValueError):
        raise ControlError(400, wrong) from None
    if found is None:
        raise ControlError(404, missing)
    return found


def account(accounts: Mapping[int, T], given: Any, key: str, noun: str) -> T:
    """Return the account an id names, with whatever sign, without one the first. Raises ControlError 400 or 404."""
    if not accounts:
        raise ControlError(404, f"no {noun} yet: the first call with a token makes one")
    if given in (None, ""):
        return next(iter(accounts.values()))
    return named(
        lambda number: accounts.get(abs(number)), given, f"{key} is a {noun}'s id", f"no {noun} has the id {given}"
    )


def file_response(stored: Stored) -> web.Response:
    """Return the bytes of a file: people may bring any page or script, the browser shall not run it as ours."""
    kind = stored.mime if MIME.fullmatch(stored.mime) else "application/octet-stream"
    headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=stored.content, content_type=kind, headers=headers)
