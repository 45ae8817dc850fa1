"""Several questions in one message: where it can be cut, and one ranking out of those of its parts and of the whole."""

import re

from kb_matcher.normalise import mask, question_words, unowned
from kb_matcher.stopwords import STOPWORDS

MAX_PARTS = 3
LONGEST = 600  # characters of a message that is looked at in parts; longer ones are stories
LEAST_WORDS = 3  # in a part, politeness left out; fewer belong to the part before
LEAST_SUBJECT = 1  # and of these at least so many that carry a subject

_CUT = re.compile(
    r"\?+(?=[^?]*\?)|\n+|"  # a sentence beside a question is what it is about, another question is not
    r"[,.]?\s(?:и|а)\s(?:ещ[её]|также)(?:\sодин)?(?:\sвопрос)?\b|[,.]?\s(?:и\s)?второй\sвопрос\b|"
    r"[,.]?\s(?:and\s)?also\b|[,.]?\s(?:and\s)?(?:another|second)\squestion\b|[,.]?\sas\swell\sas\b",
    re.IGNORECASE,
)

#: One of these or two question marks must be there to cut at: searching for that takes longest.
_SIGNS = ("\n", "ещ", "также", "втор", "also", "question", "well")


def split(text: str) -> list[str]:
    """Return the parts of a message that may be questions of their own; empty when it is one or very long.

    They are in lower case, personal data in them is masked.
    """
    if len(text) > LONGEST:
        return []
    lowered = mask(text).lower()
    if lowered.count("?") < 2 and not any(sign in lowered for sign in _SIGNS):  # as ever
        return []
    pieces = _CUT.split(unowned(lowered))
    if len(pieces) == 1:
        return []
    parts: list[str] = []
    for piece in pieces:
        words = question_words(piece)
        if len(words) >= LEAST_WORDS and sum(word not in STOPWORDS for word in words) >= LEAST_SUBJECT:
            parts.append(piece)
    return parts[:MAX_PARTS] if len(parts) > 1 else []
