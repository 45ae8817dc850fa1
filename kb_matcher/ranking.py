"""Places of articles in a ranking: repeated wordings first, several questions side by side, confidences that fall."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

EXACT = 0.99
SHARED_WORDING = 0.6  # two articles own this wording: a choice for the customer, never an answer
PLAUSIBLE = 0.02  # confidence from which the best article of a part is a question of its own ...
BESIDE = 0.1  # ... if it is also so much of what the best article of the whole message has
WHOLE = 0.3  # what the whole message says of an article counts so much beside what a part says
LESS_SURE = 1.0  # logits by which a part must be surer than the whole for the rest to ask something else
_CEILING = 0.9999
_FALL = 0.999


@dataclass(frozen=True, slots=True)
class Place:
    """One article on its way into the ranking."""

    article: int
    wording: int
    confidence: float


def raised(places: Sequence[Place], repeated: dict[int, int]) -> list[Place]:
    """Put articles whose wording is repeated first."""
    if not repeated:
        return list(places)
    least = EXACT if len(repeated) == 1 else SHARED_WORDING
    known = {place.article: place.confidence for place in places}
    first = [
        Place(article, wording, max(least, known.get(article, 0.0)) if len(repeated) == 1 else least)
        for article, wording in sorted(repeated.items(), key=lambda item: (-known.get(item[0], 0.0), item[0]))
    ]
    return first + [place for place in places if place.article not in repeated]


def beside(whole: Sequence[Place], parts: Sequence[Sequence[Place]]) -> tuple[list[Place], bool]:
    """Rank a message of several parts; the flag tells that two of them ask for different articles.

    Then the best of each part go first, and after them what fits a part and the whole together. Otherwise the first
    three of the whole do, as if it had not been cut, and the best of the parts follow. `whole` is not empty.
    """
    best = sorted((part[0] for part in parts if part), key=lambda place: -place.confidence)
    best = list({place.article: place for place in reversed(best)}.values())[::-1]
    plausible = max(PLAUSIBLE, BESIDE * whole[0].confidence)
    asked = [place for place in best if place.confidence >= plausible]
    first = [*asked, *_together(whole, parts)] if len(asked) > 1 else list(whole[:3])
    order: dict[int, Place] = {}
    for place in [*first, *best, *whole]:
        order.setdefault(place.article, place)
    return list(order.values()), len(asked) > 1


def _together(whole: Sequence[Place], parts: Sequence[Sequence[Place]]) -> list[Place]:
    """Rank articles by their share of the best one's confidence in a part, and WHOLE times that in the whole."""
    fits: dict[int, float] = {}
    for part in parts:
        for place in part:
            fits[place.article] = max(fits.get(place.article, 0.0), place.confidence / part[0].confidence)
    for place in whole:
        fits[place.article] = fits.get(place.article, 0.0) + WHOLE * place.confidence / whole[0].confidence
    known = {place.article: place for part in (whole, *parts) for place in part}
    return sorted(known.values(), key=lambda place: (-fits[place.article], place.article))


def as_sure(whole: float, part: float) -> bool:
    """Tell whether a whole message is about as sure of its article as a part of it is of its own."""
    one, other = (max(sure, 1e-6) for sure in (min(whole, _CEILING), min(part, _CEILING)))
    return log(one / (1 - one)) > log(other / (1 - other)) - LESS_SURE


def falling(places: Sequence[Place]) -> list[Place]:
    """Make confidences fall strictly inside 0..1."""
    fallen: list[Place] = []
    ceiling = _CEILING
    for place in places:
        sure = min(max(place.confidence, 1e-6), ceiling)
        ceiling = sure * _FALL
        fallen.append(Place(place.article, place.wording, sure))
    return fallen
