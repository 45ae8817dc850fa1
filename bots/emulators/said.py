"""Words of a control API that every messenger's people can say: which ways a body names, a place, a phone."""

from collections.abc import Iterable
from typing import Any

from bots.emulators.control import ControlError, Json

#: Where somebody is who does not say where: Moscow, latitude and longitude.
SOMEWHERE = (55.751244, 37.618423)
NO_PLACE = "location is true, {latitude, longitude} or [latitude, longitude]: -90 to 90 and -180 to 180"
NO_PHONE = "contact is {phone, own?, name?}, a phone, or true for one's own"


def ways(body: Json, known: Iterable[str]) -> list[str]:
    """Return which of the known ways to say something a body uses: those that hold something."""
    return [way for way in known if body.get(way) not in (None, "", []) and body[way] is not False]


def one_way(body: Json, known: Iterable[str]) -> str:
    """Return the one way beside the words that a message holds, "text" for words alone. Raises ControlError 400."""
    used = ways(body, known)
    if not used:
        raise ControlError(400, f"say something: one of {', '.join(known)}")
    media = [way for way in used if way != "text"]
    if len(media) > 1:
        raise ControlError(400, f"one message holds one of {', '.join(media)}")
    return media[0] if media else "text"


def point(given: Any) -> tuple[float, float]:
    """Return the latitude and longitude somebody sends; True is a place of ours. Raises ControlError 400."""
    if given is True:
        return SOMEWHERE
    pair: Any = given
    if isinstance(given, dict):
        longitude = next((given[name] for name in ("longitude", "lon", "lng") if name in given), None)
        pair = (given.get("latitude", given.get("lat")), longitude)
    try:
        latitude, longitude = (float(each) for each in pair)
    except (TypeError, ValueError):
        raise ControlError(400, NO_PLACE) from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ControlError(400, NO_PLACE)
    return latitude, longitude


def phone(given: Any, own_phone: str | None) -> tuple[str, bool, str]:
    """Return a shared phone, whether it is the sender's own, and whose it is else. Raises ControlError 400."""
    details: Json = given if isinstance(given, dict) else {} if given is True else {"phone": given}
    own, shared = details.get("own", True), details.get("phone")
    if shared is None and own is True:
        shared = own_phone
    if isinstance(own, bool) and isinstance(shared, str | int) and not isinstance(shared, bool):
        text = str(shared).strip()
        if any(sign.isdigit() for sign in text):
            return text, own, str(details.get("name") or "Somebody Else")
    raise ControlError(400, NO_PHONE)
