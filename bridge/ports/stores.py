"""What the hall needs from the cellar: repositories by subject, each call one round trip or a few."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from bridge.model.canned import Canned, Macro
from bridge.model.desk import Post, Topic
from bridge.model.events import AuditEvent
from bridge.model.ids import ChannelName, ConversationId, LaneId, MessageId, OperatorId
from bridge.model.labels import Review, Verdict
from bridge.model.messages import Message
from bridge.model.misses import Miss
from bridge.model.notices import Notice
from bridge.model.operators import ApiToken, Operator, Session
from bridge.model.questions import Use
from bridge.model.staff_answers import StaffAnswer
from bridge.ports.canned import Drafts, Shelf
from bridge.ports.cases import Conversations
from bridge.ports.credentials import Credentials
from bridge.ports.erasing import Erasing
from bridge.ports.imports import CustomerImports
from bridge.ports.knowledge import Articles, KeptQuestions, Labels, Misses, Reviews, StaffAnswers, Uses
from bridge.ports.notices import Notices, Stars, Tasks
from bridge.ports.persons import Links, People
from bridge.ports.queues import Lanes, Updates
from bridge.ports.shelf import FileRows
from bridge.ports.teams import Teams
from bridge.ports.views import Views
from bridge.ports.webhooks import WebhookRows

Row = Message | Post | AuditEvent | Miss | StaffAnswer | Verdict | Review | Use | Notice


class Messages(Protocol):
    """Lines of history; those on their way out are the outbox."""

    async def get(self, id: MessageId) -> Message:
        """Read one; raises NotFound."""

    async def find(self, id: MessageId) -> Message | None:
        """Read one if it is there."""

    async def page(
        self, conversation: ConversationId, after: int | None, before: int | None, limit: int
    ) -> list[Message]:
        """Read by seq, rising: the first after `after`, or the last before `before`, or the last ones."""

    async def by_customer(
        self, conversations: Sequence[ConversationId], before: datetime | None, limit: int
    ) -> list[Message]:
        """Read the last messages of several conversations before a time, oldest first."""

    async def replace(self, message: Message) -> Message:
        """Compare and swap by version; raises Conflict("version")."""

    async def going_out(self, lane: LaneId, limit: int) -> list[Message]:
        """Rows of an out lane that are not settled, or have an amendment, in order: words first, then amendments."""

    async def unsent(self, before: datetime, limit: int) -> dict[LaneId, datetime]:
        """Lanes where rows written before a time wait to be sent or amended: when each is due at the latest."""

    async def stuck(self, states: Sequence[str], limit: int) -> list[Message]:
        """Rows of the outbox in these states, newest first."""

    async def search(
        self,
        words: str,
        conversation: ConversationId | None,
        since: datetime | None,
        before: datetime | None,
        limit: int,
    ) -> list[Message]:
        """Read messages that hold all words in any form, or files named so, said in a time: the newest first."""

    async def changed(self, since: datetime, limit: int) -> list[Message]:
        """Messages written at or after a time, oldest first."""

    def spoken(self, since: datetime | None) -> AsyncIterator[Message]:
        """Read words on their way out written or changed since a time; one that changes meanwhile may come again."""


class Desk(Protocol):
    """The staff group's rows."""

    async def topic(self, conversation: ConversationId) -> Topic | None:
        """Where a conversation stands in the group."""

    async def topic_of(self, channel: ChannelName, group: str, topic: str) -> Topic | None:
        """Which conversation a topic shows."""

    async def save_topic(self, topic: Topic) -> Topic:
        """Insert or compare and swap; raises Conflict("version")."""

    async def show(self, post: Post) -> Post:
        """Store a post that shows a state (card, icon), replacing one of the same id unless its order is higher.

        Returns the post that is there now; a replaced one is queued again.
        """

    async def going_out(self, lane: LaneId, limit: int) -> list[Post]:
        """Unsettled posts of an out lane in order."""

    async def replace(self, post: Post) -> Post:
        """Compare and swap; raises Conflict("version")."""

    async def unsent(self, before: datetime, limit: int) -> dict[LaneId, datetime]:
        """Lanes whose posts, made before a time, still wait to be shown: when each is due at the latest."""

    async def find(self, id: str) -> Post | None:
        """Read one if it is there."""

    async def shown_at(self, channel: ChannelName, group: str, external_id: str) -> list[Post]:
        """Which posts a message of a group shows, in order: several when they were merged."""

    async def waiting(self) -> tuple[int, datetime | None]:
        """How many posts wait to be shown, and since when the oldest does."""

    async def topics_in(self, channel: ChannelName, group: str) -> int:
        """How many topics stand in a group."""


