"""Several questions in one message: where it can be cut, and one ranking out of those of its parts and of the whole."""

import re
from dataclasses import dataclass

from kb_matcher.normalise import mask, question_words, unowned
from kb_matcher.stopwords import STOPWORDS

MAX_PARTS = 3
LONGEST = 600  # characters of a message that is looked at in parts; longer ones are stories
LEAST_WORDS = 3  # in a part, politeness left out; fewer belong to the part before
LEAST_SUBJECT = 1  # and of these at least so many that carry a subject

_ASKING = (
    r"(?:как|какой|какая|какие|какое|каков\w*|где|когда|куда|откуда|сколько|почему|зачем|что|кто|чем|можно\sли|"
    r"можно|могу\sли|есть\sли|нужно\sли|надо\sли|бывает\sли|будет\sли|"
    r"how|what|where|when|why|who|which|can\s(?:i|you|we)|could\s(?:i|you|we)|do\s(?:i|you|we)|does|did|is|are|"
    r"will|would|should\si|may\si)\b"
)
_QUESTION = re.compile(rf"^\W*(?:а\s|и\s|and\s|but\s)?{_ASKING}", re.IGNORECASE)
#: What announces another question: it stands between the parts that it cuts.
_ANNOUNCED = (
    r"[,.]?\s(?:и|а)\s(?:ещ[её]|также)(?:\sодин)?(?:\sвопрос)?\b|[,.]?\s(?:и\s)?второй\sвопрос\b|"
    r"[,.]?\s(?:and\s)?also\b|[,.]?\s(?:and\s)?(?:another|second)\squestion\b|[,.]?\sas\swell\sas\b"
)
_CUT = re.compile(
    r"\?+(?=[^?]*\?)|\n+|"  # a sentence beside a question is what it is about, another question is not
    rf"{_ANNOUNCED}|[.!]\s(?:и|а|and)\b",
    re.IGNORECASE,
)
_SAID = re.compile(_ANNOUNCED, re.IGNORECASE)
#: Where a message without any of these may still go on to another question, or to the rest of the same.
_LOOSE = re.compile(rf",?\s(?:и|а|and)\s(?={_ASKING})|,\s(?={_ASKING})", re.IGNORECASE)

#: One of these or two question marks must be there to cut at: searching for that takes longest.
_SIGNS = ("\n", "ещ", "также", "втор", "also", "question", "well", ". и ", ". а ", ". and ", "! и ", "! а ", "! and ")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message, in lower case, personal data masked; `asks`: it says by its words that it is a question."""

    text: str
    asks: bool


def split(text: str) -> list[Part]:
    """Return the parts of a message that may be questions of their own; empty when it is one or very long."""
    lowered = _readable(text)
    if lowered.count("?") < 2 and not any(sign in lowered for sign in _SIGNS):  # as ever
        return []
    return _parts(_CUT, lowered)


def loosely(text: str) -> list[Part]:
    """Return the parts of a message cut before words that ask, if all begin so: they may still be one question."""
    parts = _parts(_LOOSE, _readable(text))
    return parts if all(_QUESTION.match(part.text) for part in parts) else []


def announced(text: str) -> bool:
    """Tell whether a message says itself that it holds a further question."""
    return bool(_SAID.search(text))


def _readable(text: str) -> str:
    return mask(text).lower() if len(text) <= LONGEST else ""


def _parts(cut: re.Pattern[str], lowered: str) -> list[Part]:
    text = unowned(lowered) if cut.search(lowered) else ""
    places = [(0, 0, ""), *((found.start(), found.end(), found[0]) for found in cut.finditer(text))]
    parts = []
    for number, (_, start, sign) in enumerate(places):
        end = places[number + 1][0] if number + 1 < len(places) else len(text)
        piece, ended = text[start:end], places[number + 1][2] if number + 1 < len(places) else ""
        words = question_words(piece)
        if len(words) >= LEAST_WORDS and sum(word not in STOPWORDS for word in words) >= LEAST_SUBJECT:
            asks = "?" in piece or "?" in ended or bool(_SAID.fullmatch(sign) or _QUESTION.match(piece))
            parts.append(Part(piece.strip(" ,.:;\n"), asks))
    return parts[:MAX_PARTS] if len(parts) > 1 else []
