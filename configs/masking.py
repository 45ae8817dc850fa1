"""Which settings are secrets, and how they are shown."""

import re
from urllib.parse import urlsplit, urlunsplit

_SECRET = re.compile(r"(?:^|_)(?:token|secret|password|passphrase|key|credentials)$")
#: Addresses that may carry a password are secrets too as far as `…_file` goes; shown with the password masked.
_ADDRESSES = frozenset({"store.url", "bus.url"})
_QUERY = re.compile(r"([?&][^=&#]*(?:token|secret|password)[^=&#]*=)([^&#]*)", re.IGNORECASE)
_DOTS = "••••"


def is_secret(key: str) -> bool:
    """Tell by a dotted key's last word whether the value must never be shown."""
    return bool(_SECRET.search(key.rsplit(".", 1)[-1].lower()))


def may_be_file(key: str) -> bool:
    """Tell whether `<key>_file` may name a file that holds the value."""
    return is_secret(key) or key in _ADDRESSES


def mask(secret: str) -> str:
    """Hide a secret: dots, and its last four characters when it is longer than twelve."""
    if not secret:
        return ""
    return _DOTS + secret[-4:] if len(secret) > 12 else _DOTS


def mask_address(text: str) -> str:
    """Hide the passwords in an address; any other text comes back as it is."""
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return mask(text)
    if not parts.netloc:  # urlunsplit would take two of the slashes of sqlite:/// away
        return _QUERY.sub(lambda found: found[1] + mask(found[2]), text)
    user, at, host = parts.netloc.rpartition("@")
    name, colon, password = user.partition(":")
    netloc = f"{name}{colon}{mask(password)}{at}{host}"
    return _QUERY.sub(lambda found: found[1] + mask(found[2]), urlunsplit(parts._replace(netloc=netloc)))


def shown(key: str, value: object) -> str:
    """Return a setting's value as it may be printed."""
    if is_secret(key):
        return mask(str(value))
    if isinstance(value, bool):
        return str(value).lower()
    return mask_address(str(value))
