"""Letters over SMTP: handed over to the installation's own mail server, one connection a letter."""

import asyncio
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr

import aiosmtplib

from bridge.ports.mail import MailDoor

#: A letter may take so many times what one answer may.
WHOLE = 3


class Smtp:
    """A mail server as the settings name it; `security` is starttls, tls or none."""

    def __init__(
        self, host: str, port: int, security: str, user: str, password: str, sender: str, timeout: float
    ) -> None:
        self._host, self._port, self._security = host, port, security
        self._user, self._password = user, password
        self._name, self._address = parseaddr(sender)
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"Smtp({self._host}:{self._port})"  # neither user nor password

    async def send(self, to: str, subject: str, text: str) -> str:
        """Hand a letter over; returns "" or refused, unreachable."""
        try:
            letter = self._letter(to, subject, text)
            # Each answer is awaited for the timeout, and so are all of them: no server holds up a chat by dripping.
            async with asyncio.timeout(self._timeout * WHOLE), self._client() as client:
                await client.send_message(letter, sender=self._address, recipients=[to])
        except OSError:  # first: a certificate nobody vouches for is a ValueError too
            return "unreachable"
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPNotSupported, ValueError):
            return "refused"
        except aiosmtplib.SMTPException:
            return "unreachable"
        return ""

    async def check(self) -> str:
        """Connect and log in; returns what the server says. Raises OSError and aiosmtplib.SMTPException."""
        async with self._client() as client:
            answer = await client.noop()
        return f"{self._host} answers {answer.code}"

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user or None,
            password=self._password or None,
            use_tls=self._security == "tls",
            start_tls=self._security == "starttls",
            timeout=self._timeout,
        )

    def _letter(self, to: str, subject: str, text: str) -> EmailMessage:
        local, _, domain = to.rpartition("@")
        # Mail is carried in ASCII: of a domain in other letters its own spelling for machines.
        letter = EmailMessage(policy=SMTP.clone(utf8=not local.isascii()))
        letter["From"] = Address(self._name, addr_spec=self._address)
        letter["To"] = Address("", local, domain.encode("idna").decode("ascii"))
        letter["Subject"] = subject
        letter["Date"] = formatdate(usegmt=True)
        letter["Message-ID"] = make_msgid(domain=self._address.rpartition("@")[2])
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers it
        letter.set_content(text)
        return letter


_: type[MailDoor] = Smtp
