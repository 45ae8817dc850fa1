"""Connected messengers as the hall sees them: what every channel does, and what some are able to do beside it."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bridge.model.desk import DeskRules, Post, Topic
from bridge.model.files import Attachment, Remote
from bridge.model.ids import ChannelName, ChatId, LaneId
from bridge.model.inbound import Inbound, Pressed, Update
from bridge.model.messages import Author, Choice
from bridge.ports.abilities import PublicChannel


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file on its way out: `read` gives its bytes anew each time it is asked."""

    attachment: Attachment
    read: Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A word on its way to a customer, in the hall's terms; a channel may make several of its messages of it."""

    id: str
    chat: ChatId
    text: str
    choices: tuple[Choice, ...] = ()
    reply_to: str | None = None
    files: tuple[OutgoingFile, ...] = ()
    asks: str = ""  # as Message.asks: a channel with a way of its own to share a contact offers it
    author: Author | None = None  # who says it: a channel that shows names shows his
    at: datetime | None = None  # when it was written


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the messenger said of a sent word: its own id of the (last) message; all of them when there are several."""

    external_id: str | None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raw:
    """A raw update before it is stored: `key` is unique per channel, `lane` and `order` place it."""

    key: str
    lane: LaneId
    order: int
    body: str


class Accept(Protocol):
    """The inbox's door: returns once the update is durable (also when it was known). Raises StoreDown."""

    async def __call__(self, channel: ChannelName, raw: Raw) -> None: ...


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How a connected account is: ok, broken (with the reason in words) or starting."""

    state: str = "starting"
    reason: str | None = None


class Channel(Protocol):
    """One connected account of a messenger. Further abilities are the protocols below, asked by isinstance.

    `state` is how the account is now; a process that does not run it is told by one that does.
    """

    state: ChannelState

    @property
    def name(self) -> ChannelName:
        """The name of its table in the settings."""

    @property
    def kind(self) -> str:
        """The messenger: telegram, vk, web, custom."""

    async def run(self, accept: Accept) -> None:
        """Connect and receive until cancelled. Raises ChannelBroken when the account will never work as it is."""

    def parse(self, update: Update) -> Sequence[Inbound]:
        """Understand a stored update; an empty answer: nothing for us. Raises Unreadable."""

    async def send(self, message: Outgoing) -> Receipt:
        """Send to a customer. Raises RetryLater, Unreachable, Rejected, OutcomeUnknown, ChannelBroken."""


@runtime_checkable
class TypingChannel(Protocol):
    """A channel that can show that somebody is writing."""

    async def typing(self, chat: ChatId) -> None:
        """Show it for a few seconds; failures are swallowed, calls are throttled."""


@runtime_checkable
class FilesChannel(Protocol):
    """A channel that carries files both ways."""

    def carries(self, attachment: Attachment) -> str | None:
        """Return why a file cannot go out here (a phrase code), None when it can."""

    def fetch(self, remote: Remote) -> AsyncIterator[bytes]:
        """Read a file the messenger holds. Raises Rejected with a phrase code, RetryLater, ChannelBroken."""


@runtime_checkable
class EditChannel(Protocol):
    """A channel whose messages can be changed after they were sent."""

    async def edit(self, message: Outgoing, sent: Sequence[str]) -> Receipt:
        """Let the messages a word became (their ids, in order) say what the word says now.

        Done again, it does nothing. Raises as Channel.send; Rejected("edit_too_old") or ("edit_too_long") when it
        cannot be changed any more, or not into this; NotFound when it is gone.
        """


@runtime_checkable
class DeleteChannel(Protocol):
    """A channel whose messages can be taken back after they were sent."""

    async def delete(self, chat: ChatId, sent: Sequence[str]) -> None:
        """Take the messages of a word away from the customer; what is gone already is well.

        Raises as Channel.send; Rejected("delete_too_old") when it is too late.
        """


@runtime_checkable
class ReactChannel(Protocol):
    """A channel where the desk can put a sign on a message."""

    async def react(self, chat: ChatId, external_id: str, emoji: str) -> None:
        """Put a sign on a message, the only one of ours there; an empty one takes it away.

        Raises as Channel.send; Rejected("reaction_unknown") for a sign the messenger does not have.
        """


@runtime_checkable
class SeenChannel(Protocol):
    """A channel that can show a customer that his words were read."""

    async def seen(self, chat: ChatId, external_id: str) -> None:
        """Show it for everything up to a message; failures are swallowed."""


@runtime_checkable
class BudgetedChannel(Protocol):
    """A channel that may send so much in a time: asked before a row is marked, so that waiting costs nothing."""

    async def turn(self, chat: str, kind: str) -> float:
        """Take a turn and return 0, or return the seconds to wait; `kind` is message or a PostKind's value."""

    async def unturn(self, chat: str, seconds: float) -> None:
        """Note that the messenger itself asked for a pause of a chat."""


@runtime_checkable
class SequencedChannel(Protocol):
    """A channel that numbers its updates without holes: one that overtook another can wait for it a moment."""

    def before(self, key: str) -> Sequence[str]:
        """Return the keys of the updates before this one that it may have overtaken."""


