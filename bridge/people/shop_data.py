"""What the shop's own program knows of a customer: asked when his card is opened, kept for minutes, shown with its age.

Only what he has proved is told to the program: who types somebody else's address sees nothing through us, nor does the
desk. Of the answer fields are taken, as plain text of bounded length; nothing in it is ever markup.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from bridge.context import Bridge
from bridge.model.customers import Customer, Identity
from bridge.model.ids import CustomerId
from bridge.model.operators import Operator
from bridge.people.kin import root
from bridge.people.moving import renew
from bridge.rights import require
from bridge.teamwork.customers import require_customer

#: Fields shown, and characters of a name, of a value, of a link.
FIELDS, NAME, VALUE, LINK = 30, 60, 300, 2000
#: A program that failed is left alone for so long, whoever looks.
REST = timedelta(seconds=15)
#: Customers whose answers a process keeps.
KEPT = 2000
#: What processes tell each other.
SUBJECT = "shop_data"


@dataclass(frozen=True, slots=True)
class ShopField:
    """One line of what the shop knows; `link` is empty or an http(s) address."""

    name: str
    value: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class ShopData:
    """What the shop said at `at` (None: it never did), and what is wrong since: see ports.programs.Replied."""

    fields: tuple[ShopField, ...] = ()
    at: datetime | None = None
    fault: str = ""
    failed_at: datetime | None = None


async def shop_data(bridge: Bridge, actor: Operator, id: CustomerId, *, anew: bool = False) -> ShopData:
    """Return what the shop knows of a customer, asked for when it is too old or wanted `anew`.

    Raises Forbidden, NotFound.
    """
    require(actor, "customer")
    await require_customer(bridge, actor, id)
    customer = await root(bridge, id)
    program, kept = bridge.program, bridge.memory.shop_data
    if program is None:
        return ShopData()
    async with bridge.memory.lock(f"shop:{customer.id}"):  # several who look at once ask once
        known, now = kept.get(customer.id, ShopData()), bridge.clock.now()
        fresh = not known.fault and known.at is not None and now - known.at < timedelta(minutes=program.minutes)
        rests = known.failed_at is not None and now - known.failed_at < REST
        if (fresh and not anew) or rests:
            return known
        reply = await program.ask(question(customer, await bridge.store.people.identities(customer.id)))
        fields, now = fields_of(reply.said), bridge.clock.now()
        fault = reply.fault or ("" if fields is not None else "unreadable")
        told = ShopData(fields or (), now) if not fault else replace(known, fault=fault, failed_at=now)
        kept[customer.id] = told
        kept.move_to_end(customer.id)
        while len(kept) > KEPT:
            kept.popitem(last=False)
    if anew and not told.fault and told.fields != known.fields:
        await forget(bridge, [customer.id], now)
        await renew(bridge, customer.id)
    return told


async def forget(bridge: Bridge, customers: Sequence[CustomerId], before: datetime) -> None:
    """Have every process forget what was told of customers before a time."""
    await bridge.bus.publish(SUBJECT, {"customers": list(customers), "before": before.isoformat()})


async def hear(bridge: Bridge) -> None:
    """Forget what processes say is to be forgotten, until cancelled; after a lost hint it stays until it is too old."""
    async with bridge.bus.subscribe(SUBJECT) as hints:
        async for hint in hints:
            before = datetime.fromisoformat(hint["before"])
            for id in map(CustomerId, hint["customers"]):
                told = bridge.memory.shop_data.get(id)
                if told is not None and (told.at is None or told.at < before):
                    del bridge.memory.shop_data[id]


def question(customer: Customer, identities: Iterable[Identity]) -> dict[str, Any]:
    """Return what the program is asked with: who he is in words, and what he has proved."""
    proved = dict.fromkeys((each.kind, each.value) for each in identities if each.proved)
    return {
        "type": "customer.data",
        "customer": {
            "id": customer.id,
            "name": customer.name,
            "language": customer.language,
            "identities": [{"kind": kind, "value": value} for kind, value in proved],
        },
    }


def fields_of(said: Mapping[str, Any]) -> tuple[ShopField, ...] | None:
    """Return the fields of an answer `{"fields": [{"name", "value", "link"?}]}`; None when it has no such list."""
    listed = said.get("fields")
    if not isinstance(listed, list):
        return None
    found = (_field(each) for each in listed[:FIELDS] if isinstance(each, Mapping))
    return tuple(each for each in found if each is not None)


def _field(each: Mapping[str, Any]) -> ShopField | None:
    name, value = _line(each.get("name"), NAME), _line(each.get("value"), VALUE)
    return ShopField(name, value, _link(each.get("link"))) if name and value else None


def _line(told: object, limit: int) -> str:
    """Return a plain value on one line; what is no text, number or truth is left out."""
    if isinstance(told, bool):
        told = "✓" if told else "–"
    if not isinstance(told, str | int | float):
        return ""
    seen = "".join(letter if letter.isprintable() else " " for letter in str(told)[: limit * 4])
    line = " ".join(seen.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _link(told: object) -> str:
    if not isinstance(told, str) or len(told) > LINK or not told.isprintable() or " " in told:
        return ""
    try:
        parts = urlsplit(told)
    except ValueError:
        return ""
    return told if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else ""
