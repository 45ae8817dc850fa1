"""E-mail addresses in free words: as they are written, with a slip of the hand, spelled out. Pure."""

import re
from collections.abc import Iterator

from bridge.people import slips, spelled

_EMAIL = re.compile(
    r"(?:[^\s<>()\[\]{},;:\"'«»“”/\\=]|(?<=[A-Za-z])'(?=[A-Za-z])){1,64}@[^\s<>()\[\]{},;:\"'«»“”/\\@]{1,255}"
)
#: What ends like a domain and names a file.
_FILE = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|pdf|docx?|xlsx?|zip|rar|html?|php|js|css|json|xml|txt|mp[34]|exe|apk)$", re.I
)
_ASCII_TAIL = re.compile(r"[!-~]+$")
#: A domain to whose end a word in other letters is glued.
_GLUED = re.compile(r"[a-z0-9.-]+\.[a-z]{2,}(?=[а-яё])", re.IGNORECASE)
_PATH = re.compile(r":[\w.~-]*/")  # git@host:owner/name
_MASKED = re.compile(r"\*\*|••")
#: Headers of letters hold ids that look like addresses.
_HEADER = re.compile(r"(?:message-id|in-reply-to|references)\W*$", re.IGNORECASE)


def email_of(text: str) -> str | None:
    """Return an address as it is compared and shown, None when it is none; nobody is asked whether it exists."""
    from email_validator import EmailNotValidError, validate_email  # costs a tenth of a second, few texts need it

    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def found(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the addresses in a text and where they stand: as written, then with a slip, then spelled out."""
    for way in (_written, slips.emails, spelled.emails):
        for told, start, end in list(way(text)):
            value = email_of(told)
            if value is None or _FILE.search(value):
                continue
            yield value, start, end
            text = text[:start] + " " * (end - start) + text[end:]


def _written(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _EMAIL.finditer(text) if "@" in text else ():
        raw = match[0].rstrip(".!?…-_*~").lstrip(".!?…-*~")
        local, _, domain = raw.partition("@")
        if _MASKED.search(local) or _HEADER.search(text[: match.start()].rstrip(" <")):
            continue
        start = match.start() + match[0].index(raw)
        end = start + len(raw)
        domain = slips.latin(domain)
        if glued := _GLUED.match(domain):  # "anna@mail.ruспасибо"
            domain, end = glued[0], start + len(local) + 1 + len(glued[0])
        if domain.isascii() and not local.isascii():
            local = slips.latin(local)
            tail = None if local.isascii() else _ASCII_TAIL.search(local)
            if tail:  # "почта-anna@mail.ru"
                kept = tail[0].lstrip(".-_+")
                local, start = kept, start + len(local) - len(kept)
        if not _PATH.match(text, match.end()):
            yield f"{local}@{domain}", start, end
