"""What time it is where a customer lives: as the desk was told, as his browser says, or his phone if it can. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from phonenumbers import timezone

from bridge.errors import Invalid
from bridge.model.customers import Identity

_ZONE = re.compile(r"[A-Za-z_]{1,30}(/[A-Za-z0-9_+\-]{1,30}){0,2}")
#: What the library says of a number that may be anywhere.
_ANYWHERE = "Etc/Unknown"


def zone_of(name: str) -> str:
    """Return an IANA time zone as it is kept, "" for none; raises Invalid(("time_zone", "invalid"))."""
    name = name.strip()
    if name and (not _ZONE.fullmatch(name) or (_known() and name not in _known())):
        raise Invalid(("time_zone", "invalid"))
    return name


@cache
def _known() -> frozenset[str]:
    """Return the zones there are; none where the system has no table of them. They are files: looked for once."""
    return frozenset(available_timezones())


def zone_said(name: object) -> str:
    """Return the IANA time zone a browser says it is in; "" for what is none."""
    try:
        return zone_of(name[:100]) if isinstance(name, str) else ""
    except Invalid:
        return ""


def zone_seen(identities: Sequence[Identity], now: datetime) -> str:
    """Return the time zone a customer's browsers are in, else his phones'; "" where they say several times, or none."""
    zones = [each.time_zone for each in identities if each.time_zone]
    if zones and len({_offset(zone, now) for zone in zones}) == 1:
        return zones[0]
    return "" if zones else of_phones(identities, now)


def of_phones(identities: Iterable[Identity], now: datetime) -> str:
    """Return the time zone of a customer's phones, proved ones first; "" where a number may belong to several times.

    Russian mobile numbers do: they are not bound to a region.
    """
    phones = sorted((each for each in identities if each.kind == "phone"), key=lambda each: not each.proved)
    for each in phones:
        zones = _zones(each.value)
        if zones and len({_offset(zone, now) for zone in zones}) == 1:
            return zones[0]
    return ""


def _zones(phone: str) -> tuple[str, ...]:
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(zone for zone in found if zone != _ANYWHERE)


def _offset(zone: str, now: datetime) -> object:
    try:
        return now.astimezone(ZoneInfo(zone)).utcoffset()
    except (KeyError, ValueError, OSError):
        return zone
