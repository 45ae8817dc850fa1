"""Signing of sessions and of identities: what opens a chat, and what does not."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.web import tokens

KEY = tokens.key_of("the shop's secret")


def test_a_token_opens_its_chat_and_no_other_channel_s() -> None:
    made = tokens.issue(KEY, "site")
    assert tokens.read(KEY, "site", made.token) == made
    assert tokens.read(KEY, "other", made.token) is None
    assert tokens.read(tokens.key_of("another secret"), "site", made.token) is None
    assert made.token.replace("-", "").replace("_", "").isalnum()


def test_every_visitor_is_another_also_for_a_known_chat() -> None:
    first, second = tokens.issue(KEY, "site"), tokens.issue(KEY, "site")
    assert first.chat != second.chat
    again = tokens.issue(KEY, "site", first.chat)
    assert (again.chat, again.token != first.token) == (first.chat, True)
    assert tokens.read(KEY, "site", again.token) == again
    assert (first.first, again.first) == (True, False)


def test_the_chat_says_nothing_of_the_token() -> None:
    made = tokens.issue(KEY, "site")
    visitor = base64.urlsafe_b64decode(made.token + "==")[:32]
    assert len(set(visitor)) > 8
    assert made.chat not in visitor.hex()


@given(st.integers(0, 79), st.integers(1, 255))
def test_no_byte_of_a_token_can_be_changed(place: int, change: int) -> None:
    made = tokens.issue(KEY, "site")
    raw = bytearray(base64.urlsafe_b64decode(made.token + "=="))
    raw[place] ^= change
    forged = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    assert tokens.read(KEY, "site", forged) is None


@given(st.text(max_size=200))
def test_no_text_opens_anything(text: str) -> None:
    assert tokens.read(KEY, "site", text) is None


def test_the_signature_is_the_one_the_contract_names() -> None:
    expected = hmac.new(b"secret", "клиент 7".encode(), hashlib.sha256).hexdigest()
    assert tokens.signature("secret", "клиент 7") == expected
    assert tokens.proves("secret", "клиент 7", f" {expected.upper()} ")


@pytest.mark.parametrize("given", ["", "0" * 64, "é" * 64, "\ud800".encode("utf-8", "replace").decode()])
def test_anything_else_proves_nothing(given: str) -> None:
    assert not tokens.proves("secret", "7", given)
    assert not tokens.proves("secret", "7", tokens.signature("secret", "8"))
