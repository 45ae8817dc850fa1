"""What is known of a customer beside his chat: contacts he gave, proofs a messenger or the shop vouches for."""

from dataclasses import dataclass, replace

from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.model.conversations import Conversation
from bridge.model.customers import Customer, Identity
from bridge.model.ids import CustomerId, IdentityId, derive
from bridge.model.inbound import Commanded, Edited, Pressed, Said, Sender, Shared, Started
from bridge.people import contacts, identity
from bridge.people.contacts import Contact
from bridge.people.kin import root
from bridge.policy import DESCRIBED, unquoted

#: Contacts taken out of one message, and kept of one customer: who sends more is not introducing himself.
PER_MESSAGE = 3
PER_CUSTOMER = 20


@dataclass(frozen=True, slots=True)
class Given:
    """What a customer's word gives: all contacts in it, and those that are new; `proved` if the messenger vouches.

    `code`: the word is a code he was sent (bridge.people.proving), and proved, wrong, spent or stale.
    """

    all: tuple[Contact, ...] = ()
    new: tuple[Contact, ...] = ()
    proved: bool = False
    code: str = ""


NOTHING = Given()


async def given(
    bridge: Bridge, home: CustomerId, inbound: Said | Pressed | Started | Shared | Commanded | Edited, source: str
) -> Given:
    """Keep the contacts of a customer's word, each once; `home` is the customer his chat came with."""
    if isinstance(inbound, Shared):
        phone = contacts.vouched_phone(inbound.phone) if inbound.own else None
        found: tuple[Contact, ...] = (Contact("phone", phone),) if phone else ()
    elif isinstance(inbound, Said) and (inbound.forwarded or inbound.kind in DESCRIBED):
        found = ()  # words of somebody else, or of a thing he shared
    elif isinstance(inbound, Said | Edited):
        found = contacts.contacts(unquoted(inbound.text))[:PER_MESSAGE]
    else:
        return NOTHING
    kept = tuple(dict.fromkeys((*found, *_told(inbound.sender))))
    if not kept:
        return NOTHING
    proved = isinstance(inbound, Shared)
    new = [contact for contact in kept if await keep(bridge, home, contact, proved=proved, source=source)]
    return Given(found, tuple(new), proved)


def _told(sender: Sender) -> list[Contact]:
    """Return what came with a word of its sender's contacts; what is no e-mail or phone at all is left out."""
    email = contacts.email_of(sender.email) if sender.email else None
    phone = contacts.phone_of(sender.phone) if sender.phone else None
    return [Contact(kind, value) for kind, value in (("email", email), ("phone", phone)) if value]


async def keep(bridge: Bridge, home: CustomerId, contact: Contact, *, proved: bool, source: str) -> bool:
    """Keep an identity of a customer; True: it is new, or newly proved (also when this source is asked again)."""
    kind, value = contact.kind, contact.value
    while True:
        owner = await root(bridge, home)
        known = await bridge.store.people.identities(owner.id)
        same = [each for each in known if (each.kind, each.value) == (kind, value)]
        if any(each.source != source and (each.proved or not proved) for each in same):
            return False
        if not proved and sum(each.kind in identity.CONTACTS for each in known) >= PER_CUSTOMER:
            return False
        mine = next((each for each in same if each.home == home), None)
        wanted = Identity(
            IdentityId(derive("identity", home, kind, value)), owner.id, kind, value, proved, source=source, origin=home
        )
        try:
            await _store(bridge, mine, wanted)
        except Conflict:
            continue
        if (await root(bridge, home)).id == owner.id:
            return True


async def _store(bridge: Bridge, mine: Identity | None, wanted: Identity) -> None:
    people = bridge.store.people
    stored = mine or await people.add_identity(wanted)
    better = replace(
        stored,
        customer=wanted.customer,
        proved=stored.proved or wanted.proved,
        source=wanted.source if wanted.proved and not stored.proved else stored.source,
    )
    if better != stored:
        await people.replace_identity(better)


async def may_ask(bridge: Bridge, conversation: Conversation) -> bool:
    """Tell whether the bot may ask for a contact now; once True, the question is this conversation's to ask."""
    if conversation.asked:
        return False
    if bridge.channels.is_public(conversation.channel, conversation.chat):
        return False  # he would tell it to everybody
    while True:
        customer = await root(bridge, conversation.customer)
        if customer.contact_asked_at is not None and customer.contact_asked_in != conversation.id:
            return False
        known = await bridge.store.people.identities(customer.id)
        if not identity.may_be_asked(customer, known, conversation):
            return False
        if await note_asked(bridge, customer, conversation):
            return True


async def note_asked(bridge: Bridge, customer: Customer, conversation: Conversation) -> bool:
    """Note on a customer where he is asked; False: somebody wrote him in between."""
    if customer.contact_asked_at is not None:
        return True
    asked = replace(customer, contact_asked_at=bridge.clock.now(), contact_asked_in=conversation.id)
    try:
        await bridge.store.people.replace_customer(asked)
    except Conflict:
        return False
    return True
