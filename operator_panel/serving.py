"""From a request to a handler of the API and back: proof, meaning, body, key, answer, problem."""

import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bridge.context import Bridge
from bridge.errors import BridgeError, Conflict
from bridge.model.ids import derive, fresh
from bridge.model.operators import Operator
from bridge.rights import may
from bridge.teamwork import states
from operator_panel import problems
from operator_panel.access import Guest, check_meant, check_scope, guest_of
from operator_panel.idempotency import fingerprint
from operator_panel.office import Office
from operator_panel.packing import packed, takes
from operator_panel.problems import Problem
from operator_panel.reading import body_of, expected_version, query_of, raw_body
from operator_panel.signature import Route, Signature

log = logging.getLogger("mostik.panel")

#: Bytes from which an answer is packed: less fits into one network packet anyway.
_PACK_FROM = 1400
_TEXTS = frozenset({"application/json", "text/html", "text/plain"})

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]

#: What every answer of the API carries: it is nobody's page, and nobody may keep it.
API_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API by a known caller."""

    office: Office
    request: web.Request
    guest: Guest
    seed: str = ""  # of an idempotent request: the same for each of its tries

    @property
    def bridge(self) -> Bridge:
        """The hall's context."""
        return self.office.bridge

    @property
    def actor(self) -> Operator:
        """Who calls."""
        return self.guest.operator

    @property
    def language(self) -> str:
        """The caller's language."""
        return self.guest.operator.language

    @property
    def whole(self) -> bool:
        """May the caller read e-mails and phones whole?"""
        return may(self.actor, "contacts")

    def key(self, client_id: str | None = None) -> str:
        """Return the key the hall decides under: the same for the same request of the same caller, else a new one."""
        return self.seed or (derive(self.guest.scope, client_id) if client_id else fresh())

    def expect(self, version: int) -> None:
        """Hold an If-Match header against what is there; raises Conflict("version")."""
        wanted = expected_version(self.request)
        if wanted is not None and wanted != version:
            raise Conflict("version", f"version {version} is there")


def api(office: Office, route: Route) -> Serve:
    """Return what aiohttp calls for a route of the API."""
    signature = Signature.of(route)

    async def serve(request: web.Request) -> web.StreamResponse:
        return await watched(office, f"/api/v1{route.path}", request, lambda: _serve(office, route, signature, request))

    return serve


async def watched(
    office: Office, name: str, request: web.Request, work: Callable[[], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Do the work, turn every refusal into a problem, count it, and log it without a word of what was said."""
    started = time.perf_counter()
    status = 499  # the caller left before there was an answer
    try:
        response = await _answered(work, request)
        status = response.status
        if not response.prepared:
            for header, value in API_HEADERS.items():
                response.headers.setdefault(header, value)
            _pack(response, request.headers.get("Accept-Encoding", ""))
        return response
    finally:
        seconds = time.perf_counter() - started
        office.metrics.requests.labels(request.method, name, str(status)).inc()
        office.metrics.seconds.labels(name).observe(seconds)
        log.info("%s %s %s %.0f ms", request.method, name, status, seconds * 1000)


async def _answered(work: Callable[[], Awaitable[web.StreamResponse]], request: web.Request) -> web.StreamResponse:
    try:
        return await work()
    except Problem as problem:
        return problem.response()
    except BridgeError as error:
        return problems.of(error).response()
    except web.HTTPException as error:
        return Problem(error.status, HTTPStatus(error.status).name.lower(), headers=_kept(error)).response()
    except Exception as error:
        log.error("%s failed: %s\n%s", request.method, type(error).__name__, frames(error))
        return Problem(500, "internal", "something went wrong here, it was logged").response()


def _pack(response: web.StreamResponse, accepted: str) -> None:
    """Have a long text packed as the caller accepts it; static files are packed already."""
    if not isinstance(response, web.Response) or "Content-Encoding" in response.headers:
        return
    body = response.body
    if not isinstance(body, bytes) or len(body) <= _PACK_FROM or response.content_type not in _TEXTS:
        return
    response.headers["Vary"] = "Accept-Encoding"
    if takes(accepted, "br"):
        response.headers["Content-Encoding"] = "br"
        response.body = packed(body)
    else:
        response.enable_compression()


def frames(error: BaseException) -> str:
    """Return where an error came from: lines of code alone, no values, for those may be somebody's words."""
    return "".join(traceback.format_tb(error.__traceback__)).rstrip()


def _kept(error: web.HTTPException) -> dict[str, str]:
    return {name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers}


async def _serve(office: Office, route: Route, signature: Signature, request: web.Request) -> web.StreamResponse:
    guest = await guest_of(office, request)
    check_meant(guest, request, request.headers.get("X-CSRF-Token"))
    check_scope(guest, route.scope)
    if request.method not in ("GET", "HEAD"):  # who does something is there
        await states.note(office.bridge, guest.operator)
    raw = b"" if request.method in ("GET", "HEAD") or route.takes_file else await raw_body(request, route.largest)
    asked: dict[str, Any] = {name: request.match_info[name] for name in signature.path_names}
    if signature.query is not None:
        asked["query"] = query_of(signature.query, request.query)
    if signature.body is not None:
        asked["body"] = body_of(signature.body, raw)
    if signature.streams:
        streamed: web.StreamResponse = await route.handler(Call(office, request, guest), **asked)
        return streamed

    async def work(seed: str) -> tuple[int, str]:
        answer = await route.handler(Call(office, request, guest, seed), **asked)
        return route.status, signature.written(answer)

    key = idempotency_key(request)
    if request.method != "POST" or not key or route.takes_file or route.secret:
        return _response(await work(""))
    done, again = await office.once.run(guest.scope, key, fingerprint(request.method, request.path, raw), work)
    return _response(done, {"Idempotency-Replayed": "true"} if again else {})


def idempotency_key(request: web.Request) -> str:
    """Return the key that makes a request's tries one, empty without one; raises Problem 422."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > 200:
        raise problems.invalid(("Idempotency-Key", "too_long"))
    return key


def _response(done: tuple[int, str], headers: dict[str, str] | None = None) -> web.Response:
    status, text = done
    if status == 204:
        return web.Response(status=204, headers=headers)
    return web.Response(text=text, status=status, content_type="application/json", headers=headers)
