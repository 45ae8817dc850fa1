"""Letters over SMTP: what the server gets, what it refuses, what is never told."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from bots.emulators.mail import MailEmulator
from bots.smtp import Smtp
from tests.certificate import certificate


def smtp(port: int, password: str = "") -> Smtp:
    return Smtp("127.0.0.1", port, "none", "robot" if password else "", password, "Кедр и Ко <robot@kedr.example>", 5.0)


async def test_a_letter_arrives_whole() -> None:
    async with MailEmulator() as server:
        assert await smtp(server.port).send("anna@kedr.example", "Код 123456", "Код\n\n123456\n.точка в начале") == ""
        assert await smtp(server.port).check() == "127.0.0.1 answers 250"
        (letter,) = server.letters
    assert (letter.to, letter.sender, letter.subject) == ("anna@kedr.example", "robot@kedr.example", "Код 123456")
    assert letter.text.split() == ["Код", "123456", ".точка", "в", "начале"]


@pytest.mark.parametrize("to", ["anna@кедр.рф", "анна@кедр.рф"])
async def test_addresses_in_any_letters(to: str) -> None:
    async with MailEmulator() as server:
        assert await smtp(server.port).send(to, "s", "t") == ""
        assert len(server.letters) == 1


async def test_faults_are_told_in_a_word_without_what_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with MailEmulator(refused=("nobody@kedr.example",)) as server:
        assert await smtp(server.port).send("nobody@kedr.example", "s", "654321") == "refused"
        assert await smtp(server.port).send("a@b.example\r\nBcc: c@d.example", "s", "t") == "refused"
        # This server knows no login.
        assert await smtp(server.port, "secret-word").send("anna@kedr.example", "s", "654321") in (
            "unreachable",
            "refused",
        )
        assert not server.letters
    assert await smtp(server.port).send("anna@kedr.example", "s", "t") == "unreachable"
    assert "654321" not in caplog.text
    assert "secret-word" not in caplog.text + repr(smtp(1, "secret-word"))


def over(security: str, port: int, password: str = "secret-word", timeout: float = 5.0) -> Smtp:
    return Smtp("127.0.0.1", port, security, "robot", password, "Кедр <robot@kedr.example>", timeout)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_over_tls_with_a_password(security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls, trusted = certificate(tmp_path, "127.0.0.1")
    elsewhere, named = certificate(tmp_path, "mail.example")
    account = ("robot", "secret-word")
    async with (
        MailEmulator(tls=tls, implicit=security == "tls", account=account) as server,
        MailEmulator(tls=elsewhere, implicit=security == "tls", account=account) as other,
    ):
        # Nobody vouches for the server: neither letter nor password goes there.
        assert await over(security, server.port).send("anna@kedr.example", "s", "654321") == "unreachable"
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert await over(security, server.port, "wrong").send("anna@kedr.example", "s", "654321") == "unreachable"
        assert not server.letters
        assert await over(security, server.port).send("anna@kedr.example", "Код", "654321") == ""
        assert await over(security, server.port).check() == "127.0.0.1 answers 250"
        assert [letter.text.strip() for letter in server.letters] == ["654321"]
        monkeypatch.setenv("SSL_CERT_FILE", str(named))  # trusted, and of another name
        assert await over(security, other.port).send("anna@kedr.example", "s", "654321") == "unreachable"
        assert not other.letters


async def test_where_tls_is_wanted_nothing_goes_without_it() -> None:
    async with MailEmulator(account=("robot", "secret-word")) as server:  # whoever stands between takes STARTTLS away
        assert await over("starttls", server.port).send("anna@kedr.example", "s", "t") == "unreachable"
        assert await over("tls", server.port, timeout=1.0).send("anna@kedr.example", "s", "t") == "unreachable"
        assert await over("none", server.port).send("anna@kedr.example", "s", "t") == ""
        assert len(server.letters) == 1


@pytest.mark.parametrize("line", [b"", b"220-still here\r\n"])
async def test_a_server_that_never_comes_to_an_end_is_given_up(line: bytes) -> None:
    gone = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard: bytes | None = None
        # Until the other side has hung up: who goes away from words he did not read is heard as a reset.
        with contextlib.suppress(ConnectionError):
            while heard != b"":
                writer.write(line)
                with contextlib.suppress(TimeoutError):
                    heard = await asyncio.wait_for(reader.read(100), 0.02)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        gone.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await over("none", port, timeout=0.2).send("anna@kedr.example", "s", "t") == "unreachable"
        await gone.wait()
