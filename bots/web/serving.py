"""From a request to an answer: refusals become problems in the visitor's language, headers are the door's own."""

import traceback
from collections.abc import Awaitable, Callable

from aiohttp import web

from bots.web.access import allow_origin, language_of
from bots.web.problems import GUARDS, Problem
from bots.web.site import Site
from bridge.context import log
from bridge.errors import BridgeError, NotFound, Rejected, StoreDown

Work = Callable[[Site, web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serving(site: Site, work: Work) -> Serve:
    """Return what aiohttp calls for a route."""

    async def serve(request: web.Request) -> web.StreamResponse:
        response = await _answered(site, request, work)
        if not response.prepared:
            for header, value in GUARDS.items():
                response.headers.setdefault(header, value)
            allow_origin(site, request, response)
        return response

    return serve


async def _answered(site: Site, request: web.Request, work: Work) -> web.StreamResponse:
    try:
        return await work(site, request)
    except Problem as problem:
        return _refused(site, request, problem)
    except BridgeError as error:
        return _refused(site, request, _problem_of(error))
    except web.HTTPRequestEntityTooLarge:
        return _refused(site, request, Problem(413, "too_large"))
    except web.HTTPException:
        raise
    except Exception as error:
        # Lines of code alone: values may be somebody's words.
        frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
        log.error("%s failed: %s\n%s", request.method, type(error).__name__, frames)
        return _refused(site, request, Problem(500, "internal"))


def _problem_of(error: BridgeError) -> Problem:
    match error:
        case StoreDown():
            return Problem(503, "unavailable", headers={"Retry-After": "2"})
        case NotFound():
            return Problem(404, "not_found")
        case Rejected():
            return Problem(422, error.reason, words=f"reason.{error.reason}")
    return Problem(409, error.code, words="widget.internal")


def _refused(site: Site, request: web.Request, problem: Problem) -> web.Response:
    key = problem.words or f"widget.{problem.code}"
    words = site.bridge.phrases.say(language_of(site, request), key, **problem.values)
    return problem.response(words[:1].upper() + words[1:])


def preflight(site: Site, methods: str) -> Serve:
    """Return what aiohttp calls for OPTIONS: pages of allowed origins may call by these methods."""

    async def serve(request: web.Request) -> web.StreamResponse:
        response = web.Response(status=204)
        response.headers["Access-Control-Allow-Methods"] = methods
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = "600"
        allow_origin(site, request, response)
        return response

    return serve
