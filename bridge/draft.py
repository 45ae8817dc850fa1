"""A conversation while a decision is written: messages get numbers, rows are kept, the staff group gets its posts."""

from dataclasses import replace
from typing import Any, TypedDict, Unpack

from bridge.commit import Change
from bridge.context import Bridge
from bridge.model.conversations import Conversation, LastMessage
from bridge.model.events import AuditEvent
from bridge.model.files import Attachment
from bridge.model.ids import MessageId, OperatorId, derive
from bridge.model.lanes import out_lane
from bridge.model.messages import Author, AuthorKind, Choice, Delivery, DeliveryState, Event, Message, Source
from bridge.ports.stores import Row
from bridge.staff import mirror

#: Characters of the newest message that the conversation's row shows.
LAST_TEXT = 200
#: Kinds of a customer's words that say nothing new: what he said before stands in the list.
WORDLESS = ("command", "code")


class Extras(TypedDict, total=False):
    """What some words carry beside their text; see model.messages.Message."""

    choices: tuple[Choice, ...]
    source: Source | None
    also: tuple[Source, ...]
    offered: tuple[Source, ...]
    origin: str
    external_id: str | None
    reply_to: MessageId | None
    mentions: tuple[OperatorId, ...]
    parts: tuple[str, ...]
    asks: str
    kind: str
    attachments: tuple[Attachment, ...]


class Draft:
    """A conversation while a decision is written: numbers messages, keeps rows, mirrors them to the staff group."""

    def __init__(self, bridge: Bridge, before: Conversation, after: Conversation, key: str) -> None:
        self._bridge = bridge
        self._before = before
        self._key = key
        self._rows: list[Row] = []
        self._messages: list[Message] = []
        self.conversation = after
        self.shows = False  # the staff group's card is to be renewed whatever changed

    def say(
        self,
        author: Author,
        text: str,
        name: str,
        *,
        id: MessageId | None = None,
        anyway: bool = False,
        **extras: Unpack[Extras],
    ) -> Message:
        """Add a word to the conversation; those of bot and operator are on their way out with it.

        `name` tells it from the other words of this decision. `anyway`: a bot's word is sent although a person of the
        desk speaks meanwhile.
        """
        extras = self._with_end_of_question(author.kind, extras)
        conversation = self.conversation
        message = Message(
            id=id or MessageId(derive("message", conversation.id, self._key, name)),
            conversation=conversation.id,
            seq=conversation.seq + 1,
            author=author,
            text=text,
            at=self._bridge.clock.now(),
            channel=conversation.channel,
            chat=conversation.chat,
            incoming=conversation.incoming,
            delivery=_way_out(conversation, author.kind, anyway),
            **extras,
        )
        if not (conversation.banned and author.kind is AuthorKind.BOT):  # to a banned customer the bot is silent
            self._add(message)
        return message

    def say_elsewhere(
        self, author: Author, text: str, sent_as: str, *, id: MessageId, **extras: Unpack[Extras]
    ) -> Message:
        """Add a word that was said to the customer in his messenger, without us; `sent_as` is its id there."""
        conversation = self.conversation
        way = _way_out(conversation, author.kind, anyway=True)
        assert way is not None
        message = Message(
            id=id,
            conversation=conversation.id,
            seq=conversation.seq + 1,
            author=author,
            text=text,
            at=self._bridge.clock.now(),
            channel=conversation.channel,
            chat=conversation.chat,
            incoming=conversation.incoming,
            delivery=replace(way, state=DeliveryState.SENT, external_id=sent_as),
            **extras,
        )
        self._add(message)
        return message

    def add_customer(self, message: Message) -> None:
        """Add a customer's word that a door understood."""
        self._add(message)

    def _with_end_of_question(self, kind: AuthorKind, extras: Extras) -> Extras:
        """Let the next word without buttons take away what was offered to answer a question that is over."""
        if self.conversation.asking != "over" or kind not in (AuthorKind.BOT, AuthorKind.OPERATOR):
            return extras
        if extras.get("choices") or extras.get("asks"):
            return extras
        self.conversation = replace(self.conversation, asking="")
        return Extras({**extras, "asks": "done"})

    def event(self, code: str, actor: str = "", detail: str = "", name: str = "") -> None:
        """Add a system line: something was done. `name` tells lines of one code and one decision apart."""
        conversation = self.conversation
        self._add(
            Message(
                id=MessageId(derive("event", conversation.id, self._key, f"{code}{name}")),
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

    def audit(self, actor: str, action: str, name: str = "", /, **detail: str) -> None:
        """Add an audit event without a line in the thread; `name` tells those of one action and decision apart."""
        conversation = self.conversation
        self._rows.append(
            AuditEvent(
                id=derive("audit", conversation.id, self._key, f"{action}{name}"),
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

    def change(self) -> Change:
        """Finish: the conversation as it is to be written, and all rows."""
        before, spoke = self._before, any(m.author.kind is AuthorKind.OPERATOR for m in self._messages)
        after = self.conversation
        if mirror.mirrored(self._bridge, before, after, spoke) is not after.topic:
            after = replace(after, topic=not after.topic)
        changed = self.shows or mirror.state_of(before) != mirror.state_of(after)
        rows = (*self._messages, *mirror.posts(self._bridge, after, self._messages), *self._rows)
        return Change(after, rows, shows=after.topic and changed)

    def _add(self, message: Message) -> None:
        self._messages.append(message)
        kind = message.author.kind
        changes: dict[str, Any] = {"seq": message.seq, "incoming": message.incoming}
        if kind is not AuthorKind.SYSTEM:
            last = LastMessage(message.text[:LAST_TEXT], kind.value, message.at, message.id, message.kind)
            changes["last_message"] = last
            if kind is AuthorKind.CUSTOMER and (message.kind not in WORDLESS or self.conversation.last_said is None):
                changes["last_said"] = last  # who calls a person says nothing new: what he asked before stands
        if kind in (AuthorKind.CUSTOMER, AuthorKind.OPERATOR):
            changes |= {"spoken_seq": message.seq, "undelivered": None}
        self.conversation = replace(self.conversation, **changes)


def _way_out(conversation: Conversation, kind: AuthorKind, anyway: bool) -> Delivery | None:
    """Return the delivery of the conversation's next word, None for words that do not leave."""
    if kind not in (AuthorKind.BOT, AuthorKind.OPERATOR):
        return None
    return Delivery(
        lane=out_lane(conversation.channel, conversation.chat),
        order=conversation.number << 32 | (conversation.seq + 1),
        epoch=conversation.epoch if kind is AuthorKind.BOT and not anyway else None,
    )
