"""Who is asking: a bearer token or a session's cookie, and whether the browser really meant it."""

import contextlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from bridge.addresses import caller, network, place_of
from bridge.errors import Conflict, NotFound, StoreDown
from bridge.model.credentials import allows
from bridge.model.operators import ApiToken, Operator, Session
from operator_panel.passwords import digest
from operator_panel.problems import Problem

if TYPE_CHECKING:
    from operator_panel.office import Office

COOKIE = "mostik_session"
REMEMBERED = timedelta(days=30)
ROLLING = timedelta(hours=12)
#: A rolling session is written again at most this often.
_RENEW_EVERY = timedelta(minutes=15)
#: When a token was used is noted at most this often.
_NOTE_EVERY = timedelta(hours=1)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_KEPT = "k."  # cookies of remembered sessions begin so: they end when they end, the others roll


@dataclass(frozen=True, slots=True)
class Guest:
    """A known caller: an operator by session or by token."""

    operator: Operator
    session: Session | None = None
    token: ApiToken | None = None

    @property
    def scope(self) -> str:
        """Whose idempotency keys these are: the token's own, or the person's for browsers."""
        return self.token.id if self.token else f"session:{self.operator.id}"


def _unknown(code: str) -> Problem:
    return Problem(401, code, headers={"WWW-Authenticate": 'Bearer realm="mostik"'})


async def guest_of(office: "Office", request: web.Request) -> Guest:
    """Return who asks; raises Problem 401 for nobody, an unknown or expired proof, and a disabled operator."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        if scheme.lower() != "bearer" or not token.strip():
            raise _unknown("unauthorized")
        return await _by_token(office, digest(token.strip()))
    cookie = request.cookies.get(COOKIE, "")
    if not cookie:
        raise _unknown("unauthorized")
    return await by_session(office, digest(cookie), rolling=not cookie.startswith(_KEPT))


async def _by_token(office: "Office", id: str) -> Guest:
    token = await office.bridge.store.staff.token(id)
    now = office.bridge.clock.now()
    if token is None:
        raise _unknown("unauthorized")
    if token.expires_at is not None and token.expires_at <= now:
        raise _unknown("expired")
    operator = await _operator(office, token)
    if token.used_at is None or now - token.used_at > _NOTE_EVERY:
        with contextlib.suppress(Conflict, NotFound):  # another request notes it
            token = await office.bridge.store.credentials.replace_token(replace(token, used_at=now))
    return Guest(operator, token=token)


async def by_session(office: "Office", id: str, rolling: bool = False) -> Guest:
    """Return the guest of a session's id, lengthening a rolling one; raises Problem 401."""
    session = await office.bridge.store.staff.session(id)
    now = office.bridge.clock.now()
    if session is None or session.expires_at <= now:
        raise _unknown("expired")
    operator = await _operator(office, session)
    if rolling and session.expires_at < now + ROLLING - _RENEW_EVERY:
        await office.bridge.store.staff.renew_session(session.id, now + ROLLING)
    return Guest(operator, session=session)


async def known_now(office: "Office", guest: Guest) -> Guest | None:
    """Return this caller as he is now, None if he would not be let in. Lines that stay open ask again and again."""
    try:
        if guest.token is not None:
            return await _by_token(office, guest.token.id)
        if guest.session is not None:
            return await by_session(office, guest.session.id)
    except Problem:
        return None
    except StoreDown:
        return guest  # nobody was shut out: the store just does not say
    return guest


async def _operator(office: "Office", proof: Session | ApiToken) -> Operator:
    try:
        operator = await office.bridge.store.staff.operator(proof.operator)
    except NotFound:
        raise _unknown("unauthorized") from None
    if operator.disabled:
        raise _unknown("disabled")
    return operator


def check_scope(guest: Guest, scope: str) -> None:
    """Refuse what a token was not made for; raises Problem 403 `scope`."""
    if guest.token is not None and scope and not allows(guest.token.scopes, scope):
        raise Problem(403, "scope", f"this token lacks the scope {scope}")


def check_meant(guest: Guest, request: web.Request, word: str | None) -> None:
    """Refuse an unsafe request of a browser that does not repeat its session's word; raises Problem 403."""
    if guest.session is None or request.method in _SAFE:
        return
    if not hmac.compare_digest(guest.session.csrf.encode(), (word or "").encode()):
        raise Problem(403, "csrf", "the X-CSRF-Token header is missing or not this session's")


def check_origin(office: "Office", request: web.Request) -> None:
    """Refuse a WebSocket opened by a foreign page; raises Problem 403. No Origin: not a browser, cookies aside."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    place = place_of(origin)
    if not place or place not in (request.host.lower(), place_of(office.options.public_url)):
        raise Problem(403, "origin", "this page may not open a live line")


def address_of(office: "Office", request: web.Request) -> str:
    """Return whose tries the caller's are: his address, or of IPv6 his network."""
    return network(caller(request.headers.getall("X-Forwarded-For", ()), office.options.proxies, request.remote))


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session and the cookie that names it; `max_age` None: the browser forgets it when it closes."""

    session: Session
    cookie: str
    max_age: int | None


def new_session(operator: Operator, now: datetime, remember: bool, agent: str) -> Opened:
    """Make a session: 30 days when remembered, else 12 hours that roll with use."""
    cookie = (_KEPT if remember else "") + secrets.token_urlsafe(32)
    life = REMEMBERED if remember else ROLLING
    session = Session(digest(cookie), operator.id, secrets.token_urlsafe(24), now, now + life, agent[:200])
    return Opened(session, cookie, int(life.total_seconds()) if remember else None)


def set_cookie(office: "Office", response: web.StreamResponse, name: str, value: str, max_age: int | None) -> None:
    """Set a cookie that scripts cannot read and foreign pages cannot post with."""
    response.set_cookie(
        name, value, max_age=max_age, path="/", httponly=True, samesite="Lax", secure=office.options.secure
    )
