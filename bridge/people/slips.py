"""What people's hands put into contacts beside them: a comma for the dot, letters of the other keyboard, signs. Pure.

Every function keeps the places in a text: what it takes out leaves blanks.
"""

import re
from collections.abc import Iterator

#: Mail services whose names are known with a slip beside them.
SERVICES = "gmail|mail|yandex|ya|bk|list|inbox|rambler|outlook|hotmail|icloud|yahoo|proton"
#: "anna@mail,ru", "anna@mail. ru".
_DOT = re.compile(
    rf"(?<![\w@.+\-])([a-z0-9][a-z0-9._+\-]{{0,60}})\s?@\s?({SERVICES})(?:\s?,\s?|\s\.\s?|\.\s)(ru|com|me)(?![\w@])",
    re.IGNORECASE | re.ASCII,
)
#: Cyrillic letters that look like Latin ones.
_ALIKE = str.maketrans("асеорхуіАВСЕНІКМОРТХУ", "aceopxyiABCEHIKMOPTXY")
_PARTS = re.compile(r"([.\-_+])")
#: A link to somebody's own number.
_LINK = re.compile(r"(?:https?://)?(?:www\.)?\bwa\.me/\+?(?=\d)", re.IGNORECASE)
#: Points of a list, marks of bold words, an underscore between digits.
_SIGNS = re.compile(r"(?<!\S)\d{1,2}\)(?=\s)|(?<![\w+*])[*_]{1,2}(?=[+(\d])|(?<=\d)[*_]{1,2}(?!\S)|(?<=\d)_(?=\d)")
_PLUS = re.compile(r"\+[ \u00a0](?=\d)")
_SLASHES = re.compile(r"(?<![\w/])([78])/(9\d\d)/(?=\d)")
_NOUGHT = re.compile(r"(?<=\d)[оОoO](?=\d)")


def unlinked(text: str) -> str:
    """Return a text with the numbers that stand in links to them in front of which is a plus."""
    return _LINK.sub(lambda match: " " * (len(match[0]) - 1) + "+", text)


def plainer(text: str) -> str:
    """Return a text, the e-mails of which were taken out, without the signs people put beside and into numbers."""
    text = _SIGNS.sub(lambda match: " " * len(match[0]), text)
    return _NOUGHT.sub("0", _SLASHES.sub(r"\1 \2 ", _PLUS.sub(" +", text)))


def latin(text: str) -> str:
    """Return a name or a domain in Latin letters where Cyrillic ones that look like them stand among them."""
    return "".join(map(_turned, _PARTS.split(text)))


def _turned(part: str) -> str:
    turned = part.translate(_ALIKE)
    mixed = turned.isascii() and re.search("[A-Za-z]", part) is not None
    return turned if mixed else part


def emails(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the addresses of known services with a slip at the dot, lower case, and where they stand."""
    for match in _DOT.finditer(text) if "@" in text else ():
        local, service, zone = match.groups()
        if not local.endswith("."):
            yield f"{local}@{service}.{zone}".lower(), match.start(), match.end()
