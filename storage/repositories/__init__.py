"""Repositories, written once on the document port; together they are the hall's Store."""

import asyncio
from collections.abc import Sequence

from bridge.model.desk import Post
from bridge.model.events import AuditEvent
from bridge.model.labels import Review, Verdict
from bridge.model.messages import Message
from bridge.model.misses import Miss
from bridge.model.notices import Notice
from bridge.model.questions import Use
from bridge.model.staff_answers import StaffAnswer
from bridge.ports import Clock, Store
from bridge.ports.stores import Row
from storage.documents import Documents
from storage.repositories.articles import ArticleRows
from storage.repositories.canned import CannedRows, DraftRows, MacroRows
from storage.repositories.conversations import ConversationRows
from storage.repositories.credentials import CredentialRows
from storage.repositories.desk import DeskRows
from storage.repositories.erasing import ErasingRows
from storage.repositories.files import StoredFileRows
from storage.repositories.guard import guarded
from storage.repositories.imports import CustomerImportRows
from storage.repositories.journal import JournalRows
from storage.repositories.labels import LabelRows, ReviewRows
from storage.repositories.links import LinkRows
from storage.repositories.messages import MessageRows
from storage.repositories.misses import MissRows
from storage.repositories.notices import NoticeRows, StarRows, TaskRows
from storage.repositories.people import PeopleRows
from storage.repositories.questions import KeptQuestionRows, UseRows
from storage.repositories.staff import StaffRows
from storage.repositories.staff_answers import StaffAnswerRows
from storage.repositories.teams import TeamRows
from storage.repositories.updates import LaneRows, UpdateRows
from storage.repositories.views import ViewRows
from storage.repositories.webhooks import WebhookStore


class Repositories:
    """The cellar over any document store; see bridge.ports.stores for what each part promises."""

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self.documents = documents = guarded(documents)
        self.updates = UpdateRows(documents)
        self.lanes = LaneRows(documents)
        self.conversations = ConversationRows(documents)
        self.messages = MessageRows(documents, clock)
        self.people = PeopleRows(documents)
        self.links = LinkRows(documents)
        self.customer_imports = CustomerImportRows(documents)
        self.desk = DeskRows(documents)
        self.staff = StaffRows(documents)
        self.credentials = CredentialRows(documents)
        self.teams = TeamRows(documents)
        self.views = ViewRows(documents)
        self.canned = CannedRows(documents)
        self.macros = MacroRows(documents)
        self.drafts = DraftRows(documents)
        self.tasks = TaskRows(documents)
        self.notices = NoticeRows(documents)
        self.stars = StarRows(documents)
        self.articles = ArticleRows(documents)
        self.misses = MissRows(documents)
        self.staff_answers = StaffAnswerRows(documents)
        self.labels = LabelRows(documents)
        self.reviews = ReviewRows(documents)
        self.questions = KeptQuestionRows(documents)
        self.uses = UseRows(documents)
        self.journal = JournalRows(documents)
        self.files = StoredFileRows(documents)
        self.webhooks = WebhookStore(documents)
        self.erasing = ErasingRows(documents)

    async def write_rows(self, rows: Sequence[Row]) -> list[Row]:
        """Insert rows, each once; returns those that were new, in the order given."""
        # Somebody may be reading just now: what comes first in a thread or in a lane must be there first.
        queues: dict[str, list[Row]] = {}
        for row in sorted(rows, key=_place):
            queues.setdefault(_queue(row), []).append(row)
        if len(queues) == 1:
            new = await self._write_in_turn(next(iter(queues.values())))
        else:
            new = set().union(*await asyncio.gather(*map(self._write_in_turn, queues.values())))
        return [row for row in rows if row.id in new]

    async def _write_in_turn(self, rows: Sequence[Row]) -> set[str]:
        return {row.id for row in rows if await self._write(row)}

    async def _write(self, row: Row) -> bool:
        match row:
            case Message():
                return (await self.messages.rows.insert_once(row))[1]
            case Post():
                return (await self.desk.posts.insert_once(row))[1]
            case AuditEvent():
                return (await self.journal.audit.insert_once(row))[1]
            case Miss():
                return (await self.misses.rows.insert_once(row))[1]
            case StaffAnswer():
                return (await self.staff_answers.rows.insert_once(row))[1]
            case Verdict():
                return await self.labels.put(row)
            case Review():
                return (await self.reviews.rows.insert_once(row))[1]
            case Use():
                return (await self.uses.kept.insert_once(row))[1]
            case Notice():
                return (await self.notices.rows.insert_once(row))[1]

    async def ping(self) -> None:
        """Prove that the store answers and writes; raises StoreDown."""
        await self.documents.ping()


def _queue(row: Row) -> str:
    match row:
        case Message():
            return row.conversation
        case Post():
            return row.delivery.lane
    return row.id


def _place(row: Row) -> int:
    match row:
        case Message():
            return row.seq
        case Post():
            return row.delivery.order
    return 0


_: type[Store] = Repositories
