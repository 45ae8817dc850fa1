"""What a page starts with: everything its first picture needs, so that it asks nothing before it paints."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any

from bridge import desk, files
from bridge.composing import drafts
from bridge.errors import Forbidden, NotFound
from bridge.library.writing.articles import may_publish
from bridge.model.conversations import Conversation
from bridge.model.ids import ConversationId
from bridge.model.operators import Operator, Session
from bridge.model.views import BUILT_IN, MENTIONS
from bridge.people import cards
from bridge.rights import TABLE, may
from bridge.teamwork import access, choosing, roster, views
from bridge.teamwork import habits as kept_habits
from bridge.turn import thresholds
from operator_panel import customer_cards, render
from operator_panel.api import draft_views, habits, shapes, tables
from operator_panel.api.shape import iso
from operator_panel.office import Office
from operator_panel.sections import sections_of

VIEWS = ("mine", "free", "all", "bot", "closed")
KNOWN = (*VIEWS, MENTIONS, *BUILT_IN)
SECTIONS = ("articles", "misses", "replies", "review", "health", "import")
ROWS = 60
LINES = 60
#: Minutes of waiting from which a row is marked amber and red.
SLA_MINUTES = {"warn": 15, "late": 30}


@dataclass(frozen=True, slots=True)
class Boot:
    """Makes the boot data of one page for one person."""

    office: Office
    operator: Operator
    session: Session
    language: str

    async def inbox(self, view: str, conversation: str | None) -> dict[str, Any]:
        """Return the whole boot JSON as panel and page agreed; `thread` is null when there is no such conversation."""
        bridge = self.office.bridge
        # The cursor comes first: what happens while the rest is read is told again, never missed.
        cursor = bridge.feed.cursor()
        own = await self._habits()
        rows, counts, people, thread, channels = await asyncio.gather(
            self._rows(view, own.sort),
            access.counts(bridge, self.operator.sight),
            bridge.store.staff.all(),
            self._thread(conversation),
            self.office.renderer.channels(self.language),
        )
        late = self.office.late
        return self._common(own, "ui.", without=late.keys) | {
            "late": late.urls(self.language, self.operator.text_size),
            "view": view,
            "view_name": "" if view in KNOWN else (await views.look(bridge, self.operator, view)).name,
            "teams": await self._teams(),
            "fields": [{"key": each.key, "name": each.name(self.language)} for each in bridge.rules.fields],
            "conversation": conversation,
            "first": await self._is_first(),
            "cursor": cursor,
            "channels": [each.model_dump(mode="json") for each in channels],
            "counts": counts,
            "list": {
                "items": [
                    row.model_dump(mode="json", exclude=_unsaid(row))
                    for row in await self.office.renderer.conversations(rows[0], self.operator)
                ],
                "next": rows[1],
            },
            "thread": thread,
            "operators": [
                {"id": row.id, "name": row.name, "role": row.role.value} for row in people if not row.disabled
            ],
            "sla_minutes": SLA_MINUTES,
            "undo_seconds": self.office.options.undo_seconds,
            "drafts": await self._drafts(),
        }

    async def _is_first(self) -> bool:
        """Is the workspace new, nobody having written yet, and this person the one who sets it up?"""
        return may(self.operator, "staff") and not await self.office.bridge.store.conversations.begun()

    async def kb(self) -> dict[str, Any]:
        """Return the boot JSON of the knowledge base's room; `rights` say what this person is offered there."""
        bridge = self.office.bridge
        own, channels, counts = await asyncio.gather(
            self._habits(), self.office.renderer.channels(self.language), access.counts(bridge, self.operator.sight)
        )
        return self._common(own, "ui.", "kb.") | {
            "rights": {
                "edit": may(self.operator, "article"),
                "publish": may_publish(bridge, self.operator),
                "review": bridge.settings.review,
            },
            "channels": [{"name": each.name, "kind": each.kind} for each in channels],
            "counts": counts,
        }

    async def customers(self) -> dict[str, Any]:
        """Return the boot JSON of the page of customers; `rights` say what this person is offered there."""
        bridge = self.office.bridge
        own, channels, counts = await asyncio.gather(
            self._habits(), self.office.renderer.channels(self.language), access.counts(bridge, self.operator.sight)
        )
        return self._common(own, "ui.", "customers.") | {
            "rights": {"tables": may(self.operator, "customers"), "contacts": may(self.operator, "contacts")},
            "fields": [{"key": each.key, "name": each.name(self.language)} for each in bridge.rules.fields],
            "channels": [{"name": each.name, "kind": each.kind} for each in channels],
            "counts": counts,
            "largest": tables.LARGEST,
        }

    async def work(self) -> dict[str, Any]:
        """Return the boot JSON of the pages of one's own work."""
        bridge = self.office.bridge
        own, counts, people = await asyncio.gather(
            self._habits(), access.counts(bridge, self.operator.sight), bridge.store.staff.all()
        )
        return self._common(own, "ui.", "work.") | {
            "rights": {"task": may(self.operator, "task")},
            "operators": [
                {"id": row.id, "name": row.name, "role": row.role.value} for row in people if not row.disabled
            ],
            "counts": counts,
        }

    async def settings(self) -> dict[str, Any]:
        """Return the boot JSON of the settings: this person's sections, and his rights by verb."""
        bridge = self.office.bridge
        own, channels, counts = await asyncio.gather(
            self._habits(), self.office.renderer.channels(self.language), access.counts(bridge, self.operator.sight)
        )
        return self._common(own, "ui.", "settings.", "keys.", "shell.role_") | {
            "sections": sections_of(self.operator),
            "rights": {verb: may(self.operator, verb) for verb in TABLE},
            "whole": self.operator.sight.whole,
            "channels": [{"name": each.name, "kind": each.kind} for each in channels],
            "counts": counts,
        }

    async def _habits(self) -> kept_habits.Habits:
        return await kept_habits.of(self.office.bridge, self.operator)

    def _common(self, own: kept_habits.Habits, *prefixes: str, without: frozenset[str] = frozenset()) -> dict[str, Any]:
        bridge, texts = self.office.bridge, self.office.texts
        limits = thresholds(bridge)
        words = [texts.strings(self.language, prefix) for prefix in prefixes]
        return {
            "me": self._me(),
            "csrf": self.session.csrf,
            "shop": bridge.shop,
            "lang": self.language,
            "habits": habits.shown(own).model_dump(mode="json"),
            "now": iso(bridge.clock.now()),
            "strings": {key: text for each in words for key, text in each.items() if key not in without},
            "thresholds": {"answer": limits.answer and round(limits.answer, 3), "suggest": limits.suggest},
            "files": {"limit": bridge.files.limit, "most": files.MOST},
        }

    def _me(self) -> dict[str, Any]:
        me = self.operator
        return {
            "id": me.id,
            "name": me.name,
            "email": me.email,
            "role": me.role.value,
            "deletes": may(me, "delete"),
            "language": me.language,
            "theme": me.theme,
            "text_size": me.text_size,
            "teams": list(me.teams),
        }

    async def _rows(self, view: str, sort: str) -> tuple[list[Conversation], str | None]:
        bridge, me = self.office.bridge, self.operator
        if view in VIEWS:
            eyes = await access.eyes(bridge, me.sight)
            return await bridge.store.conversations.view(view, me.id, None, ROWS, eyes, newest=sort == "newest")
        found = await choosing.shown(bridge, me, view, None, ROWS)
        return found.rows, found.following

    async def _teams(self) -> list[dict[str, str]]:
        there = await roster.teams(self.office.bridge)
        return [{"id": each.id, "name": each.name} for each in there.values() if each.deleted_at is None]

    async def _drafts(self) -> list[dict[str, Any]]:
        if not may(self.operator, "note"):
            return []
        rows, renderer = await drafts.mine(self.office.bridge, self.operator), self.office.renderer
        return [draft_views.draft(renderer, row, self.language).model_dump(mode="json") for row in rows]

    async def _thread(self, id: str | None) -> dict[str, Any] | None:
        if id is None:
            return None
        store = self.office.bridge.store
        try:
            row = await access.conversation(self.office.bridge, self.operator, ConversationId(id))
        except NotFound:
            return None
        lines, card, suggestions = await asyncio.gather(
            store.messages.page(row.id, None, None, LINES + 1),
            cards.card(self.office.bridge, row.customer, self.operator),
            self._suggestions(row.id),
        )
        shown = (await self.office.renderer.conversations([row], self.operator))[0]
        whole = may(self.operator, "contacts")
        reason = partial(self.office.renderer.reason, self.language)
        return {
            "conversation": shown.model_dump(mode="json"),
            "messages": [
                self.office.renderer.message(line, self.language, whole).model_dump(mode="json")
                for line in lines[-LINES:]
            ],
            "has_more": len(lines) > LINES,
            "suggestions": suggestions,
            "customer": customer_cards.card(card, whole, reason).model_dump(mode="json"),
        }

    async def _suggestions(self, id: ConversationId) -> list[dict[str, Any]]:
        if not may(self.operator, "suggest"):
            return []
        try:
            found = await desk.suggestions(self.office.bridge, self.operator, id)
        except (NotFound, Forbidden):
            return []
        return [render.suggestion(each).model_dump(mode="json") for each in found]


def _unsaid(row: shapes.Conversation) -> set[str]:
    """Return what a row of the list need not say: sixty of them weigh on every page."""
    unsaid = {"updated_at"} if row.last_message else set()  # shown where there is no message yet
    return unsaid if row.snooze_note else {*unsaid, "snooze_note"}
