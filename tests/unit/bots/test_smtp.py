"""Letters over SMTP: what the server gets, what it refuses, what is never told."""

import pytest

from bots.emulators.mail import MailEmulator
from bots.smtp import Smtp


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
