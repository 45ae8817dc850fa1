"""/me/second_factor, /me/sessions, /me/tokens: what proves who one is. A token changes none of it: a person does."""

from datetime import timedelta

from bridge.errors import Forbidden, NotFound
from bridge.model.credentials import SecondFactor
from bridge.model.events import AuditEvent
from bridge.model.ids import OperatorId, derive, fresh
from bridge.model.operators import ApiToken, Operator, Session
from bridge.rights import require
from operator_panel import second_factor
from operator_panel.api import credential_shapes as shapes
from operator_panel.api.operators import put_out
from operator_panel.api.shapes import Page
from operator_panel.passwords import check_password, new_token
from operator_panel.problems import Problem, invalid
from operator_panel.serving import Call

#: Tokens of one person.
MOST = 50


async def me_second_factor(call: Call) -> shapes.Factor:
    """Tell whether codes of an app are asked for at the caller's login."""
    return _factor(await second_factor.asked(call.office, call.actor))


def _factor(row: SecondFactor | None) -> shapes.Factor:
    return shapes.Factor(
        on=row is not None, since=row.confirmed_at if row else None, spares=len(row.spares) if row else 0
    )


async def me_second_factor_post(call: Call, body: shapes.PasswordAsked) -> shapes.FactorBegun:
    """Make a secret for an authenticator app; nothing is asked for before its first code was shown."""
    await _meant(call, body.password)
    factor, address = await second_factor.begin(call.office, call.actor)
    return shapes.FactorBegun(secret=factor.secret, address=address, picture=second_factor.picture(address))


async def me_second_factor_confirm(call: Call, body: shapes.CodeAsked) -> shapes.Spares:
    """Show the app's first code: from now on codes are asked for, and other sessions end."""
    _person(call)
    codes = await second_factor.confirm(call.office, call.actor, body.code)
    await put_out(call, call.actor)
    await _noted(call, "second_factor_on", call.actor)
    return shapes.Spares(codes=codes)


async def me_second_factor_off(call: Call, body: shapes.PasswordAsked) -> None:
    """Ask for no more codes."""
    await _meant(call, body.password)
    await _drop(call, call.actor)


async def operator_second_factor_delete(call: Call, id: str) -> None:
    """Take the second factor of somebody who lost phone and spare codes; his sessions end."""
    require(call.actor, "staff")
    _person(call)
    row = await call.bridge.store.staff.operator(OperatorId(id))
    await _drop(call, row)
    await put_out(call, row)


async def _drop(call: Call, row: Operator) -> None:
    if not await call.bridge.store.credentials.drop_factor(row.id):
        raise NotFound("there is no second factor")
    await _noted(call, "second_factor_off", row)


async def me_sessions(call: Call) -> Page[shapes.Seat]:
    """List the browsers the caller is logged in with, the newest first."""
    now = call.bridge.clock.now()
    rows = [row for row in await call.bridge.store.staff.sessions(call.actor.id) if row.expires_at > now]
    rows.sort(key=lambda row: row.created_at, reverse=True)
    return Page(items=[_seat(call, row) for row in rows])


def _seat(call: Call, row: Session) -> shapes.Seat:
    here = call.guest.session is not None and call.guest.session.id == row.id
    return shapes.Seat(
        id=_seat_id(row), agent=row.agent, created_at=row.created_at, expires_at=row.expires_at, here=here
    )


def _seat_id(row: Session) -> str:
    """Name a session without saying under which id it is stored."""
    return derive("session", row.id)


async def me_sessions_delete(call: Call) -> None:
    """End all sessions of the caller but this one."""
    _person(call)
    await put_out(call, call.actor)
    await _noted(call, "sessions_ended", call.actor)


async def me_session_delete(call: Call, id: str) -> None:
    """End one session of the caller."""
    _person(call)
    for row in await call.bridge.store.staff.sessions(call.actor.id):
        if _seat_id(row) == id:
            await call.bridge.store.staff.close_session(row.id)
            await call.office.lines.tell_out(row.id)
            return
    raise NotFound("session")


async def operator_sessions_delete(call: Call, id: str) -> None:
    """End all sessions of somebody."""
    require(call.actor, "staff")
    row = await call.bridge.store.staff.operator(OperatorId(id))
    await put_out(call, row)
    await _noted(call, "sessions_ended", row)


async def me_tokens(call: Call) -> Page[shapes.Token]:
    """List the caller's tokens, the newest first; none of them is shown again."""
    return Page(items=[_token(row) for row in await call.bridge.store.credentials.tokens(call.actor.id)])


def _token(row: ApiToken) -> shapes.Token:
    return shapes.Token(
        id=derive("token", row.id),
        name=row.name,
        hint=row.hint,
        scopes=list(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )


async def me_token_post(call: Call, body: shapes.NewToken) -> shapes.TokenMade:
    """Make a token; it is shown this once."""
    _person(call)
    if len(await call.bridge.store.credentials.tokens(call.actor.id)) >= MOST:
        raise invalid(("name", "too_many"))
    token, id = new_token()
    now = call.bridge.clock.now()
    row = ApiToken(
        id,
        call.actor.id,
        now,
        body.name,
        tuple(dict.fromkeys(body.scopes)),
        now + timedelta(days=body.days) if body.days else None,
        token[-4:],
    )
    await call.bridge.store.staff.add_token(row)
    await _noted(call, "token_made", call.actor)
    return shapes.TokenMade(**_token(row).model_dump(), token=token)


async def me_token_delete(call: Call, id: str) -> None:
    """Revoke a token; whoever holds it is out at once."""
    _person(call)
    for row in await call.bridge.store.credentials.tokens(call.actor.id):
        if derive("token", row.id) == id:
            await call.bridge.store.credentials.drop_token(row.id)
            await call.office.lines.tell_out(row.id)
            await _noted(call, "token_revoked", call.actor)
            return
    raise NotFound("token")


def _person(call: Call) -> None:
    """Let pass who is logged in himself: a token that was stolen makes no further ones. Raises Forbidden."""
    if call.guest.session is None:
        raise Forbidden("a token may not do this")


async def _meant(call: Call, password: str) -> None:
    """Let pass who says his password; tries are slowed down as at the login. Raises Forbidden, Problem, Invalid."""
    _person(call)
    office, now, key = call.office, call.bridge.clock.now(), ("password", call.actor.id)
    if wait := office.by_pair.wait(key, now):
        raise Problem(429, "throttled", headers={"Retry-After": str(int(wait) + 1)})
    if not await check_password(call.actor.password, password):
        office.by_pair.wrong(key, now)
        raise invalid(("password", "wrong"))
    office.by_pair.right(key)


async def _noted(call: Call, action: str, row: Operator) -> None:
    now = call.bridge.clock.now()
    await call.bridge.store.journal.write(AuditEvent(fresh(), now, call.actor.id, action, f"operator:{row.id}"))
