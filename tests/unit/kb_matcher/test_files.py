"""Knowledge-base files: what is read, written, and how faults are named."""

from pathlib import Path

import pytest

from bridge.model.articles import Article, Label
from bridge.model.ids import ArticleId
from kb_matcher.files import read_articles, read_labels, read_texts, write_articles, write_labels

WHOLE = Article(ArticleId("a"), "Заголовок", "Ответ\nв две строки", ("раз?", "два"), "ru", "sales", ("x", "y"))


def test_articles_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    articles = [WHOLE, Article(ArticleId("b"), "Only a title", "")]
    write_articles(path, articles)
    assert read_articles(path) == articles
    assert '"team"' not in path.read_text("utf-8").splitlines()[1]


def test_labels_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    labels = [Label("где?", ArticleId("a")), Label("пока", None)]
    write_labels(path, labels)
    assert read_labels(path) == labels
    assert read_texts(path) == ["где?", "пока"]


def test_a_title_or_questions_suffice(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text('\ufeff{"id": "a", "questions": ["как?"]}\n\n{"id": "b", "title": "T", "answer": null}\n', "utf-8")
    first, second = read_articles(path)
    assert (first.title, first.questions, second.title, second.answer) == ("как?", ("как?",), "T", "")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"title": "x"}', '"id"'),
        ('{"id": 5, "title": "x"}', '"id"'),
        ('{"id": "a"}', 'neither "title" nor "questions"'),
        ('{"id": "a", "title": "  ", "questions": [""]}', 'neither "title" nor "questions"'),
        ('{"id": "a", "title": 3}', '"title" has to be a text'),
        ('{"id": "a", "title": "x", "questions": "y"}', '"questions" has to be a list'),
        ('{"id": "a", "title": "x", "tags": [1]}', '"tags" has to be a list'),
        ('{"id": "ok", "title": "x"}', "'ok' is there twice"),
    ],
)
def test_faults_of_articles_are_named(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text('{"id": "ok", "title": "x"}\n\n' + line + "\n", "utf-8")
    with pytest.raises(ValueError, match=r"articles\.jsonl:3: ") as caught:
        read_articles(path)
    assert fault in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "fault"),
    [('{"text": "x"}', '"article_id" is missing'), ('{"article_id": null}', '"text" is missing'), ("1", "not a JSON")],
)
def test_faults_of_labels_are_named(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(line, "utf-8")
    with pytest.raises(ValueError, match=r"labels\.jsonl:1: ") as caught:
        read_labels(path)
    assert fault in str(caught.value)


def test_absent_and_binary_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"gone\.jsonl: No such file"):
        read_articles(tmp_path / "gone.jsonl")
    (tmp_path / "bin.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"bin\.jsonl: not UTF-8"):
        read_labels(tmp_path / "bin.jsonl")
