"""Whole files: the format of predictions, what is read, and figures."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from bridge.model.articles import Label, Library
from kb_matcher.files import write_articles, write_labels
from kb_matcher.predict import evaluate, predict

QUERIES = ("есть ли аренда", "столица чили", "🙂", "есть ли аренда", "почём починить тормоза")


@pytest.fixture
def articles(tmp_path: Path, library: Library) -> Path:
    path = tmp_path / "articles.jsonl"
    write_articles(path, library.articles)
    return path


def queries(path: Path, ids: list[str | None]) -> Path:
    write_labels(path, [Label(text, one) for text, one in zip(QUERIES, ids, strict=True)])
    return path


def test_one_line_a_query_in_order(tmp_path: Path, articles: Path) -> None:
    asked = queries(tmp_path / "q.jsonl", ["rent", None, None, "rent", "price"])
    report = predict(articles, asked, tmp_path / "p.jsonl", limit=3)
    rows = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text("utf-8").splitlines()]
    assert [row["text"] for row in rows] == list(QUERIES)
    assert [row["decision"] for row in rows[:3]] == ["answer", "none", "none"]
    for row in rows:
        assert set(row) == {"text", "ranked", "decision"}
        assert len(row["ranked"]) <= 3
        sure = [one["confidence"] for one in row["ranked"]]
        assert all(0 <= value <= 1 for value in sure)
        assert all(higher > lower for higher, lower in pairwise(sure))
    assert rows[0]["ranked"][0]["article_id"] == "rent"
    assert report.queries == 5
    assert 0 < report.p50_ms <= report.p99_ms
    assert report.peak_mb > 10
    assert any("p99" in line for line in report.lines())


def test_the_article_of_a_query_is_never_read(tmp_path: Path, articles: Path) -> None:
    told = queries(tmp_path / "told.jsonl", ["rent", None, None, "rent", "price"])
    untold = tmp_path / "untold.jsonl"
    untold.write_text("\n".join(json.dumps({"text": text}) for text in QUERIES), "utf-8")
    predict(articles, told, tmp_path / "one.jsonl")
    predict(articles, untold, tmp_path / "two.jsonl")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_labels_change_the_thresholds(tmp_path: Path, articles: Path, many_labels: tuple[Label, ...]) -> None:
    asked = queries(tmp_path / "q.jsonl", [None] * 5)
    write_labels(tmp_path / "labels.jsonl", many_labels)
    assert predict(articles, asked, tmp_path / "p.jsonl").thresholds.answer is None
    trained = predict(articles, asked, tmp_path / "p.jsonl", tmp_path / "labels.jsonl")
    assert trained.thresholds.answer is not None


def test_evaluate_counts(tmp_path: Path, articles: Path) -> None:
    heard: list[tuple[int, int]] = []
    asked = queries(tmp_path / "q.jsonl", ["rent", None, None, "hours", "price"])
    found = evaluate(articles, asked, progress=lambda done, total: heard.append((done, total)))
    assert (found.scores.in_scope, found.scores.out_of_scope) == (3, 2)
    assert found.scores.accuracy_at_1 == pytest.approx(2 / 3)
    assert (found.scores.answered, found.scores.precision) == (2, 0.5)
    assert heard[-1] == (5, 5)


def test_an_unwritable_place_is_named(tmp_path: Path, articles: Path) -> None:
    asked = queries(tmp_path / "q.jsonl", [None] * 5)
    with pytest.raises(ValueError, match=r"nowhere.p\.jsonl: No such file"):
        predict(articles, asked, tmp_path / "nowhere" / "p.jsonl")
