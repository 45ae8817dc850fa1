"""Customers: what is known of one, and what staff write into his card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.context import Bridge
from bridge.errors import Conflict, Invalid
from bridge.model.customers import Customer, Identity
from bridge.model.events import AuditEvent
from bridge.model.ids import CustomerId, fresh
from bridge.model.inbound import Sender
from bridge.model.operators import Operator
from bridge.people import claims, contacts, identity, local_time, records, ways
from bridge.people.contacts import Contact
from bridge.people.kin import members, root
from bridge.people.moving import renew
from bridge.people.naming import rename
from bridge.people.profiles import NOTE_LIMIT
from bridge.people.ways import Way
from bridge.receive import NAME_LIMIT, named
from bridge.rights import require
from bridge.teamwork.customers import require_customer, sees_customer

#: Owners of one contact that are looked at, and customers who may be the same person that are shown.
OWNERS = 20
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Likeness:
    """Somebody who may be the same person, and what says so; `proved` if he has proved it."""

    customer: Customer
    kind: str
    value: str
    proved: bool


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a customer: `joined` are those who were found to be him, `alike` those who may be.

    `conflicts` are kinds of which he has proved more than one value.
    """

    customer: Customer
    identities: list[Identity]
    joined: list[Customer]
    alike: list[Likeness]
    conflicts: dict[str, tuple[str, ...]]
    shop_data: bool = False  # the shop's program can be asked of him
    time_zone: str = ""  # as the desk was told, else as his browser or his phone says; "": not known
    ways: tuple[Way, ...] = ()  # where he can be answered


async def card(bridge: Bridge, id: CustomerId, reader: Operator | None = None) -> Card:
    """Read a customer's card; of one who joined another, that one's. Raises NotFound, also where `reader` gets none."""
    if reader is not None:
        await require_customer(bridge, reader, id)
    customer = await root(bridge, id)
    identities = await bridge.store.people.identities(customer.id)
    return Card(
        customer,
        identities,
        await members(bridge, customer.id),
        await _seen(bridge, reader, await _alike(bridge, customer, identities)),
        identity.conflicts(identities),
        bridge.program is not None,
        customer.time_zone or local_time.zone_seen(identities, bridge.clock.now()),
        tuple(await ways.of(bridge, customer)),
    )


async def _seen(bridge: Bridge, reader: Operator | None, alike: list[Likeness]) -> list[Likeness]:
    return [each for each in alike if reader is None or await sees_customer(bridge, reader, each.customer.id)]


async def _alike(bridge: Bridge, customer: Customer, known: list[Identity]) -> list[Likeness]:
    owners: dict[tuple[str, str], list[Identity]] = {}
    for kind, value in dict.fromkeys((each.kind, each.value) for each in known if each.kind in identity.SHARED_KINDS):
        found = await bridge.store.people.owners(kind, value, OWNERS)
        owners[kind, value] = [replace(each, customer=(await root(bridge, each.customer)).id) for each in found]
    alike = [each for each in identity.candidates(known, owners) if each.customer != customer.id][:SHOWN]
    return [
        Likeness(await bridge.store.people.customer(each.customer), each.kind, each.value, each.proved)
        for each in alike
    ]


async def change_customer(
    bridge: Bridge,
    actor: Operator,
    id: CustomerId,
    *,
    name: str | None = None,
    note: str | None = None,
    company: str | None = None,
    tags: Sequence[str] | None = None,
    fields: Mapping[str, object] | None = None,
    time_zone: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    version: int | None = None,
) -> Customer:
    """Change what staff keep of a customer; add an e-mail or a phone he told a person of the desk.

    `fields` are custom ones by key, None takes a value away; `version` is the one that was looked at, None: any.
    Raises Invalid, Forbidden, NotFound, Conflict("version").
    """
    customer = await _theirs(bridge, actor, id)
    if version not in (None, customer.version):
        raise Conflict("version", f"version {customer.version} is there")
    added = _contacts(email, phone)
    changed = replace(
        customer,
        name=customer.name if name is None else checked_name(name),
        note=customer.note if note is None else checked_note(note),
        named=customer.named or name not in (None, customer.name),
        company=customer.company if company is None else records.company_of(company),
        tags=customer.tags if tags is None else records.tags_of(tags),
        fields=records.changed_fields(bridge.rules.fields, customer.fields, fields or {}),
        time_zone=customer.time_zone if time_zone is None else local_time.zone_of(time_zone),
    )
    if changed != customer:
        customer = await bridge.store.people.replace_customer(changed)
        await bridge.store.journal.write(
            AuditEvent(fresh(), bridge.clock.now(), actor.id, "customer_changed", f"customer:{customer.id}")
        )
        await renew(bridge, customer.id)
    await _add(bridge, actor, customer, added)
    if name is not None:
        # Also when the name stands there already: whoever wrote it may have died before he carried it over.
        await rename(bridge, customer)
    return customer


async def _theirs(bridge: Bridge, actor: Operator, id: CustomerId) -> Customer:
    """Return a customer whose card a person may change. Raises Forbidden, NotFound."""
    require(actor, "customer")
    await require_customer(bridge, actor, id)
    return await root(bridge, id)


def checked_name(name: str) -> str:
    """Return a name as it is kept; raises Invalid."""
    name = name.strip()
    if not name or len(name) > NAME_LIMIT:
        raise Invalid(("name", "invalid"))
    return name


def checked_note(note: str) -> str:
    """Return a note as it is kept; raises Invalid."""
    if len(note) > NOTE_LIMIT:
        raise Invalid(("note", "too_long"))
    return note


async def _add(bridge: Bridge, actor: Operator, customer: Customer, added: list[Contact]) -> None:
    source = f"operator:{actor.id}:{fresh()}"
    if not any([await claims.keep(bridge, customer.id, each, proved=False, source=source) for each in added]):
        return
    await bridge.store.journal.write(
        AuditEvent(fresh(), bridge.clock.now(), actor.id, "contact_added", f"customer:{customer.id}")
    )
    await renew(bridge, customer.id)


def _contacts(email: str | None, phone: str | None) -> list[Contact]:
    """Return contacts as they are compared; raises Invalid for what is none."""
    read = {
        "email": None if email is None else contacts.email_of(email),
        "phone": None if phone is None else contacts.phone_of(phone),
    }
    wrong = [(kind, "invalid") for kind, given in (("email", email), ("phone", phone)) if given and not read[kind]]
    if wrong:
        raise Invalid(*wrong)
    return [Contact(kind, value) for kind, value in read.items() if value]


async def told_name(bridge: Bridge, home: CustomerId, sender: Sender) -> None:
    """Let a name somebody told take the place of one that was made up; `home` is whom the chat came with."""
    name = named(sender.name)
    if not name or not sender.named:
        return
    for id in dict.fromkeys((home, (await root(bridge, home)).id)):
        customer = await bridge.store.people.customer(id)
        while not customer.named:
            try:
                customer = await bridge.store.people.replace_customer(replace(customer, name=name, named=True))
            except Conflict:
                customer = await bridge.store.people.customer(id)
        if customer.name == name:
            # Also when it stood there already: whoever wrote it may have died before he carried it over.
            await rename(bridge, customer)
