"""A mail server on the loopback that keeps what it is given: whoever has which address, all letters are shown here."""

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiohttp import web

#: Letters kept, the newest ones; bytes of one letter.
KEPT, SIZE = 200, 1 << 20


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it came: envelope and content."""

    number: int
    to: str
    sender: str
    subject: str
    text: str
    at: datetime

    def shown(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "id": self.number,
            "to": self.to,
            "from": self.sender,
            "subject": self.subject,
            "text": self.text,
            "at": self.at.isoformat(),
        }


class MailEmulator:
    """A server that speaks enough SMTP (RFC 5321) for one letter after the other, without TLS.

    `refused`: addresses that are answered 550, as servers do with those they do not have.
    """

    def __init__(self, refused: tuple[str, ...] = ()) -> None:
        self.refused = refused
        self.letters: deque[Letter] = deque(maxlen=KEPT)
        self.port = 0
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self._count = 0

    async def __aenter__(self) -> "MailEmulator":
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=SIZE)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def table(self, name: str) -> dict[str, Any]:
        """Return the settings [mail] of an installation that sends its letters here, under a name."""
        return {"host": "127.0.0.1", "port": self.port, "security": "none", "sender": f"{name} <robot@kedr.example>"}

    def routes(self, base: str) -> list[web.RouteDef]:
        """Return the route that shows letters, the newest first: GET {base}."""

        async def letters(_: web.Request) -> web.Response:
            items = [letter.shown() for letter in reversed(self.letters)]
            return web.json_response({"items": items}, headers={"Cache-Control": "no-store"})

        return [web.get(base, letters)]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever went away, or sent what is no SMTP, is gone
        finally:
            self._talks.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        sender, to = "", list[str]()
        await say("220 mail.example ESMTP")
        while line := (await reader.readline()).decode("utf-8", "replace").strip():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    await say("250-mail.example\r\n250-SMTPUTF8\r\n250 8BITMIME")
                case "MAIL":
                    sender, to = _address(rest), []
                    await say("250 OK")
                case "RCPT" if _address(rest) in self.refused:
                    await say("550 no such mailbox")
                case "RCPT":
                    to.append(_address(rest))
                    await say("250 OK")
                case "DATA" if to:
                    await say("354 go on")
                    self._keep(sender, to, await reader.readuntil(b"\r\n.\r\n"))
                    await say("250 OK")
                case "RSET" | "NOOP":
                    await say("250 OK")
                case "QUIT":
                    await say("221 bye")
                    return
                case _:
                    await say("502 not known here")

    def _keep(self, sender: str, to: list[str], raw: bytes) -> None:
        letter = message_from_bytes(raw.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."), policy=policy.SMTP)
        assert isinstance(letter, EmailMessage)
        body = letter.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        for address in to:
            self._count += 1
            now = datetime.now(UTC)
            self.letters.append(Letter(self._count, address, sender, str(letter["Subject"] or ""), text, now))


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0].lower()
