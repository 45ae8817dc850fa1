"""POST /login and /logout: a session begins and ends."""

import hmac
import logging
import secrets
from dataclasses import replace
from functools import partial
from math import ceil

from aiohttp import web

from bridge.errors import Conflict
from bridge.model.events import AuditEvent
from bridge.model.ids import fresh
from bridge.model.operators import Operator
from operator_panel import access, second_factor
from operator_panel.office import Office
from operator_panel.pages import Visit, safe_next, see_other
from operator_panel.passwords import check_password, digest, hash_in_thread, stale
from operator_panel.problems import Problem

log = logging.getLogger("mostik.panel")

PRE = "mostik_pre"  # names a browser that has not logged in yet, so that a foreign page cannot log it in
PRE_AGE = 3600 * 12
_LARGEST = 20_000  # bytes of the form


async def login(visit: Visit) -> web.Response:
    """GET /login: the form, or the inbox for who is known already."""
    try:
        await access.guest_of(visit.office, visit.request)
    except Problem:
        return await _form(visit, 200, wanted=visit.request.query.get("next", ""))
    return see_other(safe_next(visit.request.query.get("next", "")))


async def _form(
    visit: Visit,
    status: int,
    *,
    error: str = "",
    retry_after: int = 0,
    email: str = "",
    wanted: str = "",
    ticket: str = "",
    remember: bool = True,
) -> web.Response:
    """Show the form (or, to a script, its code); the browser gets a name that the form must come back with.

    With a `ticket` the password was right, and the code of the second factor is asked for.
    """
    pre = visit.request.cookies.get(PRE, "")
    if not 20 <= len(pre) <= 60:
        pre = secrets.token_urlsafe(24)
    csrf = await visit.office.sign(pre)
    if _wants_json(visit.request):
        response = _told(status, csrf, error, retry_after, ticket)
    else:
        shown = {"error": error or None, "retry_after": retry_after, "email": email, "next": safe_next(wanted)}
        shown |= {"ticket": ticket, "remember": remember}
        response = visit.page("login.html", status, csrf=csrf, **shown)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    access.set_cookie(visit.office, response, PRE, pre, PRE_AGE)
    return response


def _wants_json(request: web.Request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _told(status: int, csrf: str, error: str, retry_after: int, ticket: str) -> web.Response:
    if ticket and not error:
        return Problem(401, "code_needed", more={"csrf": csrf, "ticket": ticket}).response()
    if not error:
        return web.json_response({"csrf": csrf})
    more = {"csrf": csrf, "retry_after": retry_after} | ({"ticket": ticket} if ticket else {})
    return Problem(status, error, more=more).response()


async def login_post(visit: Visit) -> web.Response:
    """POST /login: open a session, or say no in a way that tells nothing about who has an account."""
    office, request = visit.office, visit.request
    if (request.content_length or 0) > _LARGEST:
        raise Problem(413, "too_large")
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    email, wanted = form.get("email", "").strip()[:254], form.get("next", "")
    pre = request.cookies.get(PRE, "")
    if not pre or not hmac.compare_digest((await office.sign(pre)).encode(), form.get("csrf", "").encode()):
        return await _form(visit, 401, error="expired", email=email, wanted=wanted)
    if form.get("ticket"):
        return await _with_code(visit, form)
    now, address = office.bridge.clock.now(), access.address_of(office, request)
    pair = (address, email.lower())
    wait = max(office.by_pair.wait(pair, now), office.by_address.wait((address,), now))
    if wait > 0:
        log.warning("login throttled for %s", address)
        return await _form(visit, 429, error="throttled", retry_after=ceil(wait), email=email, wanted=wanted)
    office.by_pair.wrong(pair, now)  # before the check: tries sent at once must not all be the first one
    operator = await _known(office, email, form.get("password", ""))
    if operator is None:
        office.by_address.wrong((address,), now)
        log.warning("login refused for %s", address)
        return await _form(visit, 401, error="credentials", email=email, wanted=wanted)
    office.by_pair.right(pair)
    if await second_factor.asked(office, operator) is not None:
        ticket = await second_factor.ticket(office, operator)
        return await _form(visit, 200, email=email, wanted=wanted, ticket=ticket, remember=_kept(form))
    return await enter(visit, operator, _kept(form), safe_next(wanted))


def _kept(form: dict[str, str]) -> bool:
    return form.get("remember", "") not in ("", "0", "false")


async def _with_code(visit: Visit, form: dict[str, str]) -> web.Response:
    """Let in whose password was right a moment ago, with a code of his app or a spare one."""
    office, now = visit.office, visit.office.bridge.clock.now()
    wanted, ticket = form.get("next", ""), form["ticket"]
    try:
        operator = await second_factor.holder(office, ticket)
    except Problem as problem:
        return await _form(visit, problem.status, error=problem.code, wanted=wanted)
    again = partial(_form, visit, email=operator.email, wanted=wanted, remember=_kept(form), ticket=ticket)
    key = ("code", operator.id)
    if (wait := office.by_pair.wait(key, now)) > 0:
        log.warning("codes throttled for operator %s", operator.id)
        return await again(429, error="throttled", retry_after=ceil(wait))
    office.by_pair.wrong(key, now)
    factor = await second_factor.asked(office, operator)
    if factor is not None and not await second_factor.passes(office, factor, form.get("code", "")[:40]):
        return await again(401, error="code")
    office.by_pair.right(key)
    return await enter(visit, operator, _kept(form), safe_next(wanted))


async def _known(office: Office, email: str, password: str) -> Operator | None:
    """Return whose password this is; it takes as long for nobody as for somebody."""
    operator = await office.bridge.store.staff.by_email(email) if email else None
    usable = operator is not None and not operator.disabled
    right = await check_password(operator.password if operator is not None and usable else "", password[:1000])
    if operator is None or not right:
        return None
    if stale(operator.password):
        try:
            return await office.bridge.store.staff.replace(
                replace(operator, password=await hash_in_thread(password[:1000]))
            )
        except Conflict:
            return operator  # written by somebody else just now: the next login mends it
    return operator


async def enter(visit: Visit, operator: Operator, remember: bool, wanted: str) -> web.Response:
    """Open a session for somebody who proved who he is, and send him where he wanted to go."""
    office, request = visit.office, visit.request
    store, now = office.bridge.store, office.bridge.clock.now()
    opened = access.new_session(operator, now, remember, request.headers.get("User-Agent", ""))
    await store.staff.open_session(opened.session)
    if old := request.cookies.get(access.COOKIE):
        await store.staff.close_session(digest(old))
    await store.journal.write(AuditEvent(fresh(), now, operator.id, "login", f"operator:{operator.id}"))
    if _wants_json(request):
        response = web.json_response({"csrf": opened.session.csrf, "next": wanted})
    else:
        response = see_other(wanted)
    access.set_cookie(office, response, access.COOKIE, opened.cookie, opened.max_age)
    response.del_cookie(PRE, path="/")
    return response


async def logout(visit: Visit) -> web.Response:
    """POST /logout: close the session here, in the store and on its live lines."""
    office, request = visit.office, visit.request
    try:
        guest = await access.guest_of(office, request)
    except Problem:
        return see_other("/login")
    if guest.session is None:
        raise Problem(403, "forbidden")
    form = await request.post()
    word = request.headers.get("X-CSRF-Token") or form.get("csrf")
    access.check_meant(guest, request, word if isinstance(word, str) else None)
    await office.bridge.store.staff.close_session(guest.session.id)
    await office.lines.tell_out(guest.session.id)
    response = see_other("/login")
    response.del_cookie(access.COOKIE, path="/")
    return response
