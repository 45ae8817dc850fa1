"""Conversations as one person sees them: lists without gaps, and counts that never tell of what is hidden."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bridge.model.access import NONE, Scope, Sight
from bridge.model.conversations import Conversation
from bridge.model.ids import OperatorId
from storage.documents import Key, Order, P
from storage.repositories.base import Rows
from storage.words import tag_word

Keep = Callable[[Conversation], bool]
#: Rows read at once when hidden ones stand between.
PORTION = 500
#: Conversations outside a person's reach that are his, or shared with him, and counted.
OUTSIDE = 1000


def share_word(id: OperatorId) -> str:
    """Return a word no text and no tag contains that stands for somebody a conversation is shared with."""
    return tag_word(f"shared\x00{id}")


class Seen:
    """Reads conversations through a person's eyes; `place` tells where a row stands in an order."""

    def __init__(
        self, rows: Rows[Conversation], sight: Sight | None, place: Callable[[Conversation, str], datetime]
    ) -> None:
        self._rows = rows
        self._sight = sight
        self._place = place

    async def page(
        self, *where: P, order: Order, after: Key | None = None, limit: int, keep: Keep | None = None
    ) -> list[Conversation]:
        """Read rows in order; `keep` leaves out further ones."""
        sight = self._sight
        if sight is None or sight.whole:
            return await self._kept(where, order, after, limit, keep)

        def seen(row: Conversation) -> bool:
            return sight.sees(row) and (keep is None or keep(row))

        found: dict[str, Conversation] = {}
        for part in _parts(sight, where):
            found |= {row.id: row for row in await self._kept(part, order, after, limit, seen)}
        rows = sorted(found.values(), key=lambda row: (self._place(row, order.field), row.id), reverse=order.desc)
        return rows[:limit]

    async def _kept(
        self, where: Sequence[P], order: Order, after: Key | None, limit: int, keep: Keep | None
    ) -> list[Conversation]:
        if keep is None:
            return await self._rows.list(*where, order=order, after=after, limit=limit)
        rows: list[Conversation] = []
        portion = limit
        while True:
            found = await self._rows.list(*where, order=order, after=after, limit=portion)
            rows += filter(keep, found)
            if len(found) < portion or len(rows) >= limit:
                return rows[:limit]
            after = Key(self._place(found[-1], order.field), found[-1].id)
            portion = min(2 * portion, PORTION)

    async def count(self, *where: P, falls: bool = False) -> int:
        """Count rows within the reach; `falls`: of them those that wait for this person."""
        coll, documents, sight = self._rows.coll, self._rows.documents, self._sight
        if sight is None:
            return await documents.count(coll, where)
        asked = [*where, *_channels(sight)]
        total = await documents.count(coll, asked)
        if not total or (sight.whole and not falls):
            return total
        teams = await documents.group(coll, "team", asked)
        counted: dict[str | None, int] = {**teams, None: total - sum(teams.values())}
        return sum(
            number
            for team, number in counted.items()
            if (not falls or sight.falls(team)) and (sight.whole or team in sight.own or sight.teams.covers(team))
        )

    async def outside(self) -> list[Conversation]:
        """Read what a person has beyond his reach: his own conversations, and those shared with him."""
        sight = self._sight
        if sight is None or sight.whole:
            return []
        own = await self._rows.list(P("bin", "eq", sight.id), limit=OUTSIDE)
        shared = await self._rows.list(P("words", "words", share_word(sight.id)), limit=OUTSIDE)
        rows = {row.id: row for row in [*own, *shared] if not sight.reaches(row.team, row.channel)}
        return list(rows.values())


def _parts(sight: Sight, where: Sequence[P]) -> list[tuple[P, ...]]:
    """Return questions that together find all a person sees, each by an index: his reach, his own, the shared."""
    open_ = any(p.field == "desk_state" for p in where)
    own = P("bin" if open_ else "assignee", "eq", sight.id)
    word, words = share_word(sight.id), [p for p in where if p.op == "words"]
    said = P("words", "words", " ".join([word, *(p.value for p in words)]))
    others = [p for p in where if p.op != "words"]
    reach = [*_channels(sight)]
    if sight.teams.scope is Scope.ONLY and NONE not in sight.teams.names:
        reach.append(P("team", "in", tuple({*sight.teams.names, *sight.own})))
    return [(*where, *reach), (*where, own), (*others, said)]


def _channels(sight: Sight) -> list[P]:
    names = sight.channels.names
    if sight.whole or sight.channels.scope is Scope.ALL:
        return []
    if sight.channels.scope is Scope.ONLY:
        return [P("channel", "in", names)]
    return [P("channel", "ne", name) for name in names]
