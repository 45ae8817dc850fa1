"""E-mails and phones that people spell out: "anna собака mail точка ru", "mark [at] icloud dot com", numbers in words.

Pure. Only plain spellings are read: a Latin name before the sign, a domain with its dot behind it, digits that make up
the whole of a number.
"""

import re
from collections.abc import Iterator

from bridge.people import slips

_NAME = r"[a-z0-9][a-z0-9_+\-]{0,40}"
_OPEN, _CLOSE = r"\s*[(\[{<]\s*", r"\s*[)\]}>]\s*"
_DOT = rf"(?:{_OPEN}(?:точка|тчк|dot){_CLOSE}|\s+(?:точка|тчк|dot)\s+|\.(?=[a-zа-яё0-9]))"
_PART = r"[a-zа-яё0-9][a-zа-яё0-9\-]{0,40}"
#: What stands for @: in brackets or of a word nobody else says; a bare "at" wants a spelled dot behind it.
_SURE_AT = rf"(?:{_OPEN}(?:собака|собачка|at|эт|@){_CLOSE}|\s+(?:собака|собачка|собакой)\s+|\s?@\s?)"
_BARE_AT = r"\s+(?:at|эт)\s+"
_WORD_DOT = rf"(?:{_OPEN}(?:точка|тчк|dot){_CLOSE}|\s+(?:точка|тчк|dot)\s+)"
_SPELLED = re.compile(
    rf"(?<![\w@.+\-])(?P<local>{_NAME}(?:{_DOT}{_NAME}){{0,3}})"
    rf"(?:{_SURE_AT}(?P<domain>{_PART}(?:{_DOT}{_PART}){{0,3}})(?:\s(?P<zone>ру|ком))?"
    rf"|{_BARE_AT}(?P<spelled>{_PART}(?:{_WORD_DOT}{_PART}){{1,3}}))(?![\w@\-])",
    re.IGNORECASE,
)
#: A bare @ with a blank beside it may be "at": only before the names of mail services it is an address.
_BLANK_AT = re.compile(rf"(?:\s@|@\s)(?!\s*(?:{slips.SERVICES})\b)", re.IGNORECASE)
#: Where a bare "at" and "dot" may be any words: the zones in which people have their mail.
_ZONES = frozenset("com net org info ru su by kz ua uz de uk co us io me eu fr it es pl il tr edu".split())  # noqa: SIM905  # a table
_AT = re.compile(r"собак|собачк|\bat\b|\bэт\b|@", re.IGNORECASE)
_DOTS = re.compile(_DOT, re.IGNORECASE)
#: How Russian speakers write the names of mail services.
_LATIN = {
    "яндекс": "yandex",
    "мейл": "mail",
    "мэйл": "mail",
    "маил": "mail",
    "гмейл": "gmail",
    "джимейл": "gmail",
    "гмаил": "gmail",
    "рамблер": "rambler",
    "инбокс": "inbox",
    "лист": "list",
    "бк": "bk",
    "ру": "ru",
    "ком": "com",
}

_UNITS = "ноль один два три четыре пять шесть семь восемь девять".split()  # noqa: SIM905  # a table, in its order
_TEENS = (
    *("десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать"),
    *("пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать"),
)
_TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split()  # noqa: SIM905
_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split()  # noqa: SIM905
_ENGLISH = "zero one two three four five six seven eight nine".split()  # noqa: SIM905  # as above
_VALUES = (
    {word: value for value, word in enumerate(_UNITS)}
    | {word: value for value, word in enumerate(_ENGLISH)}
    | {word: 10 + place for place, word in enumerate(_TEENS)}
    | {word: 20 + 10 * place for place, word in enumerate(_TENS)}
    | {word: 100 + 100 * place for place, word in enumerate(_HUNDREDS)}
    | {"нуль": 0, "oh": 0}
)
_COUNTED = "|".join(sorted(_VALUES, key=len, reverse=True))
_WORDS = re.compile(
    rf"(?<![\w+])(?:(?P<plus>плюс|plus)\s+|\+)?(?:(?:{_COUNTED})|\d{{1,4}})(?:[\s,.\-]{{1,3}}(?:(?:{_COUNTED})|\d{{1,4}})){{3,14}}(?!\w)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d]+")
#: Words among the groups without which it is no spelled number: a run of digits is read elsewhere.
LEAST_WORDS = 3
#: Of a mobile number only the 8 or +7 may be a word.
_FIRST = re.compile(r"(?:(?:плюс|plus|\+)\s*семь|восемь|семь)\b[\s,.\-]{0,3}\(?9", re.IGNORECASE)
_MOBILE = 11


def emails(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield e-mails that are spelled, as they would be written, and where they stand; not yet checked."""
    if not _AT.search(text):
        return
    for match in _SPELLED.finditer(text):
        if _BLANK_AT.search(match[0]) or not re.search(r"[\s(\[{<]", match[0]):
            continue
        parts = _DOTS.split((match["domain"] or match["spelled"]).lower())
        parts = [_LATIN.get(part.strip(), part.strip()) for part in parts]
        zone, end = match["zone"], match.end()
        if zone is not None and (len(parts) == 1 or parts[-1] not in ("ru", "com")):
            parts.append(_LATIN[zone.lower()])
        if match["spelled"] and parts[-1] not in _ZONES:
            continue
        if len(parts) > 1 and all(part.isascii() for part in parts) and parts[-1].isalpha():
            local = ".".join(part.strip() for part in _DOTS.split(match["local"]))
            yield f"{local}@{'.'.join(parts)}", match.start(), end


def numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield numbers told in words, as digits (with + where it is told), and where they stand."""
    least = 1 if _FIRST.search(text) else LEAST_WORDS
    if sum(word in _VALUES for word in _LETTERS.findall(text.lower())) < least:
        return  # as nearly every text does
    for match in _WORDS.finditer(text):
        groups = re.findall(r"\d+|[^\W\d]+", match[0].lower())
        plus = match[0].startswith("+") or match["plus"] is not None
        told = groups[1:] if match["plus"] is not None else groups
        digits = _digits(told)
        first = len(digits) == _MOBILE and _FIRST.match(match[0]) is not None
        if first or sum(not group.isdigit() for group in told) >= LEAST_WORDS:
            yield ("+" if plus else "") + digits, match.start(), match.end()


def _digits(words: list[str]) -> str:
    """Put words together as they are spoken: a hundred with the tens and the unit behind it is one group."""
    digits, room = "", 0
    for word in words:
        value = _VALUES.get(word)
        if value is None:
            digits, room = digits + word, 0
        elif value and room and value < room:
            digits = str(int(digits[-len(str(room)) :]) + value).join((digits[: -len(str(room))], ""))
            room = _room(value)
        else:
            digits, room = digits + str(value), _room(value)
    return digits


def _room(value: int) -> int:
    """Return below which power a word may still follow in the same group: 300 takes 1-99, 40 takes 1-9."""
    return 100 if value >= 100 else 10 if value >= 20 else 0
