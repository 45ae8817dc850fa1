"""Files of the knowledge base: each format reads what it wrote, and names the place of what it cannot read."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.library.files.formats import FORMATS, read, write
from bridge.library.files.formats.records import FIELDS, File, Row
from bridge.model.articles import Article, Button, Variant
from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, FileId

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
HOSTILE = st.sampled_from(["=1+1", "'", "''@x", "[a, b]", "---", "a, b", "x\ny", "\r\n", '"', "- x", "# x", " ", ";\t"])
WORDS = TEXT | HOSTILE
FILLED = WORDS.filter(str.strip)
BUTTONS = st.lists(st.builds(Button, FILLED, st.none() | st.just(ArticleId("b")), st.just("")), max_size=2).map(tuple)
ARTICLES = st.builds(
    Article,
    id=st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=9).filter(lambda id: id == id.strip()),
    title=WORDS,
    answer=WORDS,
    questions=st.lists(FILLED, max_size=3).map(tuple),
    lang=st.none() | st.just("ru"),
    team=st.none() | st.just("Отдел"),
    tags=st.lists(FILLED, max_size=2).map(tuple),
    state=st.sampled_from(["draft", "review", "published", "archived"]),
    variants=st.lists(st.builds(Variant, FILLED, st.just("vk"), st.just("en"), BUTTONS), max_size=2).map(tuple),
    buttons=BUTTONS,
    files=st.just(()) | st.just((Attachment(FileId("f"), "photo", "a.png", "image/png", 5, 2, 3),)),
    valid_from=st.none() | st.just(datetime(2026, 1, 2, 3, 4, 5, 6000, tzinfo=UTC)),
)


def article_of(row: Row) -> Article:
    """Return the article a row makes where none is."""
    return replace(Article(ArticleId(row.id), "", ""), **row.values)


@pytest.mark.parametrize("form", FORMATS)
@given(articles=st.lists(ARTICLES, max_size=3, unique_by=lambda one: one.id))
def test_what_was_written_is_read_without_loss(form: str, articles: list[Article]) -> None:
    rows = read(form, write(form, articles))
    assert [row.faults for row in rows] == [[] for _ in articles]
    assert [article_of(row) for row in rows] == articles
    assert all(row.values.keys() | {"id"} == set(FIELDS) for row in rows)


def faults(form: str, text: str) -> dict[str, list[tuple[str, str]]]:
    """Return what is wrong with a file by place."""
    return {row.place: row.faults for row in read(form, [File("a", text)]) if row.faults}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", ("row", "bad_json")),
        ("[" * 100_000, ("row", "bad_json")),
        ("[]", ("row", "no_object")),
        ('{"title": "x"}', ("id", "required")),
        ('{"id": 5, "title": "x"}', ("id", "invalid")),
        ('{"id": "a", "title": 5}', ("title", "no_text")),
        ('{"id": "a", "title": "\\ud800"}', ("title", "broken_text")),
        ('{"id": "a", "questions": "x"}', ("questions", "no_list")),
        ('{"id": "a", "questions": ["x", 5]}', ("questions.1", "no_text")),
        ('{"id": "a", "state": "gone"}', ("state", "unknown_value")),
        ('{"id": "a", "valid_from": "soon"}', ("valid_from", "no_time")),
        ('{"id": "a", "variants": ["x"]}', ("variants.0", "no_object")),
        ('{"id": "a", "files": [{"id": "f", "size": true}]}', ("files.0", "no_number")),
    ],
)
def test_a_broken_line_is_named_with_its_number(line: str, fault: tuple[str, str]) -> None:
    assert faults("jsonl", f'{{"id": "fine", "title": "x"}}\n\n{line}\n') == {"a:3": [fault]}


def test_a_contract_line_needs_an_id_and_a_title_or_wordings_alone() -> None:
    (row,) = read("jsonl", [File("a", '\ufeff{"id": "a", "questions": ["как"], "more": 1}')])
    assert (row.faults, row.values, row.unknown) == ([], {"questions": ("как",)}, ["more"])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('title\n"x\n', {"a:2": [("row", "bad_csv")]}),
        ("id,answer\na,b\n", {"a:1": [("row", "no_heading")]}),
        ("title,title\na,b\n", {"a:1": [("title", "twice")]}),
        ('title,answer\n"a\nb",1\nc,1,2\n', {"a:4": [("row", "too_many_cells")]}),
        ("title,variants\na,нет\n", {"a:2": [("variants", "no_list")]}),
    ],
)
def test_a_broken_table_is_named_with_its_line(text: str, wrong: Any) -> None:
    assert faults("csv", text) == wrong


def test_a_table_of_a_spreadsheet_is_read_with_its_own_headings() -> None:
    text = "\ufeffВопрос;Ответ;tags\r\nКогда привезут;Завтра;доставка, сроки\r\n;;\r\n"
    columns = {"Вопрос": "questions", "Ответ": "answer"}
    (row,) = read("csv", [File("a", text)], columns)
    assert row.faults == []
    assert row.values == {"questions": ("Когда привезут",), "answer": "Завтра", "tags": ("доставка", "сроки")}
    (again,) = read("csv", [File("a", text)], columns)
    assert row.id == again.id


def test_markdown_written_by_hand_is_read() -> None:
    text = "---\nlang: ru\ntags:\n  - доставка\n  - сроки\nquestions:\n- Когда?\n---\n# Сроки\n\nЗавтра.\n"
    (row,) = read("markdown", [File("faq/dostavka%20msk.md", text)])
    assert (row.id, row.faults, row.place) == ("dostavka msk", [], "faq/dostavka%20msk.md")
    assert row.values == {
        "lang": "ru",
        "tags": ("доставка", "сроки"),
        "questions": ("Когда?",),
        "title": "Сроки",
        "answer": "Завтра.",
    }
    (broken,) = read("markdown", [File("x.md", "---\nlang: ru\nчто это\n---\nОтвет")])
    assert (broken.place, broken.faults) == ("x.md:3", [("row", "bad_head")])
