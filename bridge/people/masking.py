"""E-mails and phones as those see them who have no right to them: enough to tell two apart, too little to use. Pure."""

import re

from bridge.people.contacts import covered
from bridge.people.identity import CONTACTS

DOT = "•"
#: Lines of a thread whose detail is a contact.
TELLING = frozenset({"contact_added", "contact_proved", "code_sent", "code_unsent"})
_PHONE_ENDS = 2


def masked(kind: str, value: str) -> str:
    """Return an identity's value masked if it is a contact: "a•••@shop.example", "+7••••••••89"."""
    return masked_contact(value) if kind in CONTACTS else value


def masked_contact(shown: str) -> str:
    """Return a contact as it is kept or as people write it, masked."""
    name, at, domain = shown.partition("@")
    if at:
        return f"{name[:1]}{DOT * 3}@{domain}"
    places = [found.start() for found in re.finditer(r"\d", shown)]
    hidden = set(places[1:-_PHONE_ENDS])
    return "".join(DOT if place in hidden else letter for place, letter in enumerate(shown))


def masked_text(text: str) -> str:
    """Return words in which e-mails and phones are masked, however they were written."""
    return covered(text, _hidden)


def _hidden(written: str) -> str:
    masked = masked_contact(written)
    return DOT * 3 if masked == written else masked  # spelled out, a contact has no signs to be told by
