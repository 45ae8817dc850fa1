"""Customers as the API shows them: who somebody is, who else he is, and who he may be."""

from typing import Any, Literal

from operator_panel.api.shape import Time
from operator_panel.api.shapes import Shape


class ChannelIdentity(Shape):
    """The customer in one channel."""

    channel: str
    external_id: str
    username: str
    proved: bool


class EmailIdentity(Shape):
    """An e-mail of the customer; proved or only claimed."""

    channel: Literal["email"]
    email: str
    proved: bool


class PhoneIdentity(Shape):
    """A phone of the customer (E.164); proved or only claimed."""

    channel: Literal["phone"]
    phone: str
    proved: bool


class Ban(Shape):
    """Since when a customer is not heard, and why: his words are kept, the bot is silent, nobody is disturbed."""

    at: Time
    reason: str


class Customer(Shape):
    """A person who writes to the shop; `ban` is null for one who is heard."""

    id: str
    name: str
    language: str
    note: str
    company: str
    tags: list[str]
    fields: dict[str, Any]
    time_zone: str
    identities: list[ChannelIdentity | EmailIdentity | PhoneIdentity]
    ban: Ban | None
    created_at: Time
    version: int


class Joined(Shape):
    """A customer who was found to be the same person; `unlink` lets him leave again."""

    id: str
    name: str
    created_at: Time


class Because(Shape):
    """What says that two customers may be one: an identity both have; `kind` is email, phone or user_id."""

    kind: str
    value: str


class Candidate(Shape):
    """A customer who may be the same person; `proved` if he has proved what both have."""

    id: str
    name: str
    because: Because
    proved: bool
    created_at: Time


class ProvedTwice(Shape):
    """Several values of one kind that are all proved: one person may have two phones, or two people share a chat."""

    kind: str
    values: list[str]


class CustomField(Shape):
    """A field of the shop's own: its title in the reader's language, its kind, and the values of a choice."""

    key: str
    kind: Literal["text", "number", "date", "choice", "yes_no", "link"]
    name: str
    choices: list[str]


class CustomFields(Shape):
    """The fields in the settings' order; a customer's `fields` hold his values by key."""

    items: list[CustomField]


class ShopField(Shape):
    """One line of what the shop's program told, plain text; `link` is empty or an http(s) address."""

    name: str
    value: str
    link: str


class ShopData(Shape):
    """What the shop's program told at `at` (null: it never did); `fault` is why it tells nothing now, empty for none.

    Faults: network, refused, unreadable, address_not_allowed.
    """

    fields: list[ShopField]
    at: Time | None
    fault: str


class Way(Shape):
    """A chat of the customer, to answer in; `fault` is empty, or why nobody can write there now.

    Faults: not_connected, broken, empty (no conversation yet), closed (the messenger refuses); `reason_text` in words.
    """

    channel: str
    external_id: str
    conversation_id: str | None
    fault: Literal["", "not_connected", "broken", "empty", "closed"]
    reason_text: str | None


class CustomerCard(Customer):
    """A customer with who else he is and may be; of one who joined another customer, that one's card is shown.

    `shop_data`: the shop's program can be asked of him. `local_time_zone`: the one told, else his browser's, else his
    phone's, else empty.
    """

    local_time_zone: str
    ways: list[Way]

    linked: list[Joined]
    candidates: list[Candidate]
    conflicts: list[ProvedTwice]
    shop_data: bool
