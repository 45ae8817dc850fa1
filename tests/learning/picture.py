"""The curve of a simulated month as a picture: what the bot could answer by itself, and what it does."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.learning.lives import mean, spread
from tests.learning.month import Day

SIZE = (960, 600)
LEFT, TOP, RIGHT, BOTTOM = 80, 106, 930, 520  # edges of the field, pixels
INK, FAINT = "#1f2937", "#d7dce3"
BAND = "2c"  # how much of its colour a band between lowest and highest has, hexadecimal
#: What is drawn: its words, colour, and value of a day (None: nothing to draw that day).
LINES: tuple[tuple[str, str, Callable[[Day], float | None]], ...] = (
    ("new questions: first place is right", "#6b7280", lambda day: day.accuracy),
    ("new questions: could be answered, 95 % right", "#0f766e", lambda day: day.coverage),
    ("usual questions: could be answered, 95 % right", "#2563eb", lambda day: day.tomorrow),
    ("customers answered by the bot", "#9333ea", lambda day: day.given / day.asked if day.asked else None),
    ("right, of these answers", "#d97706", lambda day: day.right / day.given if day.given >= 10 else None),
)


def draw(path: Path, lives: Sequence[Sequence[Day]]) -> None:
    """Write a PNG: days across, shares upright; lines are means over the lives, bands reach from lowest to highest."""
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image, "RGBA")
    days = mean(lives)
    last = max(days[-1].number, 1)
    _field(pen, last)
    opened = next((day for day in days if day.threshold is not None), None)
    if opened is not None:
        x = _across(opened.number, last)
        pen.line([(x, TOP), (x, BOTTOM)], fill=INK, width=1)
        words = f"day {opened.number}, {opened.labels} labels: automatic answers are open in every life"
        pen.text((x + 6, BOTTOM - 8), words, fill=INK, font=ImageFont.load_default(15), anchor="lb")
    for place, (words, colour, value) in enumerate(LINES):
        found = spread(lives, value)
        if len(found) > 1:
            low = [(_across(day, last), _upright(least)) for day, least, _, _ in found]
            high = [(_across(day, last), _upright(most)) for day, _, _, most in found]
            pen.polygon([*low, *reversed(high)], fill=f"{colour}{BAND}")
            pen.line(
                [(_across(day, last), _upright(middle)) for day, _, middle, _ in found],
                fill=colour,
                width=3,
                joint="curve",
            )
        x = LEFT + (place % 2) * 430
        y = 24 + (place // 2) * 26
        pen.line([(x, y), (x + 26, y)], fill=colour, width=4)
        pen.text((x + 34, y), words, fill=INK, font=ImageFont.load_default(17), anchor="lm")
    image.save(path, "PNG", optimize=True)


def _field(pen: ImageDraw.ImageDraw, last: int) -> None:
    small, large = ImageFont.load_default(16), ImageFont.load_default(19)
    for tenth in range(11):
        y = _upright(tenth / 10)
        pen.line([(LEFT, y), (RIGHT, y)], fill=FAINT)
        pen.text((LEFT - 8, y), f"{tenth * 10} %", fill=INK, font=small, anchor="rm")
    for day in range(0, last + 1, 5 if last > 12 else 1):
        x = _across(day, last)
        pen.line([(x, BOTTOM), (x, BOTTOM + 5)], fill=INK)
        pen.text((x, BOTTOM + 10), str(day), fill=INK, font=small, anchor="ma")
    pen.text(((LEFT + RIGHT) / 2, SIZE[1] - 16), "day", fill=INK, font=large, anchor="mb")


def _across(day: int, last: int) -> float:
    return LEFT + (RIGHT - LEFT) * day / last


def _upright(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share
