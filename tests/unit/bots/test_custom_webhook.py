"""The custom channel's settings, signatures, and what a program's answers mean."""

from typing import Any

import pytest

from bots import custom
from bots.calls import LONGEST_PAUSE
from bots.custom.webhook import refusal
from bridge import signatures
from bridge.errors import BridgeError, Rejected, RetryLater, Unreachable

TABLE = {"kind": "custom", "secret": "a-long-secret", "url": "https://shop.example/mostik"}


@pytest.mark.parametrize(
    ("more", "key", "words"),
    [
        ({"secret": "short"}, "secret", "needs 8 characters"),
        ({"url": "shop.example"}, "url", "is no address"),
        ({"url": "ftp://shop.example"}, "url", "is no address"),
        ({"url": "https://user:pass@shop.example/"}, "url", "without a password"),
        ({"url": "https://shop.example:0x/"}, "url", "is no address"),
        ({"file_origins": ["https://files.example/path"]}, "file_origins", "without a path"),
        ({"file_origins": ["files.example"]}, "file_origins", "is no origin"),
        ({"timeout": 0}, "timeout", "greater than 0"),
        ({"max_body_mb": 65}, "max_body_mb", "less than or equal to 64"),
    ],
)
def test_a_wrong_setting_is_named(more: dict[str, Any], key: str, words: str) -> None:
    ((found, fault),) = custom.check({**TABLE, **more})
    assert (found, words in fault) == (key, True), fault


def test_secret_and_url_are_asked_for() -> None:
    assert custom.check({"kind": "custom"}) == [("secret", "is missing"), ("url", "is missing")]


async def test_a_check_says_what_the_settings_mean_and_no_secret() -> None:
    words = await custom.open("app", TABLE, "https://desk.example/").check()
    assert "https://desk.example/api/v1/channels/app/inbound" in words
    assert "https://shop.example/mostik" in words
    assert "a-long-secret" not in words


NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("status", "headers", "said", "means"),
    [
        (429, {"Retry-After": "7"}, {}, RetryLater(7, "flood")),
        (429, {"Retry-After": "Tue, 14 Nov 2023 22:13:50 GMT"}, {}, RetryLater(30, "flood")),
        (429, {"Retry-After": "soon"}, {}, RetryLater(5, "flood")),
        (429, {"Retry-After": "9" * 30}, {}, RetryLater(LONGEST_PAUSE, "flood")),
        (429, {}, {}, RetryLater(5, "flood")),
        (500, {}, {}, RetryLater(2, "server")),
        (503, {"Retry-After": "60"}, {}, RetryLater(60, "server")),
        (408, {}, {}, RetryLater(2, "server")),
        (301, {}, {}, RetryLater(30, "webhook_astray")),
        (404, {}, {}, RetryLater(30, "webhook_astray")),
        (401, {}, {}, RetryLater(30, "webhook_secret")),
        (410, {}, {}, Unreachable("customer_gone")),
        (400, {}, {}, Rejected("webhook_refused")),
        (403, {}, {"detail": "  no\nsuch order "}, Rejected("no such order")),
        (422, {}, {"detail": "x" * 500}, Rejected("x" * 200)),
        (422, {}, {"detail": ["x"]}, Rejected("webhook_refused")),
        (422, {}, {"detail": "\u202eevil"}, Rejected("webhook_refused")),
    ],
)
def test_what_an_answer_means(status: int, headers: dict[str, str], said: dict[str, Any], means: BridgeError) -> None:
    found = refusal(status, headers, said, NOW)
    assert (type(found), str(found)) == (type(means), str(means))
    assert getattr(found, "seconds", None) == getattr(means, "seconds", None)


def test_a_signature_is_what_the_contract_says() -> None:
    made = signatures.signature("secret", b'{"a": 1}', 1_700_000_000)
    # echo -n '1700000000.{"a": 1}' | openssl dgst -sha256 -hmac secret
    assert made == "t=1700000000,v1=942c6f7e34ef5c448cbbbf79276da392036d59f0bd9fb74ba14eb8e83e2bb6cd"
    assert signatures.fault("secret", made, b'{"a": 1}', NOW + 300) is None
    assert signatures.fault("secret", made, b'{"a": 1}', NOW + 301) == "stale_signature"
    assert signatures.fault("secret", made, b'{"a": 1}', NOW - 301) == "stale_signature"
    assert signatures.fault("secret", made, b'{"a": 2}', NOW) == "bad_signature"
    assert signatures.fault("other", made, b'{"a": 1}', NOW) == "bad_signature"
    assert signatures.fault("secret", made.replace("t=17", "t=18"), b'{"a": 1}', NOW) == "bad_signature"
