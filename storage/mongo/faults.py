"""What the driver's errors mean to a caller: never with the address's password or a customer's words in them."""

from bson.errors import BSONError, InvalidDocument
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)

from storage.documents import Unavailable

#: Server error codes an administrator can do something about, in words.
_REFUSALS = {
    13: "this user may not do that: the role readWrite on the database is needed",
    18: "the name or the password is wrong",
    8000: "the name or the password is wrong",
    14031: "the disk is full",
}
#: A document or an update the server finds too large or too deep; both are the caller's fault.
_TOO_MUCH = frozenset({15, 10334, 17419, 17420})
#: What a server says to a hint that names no index of the collection.
BAD_HINT = 2


def translated(where: str, error: PyMongoError | BSONError) -> Exception:
    """Return the port's error for one of the driver's: Unavailable, or ValueError for what no retry would mend.

    DuplicateKeyError is no refusal of the store and comes back as it is.
    """
    if isinstance(error, DuplicateKeyError):
        return error
    if isinstance(error, DocumentTooLarge | InvalidDocument) or getattr(error, "code", None) in _TOO_MUCH:
        return ValueError(f"{where}: the document is too large or too deep for MongoDB (16 MB, 100 levels)")
    return Unavailable(f"{where}: {_reason(error)}")


def unreadable(error: Exception) -> str:
    """Say why an address cannot be read without repeating any of it but the name of an option."""
    text = str(error)
    if text.startswith("Unknown option:"):
        return text.partition(". ")[0]
    if isinstance(error, InvalidURI):
        return "the address cannot be read; in names and passwords, @ : / % are written %40 %3A %2F %25"
    if isinstance(error, ConfigurationError):
        return "the address cannot be read: the host is missing or an option has a wrong value"
    return "the address cannot be read: the port or an option has a wrong value"


def _reason(error: PyMongoError | BSONError) -> str:
    # Texts of the server repeat the command with its documents.
    if isinstance(error, WTimeoutError | ExecutionTimeout):
        return "the server took too long"
    if isinstance(error, OperationFailure):
        if str(error).startswith("Authentication failed"):  # some servers give no code with it
            return _REFUSALS[18]
        name = str((error.details or {}).get("codeName", "")) or "error"
        return _REFUSALS.get(error.code or 0, f"the server refuses ({name}, code {error.code})")
    if isinstance(error, ConnectionFailure):
        return f"the server does not answer ({_short(str(error))})"
    if isinstance(error, InvalidURI):
        return unreadable(error)
    if isinstance(error, ConfigurationError) and "DNS" in str(error):
        return _short(str(error))
    return f"the driver refuses ({type(error).__name__})"


def _short(text: str) -> str:
    """Cut the driver's description of the whole topology off a message."""
    return text.partition(", Timeout:")[0].partition(" (configured timeouts")[0][:200]
