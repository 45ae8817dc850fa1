"""A moment to come as people write it, Russian or English: "30m", "2 часа", "tomorrow 9:00", "пн", "25.12 10:30"; pure.

What is no such moment gives None: a person is asked again, nothing is guessed.
"""

import re
from datetime import datetime, time, timedelta

#: When a day begins for whoever names no hour: as in the panel.
MORNING = time(10)
#: Longer than this nobody means.
FARTHEST = timedelta(days=366)

_UNITS = {
    "minutes": ("m", "min", "mins", "minute", "minutes", "м", "мин", "минут", "минута", "минуту", "минуты"),
    "hours": ("h", "hr", "hrs", "hour", "hours", "ч", "час", "часа", "часов"),
    "days": ("d", "day", "days", "д", "день", "дня", "дней", "сут", "сутки"),
    "weeks": ("w", "week", "weeks", "н", "нед", "неделя", "неделю", "недели", "недель"),
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words}
_DAYS = (
    ("mon", "monday", "пн", "понедельник"),
    ("tue", "tuesday", "вт", "вторник"),
    ("wed", "wednesday", "ср", "среда", "среду"),
    ("thu", "thursday", "чт", "четверг"),
    ("fri", "friday", "пт", "пятница", "пятницу"),
    ("sat", "saturday", "сб", "суббота", "субботу"),
    ("sun", "sunday", "вс", "воскресенье"),
)
_WEEKDAY = {word: number for number, words in enumerate(_DAYS) for word in words}
_AHEAD = {"today": 0, "сегодня": 0, "tomorrow": 1, "завтра": 1, "послезавтра": 2}
_SPAN = re.compile(r"(\d{1,4})\s*([a-zа-я]*)")
_SMALL = frozenset({"in", "at", "on", "till", "until", "through", "через", "в", "во", "на", "до", "к"})
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?|(\d{4})-(\d{2})-(\d{2})")


def moment(text: str, now: datetime) -> datetime | None:
    """Return the moment a text names, after `now` and in its zone; None: it names none."""
    words = [word for word in text.lower().replace("ё", "е").replace(",", " ").split() if word not in _SMALL]
    if not words:
        return None
    # "в 9" is an hour, "через 9" and "9" are minutes.
    hour = text.split()[0].lower() in ("at", "в", "во") and len(words) == 1
    found = (None if hour else _span(" ".join(words), now)) or _day(words, now)
    return found if found is not None and now < found <= now + FARTHEST else None


def _span(text: str, now: datetime) -> datetime | None:
    total, end = timedelta(0), 0
    for part in _SPAN.finditer(text):
        if text[end : part.start()].strip():
            return None
        unit = _UNIT.get(part[2]) if part[2] else "minutes" if text == part[1] else None
        if unit is None:
            return None
        total += timedelta(**{unit: int(part[1])})
        end = part.end()
    return now + total if timedelta(0) < total <= FARTHEST and not text[end:].strip() else None


def _day(words: list[str], now: datetime) -> datetime | None:
    head, rest = words[0], words[1:]
    if head in _AHEAD:
        return _at(now + timedelta(days=_AHEAD[head]), rest)
    if head in _WEEKDAY:
        return _at(now + timedelta(days=(_WEEKDAY[head] - now.weekday() - 1) % 7 + 1), rest)
    date = _DATE.fullmatch(head)
    if date is not None and (rest or not _is_clock(head)):
        return _at(_dated(date, now), rest)
    today = _at(now, words)
    return today + timedelta(days=1) if today is not None and today <= now else today


def _is_clock(text: str) -> bool:
    """Tell whether "10.30" is an hour: as a date it would have a thirtieth month."""
    hours, _, minutes = text.partition(".")
    return minutes.isdecimal() and int(minutes) > 12 and int(hours) < 24


def _dated(date: re.Match[str], now: datetime) -> datetime | None:
    try:
        if date[4]:
            return now.replace(year=int(date[4]), month=int(date[5]), day=int(date[6]))
        found = now.replace(year=int(date[3] or now.year), month=int(date[2]), day=int(date[1]))
        return found if date[3] or found.date() >= now.date() else found.replace(year=found.year + 1)
    except ValueError:
        return None


def _at(day: datetime | None, words: list[str]) -> datetime | None:
    if day is None or len(words) > 1:
        return None
    clock = MORNING
    if words:
        match = _CLOCK.fullmatch(words[0])
        if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
            return None
        clock = time(int(match[1]), int(match[2] or 0))
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