@runtime_checkable
class PressChannel(Protocol):
    """A channel whose buttons wait for an answer."""

    async def pressed(self, press_id: str, text: str = "", spent: Pressed | None = None) -> None:
        """Stop the button's clock, showing a short text; failures are swallowed.

        `spent`: the press whose message needs its buttons no more.
        """


@runtime_checkable
class DeskChannel(Protocol):
    """A desk of one staff group or several: a channel whose customers are operators."""

    @property
    def desk(self) -> ChannelName:
        """The desk's name, e.g. "telegram.staff"."""

    @property
    def groups(self) -> Sequence[str]:
        """The messenger's ids of its groups as they are now, in the settings' order; empty: there is none."""

    @property
    def rules(self) -> DeskRules:
        """How the groups work, as their settings say."""

    async def post(self, post: Post, topic: Topic, files: Sequence[OutgoingFile] = ()) -> Receipt:
        """Do what a post says in `topic.group`. For PostKind.TOPIC the receipt holds the new topic, else a message.

        A card that was posted before (`topic.card`) is edited, an edit changes `post.sent`, a reaction stands on
        `post.reply_to`. Raises as Channel.send, and NotFound when the topic is gone.
        """


@runtime_checkable
class AccountsChannel(Protocol):
    """A channel whose senders' ids are the messenger's own: the same id in two such channels is one person."""

    @property
    def accounts(self) -> str:
        """Whose ids they are: "telegram", say; channels with the same answer share them."""


@dataclass(slots=True)
class Channels:
    """The connected accounts by name; filled once at start."""

    by_name: dict[ChannelName, Channel] = field(default_factory=dict)
    _able: dict[tuple[int, type], tuple[object, bool]] = field(default_factory=dict, repr=False)

    def desk(self) -> "DeskChannel | None":
        """The staff group, if one is connected."""
        able = (self._with(channel, DeskChannel) for channel in self.by_name.values())
        found: DeskChannel | None = next((channel for channel in able if channel is not None and channel.groups), None)
        return found

    def accounts(self) -> dict[str, str]:
        """Name whose account ids a channel has, for those whose ids are a messenger's own."""
        channels: list[tuple[str, object]] = list(self.by_name.items())
        return {name: channel.accounts for name, channel in channels if isinstance(channel, AccountsChannel)}

    def pressing(self, name: ChannelName) -> "PressChannel | None":
        """The channel of that name, if its buttons wait for an answer."""
        found: PressChannel | None = self._with(self.by_name.get(name), PressChannel)
        return found

    def typing(self, name: ChannelName) -> "TypingChannel | None":
        """The channel of that name, if it can show that somebody is writing."""
        found: TypingChannel | None = self._with(self.by_name.get(name), TypingChannel)
        return found

    def filing(self, name: ChannelName) -> "FilesChannel | None":
        """The channel of that name, if it carries files."""
        found: FilesChannel | None = self._with(self.by_name.get(name), FilesChannel)
        return found

    def editing(self, name: ChannelName) -> "EditChannel | None":
        """The channel of that name, if what was sent can be changed."""
        found: EditChannel | None = self._with(self.by_name.get(name), EditChannel)
        return found

    def deleting(self, name: ChannelName) -> "DeleteChannel | None":
        """The channel of that name, if what was sent can be taken back."""
        found: DeleteChannel | None = self._with(self.by_name.get(name), DeleteChannel)
        return found

    def reacting(self, name: ChannelName) -> "ReactChannel | None":
        """The channel of that name, if the desk can put signs on messages."""
        found: ReactChannel | None = self._with(self.by_name.get(name), ReactChannel)
        return found

    def showing_seen(self, name: ChannelName) -> "SeenChannel | None":
        """The channel of that name, if it shows that words were read."""
        found: SeenChannel | None = self._with(self.by_name.get(name), SeenChannel)
        return found

    def is_public(self, name: ChannelName, chat: ChatId) -> bool:
        """Tell whether everybody reads what is said in a chat."""
        found: PublicChannel | None = self._with(self.by_name.get(name), PublicChannel)
        return found is not None and found.is_public(chat)

    def budgeted(self, name: ChannelName) -> "BudgetedChannel | None":
        """The channel of that name, if it has a send budget."""
        found: BudgetedChannel | None = self._with(self.by_name.get(name), BudgetedChannel)
        return found

    def sequenced(self, name: ChannelName) -> "SequencedChannel | None":
        """The channel of that name, if it numbers its updates."""
        found: SequencedChannel | None = self._with(self.by_name.get(name), SequencedChannel)
        return found

    def _with(self, channel: object, ability: type) -> Any:
        """Return a channel as one with an ability, None without; asked of each once, for the question is slow."""
        known = self._able.get((id(channel), ability))
        if known is None or known[0] is not channel:
            known = self._able[id(channel), ability] = (channel, isinstance(channel, ability))
        return channel if known[1] else None
