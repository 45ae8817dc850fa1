"""What the hall needs from the cellar to let a person, or what is past its time, go: every collection that knows it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from bridge.model.desk import Post
from bridge.model.erasures import Erasure
from bridge.model.events import AuditEvent
from bridge.model.files import StoredFile
from bridge.model.ids import ConversationId, CustomerId, FileId, IdentityId, LaneId, OperatorId
from bridge.model.inbound import Update
from bridge.model.lanes import Lane


class Erasing(Protocol):
    """Erasures as rows, and deletions that can be repeated; each returns how many rows it took."""

    async def begin(self, erasure: Erasure) -> Erasure:
        """Store one; returns it as stored."""

    async def save(self, erasure: Erasure) -> Erasure:
        """Compare and swap; raises Conflict("version")."""

    async def find(self, id: str) -> Erasure | None:
        """Read one if it is there."""

    async def pending(self, limit: int) -> list[Erasure]:
        """Those that are not done, the oldest first."""

    async def updates(self, lane: LaneId, after: str | None, limit: int) -> list[Update]:
        """Read raw updates of a lane, handled or not, by id, after one."""

    async def take_updates(self, lane: LaneId, before: datetime) -> int:
        """Delete a lane's updates: those that were handled, and those that came before a time."""

    async def take_update(self, id: str) -> int:
        """Delete one raw update."""

    async def hold_lane(self, lane: LaneId, direction: str, now: datetime, until: datetime, holder: str) -> Lane | None:
        """Take a lane nobody holds, due or not, made when it is new; None: it is held, whoever holds it is not told."""

    async def take_lane(self, lane: Lane) -> bool:
        """Delete a lane that is held; False: something came into it meanwhile, it is still held."""

    async def take_conversation(self, id: ConversationId, readers: Sequence[OperatorId]) -> int:
        """Delete a conversation with its messages, posts, topic and read marks, itself last."""

    async def take_words(self, conversations: Collection[ConversationId], others: Collection[str]) -> int:
        """Delete what was made of words said in conversations (misses, labels, reviews, answers of the desk), calls.

        Small values of the installation go too, where they name a conversation, or one of `others`: ids, contacts.
        """

    async def made_of_words(
        self, conversations: Collection[ConversationId], customers: Collection[CustomerId]
    ) -> dict[str, list[dict[str, Any]]]:
        """Read what was made of words said in conversations, and what imports changed of customers, by collection."""

    async def take_chat(self, id: str) -> int:
        """Delete a chat by its id (channel:chat)."""

    async def take_identity(self, id: IdentityId) -> int:
        """Delete an identity."""

    async def take_customer(self, id: CustomerId) -> int:
        """Delete a customer with the identities that are his."""

    async def audit(self, subject: str, after: str | None, limit: int) -> list[AuditEvent]:
        """Read a subject's audit events by id, after one."""

    async def blank_audit(self, subject: str) -> int:
        """Leave of a subject's audit events that they happened, when and by whom: no detail."""

    async def once_linked(self, customers: Collection[CustomerId]) -> list[CustomerId]:
        """Return who ever joined or left one of these customers, or was joined or left by one."""

    async def take_posts(self, conversation: ConversationId, name: str) -> int:
        """Delete posts of a conversation that were shown and hold a name."""

    async def blank_links(self, customers: Collection[CustomerId]) -> int:
        """Leave of links of these customers that there were such steps, not between whom."""

    async def files_by(self, owner: str, limit: int) -> list[StoredFile]:
        """Read files somebody brought, the oldest first."""

    async def files_before(self, at: datetime, after: StoredFile | None, limit: int) -> list[StoredFile]:
        """Read files that are part of something and came before a time, the oldest first, after one."""

    async def carried_elsewhere(
        self, files: Collection[FileId], but: Collection[ConversationId], since: datetime
    ) -> set[FileId]:
        """Return which of these files a message written since a time carries in another conversation than those."""

    async def take_file(self, id: str) -> int:
        """Delete a file's row."""

    async def past_updates(self, before: datetime) -> int:
        """Delete a portion of the handled updates that came before a time."""

    async def past_conversations(self, before: datetime, limit: int) -> list[ConversationId]:
        """Closed conversations in which nothing was said since a time, the oldest first."""

    async def posts(self, conversation: ConversationId) -> list[Post]:
        """Read what the staff group was shown of a conversation, and what is still to be shown."""

    async def give_back(self) -> bool:
        """Give a portion of the room of what was deleted back to the disk; tells whether more is left."""

    async def scrub(self) -> None:
        """Overwrite what was deleted, as far as the store's own files are in our hands."""
