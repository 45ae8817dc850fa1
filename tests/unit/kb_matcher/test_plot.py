"""The threshold curve: its steps, its picture; why an article is held back."""

from pathlib import Path

import pytest
from PIL import Image

from bridge.model.articles import Decision, Label, Match, Ranked, Thresholds
from bridge.model.ids import ArticleId
from kb_matcher.explain import held_back
from kb_matcher.measures import Step, curve
from kb_matcher.plot import LINE, draw

A, B = ArticleId("a"), ArticleId("b")


def said(id_: ArticleId, confidence: float, decision: Decision = Decision.OFFER) -> Match:
    return Match(decision, (Ranked(id_, id_, confidence),))


MATCHES = [said(A, 0.9), said(A, 0.7), said(B, 0.7), said(A, 0.2), Match(Decision.NONE)]
LABELS = [Label("1", A), Label("2", A), Label("3", None), Label("4", B), Label("5", A)]


def test_a_step_for_each_confidence_ties_together() -> None:
    assert curve(MATCHES, LABELS) == [
        Step(0.9, 0.2, 0.0),
        Step(0.7, 0.6, pytest.approx(1 / 3)),
        Step(0.2, 0.8, pytest.approx(1 / 2)),
    ]
    assert curve([], []) == []


@pytest.mark.parametrize("count", [0, 1, 5])
def test_the_picture(tmp_path: Path, count: int) -> None:
    draw(tmp_path / "curve.png", MATCHES[:count], LABELS[:count], 0.7 if count else None)
    with Image.open(tmp_path / "curve.png") as image:
        assert image.format == "PNG"
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20) or []}
    assert (tuple(bytes.fromhex(LINE[1:])) in colours) == (count > 0)


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere.c\.png: No such file"):
        draw(tmp_path / "nowhere" / "c.png", MATCHES, LABELS, None)


@pytest.mark.parametrize(
    ("match", "answer", "reason"),
    [
        (said(A, 0.99, Decision.ANSWER), 0.9, ""),
        (Match(Decision.NONE), 0.9, "nothing in the base"),
        (said(A, 0.97), None, "without enough labels"),
        (said(A, 0.97), 0.9, "several articles fit"),
        (said(A, 0.5), 0.9, "0.500 is below 0.900"),
    ],
)
def test_why_an_article_is_held_back(match: Match, answer: float | None, reason: str) -> None:
    assert reason in held_back(match, Thresholds(answer=answer))
