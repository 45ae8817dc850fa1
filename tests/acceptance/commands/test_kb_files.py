"""`mostik kb import`, `export` and `undo`: files in and out beside a running Mostik, broken rows named by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from mostik import main

FIRST = {"id": "a", "title": "Доставка", "questions": ["когда привезут"], "answer": "Завтра", "tags": ["сроки"]}
SECOND = {"id": "b", "title": "Возврат", "questions": ["как вернуть"], "answer": "Легко", "lang": "ru"}


@pytest.fixture
def config(tmp_path: Path) -> list[str]:
    settings = tmp_path / "mostik.toml"
    settings.write_text(f'[store]\nurl = "sqlite:///{tmp_path / "store.sqlite3"}"\n', encoding="utf-8")
    assert main(["migrate", "--config", str(settings)]) == 0
    return ["--config", str(settings)]


def jsonl(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def exported(config: list[str], path: Path) -> list[dict[str, Any]]:
    assert main(["kb", "export", *config, str(path)]) == 0
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "folder"])
def test_what_was_exported_is_imported_elsewhere_without_loss(
    name: str, tmp_path: Path, config: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["kb", "import", *config, jsonl(tmp_path / "in.jsonl", FIRST, SECOND)]) == 0
    assert "articles: 2 (new: 2" in capsys.readouterr().out
    before = exported(config, tmp_path / "before.jsonl")
    assert [row["title"] for row in before] == ["Доставка", "Возврат"]
    assert main(["kb", "export", *config, str(tmp_path / name)]) == 0
    capsys.readouterr()
    assert main(["kb", "import", *config, str(tmp_path / name), "--dry-run"]) == 0
    assert "new: 0, changed: 0, unchanged: 2, broken: 0" in capsys.readouterr().out
    other = ["--config", str(tmp_path / "other.toml")]
    Path(other[1]).write_text(f'[store]\nurl = "sqlite:///{tmp_path / "other.sqlite3"}"\n', encoding="utf-8")
    assert main(["migrate", *other]) == 0
    assert main(["kb", "import", *other, str(tmp_path / name)]) == 0
    assert exported(other, tmp_path / "after.jsonl") == before


def test_an_import_is_undone(tmp_path: Path, config: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kb", "import", *config, jsonl(tmp_path / "in.jsonl", FIRST)]) == 0
    before = exported(config, tmp_path / "before.jsonl")
    capsys.readouterr()
    assert main(["kb", "import", *config, jsonl(tmp_path / "in.jsonl", FIRST | {"answer": "Нет"}, SECOND)]) == 0
    out = capsys.readouterr().out
    id = out.partition("mostik kb undo ")[2].partition("`")[0]
    assert main(["kb", "undo", *config, id]) == 0
    assert capsys.readouterr().out == "removed: 1, brought back: 1, left: 0\n"
    assert exported(config, tmp_path / "after.jsonl") == before
    assert main(["kb", "undo", *config, "none"]) == 1


def test_broken_rows_are_named_and_nothing_is_taken(
    tmp_path: Path, config: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = jsonl(tmp_path / "in.jsonl", FIRST, {"id": "c"}, FIRST)
    capsys.readouterr()
    assert main(["kb", "import", *config, path]) == 1
    out, err = capsys.readouterr()
    assert (out, err.splitlines()) == (
        "",
        [f"{path}:2: title is missing", f"{path}:2: questions is missing", f"{path}:3: id is there twice"],
    )
    assert exported(config, tmp_path / "none.jsonl") == []
    assert main(["kb", "import", *config, path, "--skip-broken"]) == 0
    assert [row["id"] for row in exported(config, tmp_path / "one.jsonl")] == ["a"]


def test_a_table_with_other_headings_and_a_file_that_is_no_text(
    tmp_path: Path, config: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "faq.csv"
    table.write_text("Вопрос;Ответ\nКогда привезут;Завтра\n", encoding="utf-8")
    mapped = ["--map", "Вопрос=questions", "--map", "Ответ=answer"]
    assert main(["kb", "import", *config, str(table), *mapped]) == 0
    (row,) = exported(config, tmp_path / "one.jsonl")
    assert (row["questions"], row["answer"]) == (["Когда привезут"], "Завтра")
    table.write_bytes("Вопрос".encode("cp1251"))
    capsys.readouterr()
    assert main(["kb", "import", *config, str(table)]) == 1
    assert capsys.readouterr().err == f"mostik: {table}: not UTF-8 at byte 0\n"
    assert main(["kb", "import", *config, str(tmp_path / "gone.jsonl")]) == 1
    with pytest.raises(SystemExit) as wrong:
        main(["kb", "import", *config, str(tmp_path), "--map", "=x"])
    assert wrong.value.code == 2
