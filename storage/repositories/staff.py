"""Operators, sessions, tokens and read marks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bridge.errors import Conflict, Invalid, NotFound
from bridge.model.ids import ConversationId, OperatorId
from bridge.model.operators import ApiToken, Operator, Session
from storage.documents import Body, Documents, Duplicate, P, VersionConflict
from storage.repositories.base import Rows
from storage.schema import ATTENDANCES, OPERATORS, READS, SESSIONS, TOKENS


def _keys(row: Operator) -> Body:
    # A unique field is never null: who has no Telegram account gets a key of his own.
    # A deleted one leaves his to others.
    own = f"none:{row.id}"
    gone = row.deleted_at is not None
    return {
        "email_key": own if gone else row.email.lower(),
        "telegram_key": own if gone else str(row.telegram_user_id or own),
    }


class StaffRows:
    """The people of the desk, as bridge.ports.stores.Staff says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._operators = Rows(documents, OPERATORS, Operator, _keys)
        self._sessions = Rows(documents, SESSIONS, Session)
        self._tokens = Rows(documents, TOKENS, ApiToken)

    async def operator(self, id: OperatorId) -> Operator:
        return await self._operators.get(id)

    async def by_email(self, email: str) -> Operator | None:
        found = await self._operators.list(P("email_key", "eq", email.strip().lower()), limit=1)
        return found[0] if found else None

    async def by_telegram(self, user_id: int) -> Operator | None:
        found = await self._operators.list(P("telegram_key", "eq", str(user_id)), limit=1)
        return found[0] if found else None

    async def all(self) -> list[Operator]:
        return sorted(await self._operators.list(limit=10_000), key=lambda row: (row.name.lower(), row.id))

    async def add(self, operator: Operator) -> Operator:
        try:
            return await self._operators.insert(operator)
        except Duplicate as duplicate:
            raise _taken(duplicate) from None

    async def replace(self, operator: Operator) -> Operator:
        try:
            return await self._operators.replace(operator)
        except Duplicate as duplicate:
            raise _taken(duplicate) from None

    async def note_seen(self, operator: OperatorId, at: datetime) -> None:
        while True:
            found = await self._documents.get(ATTENDANCES, operator)
            if found is not None and found.body["at"] >= at:
                return
            try:
                if found is None:
                    await self._documents.insert(ATTENDANCES, operator, {"at": at})
                else:
                    await self._documents.replace(ATTENDANCES, operator, found.ver, {"at": at})
            except (Duplicate, VersionConflict):
                continue
            return

    async def seen(self, operators: Sequence[OperatorId]) -> dict[OperatorId, datetime]:
        docs = await self._documents.get_many(ATTENDANCES, list(operators))
        return {id: docs[id].body["at"] for id in operators if id in docs}

    async def session(self, id: str) -> Session | None:
        return await self._sessions.find(id)

    async def sessions(self, operator: OperatorId) -> list[Session]:
        return await self._sessions.list(P("operator", "eq", operator), limit=1000)

    async def open_session(self, session: Session) -> None:
        await self._sessions.insert(session)

    async def renew_session(self, id: str, expires_at: datetime) -> None:
        while True:
            found = await self._sessions.find(id)
            if found is None or found.expires_at >= expires_at:
                return
            try:
                await self._sessions.replace(replace(found, expires_at=expires_at))
            except Conflict as conflict:
                if conflict.code != "version":
                    raise
                continue
            return

    async def close_session(self, id: str) -> None:
        await self._documents.delete(SESSIONS, id)

    async def forget_sessions(self, now: datetime, limit: int = 1000) -> int:
        return await self._documents.sweep(SESSIONS, (P("expires_at", "lt", now),), limit)

    async def token(self, id: str) -> ApiToken | None:
        return await self._tokens.find(id)

    async def add_token(self, token: ApiToken) -> None:
        await self._tokens.insert_once(token)

    async def reads(self, operator: OperatorId, conversations: Sequence[ConversationId]) -> dict[ConversationId, int]:
        docs = await self._documents.get_many(READS, [f"{operator}:{id}" for id in conversations])
        return {id: docs[f"{operator}:{id}"].body["incoming"] for id in conversations if f"{operator}:{id}" in docs}

    async def mark_read(self, operator: OperatorId, conversation: ConversationId, incoming: int) -> int:
        return await self._mark(operator, conversation, incoming, max)

    async def mark_unread(self, operator: OperatorId, conversation: ConversationId, incoming: int) -> int:
        return await self._mark(operator, conversation, incoming, min)

    async def _mark(
        self, operator: OperatorId, conversation: ConversationId, incoming: int, choose: Callable[[int, int], int]
    ) -> int:
        id = f"{operator}:{conversation}"
        while True:
            found = await self._documents.get(READS, id)
            stands = 0 if found is None else int(found.body["incoming"])
            wanted = choose(stands, incoming)
            if wanted == stands:
                return stands
            body: Body = {"operator": operator, "incoming": wanted}
            try:
                if found is None:
                    await self._documents.insert(READS, id, body)
                else:
                    await self._documents.replace(READS, id, found.ver, body)
            except (Duplicate, VersionConflict):
                continue
            return wanted


def _taken(duplicate: Duplicate) -> Exception:
    if duplicate.index == "_id":
        return NotFound("an operator with this id is there already")
    return Invalid(("email" if duplicate.index == "email_key" else "telegram_user_id", "taken"))
