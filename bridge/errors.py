"""Few errors, named by what the caller can do."""


class BridgeError(Exception):
    """Any refusal of the hall; `str()` is for logs, `code` for machines, words for people stand in phrases."""

    code = "error"


class Conflict(BridgeError):
    """Somebody else was first: look again.

    `code` is taken, closed, banned, never_wrote, unreachable, channel_down, crossed, version, channel_cannot,
    key_reused, deleted, not_sent, not_free, not_invited or no_access (of people mentioned, in `newer`); of an import of
    customers running, ended, undone or dry_run.
    """

    def __init__(self, code: str, detail: str = "", newer: tuple[object, ...] = ()) -> None:
        super().__init__(detail or code)
        self.code = code
        self.newer = newer


class NotFound(BridgeError):
    """There is no such thing; check the id."""

    code = "not_found"


class Forbidden(BridgeError):
    """This person's role does not allow it; ask an administrator."""

    code = "forbidden"


class Invalid(BridgeError):
    """The input is wrong; `errors` are (field, code) pairs to mend."""

    code = "invalid"

    def __init__(self, *errors: tuple[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in errors))
        self.errors = errors


class RetryLater(BridgeError):
    """Not now: try again after `seconds`; nothing was sent."""

    code = "retry_later"

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason


class Unreachable(BridgeError):
    """This customer cannot be written to until he writes again; stop trying. `reason` is a phrase code."""

    code = "unreachable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Rejected(BridgeError):
    """The messenger will never take this message; tell the author. `reason` is a phrase code or its own text."""

    code = "rejected"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OutcomeUnknown(BridgeError):
    """The messenger may or may not have taken it: never send again by yourself, show it."""

    code = "unknown"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ChannelBroken(BridgeError):
    """The channel's account does not work (a wrong token, say): stop it alone, show the reason."""

    code = "channel_broken"


class StoreDown(BridgeError):
    """The store does not answer: doors say 5xx so that messengers repeat, nothing is acknowledged."""

    code = "store_down"


class Unreadable(BridgeError):
    """An update the door cannot read goes to the dead letters; `rescued` is what could be told of it anyway."""

    code = "unreadable"

    def __init__(self, reason: str, rescued: tuple[object, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.rescued = rescued
