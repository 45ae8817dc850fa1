"""A conversation while a decision is written: messages get numbers, rows are kept, the staff group gets its posts."""

from collections.abc import Sequence
from dataclasses import replace

from bridge import mirror
from bridge.commit import Change
from bridge.context import Bridge
from bridge.model.conversations import Conversation, LastMessage
from bridge.model.events import AuditEvent
from bridge.model.ids import ConversationId, MessageId, derive
from bridge.model.lanes import out_lane
from bridge.model.messages import Author, AuthorKind, Choice, Delivery, Event, Message, Source
from bridge.stores import Row


class Draft:
    """A conversation while a decision is written: numbers messages, keeps rows, mirrors them to the staff group."""

    def __init__(self, bridge: Bridge, before: Conversation, after: Conversation, key: str) -> None:
        self._bridge = bridge
        self._before = before
        self._key = key
        self._rows: list[Row] = []
        self._messages: list[Message] = []
        self.conversation = after

    def say(
        self,
        author: Author,
        text: str,
        name: str,
        *,
        choices: tuple[Choice, ...] = (),
        source: Source | None = None,
        offered: tuple[Source, ...] = (),
        origin: str = "",
        external_id: str | None = None,
        reply_to: MessageId | None = None,
        id: MessageId | None = None,
    ) -> Message:
        """Add a word to the conversation; those of bot and operator are on their way out with it."""
        conversation = self.conversation
        seq = conversation.seq + 1
        to_customer = author.kind in (AuthorKind.BOT, AuthorKind.OPERATOR)
        delivery = Delivery(
            lane=out_lane(conversation.channel, conversation.chat),
            order=conversation.number << 32 | seq,
            epoch=conversation.epoch if author.kind is AuthorKind.BOT else None,
        )
        message = Message(
            id=id or MessageId(derive("message", conversation.id, self._key, name)),
            conversation=conversation.id,
            seq=seq,
            author=author,
            text=text,
            at=self._bridge.clock.now(),
            channel=conversation.channel,
            chat=conversation.chat,
            incoming=conversation.incoming + (author.kind is AuthorKind.CUSTOMER),
            choices=choices,
            source=source,
            offered=offered,
            delivery=delivery if to_customer else None,
            origin=origin,
            external_id=external_id,
            reply_to=reply_to,
        )
        self._add(message)
        return message

    def add_customer(self, message: Message) -> None:
        """Add a customer's word that a door understood."""
        self._add(message)

    def event(self, code: str, actor: str = "", detail: str = "") -> None:
        """Add a system line and an audit event: something was done."""
        conversation = self.conversation
        self._add(
            Message(
                id=MessageId(derive("event", conversation.id, self._key, code)),
                conversation=conversation.id,
                seq=conversation.seq + 1,
                author=Author(AuthorKind.SYSTEM, "", ""),
                text="",
                at=self._bridge.clock.now(),
                channel=conversation.channel,
                chat=conversation.chat,
                incoming=conversation.incoming,
                event=Event(code, actor, detail),
            )
        )

    def audit(self, actor: str, action: str, **detail: str) -> None:
        """Add an audit event without a line in the thread."""
        conversation = self.conversation
        self._rows.append(
            AuditEvent(
                id=derive("audit", conversation.id, self._key, action),
                at=self._bridge.clock.now(),
                actor=actor,
                action=action,
                subject=f"conversation:{conversation.id}",
                detail=dict(detail),
            )
        )

    def row(self, row: Row) -> None:
        """Add any other row that follows from the decision."""
        self._rows.append(row)

    def change(self, recent: Sequence[Message] = (), spoke: bool = False) -> Change:
        """Finish: the conversation as it is to be written, and all rows."""
        after = replace(self.conversation, topic=mirror.mirrored(self._bridge, self._before, self.conversation, spoke))
        shown = mirror.posts(self._bridge, self._before, after, self._messages, recent)
        return Change(after, (*self._messages, *shown, *self._rows))

    def _add(self, message: Message) -> None:
        self._messages.append(message)
        kind = message.author.kind
        last = self.conversation.last_message
        if kind is not AuthorKind.SYSTEM:
            last = LastMessage(message.text[:200], kind.value, message.at, message.id)
        spoken = message.seq if kind in (AuthorKind.CUSTOMER, AuthorKind.OPERATOR) else self.conversation.spoken_seq
        self.conversation = replace(
            self.conversation, seq=message.seq, incoming=message.incoming, last_message=last, spoken_seq=spoken
        )


async def recent_for_topic(bridge: Bridge, id: ConversationId) -> list[Message]:
    """Read the last messages if a topic might open with the next write."""
    if bridge.desk is None:
        return []
    conversation = await bridge.store.conversations.get(id)
    if conversation.topic:
        return []
    return await bridge.store.messages.page(id, None, None, mirror.HISTORY)


async def show_state(bridge: Bridge, conversation: Conversation) -> None:
    """Have the staff group show owner and stage as they are now."""
    desk = bridge.desk
    if desk is None or not conversation.topic:
        return
    kind = next((c.kind for c in bridge.channels.by_name.values() if c.name == conversation.channel), "")
    identities = await bridge.store.people.identities(conversation.customer)
    username = next((i.username for i in identities if i.kind == conversation.channel), "")
    channel = (
        kind.capitalize() if kind == conversation.channel else f"{kind.capitalize()} {conversation.channel}".strip()
    )
    card = await bridge.store.desk.show(mirror.card(bridge, conversation, channel, username))
    await bridge.store.desk.show(mirror.icon(bridge, conversation))
    await bridge.store.lanes.pull(card.delivery.lane, "out", bridge.clock.now())
    await bridge.bus.publish("lane", {"id": card.delivery.lane})
