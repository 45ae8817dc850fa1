"""The threshold curve as a picture: how much the bot would answer, and how much of that would be wrong."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bridge.model.articles import Label, Match
from kb_matcher.measures import PRECISION, Step, curve

SIZE = (960, 600)
LEFT, TOP, RIGHT, BOTTOM = 90, 60, 930, 520  # edges of the field, pixels
MOST_WRONG = 0.5  # top of the upright axis
INK, FAINT, LINE, LIMIT = "#1f2937", "#d7dce3", "#2563eb", "#dc2626"


def draw(path: Path, matches: Sequence[Match], labels: Sequence[Label], answer: float | None) -> None:
    """Write a PNG; `answer` is the threshold in force, marked on the curve. Raises ValueError if it cannot be written.

    Across: share of all texts answered. Upright: wrong ones among the answers, texts that nothing fits included.
    """
    steps = curve(matches, labels)
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    _field(pen)
    points = [_place(step) for step in steps]
    if len(points) > 1:
        pen.line(points, fill=LINE, width=3, joint="curve")
    for threshold in (0.9, 0.8, 0.7, 0.5, 0.3):
        _mark(pen, steps, threshold, f"{threshold:.1f}", LINE)
    if answer is not None:
        _mark(pen, steps, answer, f"in force: {answer:.2f}", INK)
    try:
        image.save(path, "PNG")
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from error


def _field(pen: ImageDraw.ImageDraw) -> None:
    """Draw axes, grid and words."""
    small, large = ImageFont.load_default(16), ImageFont.load_default(20)
    for tenth in range(11):
        x, y = LEFT + (RIGHT - LEFT) * tenth / 10, BOTTOM - (BOTTOM - TOP) * tenth / 10
        pen.line([(x, TOP), (x, BOTTOM)], fill=FAINT)
        pen.line([(LEFT, y), (RIGHT, y)], fill=FAINT)
        pen.text((x, BOTTOM + 8), f"{tenth * 10} %", fill=INK, font=small, anchor="ma")
        pen.text((LEFT - 8, y), f"{tenth * MOST_WRONG * 10:.0f} %", fill=INK, font=small, anchor="rm")
    limit = BOTTOM - (BOTTOM - TOP) * (1 - PRECISION) / MOST_WRONG
    pen.line([(LEFT, limit), (RIGHT, limit)], fill=LIMIT, width=2)
    pen.text((RIGHT, limit - 4), f"{round((1 - PRECISION) * 100)} % wrong", fill=LIMIT, font=small, anchor="rb")
    pen.text(((LEFT + RIGHT) / 2, SIZE[1] - 20), "answered, of all texts", fill=INK, font=large, anchor="mb")
    pen.text((LEFT, TOP - 16), "wrong, of the answers; figures: confidence", fill=INK, font=large, anchor="lb")


def _place(step: Step) -> tuple[float, float]:
    wrong = min(step.wrong, MOST_WRONG) / MOST_WRONG
    return LEFT + (RIGHT - LEFT) * step.answered, BOTTOM - (BOTTOM - TOP) * wrong


def _mark(pen: ImageDraw.ImageDraw, steps: Sequence[Step], threshold: float, word: str, colour: str) -> None:
    """Set a dot where the answers from a threshold up end."""
    answered = [step for step in steps if step.threshold >= threshold]
    if answered:
        x, y = _place(answered[-1])
        pen.ellipse([x - 5, y - 5, x + 5, y + 5], fill=colour)
        pen.text((x + 8, y - 8), word, fill=colour, font=ImageFont.load_default(16), anchor="lb")
