"""The control API: one table of routes; each verb takes the emulation and a JSON object and returns one."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from bots.emulators.telegram.control import people, staff, switches, watch
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import BotApiError, ControlError, Json
from bots.emulators.telegram.params import MAX_UPLOAD

log = logging.getLogger(__name__)
MIME = re.compile(r"[\w.+-]+/[\w.+-]+")
Verb = Callable[[Emulation, Json], Json | Awaitable[Json]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

VERBS: tuple[tuple[str, str, Verb], ...] = (
    ("POST", "/user", people.create),
    ("GET", "/users", people.listed),
    ("POST", "/user/say", people.say),
    ("POST", "/user/edit", people.edit),
    ("POST", "/user/delete", people.delete),
    ("POST", "/user/react", people.react),
    ("POST", "/user/press", people.press),
    ("POST", "/user/block", people.block),
    ("POST", "/user/unblock", people.unblock),
    ("POST", "/user/deactivate", people.deactivate),
    ("POST", "/user/allow", people.vk_only),
    ("POST", "/user/deny", people.vk_only),
    ("POST", "/group", staff.create),
    ("GET", "/groups", staff.listed),
    ("GET", "/bots", watch.bots),
    ("POST", "/operator/say", staff.say),
    ("POST", "/operator/edit", staff.edit),
    ("POST", "/operator/delete", staff.delete),
    ("POST", "/operator/react", staff.react),
    ("POST", "/operator/press", staff.press),
    ("POST", "/operator/open_topic", staff.open_topic),
    ("POST", "/operator/close_topic", staff.close_topic),
    ("POST", "/operator/reopen_topic", staff.reopen_topic),
    ("POST", "/operator/delete_topic", staff.delete_topic),
    ("GET", "/topics", staff.topic_list),
    ("GET", "/chat/{chat}/messages", watch.messages),
    ("GET", "/wait", watch.wait),
    ("GET", "/changes", watch.changes),
    ("GET", "/calls", watch.calls),
    ("GET", "/stats", watch.stats),
    ("POST", "/faults", switches.order_fault),
    ("GET", "/faults", switches.list_faults),
    ("DELETE", "/faults", switches.clear_faults),
    ("POST", "/limits", switches.set_limits),
    ("POST", "/clock", switches.set_clock),
    ("GET", "/snapshot", switches.get_snapshot),
    ("PUT", "/snapshot", switches.put_snapshot),
    ("POST", "/reset", switches.reset),
)


def routes(emu: Emulation, prefix: str = "/ctl") -> list[web.RouteDef]:
    """Return the routes of the control API."""
    found = [web.route(method, prefix + path, _handler(emu, verb)) for method, path, verb in VERBS]

    async def file(request: web.Request) -> web.Response:
        stored = emu.world.files.get(request.match_info["id"].removesuffix("s"))
        if stored is None:
            return problem(404, "no such file")
        kind = stored.mime if MIME.fullmatch(stored.mime) else "application/octet-stream"
        # People may bring any page or script: the browser shall not run it as ours.
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=stored.content, content_type=kind, headers=headers)

    return [*found, web.get(prefix + "/file/{id}", file)]


def _handler(emu: Emulation, verb: Verb) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = await _body(request)
            result = verb(emu, body)
            if asyncio.iscoroutine(result):
                result = await result
        except ControlError as error:
            return problem(error.status, error.detail)
        except BotApiError as error:
            return problem(error.status, error.description)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            log.warning("%s could not be read", request.path, exc_info=True)
            return problem(400, f"the request could not be read: {error!r}")
        return web.json_response(result)

    return handle


async def _body(request: web.Request) -> Json:
    body: Json = {**request.query, **request.match_info}
    if request.method not in ("POST", "PUT", "DELETE") or not request.body_exists:
        return body
    limit = 20 * MAX_UPLOAD if request.method == "PUT" else 2 * MAX_UPLOAD
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
