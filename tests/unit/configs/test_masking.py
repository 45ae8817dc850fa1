"""Secrets are shown masked and never stand in a repr."""

from pathlib import Path

import pytest

from configs.masking import is_secret, mask, mask_address
from configs.settings import Settings, load, masked

TOKEN = "123456789:AAfakeFakeFakeFakeWXYZ"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = tmp_path / "mostik.toml"
    path.write_text(
        f'[store]\nurl = "mongodb://bob:long-long-password@h:1/db?authSource=admin"\n'
        f'[bots.telegram]\ntoken = "{TOKEN}"\nwebhook_secret = "abc"\napi_base = "http://u:short@127.0.0.1:1"\n'
        f'[bots.telegram.staff_group]\nchat = -1001\ntoken = "{TOKEN}"\n'
    )
    return load(path, {})


def test_every_key_is_shown_and_no_secret(settings: Settings) -> None:
    shown = dict(masked(settings))
    assert shown["store.url"] == "mongodb://bob:••••word@h:1/db?authSource=admin"
    assert shown["bots.telegram.token"] == shown["bots.telegram.staff_group.token"] == "••••WXYZ"
    assert shown["bots.telegram.webhook_secret"] == "••••"
    assert shown["bots.telegram.api_base"] == "http://u:••••@127.0.0.1:1"
    assert shown["bots.telegram.staff_group.chat"] == "-1001"
    assert shown["bot.answer"] == "auto"
    assert shown["panel.port"] == "8080"


def test_no_secret_stands_in_repr_or_str(settings: Settings) -> None:
    for text in (repr(settings), str(settings), repr(settings.store), str(settings.bus)):
        assert TOKEN not in text
        assert "password" not in text
        assert "short" not in text


@pytest.mark.parametrize(
    ("secret", "shown"),
    [("", ""), ("1", "••••"), ("123456789012", "••••"), ("1234567890123", "••••0123")],
)
def test_only_long_secrets_show_their_end(secret: str, shown: str) -> None:
    assert mask(secret) == shown


@pytest.mark.parametrize(
    "key", ["token", "bots.vk.secret", "webhook_secret", "API_KEY", "smtp_password", "access_token"]
)
def test_secrets_are_known_by_name(key: str) -> None:
    assert is_secret(key)


@pytest.mark.parametrize("key", ["token_file", "keyboard", "panel.host", "secretary", "bot.answer"])
def test_other_names_are_no_secrets(key: str) -> None:
    assert not is_secret(key)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("plain text", "plain text"),
        ("https://desk.example/a?b=c", "https://desk.example/a?b=c"),
        ("redis://h/0?password=hunter2&db=1", "redis://h/0?password=••••&db=1"),
        ("mongodb://u:p@ss@h/db", "mongodb://u:••••@h/db"),
        ("http://[broken", "••••oken"),
    ],
)
def test_addresses_lose_their_passwords(address: str, shown: str) -> None:
    assert mask_address(address) == shown
