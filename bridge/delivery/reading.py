"""Updates as their doors understand them, one by one, and albums: messages that are one word with several files."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bridge.context import Bridge, log
from bridge.errors import Unreadable
from bridge.files import MOST
from bridge.model.inbound import Inbound, Said, StaffSaid, Update

#: What album was gathered from which messages is remembered so long: a messenger delivers within minutes or a day.
KEPT = timedelta(days=2)


@dataclass(slots=True)
class Reading:
    """An update and what it tells; `dead`: why it goes to the dead letters, `fault`: what its door broke with."""

    row: Update
    facts: Sequence[Inbound] = ()
    dead: str | None = None
    fault: Exception | None = None


@dataclass(slots=True)
class Group:
    """Updates handled together: one, or the messages of an album."""

    readings: list[Reading] = field(default_factory=list)
    album: str = ""

    @property
    def rows(self) -> list[Update]:
        """The updates, in order."""
        return [each.row for each in self.readings]

    def due(self, pause: timedelta) -> datetime | None:
        """Return when an album is taken as it is, unless more of it comes until then; None: at once."""
        if not self.album or len(self.readings) >= MOST:
            return None
        return max(row.received_at for row in self.rows) + pause


def read(bridge: Bridge, row: Update) -> Reading:
    """Understand one update; whatever its door breaks with is kept for whoever handles it."""
    channel = bridge.channels.by_name.get(row.channel)
    if channel is None:
        return Reading(row, dead="the channel is not connected any more")
    try:
        return Reading(row, channel.parse(row))
    except Unreadable as fault:
        log.warning("an update went to the dead letters", extra={"update": row.id, "reason": fault.reason})
        return Reading(row, fault.rescued, fault.reason)  # type: ignore[arg-type]  # doors rescue Inbound only
    except Exception as fault:
        return Reading(row, fault=fault)


def grouped(readings: Sequence[Reading]) -> list[Group]:
    """Put the messages of each album together, where its first one stands."""
    groups: list[Group] = []
    albums: dict[str, Group] = {}
    for reading in readings:
        album = _album(reading)
        known = albums.get(album) if album else None
        if known is None or len(known.readings) >= MOST:
            known = Group(album=album)
            groups.append(known)
            if album:
                albums[album] = known
        known.readings.append(reading)
    return groups


def _album(reading: Reading) -> str:
    fact = reading.facts[0] if len(reading.facts) == 1 else None
    return fact.album if isinstance(fact, Said | StaffSaid) else ""


async def facts_of(bridge: Bridge, group: Group) -> Sequence[Inbound]:
    """Return what a group tells: of an album one word, and further ones for what comes after it was taken.

    Which messages make the word is written down once, before anything follows from it: a replay takes the same ones,
    whatever came meanwhile. Raises StoreDown.
    """
    if not group.album:
        return group.readings[0].facts
    parts = [each.facts[0] for each in group.readings]
    words = [part for part in parts if isinstance(part, Said | StaffSaid)]
    row = group.readings[0].row
    mine = {"parts": [word.external_id for word in words]}
    until = bridge.clock.now() + KEPT
    found = await bridge.store.journal.put_value_once(f"gathered:{row.lane}:{group.album}", mine, until)
    taken = (found or mine)["parts"]
    first = [word for word in words if word.external_id in taken]
    late = [word for word in words if word.external_id not in taken]
    # Without its first message, which is settled already, the word was written: the others are only left over.
    whole = [_one(first)] if first and first[0].external_id == taken[0] else []
    return [*whole, *(_late(word, taken[0]) for word in late)]


def _one(words: Sequence[Said | StaffSaid]) -> Said | StaffSaid:
    """Return the messages of an album as one word: all files, the caption, the first one's place."""
    first = words[0]
    return replace(
        first,
        text="\n".join(word.text for word in words if word.text),
        files=tuple(file for word in words for file in word.files),
        reply_to=next((word.reply_to for word in words if word.reply_to), None),
        parts=tuple(word.external_id for word in words) if len(words) > 1 else (),
    )


def _late(word: Said | StaffSaid, first: str) -> Said | StaffSaid:
    """Return a message that came after its album was taken: a word of its own that points at it."""
    if isinstance(word, StaffSaid):
        return word  # it still tells its album: what belongs to a note stays inside
    return replace(word, reply_to=word.reply_to or first)
