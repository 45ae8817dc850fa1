"""Where a search's words stand in what it found, and the piece of text around them, for people to see why. Pure.

The index knows words without their endings; here a hit is a word that begins as one looked for does, or is the same
but for a Russian or English ending: what people take for one word.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bridge.model.conversations import Conversation
from bridge.model.customers import Customer, Identity
from bridge.people import masking

#: Letters shown around the first hit.
EXCERPT = 160
_WORD = re.compile(r"\w+")
#: Longest first; what is left of a word keeps three letters at least.
_ENDING = re.compile(
    r"(?<=\w{3})(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|иях|ией|ием|ах|ях|ов|ев|ей|ой|ий|ый|ая|яя|ое|ее|ые|ие|ую|юю"
    r"|ом|ем|ам|ям|ых|их|ым|им|ью|ия|ии|ию|а|я|о|е|и|ы|у|ю|ь|й|es|s|ed|ing)$"
)


class Where(StrEnum):
    """What of something holds the words that were looked for."""

    TEXT = "text"
    FILE = "file"  # its name
    NAME = "name"
    NUMBER = "number"
    TAG = "tag"
    COMPANY = "company"
    REMARK = "remark"  # what the desk noted in the customer's card
    FIELD = "field"  # a custom one of the card
    CONTACT = "contact"  # an e-mail, a phone
    LOGIN = "login"  # how a messenger calls him


@dataclass(frozen=True, slots=True)
class Hit:
    """A piece of text that holds words looked for, and where in it, [from, to) in letters; `key`: of which field."""

    where: Where
    excerpt: str
    hits: list[tuple[int, int]]
    key: str = ""


def in_message(text: str, files: Sequence[str], words: str) -> Hit:
    """Say where a message holds the words: in what it says, else in the name of a file, else its beginning."""
    return _first(words, [(Where.TEXT, text), *((Where.FILE, name) for name in files)]) or Hit(
        Where.TEXT, *excerpt(text, words)
    )


def in_conversation(row: Conversation, words: str) -> Hit | None:
    """Say where a conversation's head holds the words; None: not there, but in what was said."""
    named = [(Where.NAME, row.customer_name), (Where.NUMBER, str(row.number)), *((Where.TAG, tag) for tag in row.tags)]
    return _first(words, named)


def in_customer(row: Customer, identities: Iterable[Identity], words: str, whole: bool) -> Hit | None:
    """Say where a customer's card holds the words; contacts are masked for who may not read them `whole`."""
    told = [
        (Where.NAME, row.name),
        (Where.COMPANY, row.company),
        *((Where.TAG, tag) for tag in row.tags),
        (Where.REMARK, row.note),
    ]
    found = _first(words, told)
    for key, value in () if found else row.fields.items():
        if hit := _first(words, [(Where.FIELD, str(value))]):
            return Hit(hit.where, hit.excerpt, hit.hits, key)
    for each in () if found else identities:
        if hit := _first(words, [(Where.LOGIN, each.username), (_way(each), each.value)]):
            shown = each.username if hit.where is Where.LOGIN and each.username else each.value
            hidden = masking.masked(each.kind, shown)
            return hit if whole or hidden == shown else Hit(hit.where, hidden, [])
    return found


def _way(each: Identity) -> Where:
    return Where.CONTACT if each.kind in ("email", "phone") else Where.LOGIN


def _first(words: str, texts: Sequence[tuple[Where, str]]) -> Hit | None:
    for where, text in texts:
        piece, hits = excerpt(text, words)
        if hits:
            return Hit(where, piece, hits)
    return None


def excerpt(text: str, words: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a piece of a text around the first word that was found, and where in the piece hits stand."""
    sought = [_plain(word) for word in _WORD.findall(words)]
    stems, bare = [_stem(word) for word in sought], {_bare(word) for word in sought}
    hits = [
        (found.start(), found.end())
        for found in _WORD.finditer(_plain(text))
        if any(found[0].startswith(stem) for stem in stems) or _bare(found[0]) in bare
    ]
    start = max(0, (hits[0][0] if hits else 0) - EXCERPT // 4)
    if start:
        start = text.rfind(" ", 0, start + 1) + 1
    piece = text[start : start + EXCERPT]
    inside = [(from_ - start, to - start) for from_, to in hits if from_ >= start and to <= start + len(piece)]
    ahead = "…" if start else ""
    shown = f"{ahead}{piece}{'…' if start + EXCERPT < len(text) else ''}"
    return shown, [(from_ + len(ahead), to + len(ahead)) for from_, to in inside]


def _plain(text: str) -> str:
    """Return as many letters as there were: small ones, "е" for "ё"."""
    return "".join(low if len(low := letter.casefold()) == 1 else letter for letter in text).replace("ё", "е")


def _stem(word: str) -> str:
    """A word without its ending, roughly: short words and numbers as they are."""
    return word if len(word) < 5 or word.isdigit() else word[: max(4, len(word) - 2)]


def _bare(word: str) -> str:
    return _ENDING.sub("", word)
