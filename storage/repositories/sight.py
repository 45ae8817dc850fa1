"""Conversations as one person sees them: lists without gaps, and counts that never tell of what is hidden."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bridge.model.access import NONE, Scope, Sight
from bridge.model.conversations import Conversation
from bridge.model.ids import OperatorId
from storage.documents import Key, Order, P
from storage.repositories.base import Rows
from storage.schema import TEAMS
from storage.words import tag_word

#: Rows read at once when hidden ones stand between.
PORTION = 500
#: Rows read at once of one of several places.
SHARE = 8
#: Conversations outside a person's reach that are his, or shared with him, and counted.
OUTSIDE = 1000
#: Teams of an installation.
MOST = 1000


def share_word(id: OperatorId) -> str:
    """Return a word no text and no tag contains that stands for somebody a conversation is shared with."""
    return tag_word(f"shared\x00{id}")


def place_of(team: str | None) -> str:
    """Return the place a conversation is asked for by: its team, or NONE."""
    return team or NONE


class Seen:
    """Reads conversations through a person's eyes; `at` tells where a row stands in an order.

    What a reach asks for is asked place by place, each by its index: in a large past no rows of others are read
    between one's own.
    """

    def __init__(
        self, rows: Rows[Conversation], sight: Sight | None, at: Callable[[Conversation, str], datetime]
    ) -> None:
        self._rows = rows
        self._sight = sight
        self._at = at
        self._teams: list[str] | None = None

    async def page(
        self, *where: P, order: Order, after: Key | None = None, limit: int, falls: bool = False
    ) -> list[Conversation]:
        """Read rows in order; `falls`: of free ones those that wait for this person."""
        sight = self._sight
        if sight is None or (sight.whole and not falls):
            return await self._rows.list(*where, order=order, after=after, limit=limit)
        places, reach = await self._places(sight, falls), [*where, *_channels(sight)]
        if places is not None and any(p.op == "words" for p in where):
            # Words are looked for once: what they find is few.
            reach.append(P("place", "in", tuple(places)))
            places = None
        if places is None:
            rows = await self._rows.list(*reach, order=order, after=after, limit=limit)
        else:
            wanted = {p.value for p in where if p.field == "place"}
            reach = [p for p in reach if p.field != "place"]
            places = [place for place in places if not wanted or place in wanted]
            rows = await self._merged(places, reach, order, after, limit)
        if sight.whole:
            return rows
        found = {row.id: row for row in rows}
        for row in [
            *await self._own(sight, where, order, after, limit),
            *await self._shared(sight, where, order, after, limit),
        ]:
            if not falls or sight.falls(row.team):
                found[row.id] = row
        return self._sorted(list(found.values()), order)[:limit]

    async def _places(self, sight: Sight, falls: bool) -> list[str] | None:
        """Name the places of a reach; None: all there are."""
        names = sight.teams.names
        if falls:
            return [place for place in dict.fromkeys((NONE, *sight.own)) if _covers(sight, place)]
        if sight.whole or sight.teams.scope is Scope.ALL:
            return None
        if sight.teams.scope is Scope.ONLY:
            return list(dict.fromkeys((*names, *sight.own)))
        if self._teams is None:
            self._teams = [NONE, *(doc.id for doc in await self._rows.documents.find(TEAMS, limit=MOST))]
        return [place for place in self._teams if _covers(sight, place)]

    async def _merged(
        self, places: Sequence[str], where: Sequence[P], order: Order, after: Key | None, limit: int
    ) -> list[Conversation]:
        """Read rows of several places in one order: some of each, then more of those whose next may come earlier."""
        portion = max(SHARE, limit if len(places) == 1 else 2 * limit // max(len(places), 1))
        rows: list[Conversation] = []
        from_: dict[str, Key | None] = dict.fromkeys(places, after)
        while from_:
            ends: dict[str, Conversation] = {}
            for place, start in from_.items():
                found = await self._rows.list(P("place", "eq", place), *where, order=order, after=start, limit=portion)
                rows += found
                if len(found) == portion:
                    ends[place] = found[-1]
            rows = self._sorted(rows, order)[:limit]
            from_ = {
                place: Key(self._at(end, order.field), end.id)
                for place, end in ends.items()
                if len(rows) < limit or (end.id != rows[-1].id and self._sorted([end, rows[-1]], order)[0] is end)
            }
        return rows

    async def _own(
        self, sight: Sight, where: Sequence[P], order: Order, after: Key | None, limit: int
    ) -> list[Conversation]:
        """Read what is a person's own, whatever his reach says; of closed ones among all he answered in."""
        if any(p.field == "bin" for p in where):
            return []  # another list than his own, or his own, which is never asked for by a reach
        if any(p.field == "desk_state" for p in where):
            own = P("bin", "eq", sight.id)
            return await self._rows.list(*where, own, order=order, after=after, limit=limit)
        asked = [p for p in where if p.field != "stage"]
        stages = {p.value for p in where if p.field == "stage"}
        rows: list[Conversation] = []
        portion = limit
        while True:
            found = await self._rows.list(
                *asked, P("assignee", "eq", sight.id), order=order, after=after, limit=portion
            )
            rows += [row for row in found if not stages or row.stage.value in stages]
            if len(found) < portion or len(rows) >= limit:
                return rows[:limit]
            after = Key(self._at(found[-1], order.field), found[-1].id)
            portion = min(2 * portion, PORTION)

    async def _shared(
        self, sight: Sight, where: Sequence[P], order: Order, after: Key | None, limit: int
    ) -> list[Conversation]:
        """Read what is shared with a person: few, so they are named first."""
        shared = await self._rows.list(P("words", "words", share_word(sight.id)), limit=OUTSIDE)
        if not shared:
            return []
        asked = P("_id", "in", tuple(row.id for row in shared))
        return await self._rows.list(asked, *where, order=order, after=after, limit=limit)

    def _sorted(self, rows: list[Conversation], order: Order) -> list[Conversation]:
        return sorted(rows, key=lambda row: (self._at(row, order.field), row.id), reverse=order.desc)

    async def count(self, *where: P, falls: bool = False) -> int:
        """Count rows within the reach; `falls`: of them those that wait for this person."""
        documents, sight, asked = self._rows.documents, self._sight, list(where)
        if sight is not None:
            places = await self._places(sight, falls)
            if places is not None:
                asked.append(P("place", "in", tuple(places)))
            asked += _channels(sight)
        return await documents.count(self._rows.coll, asked)

    async def outside(self) -> list[Conversation]:
        """Read what a person has beyond his reach: his own conversations, and those shared with him."""
        sight = self._sight
        if sight is None or sight.whole:
            return []
        own = await self._rows.list(P("bin", "eq", sight.id), limit=OUTSIDE)
        shared = await self._rows.list(P("words", "words", share_word(sight.id)), limit=OUTSIDE)
        rows = {row.id: row for row in [*own, *shared] if not sight.reaches(row.team, row.channel)}
        return list(rows.values())


def _covers(sight: Sight, place: str) -> bool:
    return sight.whole or place in sight.own or sight.teams.covers(place)


def _channels(sight: Sight) -> list[P]:
    names = sight.channels.names
    if sight.whole or sight.channels.scope is Scope.ALL:
        return []
    if sight.channels.scope is Scope.ONLY:
        return [P("channel", "in", names)]
    return [P("channel", "ne", name) for name in names]
