"""The second factor: codes of an authenticator app (RFC 6238, by pyotp), asked for after the password.

A code is good for its 30 seconds and one before and after (RFC 6238, 5.2), and is taken once. Who lost the phone has
ten spare codes, each good once; an administrator can take the factor away.
"""

import hmac
import io
import secrets
from dataclasses import replace
from datetime import datetime

import pyotp
import segno

from bridge.errors import Conflict, NotFound
from bridge.model.credentials import SecondFactor
from bridge.model.ids import OperatorId
from bridge.model.operators import Operator
from operator_panel.office import Office
from operator_panel.passwords import digest
from operator_panel.problems import Problem, invalid

#: Seconds between the password and the code.
PATIENCE = 300
SPARES = 10
#: Steps of 30 s by which a phone's clock may be off.
_OFF = 1
_STEP = 30
#: Letters of spare codes: none that are taken for another one.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


async def asked(office: Office, operator: Operator) -> SecondFactor | None:
    """Return the factor a person must show, None: the password is enough."""
    found = await office.bridge.store.credentials.factor(operator.id)
    return found if found is not None and found.confirmed_at is not None else None


async def begin(office: Office, operator: Operator) -> tuple[SecondFactor, str]:
    """Make a secret for an app to take; return it with its address. Raises Conflict("taken") beside a confirmed one."""
    now = office.bridge.clock.now()
    factor = await office.bridge.store.credentials.begin_factor(SecondFactor(operator.id, pyotp.random_base32(), now))
    return factor, pyotp.TOTP(factor.secret).provisioning_uri(name=operator.email, issuer_name=office.bridge.shop)


def picture(address: str) -> str:
    """Return the address as a QR code: SVG of its own, black on nothing."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, border=2, omitsize=True)
    return drawn.getvalue().decode()


async def confirm(office: Office, operator: Operator, code: str) -> list[str]:
    """Take the first code of the app: from now on it is asked for. Return the spare codes. Raises Problem."""
    credentials = office.bridge.store.credentials
    factor = await credentials.factor(operator.id)
    if factor is None:
        raise NotFound("no second factor was begun")
    if factor.confirmed_at is not None:
        raise Conflict("taken", "the second factor is confirmed already")
    now = office.bridge.clock.now()
    step = _step_of(factor, code, now)
    if step is None:
        raise invalid(("code", "wrong"))
    spares = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(SPARES)]
    await credentials.replace_factor(
        replace(factor, confirmed_at=now, step=step, spares=tuple(digest(each) for each in spares))
    )
    return spares


async def passes(office: Office, factor: SecondFactor, code: str) -> bool:
    """Tell whether a code of the app or a spare one opens the door; either is good once."""
    word = "".join(code.split()).replace("-", "").lower()
    step = _step_of(factor, word, office.bridge.clock.now())
    if step is not None:
        used = replace(factor, step=step)
    elif digest(word) in factor.spares:
        used = replace(factor, spares=tuple(each for each in factor.spares if each != digest(word)))
    else:
        return False
    try:
        await office.bridge.store.credentials.replace_factor(used)
    except Conflict:
        return False  # the same code came twice at once: one of them opens the door
    return True


def _step_of(factor: SecondFactor, code: str, now: datetime) -> int | None:
    """Return the number of the half minute whose code this is, None for a wrong or used one."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    app, current = pyotp.TOTP(factor.secret), int(now.timestamp()) // _STEP
    for step in range(max(current - _OFF, factor.step + 1), current + _OFF + 1):
        if hmac.compare_digest(app.at(step * _STEP), code):
            return step
    return None


async def ticket(office: Office, operator: Operator) -> str:
    """Return what says that the password was right, for five minutes and as long as it stays this one."""
    until = int(office.bridge.clock.now().timestamp()) + PATIENCE
    return f"{operator.id}.{until}.{await office.sign(_word(operator, until))}"


async def holder(office: Office, ticket: str) -> Operator:
    """Return whose password was right; raises Problem 401 `expired`."""
    id, _, rest = ticket.partition(".")
    until, _, seal = rest.partition(".")
    try:
        operator = await office.bridge.store.staff.operator(OperatorId(id))
        ends = int(until[:12])
    except (NotFound, ValueError):
        raise Problem(401, "expired") from None
    meant = hmac.compare_digest((await office.sign(_word(operator, ends))).encode(), seal.encode())
    if not meant or ends < office.bridge.clock.now().timestamp() or operator.disabled:
        raise Problem(401, "expired")
    return operator


def _word(operator: Operator, until: int) -> str:
    return f"second-factor:{operator.id}:{until}:{digest(operator.password)}"
