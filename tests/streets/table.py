"""Every channel there is, by kind: how its street is opened, and a table its door can be opened with.

A new channel is tried by all tests of channels as soon as it has a row here.
"""

import importlib
from dataclasses import dataclass
from typing import Any

from tests.streets import custom, telegram, vk, web
from tests.streets.people import Open


@dataclass(frozen=True)
class Row:
    """One channel: its street, settings without an address that answers, its columns' heads in docs/channels*.md."""

    street: Open
    table: dict[str, Any]
    en: str
    ru: str


STREETS: dict[str, Row] = {
    "telegram": Row(
        telegram.street,
        {"kind": "telegram", "token": "7000000001:AAtests-only-token-of-35-characters"},
        "Telegram",
        "Telegram",
    ),
    "vk": Row(vk.street, {"kind": "vk", "token": vk.TOKEN, "group_id": vk.GROUP}, "VK", "VK"),
    "web": Row(web.street, {"kind": "web", "secret": "the shop's own"}, "Website", "Сайт"),
    "custom": Row(
        custom.street,
        {"kind": "custom", "secret": "the shop's own", "url": "https://shop.example/mostik"},
        "Custom",
        "Свой канал",
    ),
}


def door(kind: str) -> Any:
    """Return the module of a messenger."""
    return importlib.import_module(f"bots.{kind}")


def able(*abilities: type) -> list[str]:
    """Return the kinds whose channel has all these abilities."""
    opened = {kind: door(kind).open("shop", row.table, "https://desk.example/") for kind, row in STREETS.items()}
    return [kind for kind, channel in opened.items() if all(isinstance(channel, each) for each in abilities)]
