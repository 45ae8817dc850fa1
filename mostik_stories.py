"""The stories of the seeded demo: who said and did what, with times counted back from now."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bots.emulators.playground.shop import account
from bridge.model.ids import ChatId
from bridge.model.inbound import Sender

#: Ids of the seeded customers by messenger: far from those the emulators give by themselves.
FIRST_CUSTOMER = {"telegram": 720_000_001, "vk": 372_000_001}
SITE = "site"
#: The shop's time of day (Kazan).
SHOP_TIME = timezone(timedelta(hours=3))
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Step:
    """Something somebody did: `who` is "customer" or the first part of an operator's e-mail."""

    at: datetime
    who: str
    verb: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One customer's conversation in one channel, from first to last step.

    `sender` has his account's id, or the shop's own one where he comes by its website.
    """

    channel: str
    sender: Sender
    steps: tuple[Step, ...]

    @property
    def chat(self) -> ChatId:
        """The private chat, which has the customer's id; of a visitor it is known when his channel has named him."""
        return ChatId(self.sender.id)


def read_stories(path: Path, now: datetime) -> list[Story]:
    """Read a file of stories, one JSON object a line, with all times counted back from `now`; earliest first.

    A line is {"name", "username"?, "language", "channel"?, "zone"?, "ends", "steps": [[wait, who, verb, words…]]}:
    `channel` is telegram, vk or site, `zone` where a visitor of the site is; `wait` is the time since the step before,
    `ends` how long ago the last step was ("42m", "1h 5m") or a day and the shop's time of day on it ("5d 14:20").
    Visitors of the site are the shop's customers in their order. Raises ValueError for a line that is none.
    """
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    visitors = iter(range(len(lines)))
    stories = []
    for number, line in enumerate(lines):
        channel = line.get("channel", "telegram")
        sender = _visitor(line, next(visitors)) if channel == SITE else _account(line, channel, number)
        stories.append(Story(channel, sender, _steps(line, now)))
    return sorted(stories, key=lambda story: story.steps[0].at)


def _account(line: dict[str, Any], channel: str, number: int) -> Sender:
    return Sender(str(FIRST_CUSTOMER[channel] + number), line["name"], line.get("username", ""), line["language"])


def _visitor(line: dict[str, Any], number: int) -> Sender:
    known = account(number, line["name"])
    return Sender(
        known["userId"],
        line["name"],
        language=line["language"],
        email=known["email"],
        phone=known["phone"],
        time_zone=line.get("zone", "Europe/Moscow"),
    )


def _steps(line: dict[str, Any], now: datetime) -> tuple[Step, ...]:
    at = moment(line["ends"], now) - sum((span(wait) for wait, *_ in line["steps"]), timedelta())
    steps = []
    for wait, who, verb, *words in line["steps"]:
        at += span(wait)
        steps.append(Step(at, who, verb, tuple(words)))
    return tuple(steps)


def span(text: str) -> timedelta:
    """Return the time a word like "42m" or "1h 5m" means."""
    parts = [timedelta(**{UNITS[part[-1]]: int(part[:-1])}) for part in text.split()]
    return sum(parts, timedelta())


def moment(text: str, now: datetime, ahead: bool = False) -> datetime:
    """Return the time a word like "42m" or "5d 14:20" means, before now (or, ahead, after it)."""
    if ":" not in text:
        return now + span(text) if ahead else now - span(text)
    days, _, clock = text.partition(" ")
    hours, _, minutes = clock.partition(":")
    day = now.astimezone(SHOP_TIME) + (span(days) if ahead else -span(days))
    return day.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0).astimezone(UTC)
