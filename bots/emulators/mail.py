"""A mail server on the loopback that keeps what it is given: whoever has which address, all letters are shown here."""

import asyncio
import binascii
import contextlib
import ssl
from base64 import b64decode
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiohttp import web

#: Letters kept, the newest ones; bytes of one letter.
KEPT, SIZE = 200, 1 << 20
#: Seconds for the first words of TLS.
HANDSHAKE = 10.0


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


@dataclass(slots=True)
class _Talk:
    """One connection: what was said of the next letter, and whether it is private and whose."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    private: bool
    known: bool
    broken: bool = False
    sender: str = ""
    to: list[str] = field(default_factory=list)

    async def say(self, line: str) -> None:
        self.writer.write(f"{line}\r\n".encode())
        await self.writer.drain()

    async def line(self) -> str:
        return (await self.reader.readline()).decode("utf-8", "replace").strip()


class MailEmulator:
    """A server that speaks enough SMTP (RFC 5321) for one letter after the other.

    `refused`: addresses that are answered 550, as servers do with those they do not have. `tls`: what it proves itself
    with, after STARTTLS (RFC 3207) or, `implicit`, from the first byte; `account`: user and password without which it
    takes nothing (RFC 4954), asked for only where nobody listens, if there is `tls`.
    """

    def __init__(
        self,
        refused: tuple[str, ...] = (),
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        account: tuple[str, str] | None = None,
    ) -> None:
        self.refused = refused
        self.letters: deque[Letter] = deque(maxlen=KEPT)
        self.port = 0
        self._tls, self._implicit, self._account = tls, implicit, account
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self._count = 0

    async def __aenter__(self) -> "MailEmulator":
        self._server = await asyncio.start_server(
            self._talk, "127.0.0.1", 0, limit=SIZE, ssl=self._tls if self._implicit else None
        )
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
        talk = _Talk(reader, writer, self._implicit, self._account is None)
        try:
            await self._serve(talk)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever went away, or sent what is no SMTP, is gone
        except asyncio.CancelledError:
            talk.broken = True  # the server closes, and awaits this task
        finally:
            self._talks.discard(task)
            writer.close()
            if not talk.broken:  # one that ended in a handshake never says that it is closed
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

    async def _serve(self, talk: _Talk) -> None:
        await talk.say("220 mail.example ESMTP")
        while line := await talk.line():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    await talk.say(self._abilities(talk))
                case "STARTTLS" if self._tls is not None and not talk.private:
                    await talk.say("220 go on")
                    talk.broken = True
                    await talk.writer.start_tls(self._tls, ssl_handshake_timeout=HANDSHAKE)
                    talk.private, talk.broken = True, False
                case "AUTH" if self._asks(talk):
                    talk.known = await self._login(talk, rest)
                    await talk.say("235 welcome" if talk.known else "535 wrong user or password")
                case "QUIT":
                    await talk.say("221 bye")
                    return
                case _ if talk.known:
                    await self._letter(talk, verb.upper(), rest)
                case _:
                    await talk.say("530 log in first")

    def _asks(self, talk: _Talk) -> bool:
        return self._account is not None and (talk.private or self._tls is None)

    def _abilities(self, talk: _Talk) -> str:
        named = ["mail.example", "SMTPUTF8", "8BITMIME"]
        named += ["STARTTLS"] if self._tls is not None and not talk.private else []
        named += ["AUTH PLAIN LOGIN"] if self._asks(talk) else []
        return "\r\n".join([*(f"250-{each}" for each in named[:-1]), f"250 {named[-1]}"])

    async def _login(self, talk: _Talk, rest: str) -> bool:
        """Ask for user and password, by PLAIN or LOGIN; what is no base64 is no password."""
        way, _, first = rest.partition(" ")

        async def asked(prompt: str) -> str:
            await talk.say(f"334 {prompt}")
            return await talk.line()

        try:
            if way.upper() == "PLAIN":
                given = b64decode(first or await asked(""), validate=True).decode("utf-8", "replace").split("\0")[1:]
            else:
                told = [first or await asked("VXNlcm5hbWU6"), await asked("UGFzc3dvcmQ6")]
                given = [b64decode(each, validate=True).decode("utf-8", "replace") for each in told]
        except binascii.Error:
            return False
        return tuple(given) == self._account

    async def _letter(self, talk: _Talk, verb: str, rest: str) -> None:
        match verb:
            case "MAIL":
                talk.sender, talk.to = _address(rest), []
                await talk.say("250 OK")
            case "RCPT" if _address(rest) in self.refused:
                await talk.say("550 no such mailbox")
            case "RCPT":
                talk.to.append(_address(rest))
                await talk.say("250 OK")
            case "DATA" if talk.to:
                await talk.say("354 go on")
                self._keep(talk.sender, talk.to, await talk.reader.readuntil(b"\r\n.\r\n"))
                await talk.say("250 OK")
            case "RSET" | "NOOP":
                await talk.say("250 OK")
            case _:
                await talk.say("502 not known here")

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
