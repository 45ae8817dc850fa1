"""What the hall needs to write a letter: a door to somebody's mail server."""

from typing import Protocol


class MailDoor(Protocol):
    """A way to send e-mail."""

    async def send(self, to: str, subject: str, text: str) -> str:
        """Hand a letter over to the mail server; returns "" or why not: refused (such an address), unreachable.

        Never raises for what the server does or does not do, and writes neither text nor subject into any log.
        """
