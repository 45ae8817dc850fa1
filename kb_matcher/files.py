"""Knowledge-base files: articles.jsonl, labels.jsonl and queries.jsonl, one JSON object a line."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bridge.model.articles import Article, Label
from bridge.model.ids import ArticleId


def read_articles(path: Path) -> list[Article]:
    """Read articles. Raises ValueError with one line that names file, line and fault."""
    articles: dict[str, Article] = {}
    for place, row in _rows(path):
        article = _article(place, row)
        if article.id in articles:
            raise ValueError(f"{place}: id {article.id!r} is there twice")
        articles[article.id] = article
    return list(articles.values())


def read_labels(path: Path) -> list[Label]:
    """Read labelled texts. Raises ValueError with one line that names file, line and fault."""
    labels = []
    for place, row in _rows(path):
        if "article_id" not in row:
            raise ValueError(f'{place}: "article_id" is missing (null: nothing fits)')
        article = _text(place, row, "article_id", None)
        labels.append(Label(_text(place, row, "text") or "", ArticleId(article) if article is not None else None))
    return labels


def read_texts(path: Path) -> list[str]:
    """Read the texts of queries and nothing else of them. Raises ValueError as read_labels does."""
    return [_text(place, row, "text") or "" for place, row in _rows(path)]


def write_articles(path: Path, articles: Iterable[Article]) -> None:
    """Write articles so that read_articles reads the same id, title, questions, answer, lang, team and tags."""
    _write(path, (_article_row(article) for article in articles))


def write_labels(path: Path, labels: Iterable[Label]) -> None:
    """Write labels so that read_labels reads the same."""
    _write(path, ({"text": label.text, "article_id": label.article_id} for label in labels))


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _article_row(article: Article) -> dict[str, Any]:
    row: dict[str, Any] = {"id": article.id, "title": article.title, "questions": list(article.questions)}
    row["answer"] = article.answer
    optional = {"lang": article.lang, "team": article.team, "tags": list(article.tags) or None}
    return row | {name: value for name, value in optional.items() if value is not None}


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object with its place ("file:line"), empty lines left out."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}:{number}", _object(f"{path}:{number}", line)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 at byte {error.start}") from error


def _object(place: str, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ValueError(f"{place}: not JSON: {error}") from error
    if not isinstance(row, dict):
        raise ValueError(f"{place}: not a JSON object")
    return row


def _article(place: str, row: dict[str, Any]) -> Article:
    id_ = row.get("id")
    if not isinstance(id_, str) or not id_.strip():
        raise ValueError(f'{place}: "id" has to be a text that is not empty')
    title, questions = _text(place, row, "title", "") or "", _texts(place, row, "questions")
    if not title.strip() and not any(question.strip() for question in questions):
        raise ValueError(f'{place}: article {id_!r} has neither "title" nor "questions"')
    return Article(
        id=ArticleId(id_),
        title=title or questions[0],
        answer=_text(place, row, "answer", "") or "",
        questions=questions,
        lang=_text(place, row, "lang", None),
        team=_text(place, row, "team", None),
        tags=_texts(place, row, "tags"),
        state=_text(place, row, "state", None) or "published",
    )


_REQUIRED = object()


def _text(place: str, row: dict[str, Any], name: str, default: object = _REQUIRED) -> str | None:
    value = row.get(name, default)
    if isinstance(value, str) or (value is None and default is not _REQUIRED):
        return value
    raise ValueError(f'{place}: "{name}" is missing' if value is _REQUIRED else f'{place}: "{name}" has to be a text')


def _texts(place: str, row: dict[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f'{place}: "{name}" has to be a list of texts')
    return tuple(value)


def sample_questions(path: Path, count: int = 3) -> list[str]:
    """Return the first wordings of the first articles, written as one asks. Raises ValueError, OSError."""
    asked = [article.questions[0] for article in read_articles(path) if article.questions][:count]
    return [f"{one[0].upper()}{one[1:].rstrip('?')}?" for one in asked]
