"""What a person of the desk wrote to one customer, as it may be told to all: who it was for is masked; pure."""

import re
from collections.abc import Iterable

from bridge.context import Bridge

NAME, NUMBER, LINK, ADDRESS = "[name]", "[number]", "[link]", "[address]"
#: Characters that are read.
LENGTH = 20_000

_MARK = re.compile(r"\[(?:name|number|link|address|e-mail)\]")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
#: A page of everybody's has neither a query nor a key: those lead to one customer's order or parcel.
_OWN = re.compile(r"[?@#=]|\d{4}|(?=\w*\d)\w{12,}")
_ORDER = re.compile(
    r"(?i)\b(заказ\w{0,3}|посылк\w|накладн\w{2,3}|трек\w{0,3}|order|parcel|tracking|invoice)"
    r"(\W{1,3}(?:номер\w?|number|no\.?)?\W{0,3})((?<=[№#])\s?[a-zа-я]{0,3}-?\d{1,12}|[a-zа-я]{0,3}-?\d{4,12})\b"
)
_PART = r"(?:д\.|дом|д|корп\.?|стр\.?|кв\.?|квартира|оф\.?|офис|под\.?|подъезд|эт\.?|этаж)"
_HOUSE = rf"(?:,?\s{{0,2}}{_PART}?\s?\d{{1,4}}[а-яa-z]?\b)"
_STREET = re.compile(
    r"\b(?:ул\.|улиц[аеуы]|пр-т|просп\.|проспект\w?|пер\.|переул[а-я]{2,3}|шоссе|наб\.|набережн[а-я]{2}|бульвар\w?|пл\.|"
    r"площад[ьи])"
    rf"\s?[\w-]{{2,30}}(?:\s[А-ЯЁ][\w-]{{1,30}})?{_HOUSE}{{1,4}}",
    re.IGNORECASE,
)
_ROAD = re.compile(
    r"\b\d{1,5}\s(?:[A-Z][\w'-]{1,30}\s){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b\.?"
    r"(?:,?\s(?:apt|flat|unit|suite)\.?\s?\w{1,5}\b)?"
)
_GREETING = (
    r"(?:здравствуйте|здравствуй|добрый\s(?:день|вечер)|доброе\sутро|доброго\s(?:дня|времени\sсуток)|приветствую|привет|"
    r"good\s(?:morning|afternoon|evening)|hello|hi|dear)"
)
_GREETED = re.compile(
    rf"\A\s*{_GREETING}(?:[,\s]{{1,3}}(?:\[name\]|{_GREETING})){{0,3}}\s*[!.,:)\u2014-]*\s*", re.IGNORECASE
)
_CALLED = re.compile(
    rf"((?i:\b(?:{_GREETING}|уважаем(?:ый|ая)),?\s+))[А-ЯЁA-Z][а-яёa-z'-]{{1,30}}(?:\s[А-ЯЁ][а-яё]{{2,30}})?(?=\s*[!,.])"
)
_SPOKEN_TO = re.compile(r"\A\s*\[name\]\s?[,!]\s*")
_VOWELS = "аяоеёиыуюйь"


def anonymous(bridge: Bridge, text: str, names: Iterable[str]) -> str:
    """Return a text with e-mails, phones, orders, streets, links of one's own and names masked; lines stay lines."""
    text, pieces, at = text[:LENGTH], [], 0
    for met in _URL.finditer(text):
        pieces += [_masked(bridge, text[at : met.start()]), _link(met.group())]
        at = met.end()
    whole = "".join([*pieces, _masked(bridge, text[at:])])
    for name in names:
        whole = _unnamed(whole, name)
    whole = _CALLED.sub(rf"\1{NAME}", whole)
    return "\n".join(" ".join(line.split()) for line in whole.strip().split("\n"))


def for_everybody(text: str) -> str:
    """Return a masked text without the greeting it began with: the bot greets by itself."""
    said = _SPOKEN_TO.sub("", _GREETED.sub("", text))
    return said[:1].upper() + said[1:] if said.strip() else text


def unmarked(text: str) -> str:
    """Return a text without the marks that stand for what was masked."""
    return _MARK.sub(" ", text)


def _link(address: str) -> str:
    bare = address.rstrip(".,;:!?)")
    return LINK + address[len(bare) :] if _OWN.search(bare.partition("://")[2] or bare) else address


def _masked(bridge: Bridge, text: str) -> str:
    for pattern in (_STREET, _ROAD):
        text = pattern.sub(ADDRESS, text)
    text = _ORDER.sub(rf"\1\2{NUMBER}", text)
    edges = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    shown = re.sub(r"(?<=\]) +(?=[.,!?;:)])", "", bridge.matcher.masked(text))
    return edges[0] + shown.strip() + edges[1] if shown.strip() else text


def _unnamed(text: str, name: str) -> str:
    """Mask a name as it is written and, with a capital letter, as it is declined."""
    for word in re.findall(r"[^\W\d_]{3,}", name):
        text = re.sub(rf"\b{re.escape(word)}\b", NAME, text, flags=re.IGNORECASE)
        stem = word.rstrip(_VOWELS) if re.search("[а-яё]", word, re.IGNORECASE) else ""
        if len(stem) >= 3:
            text = re.sub(rf"\b{re.escape(stem.capitalize())}[а-яё]{{0,3}}\b", NAME, text)
    return re.sub(r"\[name\](?:\s\[name\])+", NAME, text)
