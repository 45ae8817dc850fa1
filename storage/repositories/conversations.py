"""Conversations: cases, their lists and views."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bridge.errors import Invalid
from bridge.model.access import Sight
from bridge.model.conversations import Conversation, ConversationFilters, DeskState, Stage
from bridge.model.ids import ConversationId, CustomerId, OperatorId, TeamId
from bridge.model.lanes import IDLE
from storage.documents import Body, Documents, Key, Order, P
from storage.repositories import narrowing
from storage.repositories.base import Rows, cursor_of, parts_of
from storage.repositories.finding import Finding
from storage.repositories.sight import Seen, place_of, share_word
from storage.schema import CONVERSATIONS, COUNTERS
from storage.words import tag_word, words_of

#: The counter that numbers them.
_NUMBERS = "conversations"
#: Sections of a view in the order of the inbox: (state, field, falling); and where who wrote last stands first.
SECTIONS = (
    (DeskState.DUE, "wait", False),
    (DeskState.ANSWERED, "active_at", True),
    (DeskState.SNOOZED, "active_at", True),
)
NEWEST = tuple((state, "active_at", True) for state, _, _ in SECTIONS)


def _extra(row: Conversation) -> Body:
    return {
        "bin": row.bin,
        "place": place_of(row.team),
        "desk_state": row.desk_state.value,
        "wait": row.waiting_since or IDLE,
        "active_at": row.last_message.at if row.last_message else row.created_at,
        "unsettled": bool(row.pending),
        "snooze": row.snoozed_until or IDLE,
        "routes_at": row.route.until if row.route is not None else None,
        "held_at": min((each.due for each in row.held if not each.failed), default=None),
        "words": " ".join(
            [
                words_of(row.customer_name, str(row.number), row.chat),
                *map(tag_word, row.tags),
                *map(share_word, row.shared),
                *([narrowing.BANNED] if row.banned else []),
            ]
        ),
    }


def _millis(value: datetime) -> int:
    return round(value.timestamp() * 1000)


def _time(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise Invalid(("cursor", "invalid")) from None


class ConversationRows:
    """Cases, as bridge.ports.stores.Conversations says."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents, CONVERSATIONS, Conversation, _extra)

    async def get(self, id: ConversationId) -> Conversation:
        return await self._rows.get(id)

    async def many(self, ids: Sequence[ConversationId]) -> list[Conversation]:
        return await self._rows.many(ids)

    async def open(self, conversation: Conversation) -> Conversation:
        found = await self._rows.find(conversation.id)
        if found is not None:
            return found
        counter = await self._rows.documents.bump(COUNTERS, _NUMBERS, {"n": 1})
        opened, _ = await self._rows.insert_once(replace(conversation, number=counter.body["n"]))
        return opened

    async def begun(self) -> bool:
        return await self._rows.documents.get(COUNTERS, _NUMBERS) is not None

    async def replace(self, conversation: Conversation) -> Conversation:
        return await self._rows.replace(conversation)

    async def unsettled(self, before: datetime, limit: int) -> list[Conversation]:
        return await self._rows.list(
            P("unsettled", "eq", True), P("updated_at", "lt", before), order=Order("updated_at"), limit=limit
        )

    async def asleep(self, until: datetime, limit: int) -> list[Conversation]:
        return await self._rows.list(P("snooze", "le", until), order=Order("snooze"), limit=limit)

    async def changed(self, since: datetime, limit: int) -> list[Conversation]:
        return await self._rows.list(P("updated_at", "ge", since), order=Order("updated_at"), limit=limit)

    async def lately(
        self, cursor: str | None, limit: int, sight: Sight | None = None
    ) -> tuple[list[Conversation], str | None]:
        rows, following = await self.page(ConversationFilters(sight=sight), cursor, limit)
        last = [row for at, row in enumerate(rows) if row.customer not in {each.customer for each in rows[:at]}]
        own = [ConversationFilters(customer=row.customer, sight=sight) for row in last]
        newest = await asyncio.gather(*(self.page(each, None, 1) for each in own))
        # One whose customer was active elsewhere since stood further up.
        pairs = zip(last, newest, strict=True)
        return [row for row, (found, _) in pairs if found and found[0].id == row.id], following

    async def silent(self, customers: Sequence[CustomerId]) -> list[CustomerId]:
        if not customers:
            return []
        asked = [P("customer", "in", tuple(customers))]
        heard = await self._rows.documents.group(CONVERSATIONS, "customer", asked)
        return [id for id in customers if id not in heard]

    async def page(
        self, filters: ConversationFilters, cursor: str | None, limit: int
    ) -> tuple[list[Conversation], str | None]:
        where = narrowing.where(filters)
        if filters.q:
            finding = Finding(self._rows, self._seen(filters.sight), filters.sight)
            return await finding.rows(filters.q, where, limit, lambda row: _extra(row)["active_at"]), None
        after = None
        if cursor:
            at, id = parts_of(cursor, 2)
            after = Key(_time(at), id)
        rows = await self._newest(filters, where, after, limit + 1)
        if len(rows) <= limit:
            return rows, None
        last = rows[limit - 1]
        return rows[:limit], cursor_of(_millis(_extra(last)["active_at"]), last.id)

    async def _newest(
        self, filters: ConversationFilters, where: list[P], after: Key | None, limit: int
    ) -> list[Conversation]:
        """Read rows by newest activity; of several states each is asked for by its index."""
        seen, order = self._seen(filters.sight), Order("active_at", desc=True)
        if not filters.states:
            return await seen.page(*where, order=order, after=after, limit=limit)
        parts = [
            await seen.page(narrowing.standing_in(state), *where, order=order, after=after, limit=limit)
            for state in filters.states
        ]
        rows = sorted(
            (row for part in parts for row in part), key=lambda row: (_extra(row)["active_at"], row.id), reverse=True
        )
        return rows[:limit]

    def _seen(self, sight: Sight | None) -> Seen:
        return Seen(self._rows, sight, lambda row, field: _extra(row)[field])

    async def view(
        self,
        view: str,
        operator: OperatorId,
        cursor: str | None,
        limit: int,
        sight: Sight | None = None,
        *,
        newest: bool = False,
    ) -> tuple[list[Conversation], str | None]:
        if view == "closed":
            return await self.page(ConversationFilters(stage=Stage.CLOSED, sight=sight), cursor, limit)
        seen = self._seen(sight)
        bins, sections = narrowing.bins(view, operator), NEWEST if newest else SECTIONS
        section, after = 0, None
        if cursor:
            number, at, id = parts_of(cursor, 3)
            section, after = int(number) if number in "012" else 0, Key(_time(at), id)
        rows: list[Conversation] = []
        for index in range(section, len(sections)):
            state, field, desc = sections[index]
            found = await self._section(
                bins, state, Order(field, desc), after, limit + 1 - len(rows), seen, view == "mine"
            )
            after = None
            for row in found:
                if len(rows) == limit:
                    return rows, cursor_of(*_place(rows[-1], sections))
                rows.append(row)
        return rows, None

    async def _section(
        self,
        bins: tuple[str, ...] | None,
        state: DeskState,
        order: Order,
        after: Key | None,
        limit: int,
        seen: Seen,
        falls: bool,
    ) -> list[Conversation]:
        if limit <= 0:
            return []
        asked = P("desk_state", "eq", state.value)
        if bins is None:
            return await seen.page(asked, order=order, after=after, limit=limit)
        parts = [
            await seen.page(P("bin", "eq", name), asked, order=order, after=after, limit=limit, falls=falls)
            if name == "free"
            else await self._rows.list(P("bin", "eq", name), asked, order=order, after=after, limit=limit)
            for name in bins
        ]
        merged = sorted(
            (row for part in parts for row in part),
            key=lambda row: (_extra(row)[order.field], row.id),
            reverse=order.desc,
        )
        return merged[:limit]

    async def counts(self, operator: OperatorId, sight: Sight | None = None) -> dict[str, int]:
        seen = self._seen(sight)
        outside = await seen.outside()

        async def count(name: str | None, states: tuple[DeskState, ...], falls: bool = False) -> int:
            if name == operator:
                where = [P("bin", "eq", name)]
                totals = [
                    await self._rows.documents.count(CONVERSATIONS, [*where, P("desk_state", "eq", state.value)])
                    for state in states
                ]
                return sum(totals)
            where = [] if name is None else [P("bin", "eq", name)]
            totals = [await seen.count(*where, P("desk_state", "eq", state.value), falls=falls) for state in states]
            more = [row for row in outside if row.desk_state in states and name in (None, row.bin)]
            return sum(totals) + sum(not falls or sight is None or sight.falls(row.team) for row in more)

        shown = tuple(state for state, _, _ in SECTIONS)
        free = await count("free", shown)
        own = await count(operator, shown)
        fall = free if sight is None else await count("free", shown, falls=True)
        due = await count("free", (DeskState.DUE,), falls=sight is not None) + await count(operator, (DeskState.DUE,))
        return {
            "mine": own + fall,
            "free": free,
            "all": await count(None, shown),
            "bot": await count("bot", shown),
            "due": due,
        }

    async def standing(
        self, *, team: TeamId | None = None, assignee: OperatorId | None = None, limit: int = 100
    ) -> list[Conversation]:
        if assignee is not None:
            return await self._rows.list(P("bin", "eq", assignee), limit=limit)
        shown = tuple(state.value for state, _, _ in SECTIONS)
        return await self._rows.list(P("place", "eq", place_of(team)), P("desk_state", "in", shown), limit=limit)

    async def loads(self, operators: Sequence[OperatorId]) -> dict[OperatorId, int]:
        counted = dict.fromkeys(operators, 0)
        for id in operators:
            for state in (DeskState.DUE, DeskState.ANSWERED):
                where = [P("bin", "eq", id), P("desk_state", "eq", state.value)]
                counted[id] += await self._rows.documents.count(CONVERSATIONS, where)
        return counted

    async def to_route(self, until: datetime, limit: int) -> list[Conversation]:
        return await self._rows.list(P("routes_at", "le", until), limit=limit)

    async def to_send(self, until: datetime, limit: int) -> list[Conversation]:
        return await self._rows.list(P("held_at", "le", until), limit=limit)


def _place(row: Conversation, sections: Sequence[tuple[DeskState, str, bool]]) -> tuple[int, int, str]:
    for index, (state, field, _) in enumerate(sections):
        if row.desk_state is state:
            return index, _millis(_extra(row)[field]), row.id
    return 0, 0, row.id
