"""People are invited by a link that works once: whoever has it names himself and chooses his own password."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from bridge.context import Bridge, log
from bridge.errors import Conflict, NotFound
from bridge.model.events import AuditEvent
from bridge.model.ids import OperatorId, fresh
from bridge.model.operators import Invitation, Operator
from bridge.rights import require
from bridge.teamwork import staffing

#: How long a link works.
LIVES = timedelta(days=7)
#: Bytes of chance in a link.
SECRET = 24


@dataclass(frozen=True, slots=True)
class Invited:
    """A person with the word of his link, which is told once and kept only as a hash."""

    operator: Operator
    word: str


async def invite(bridge: Bridge, actor: Operator, person: Operator) -> Invited:
    """Make an account that nobody can use until its link is opened. Raises Forbidden, Invalid(("email", "taken"))."""
    require(actor, "staff")
    made = _sealed(bridge, replace(person, password="", disabled=True))
    row = await bridge.store.staff.add(made.operator)
    await _noted(bridge, actor.id, "operator_invited", row)
    return Invited(row, made.word)


async def again(bridge: Bridge, actor: Operator, id: OperatorId) -> Invited:
    """Make another link in place of the last one, which works no more.

    Raises Forbidden, NotFound, Conflict("not_invited"), Conflict("version").
    """
    require(actor, "staff")
    made = _sealed(bridge, await _waiting(bridge, id))
    row = await bridge.store.staff.replace(made.operator)
    await _noted(bridge, actor.id, "operator_invited", row)
    return Invited(row, made.word)


async def revoke(bridge: Bridge, actor: Operator, id: OperatorId) -> None:
    """Take an invitation back with the account it made. Raises Forbidden, NotFound, Conflict("not_invited")."""
    require(actor, "staff")
    await _waiting(bridge, id)
    await staffing.delete(bridge, actor, id)


async def look(bridge: Bridge, word: str) -> Operator:
    """Return whom a link invites; raises NotFound for one that is wrong, used, replaced, taken back or too old."""
    id, _, secret = word.partition(".")
    row = await bridge.store.staff.operator(OperatorId(id))
    kept = row.invited
    if kept is None or row.deleted_at is not None or not hmac.compare_digest(kept.seal, _seal(secret)):
        raise NotFound("invitation")
    if kept.expires_at <= bridge.clock.now():
        raise NotFound("invitation")
    return row


async def join(bridge: Bridge, word: str, name: str, password: str) -> Operator:
    """Open the account of a link, which is used up by it; `password` is a hash. Raises NotFound."""
    while True:
        row = await look(bridge, word)
        try:
            joined = replace(row, name=name, password=password, disabled=False, invited=None)
            row = await bridge.store.staff.replace(joined)
        except Conflict:  # written just now, perhaps by whoever used the same link first: look again
            continue
        break
    await _noted(bridge, row.id, "operator_joined", row)
    return row


async def mail(bridge: Bridge, person: Operator, url: str) -> str:
    """Send a link by e-mail; returns sent, refused, unreachable, or off where no mail server is set up."""
    if bridge.mail is None:
        return "off"

    def say(key: str) -> str:
        days = LIVES.days
        return bridge.phrases.say(person.language, f"staff.{key}", shop=bridge.shop, url=url, days=days)

    fault = await bridge.mail.send(person.email, say("invitation_subject"), say("invitation"))
    if fault:
        log.warning("an invitation could not be sent by e-mail: %s", fault)
    return fault or "sent"


def _sealed(bridge: Bridge, person: Operator) -> Invited:
    secret = secrets.token_urlsafe(SECRET)
    invitation = Invitation(_seal(secret), bridge.clock.now() + LIVES)
    return Invited(replace(person, invited=invitation), f"{person.id}.{secret}")


def _seal(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def _waiting(bridge: Bridge, id: OperatorId) -> Operator:
    row = await bridge.store.staff.operator(id)
    if row.deleted_at is not None:
        raise NotFound(f"operators {id}")
    if row.invited is None:
        raise Conflict("not_invited", "this account is in use")
    return row


async def _noted(bridge: Bridge, actor: str, action: str, row: Operator) -> None:
    event = AuditEvent(fresh(), bridge.clock.now(), actor, action, f"operator:{row.id}", {"role": row.role.value})
    await bridge.store.journal.write(event)