class Staff(Protocol):
    """Operators, their sessions, tokens and read marks."""

    async def operator(self, id: OperatorId) -> Operator:
        """Read one; raises NotFound."""

    async def by_email(self, email: str) -> Operator | None:
        """Find by e-mail, whatever its case."""

    async def by_telegram(self, user_id: int) -> Operator | None:
        """Find the operator registered with this Telegram account."""

    async def all(self) -> list[Operator]:
        """Everybody, by name."""

    async def add(self, operator: Operator) -> Operator:
        """Store a new one; raises Invalid(("email", "taken")) or (("telegram_user_id", "taken"))."""

    async def replace(self, operator: Operator) -> Operator:
        """Compare and swap; raises Conflict("version") or Invalid."""

    async def note_seen(self, operator: OperatorId, at: datetime) -> None:
        """Note when a person of the desk did something last; it never falls."""

    async def seen(self, operators: Sequence[OperatorId]) -> dict[OperatorId, datetime]:
        """When people did something last; who never did is left out."""

    async def session(self, id: str) -> Session | None:
        """Read a session, expired ones included."""

    async def sessions(self, operator: OperatorId) -> list[Session]:
        """The sessions of one person."""

    async def open_session(self, session: Session) -> None:
        """Store a new session."""

    async def renew_session(self, id: str, expires_at: datetime) -> None:
        """Let a session end later; nothing happens when it is gone or ends later already."""

    async def close_session(self, id: str) -> None:
        """Forget a session."""

    async def forget_sessions(self, now: datetime, limit: int = 1000) -> int:
        """Delete a portion of the sessions that have expired; returns how many."""

    async def token(self, id: str) -> ApiToken | None:
        """Read an API token by its hash."""

    async def add_token(self, token: ApiToken) -> None:
        """Store a token's hash."""

    async def reads(self, operator: OperatorId, conversations: Sequence[ConversationId]) -> dict[ConversationId, int]:
        """How many of the customer's messages a person has read, per conversation."""

    async def mark_read(self, operator: OperatorId, conversation: ConversationId, incoming: int) -> int:
        """Raise a read mark, which never falls here; returns where it stands."""

    async def mark_unread(self, operator: OperatorId, conversation: ConversationId, incoming: int) -> int:
        """Lower a read mark to so many, where it stands higher; returns where it stands."""


class Journal(Protocol):
    """What was done, and small keyed values of the installation."""

    async def write(self, event: AuditEvent) -> None:
        """Store an event once."""

    async def page(self, subject: str | None, limit: int) -> list[AuditEvent]:
        """Newest first."""

    async def value(self, key: str) -> dict[str, Any] | None:
        """Read a small value (an offset, a lease, an idempotent answer)."""

    async def put_value(self, key: str, value: dict[str, Any], expires_at: datetime | None = None) -> None:
        """Write a small value, whatever was there."""

    async def put_value_once(self, key: str, value: dict[str, Any], expires_at: datetime) -> dict[str, Any] | None:
        """Write a small value if the key is free; else return what is there."""

    async def expiring(self, prefix: str, since: datetime, until: datetime, limit: int) -> list[str]:
        """Read keys that begin so of values that expire at a time or later and before another."""

    async def forget_values(self, now: datetime, limit: int = 1000) -> int:
        """Delete a portion of the values that have expired; returns how many."""


class Store(Protocol):
    """The cellar as the hall sees it: repositories by subject. Any call may raise StoreDown."""

    @property
    def updates(self) -> Updates: ...
    @property
    def lanes(self) -> Lanes: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def people(self) -> People: ...
    @property
    def links(self) -> Links: ...
    @property
    def customer_imports(self) -> CustomerImports: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def staff(self) -> Staff: ...
    @property
    def credentials(self) -> Credentials: ...
    @property
    def teams(self) -> Teams: ...
    @property
    def views(self) -> Views: ...
    @property
    def canned(self) -> Shelf[Canned]: ...
    @property
    def macros(self) -> Shelf[Macro]: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def stars(self) -> Stars: ...
    @property
    def articles(self) -> Articles: ...
    @property
    def misses(self) -> Misses: ...
    @property
    def staff_answers(self) -> StaffAnswers: ...
    @property
    def labels(self) -> Labels: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def questions(self) -> KeptQuestions: ...
    @property
    def uses(self) -> Uses: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def files(self) -> FileRows: ...
    @property
    def webhooks(self) -> WebhookRows: ...
    @property
    def erasing(self) -> Erasing: ...

    async def write_rows(self, rows: Sequence[Row]) -> list[Row]:
        """Insert rows of a committed entry, each once (a verdict as Labels.put does); returns those that were new."""

    async def ping(self) -> None:
        """Prove that the store answers and writes; raises StoreDown."""
