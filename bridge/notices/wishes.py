"""What a person wants to be told of, by which ways, and when he is to be left alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.context import Bridge
from bridge.errors import Conflict, Invalid
from bridge.model.notices import DEFAULT, TONES, Kind, KindWays, NoticeWishes, Way
from bridge.model.operators import Operator
from bridge.notices import people
from bridge.people.local_time import zone_of
from bridge.rights import require

#: Minutes until a letter is written, at least and at most.
LETTERS = (1, 24 * 60)
_DAY = 24 * 60


async def choose(
    bridge: Bridge,
    actor: Operator,
    *,
    ways: Mapping[Kind, Sequence[Way]] | None = None,
    quiet: tuple[int, int] | None = None,
    time_zone: str | None = None,
    email_minutes: int | None = None,
    sound: bool | None = None,
    tone: str | None = None,
    volume: int | None = None,
) -> Operator:
    """Keep what a person wants; what is not given stays. `quiet` are minutes of his day, (-1, -1): never.

    Raises Forbidden, Invalid with quiet, time_zone, email_minutes, tone or volume, Conflict("version") when others
    write his account.
    """
    require(actor, "read")
    zone = zone_of(time_zone) if time_zone is not None else None
    _check(quiet, email_minutes, tone, volume)
    for _ in range(10):
        person = await bridge.store.staff.operator(actor.id)
        wishes = person.notices
        if quiet is not None:
            wishes = replace(wishes, quiet_from=quiet[0], quiet_to=quiet[1])
        wishes = replace(
            wishes,
            chosen=_chosen(wishes, ways or {}),
            time_zone=wishes.time_zone if zone is None else zone,
            email_minutes=wishes.email_minutes if email_minutes is None else email_minutes,
            sound=wishes.sound if sound is None else sound,
            tone=wishes.tone if tone is None else tone,
            volume=wishes.volume if volume is None else volume,
        )
        try:
            written = await bridge.store.staff.replace(replace(person, notices=wishes))
        except Conflict:
            continue
        people.forget(bridge)
        return written
    raise Conflict("version", f"operator {actor.id}")


def _check(quiet: tuple[int, int] | None, email_minutes: int | None, tone: str | None, volume: int | None) -> None:
    if quiet is not None and quiet != (-1, -1) and not all(0 <= minute < _DAY for minute in quiet):
        raise Invalid(("quiet", "invalid"))
    if email_minutes is not None and not LETTERS[0] <= email_minutes <= LETTERS[1]:
        raise Invalid(("email_minutes", "invalid"))
    if tone is not None and tone not in TONES:
        raise Invalid(("tone", "unknown"))
    if volume is not None and not 1 <= volume <= 100:
        raise Invalid(("volume", "invalid"))


def _chosen(wishes: NoticeWishes, ways: Mapping[Kind, Sequence[Way]]) -> tuple[KindWays, ...]:
    """Return what is chosen by now; what is as it would be anyway is not named, so that it follows the product."""
    all_ways = {kind: tuple(ways.get(kind, wishes.ways(kind))) for kind in Kind}
    ordered = {kind: tuple(way for way in Way if way in chosen) for kind, chosen in all_ways.items()}
    return tuple(KindWays(kind, chosen) for kind, chosen in ordered.items() if chosen != DEFAULT[kind])
