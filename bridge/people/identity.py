"""Who is who: what is claimed and what is proved, when two customers are one and when they only may be. Pure.

A proved identity belongs to one person: two customers who prove the same one are the same person, and the younger
joins the older, but nobody with a name joins one whose name was made up. What is only claimed joins nobody, it is
shown. A shop's own `user_id` is one per person, so two of them never come together by themselves, whatever else is
equal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bridge.model.conversations import Conversation
from bridge.model.customers import Customer, Identity, Link
from bridge.model.ids import CustomerId

#: Kinds of identities that are ways to reach a person elsewhere: having one, nobody is asked for another.
CONTACTS = ("email", "phone")
#: The shop's own id of a person, one per person.
USER_ID = "user_id"
#: Kinds that tell who somebody is whatever the channel; the other kinds are channels' names.
SHARED_KINDS = (*CONTACTS, USER_ID)
#: A value that more customers than these claim is nobody's own (the shop's address, say).
CLAIMED_BY_MANY = 5
#: Links one may follow upwards; more would be a ring, which no step makes.
DEPTH = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer who may be the same person, and the identity that says so; `proved` if he has proved it."""

    customer: CustomerId
    kind: str
    value: str
    proved: bool


def may_be_asked(customer: Customer, identities: Iterable[Identity], conversation: Conversation) -> bool:
    """Tell whether the bot may ask for a contact: once per customer, and not when one is known.

    Asked for in this conversation but not said here: the process died in between, so it may still be said.
    """
    if any(identity.kind in CONTACTS for identity in identities):
        return False
    if customer.contact_asked_at is None:
        return True
    return customer.contact_asked_in == conversation.id and not conversation.asked


def standing(one: Customer, other: Customer) -> tuple[Customer, Customer]:
    """Return two customers, first who stands for both: who has a name, then the older; the choice is steady."""
    first, second = sorted((one, other), key=lambda customer: (not customer.named, customer.created_at, customer.id))
    return first, second


def conflicts(identities: Iterable[Identity]) -> dict[str, tuple[str, ...]]:
    """Return by kind the proved values of which a person has more than one, sorted."""
    proved: dict[str, set[str]] = {}
    for identity in identities:
        if identity.proved and identity.kind in SHARED_KINDS:
            proved.setdefault(identity.kind, set()).add(identity.value)
    return {kind: tuple(sorted(values)) for kind, values in sorted(proved.items()) if len(values) > 1}


def one_person(
    mine: Iterable[Identity], theirs: Iterable[Identity], accounts: Mapping[str, str] = MappingProxyType({})
) -> str | None:
    """Return the kind of the equal proof that makes two customers one, None when nothing does.

    Two user_ids of the shop are two people to it, so nothing joins them. `accounts` names whose ids a channel's are,
    where several channels have the same ones (two bots of one messenger).
    """
    ours, others = _proved(mine, accounts), _proved(theirs, accounts)
    ids = {value for kind, value in ours | others if kind == USER_ID}
    if len(ids) > 1:
        return None
    equal = sorted(kind for kind, _ in ours & others)
    return equal[0] if equal else None


def _proved(identities: Iterable[Identity], accounts: Mapping[str, str]) -> set[tuple[str, str]]:
    return {(accounts.get(each.kind, each.kind), each.value) for each in identities if each.proved}


def candidates(mine: Sequence[Identity], owners: Mapping[tuple[str, str], Sequence[Identity]]) -> list[Candidate]:
    """Return who may be the same person, surest first: `owners` are others' identities by kind and value."""
    found: dict[CustomerId, Candidate] = {}
    for identity in mine:
        others = owners.get((identity.kind, identity.value), ())
        if len({other.customer for other in others}) > CLAIMED_BY_MANY:
            continue
        for other in others:
            candidate = Candidate(other.customer, identity.kind, identity.value, other.proved)
            known = found.get(other.customer)
            if other.customer != identity.customer and (known is None or candidate.proved > known.proved):
                found[other.customer] = candidate
    return sorted(found.values(), key=lambda candidate: (not candidate.proved, candidate.customer))


def parted(mine: Iterable[CustomerId], theirs: Iterable[CustomerId], history: Iterable[Link]) -> bool:
    """Tell whether a person of the desk has parted any of these from any of those: then proofs join them no more."""
    ours, others = set(mine), set(theirs)
    return any(
        not step.joins
        and ((step.child in ours and step.parent in others) or (step.child in others and step.parent in ours))
        for step in history
    )
