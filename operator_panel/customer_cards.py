"""Customers in the shapes of the API: cards with all they hold, contacts masked for who may not read them."""

from collections.abc import Callable, Sequence

from bridge.model.customers import Customer, Identity
from bridge.people import cards as people
from bridge.people import masking
from operator_panel.api import cards


def customer(row: Customer, identities: Sequence[Identity], whole: bool) -> cards.Customer:
    """A customer's card; who may not read contacts `whole` sees them masked."""
    return cards.Customer(
        id=row.id,
        name=row.name,
        language=row.language,
        note=row.note,
        company=row.company,
        tags=list(row.tags),
        fields=row.fields,
        time_zone=row.time_zone,
        identities=[_identity(each, whole) for each in identities],
        ban=cards.Ban(at=row.banned_at, reason=row.banned_because) if row.banned_at else None,
        created_at=row.created_at,
        version=row.version,
    )


def card(row: people.Card, whole: bool, reason: Callable[[str], str | None]) -> cards.CustomerCard:
    """A customer's card with who else he is and may be; contacts as in `customer`, `reason` puts a code in words."""

    def value(kind: str, found: str) -> str:
        return found if whole else masking.masked(kind, found)

    return cards.CustomerCard(
        **dict(customer(row.customer, row.identities, whole)),
        linked=[cards.Joined(id=each.id, name=each.name, created_at=each.created_at) for each in row.joined],
        candidates=[
            cards.Candidate(
                id=each.customer.id,
                name=each.customer.name,
                because=cards.Because(kind=each.kind, value=value(each.kind, each.value)),
                proved=each.proved,
                created_at=each.customer.created_at,
            )
            for each in row.alike
        ],
        conflicts=[
            cards.ProvedTwice(kind=kind, values=[value(kind, each) for each in values])
            for kind, values in row.conflicts.items()
        ],
        shop_data=row.shop_data,
        local_time_zone=row.time_zone,
        ways=[
            cards.Way.model_validate(
                {
                    "channel": each.channel,
                    "external_id": each.chat,
                    "conversation_id": each.conversation,
                    "fault": each.fault,
                    "reason_text": reason(each.reason),
                }
            )
            for each in row.ways
        ],
    )


def _identity(row: Identity, whole: bool) -> cards.ChannelIdentity | cards.EmailIdentity | cards.PhoneIdentity:
    value = row.value if whole else masking.masked(row.kind, row.value)
    if row.kind == "email":
        return cards.EmailIdentity(channel="email", email=value, proved=row.proved)
    if row.kind == "phone":
        return cards.PhoneIdentity(channel="phone", phone=value, proved=row.proved)
    return cards.ChannelIdentity(channel=row.kind, external_id=row.value, username=row.username, proved=row.proved)
