"""The inbox, the knowledge base, and pages that say what went wrong."""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from markupsafe import Markup
from yarl import URL

from bridge.errors import BridgeError, Forbidden, NotFound
from bridge.rights import require
from bridge.teamwork import states
from operator_panel import problems
from operator_panel.access import Guest, guest_of
from operator_panel.boot import SECTIONS, Boot
from operator_panel.office import Office
from operator_panel.problems import Problem
from operator_panel.sections import SECTIONS as SETTINGS
from operator_panel.sections import sections_of
from operator_panel.serving import Serve, frames, log, watched
from operator_panel.sizes import USUAL
from operator_panel.wire import json_text, script_safe

Show = Callable[["Visit"], Awaitable[web.Response]]
Load = Callable[[Boot], Awaitable[dict[str, Any]]]

HOME = "/inbox/mine"
_INSIDE = re.compile(
    r"/inbox/[0-9a-z]{1,20}(/[0-9A-Za-z_-]{1,64})?|/customers(/import)?|/tasks|/starred|/notifications"
    r"|/settings(/[a-z]{1,20}(/[0-9A-Za-z_-]{1,64})?)?"
    r"|/kb(/[a-z]{1,20}(/[0-9A-Za-z][0-9A-Za-z._-]{0,99})?)?"
)

_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self' 'nonce-{nonce}'",
    "style-src 'self' 'nonce-{nonce}'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a page; `guest` is None where nobody has to be logged in."""

    office: Office
    request: web.Request
    guest: Guest | None
    nonce: str
    language: str

    def page(self, template: str, answer: int = 200, **context: Any) -> web.Response:
        """Render a template with what every page knows: shop, lang, theme, size, nonce, csrf, me, t."""
        texts, language = self.office.texts, self.language
        text = self.office.templates.get_template(template).render(
            shop=self.office.bridge.shop,
            lang=language,
            theme=self.guest.operator.theme if self.guest else "system",
            size=self.guest.operator.text_size if self.guest else USUAL,
            nonce=self.nonce,
            me=self.guest.operator if self.guest else None,
            csrf=context.pop("csrf", self.guest.session.csrf if self.guest and self.guest.session else ""),
            t=lambda key, **values: texts.say(language, key, **values),
            **context,
        )
        return web.Response(text=text, status=answer, content_type="text/html")


def page(office: Office, name: str, show: Show, known: bool = True) -> Serve:
    """Return what aiohttp calls for a page; a `known` one sends strangers to the login and back."""

    async def serve(request: web.Request) -> web.StreamResponse:
        nonce = secrets.token_urlsafe(16)

        async def work() -> web.Response:
            response = await _shown(office, request, show, known, nonce)
            _dress(office, response, nonce)
            return response

        return await watched(office, name, request, work)

    return serve


async def _shown(office: Office, request: web.Request, show: Show, known: bool, nonce: str) -> web.Response:
    stranger = Visit(office, request, None, nonce, office.texts.choose(request.headers.get("Accept-Language", "")))
    visit = stranger
    try:
        if known:
            guest = await guest_of(office, request)
            require(guest.operator, "read")
            visit = Visit(office, request, guest, nonce, guest.operator.language)
            await states.note(office.bridge, guest.operator)  # who opens a page is there
        return await show(visit)
    except web.HTTPException:
        raise
    except Problem as problem:
        if problem.status == 401 and known:
            return to_login(request)
        return _error(visit, problem)
    except BridgeError as error:
        return _error(visit, problems.of(error))
    except Exception as error:
        log.error("page failed: %s\n%s", type(error).__name__, frames(error))
        return _error(visit, Problem(500, "internal"))


def _error(visit: Visit, problem: Problem) -> web.Response:
    texts = visit.office.texts
    keys = (f"error.{problem.code}", f"error.{problem.status}", "error.other")
    text = next((text for key in keys if (text := texts.say(visit.language, key)) != key), problem.code)
    hint = texts.say(visit.language, (key := f"error.{problem.status}_hint"))
    shown = {"status": problem.status, "text": text, "hint": "" if hint == key else hint}
    response = visit.page("error.html", problem.status, **shown)
    response.headers.update(problem.headers)
    return response


def _dress(office: Office, response: web.Response, nonce: str) -> None:
    response.headers["Content-Security-Policy"] = "; ".join(_DIRECTIVES).format(nonce=nonce)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    response.headers["X-Frame-Options"] = "DENY"
    if office.options.secure:  # browsers heed both over https alone
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Strict-Transport-Security"] = "max-age=31536000"


def see_other(path: str) -> web.Response:
    """Send the browser elsewhere by GET."""
    return web.Response(status=303, headers={"Location": path})


def to_login(request: web.Request) -> web.Response:
    """Send a stranger to the login and from there back to where he wanted to go."""
    wanted = request.rel_url.path if request.method == "GET" else ""
    wanted = wanted if safe_next(wanted) == wanted else ""
    return see_other(str(URL("/login").with_query({"next": wanted} if wanted not in ("", HOME) else {})))


def safe_next(path: str) -> str:
    """Return a place inside the panel, whatever the address says."""
    return path if _INSIDE.fullmatch(path) else HOME


async def root(visit: Visit) -> web.Response:
    """GET / and /inbox: the person's own view."""
    return see_other(HOME)


async def _room(visit: Visit, template: str, load: Load, **context: Any) -> web.Response:
    """Render a page that starts from boot JSON, which its template knows as `data`."""
    guest = visit.guest
    assert guest is not None
    if guest.session is None:
        return to_login(visit.request)  # a bearer token opens the API, not pages
    data = await load(Boot(visit.office, guest.operator, guest.session, visit.language))
    boot = Markup(script_safe(json_text(data)))  # noqa: S704 - escaped for the script element it stands in
    answer = 404 if data.get("conversation") and data["thread"] is None else 200
    return visit.page(template, answer, boot=boot, data=data, **context)


async def inbox(visit: Visit) -> web.Response:
    """GET /inbox/{view}[/{conversation}]: the inbox with everything its first picture needs."""
    view, conversation = visit.request.match_info["view"], visit.request.match_info.get("conversation")
    return await _room(
        visit, "inbox.html", lambda boot: boot.inbox(view, conversation), view=view, conversation=conversation
    )


async def customers(visit: Visit) -> web.Response:
    """GET /customers[/import]: the list of customers, their tables in and out; what it shows it asks the API for."""
    return await _room(visit, "customers.html", Boot.customers)


async def work(visit: Visit) -> web.Response:
    """GET /tasks, /starred, /notifications: one's own work; what it shows it asks the API for."""
    return await _room(visit, "work.html", Boot.work, page=visit.request.path.removeprefix("/"))


async def settings_root(visit: Visit) -> web.Response:
    """GET /settings: the person's own section."""
    return see_other("/settings/me")


async def settings(visit: Visit) -> web.Response:
    """GET /settings/{section}[/{id}]: a section of the settings; what it shows it asks the API for."""
    section = visit.request.match_info["section"]
    assert visit.guest is not None
    if section not in SETTINGS:
        raise NotFound(f"section {section}")
    if section not in sections_of(visit.guest.operator):
        raise Forbidden(f"{visit.guest.operator.role.value} may not open {section}")
    return await _room(visit, "settings.html", Boot.settings)


async def kb(visit: Visit) -> web.Response:
    """GET /kb[/{section}[/{id}]]: the room of the knowledge base; what it shows it asks the API for."""
    section = visit.request.match_info.get("section", "articles")
    if section not in SECTIONS:
        raise NotFound(f"section {section}")
    return await _room(visit, "kb.html", Boot.kb)
