"""Webhooks as the API takes and shows them; a secret is taken, never shown."""

from typing import Literal

from pydantic import Field

from bridge.model.webhooks import CallState
from operator_panel.api.bodies import Asked
from operator_panel.api.shape import Shape, Time

EventType = Literal["message.created", "message.updated", "conversation.updated"]


class NewWebhook(Asked):
    """An address to be called for events of some types; calls are signed with the secret."""

    url: str = Field(min_length=1, max_length=2000)
    types: list[EventType] = Field(min_length=1, max_length=3)
    secret: str = Field(min_length=8, max_length=200, repr=False)


class DeliveryQuery(Asked):
    """How many of the newest calls."""

    limit: int = Field(50, ge=1, le=100)


class WebhookDelivery(Shape):
    """One event on its way to a webhook; `id` is the event's.

    `status` is the last answer's, null without one. `error` is why it was no success: network (nothing answered),
    refused (an answer that is no 2xx), address_not_allowed (it leads into a network of ours), gone (there is nothing
    to tell any more). `next_at`: when it is tried again.
    """

    id: str
    type: EventType
    conversation_id: str
    message_id: str | None
    state: CallState
    attempts: int
    status: int | None
    error: str | None
    at: Time
    tried_at: Time | None
    next_at: Time | None


class Webhook(Shape):
    """A registered address; `secret` is masked, `waiting` calls have not reached it yet.

    `last_error` is the newest call that was no success, null when all of those that are kept were.
    """

    id: str
    url: str
    types: list[EventType]
    secret: str
    created_at: Time
    waiting: int
    last_error: WebhookDelivery | None
