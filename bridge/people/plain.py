"""E-mails and phones as programs write them, read without the libraries and exactly as those would read them. Pure.

A table of a million rows spends most of its time on them otherwise.
"""

import re
from functools import lru_cache

from bridge.people import contacts
from bridge.people.contacts import Contact

#: A Russian mobile number in E.164, of the codes whose every number is one to the library (of 93x only some are).
_MOBILE = re.compile(r"\+79[0-24-9][0-9]{8}").fullmatch
#: What stands before the @ of nearly every address; what is after it is asked of the library once.
_PLAIN = re.compile(r"([a-z0-9]+(?:[._+-][a-z0-9]+)*)@([a-z0-9.-]{3,100})").fullmatch
_LOCAL = 64
_DOMAINS = 10_000


def contact_of(kind: str, text: str) -> Contact | None:
    """Return the contact of a kind (email, phone) that a text is; None when it is none."""
    text = text.strip()
    value = _email(text) if kind == "email" else _phone(text)
    return Contact(kind, value) if value else None


def _phone(text: str) -> str | None:
    return text if _MOBILE(text) else contacts.phone_of(text)


def _email(text: str) -> str | None:
    plain = _PLAIN(text)
    if plain is None or len(plain[1]) > _LOCAL:
        return contacts.email_of(text)
    domain = _domain(plain[2])
    return None if domain is None else f"{plain[1]}@{domain}"


@lru_cache(maxsize=_DOMAINS)
def _domain(domain: str) -> str | None:
    found = contacts.email_of(f"a@{domain}")
    return None if found is None else found.partition("@")[2]
