"""Tables of customers and one person's data, by the command line."""

import io
import zipfile
from pathlib import Path

import pytest

from mostik import main

CONFIG = """[store]
url = "sqlite:///{folder}/store.sqlite3"
[customers.fields.level]
kind = "choice"
ru = "Уровень"
en = "Level"
choices = ["Новый", "Свой"]
"""
TABLE = "Код,ФИО,Почта,Уровень\nk1,Анна,anna@shop.example,Свой\nk2,Борис,boris@,Новый\nk3,Вера,,Другой\n"


def test_a_table_goes_in_and_out_and_one_person_is_erased(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mostik.toml").write_text(CONFIG.format(folder=tmp_path), encoding="utf-8")
    (tmp_path / "in.csv").write_bytes(TABLE.encode("cp1251"))

    def run(*words: str, code: int = 0) -> str:
        assert main([*words, "--config", str(tmp_path / "mostik.toml")]) == code
        out, err = capsys.readouterr()
        return out + err

    def bring(name: str, *more: str, code: int = 0) -> str:
        return run("customers", "import", str(tmp_path / name), *more, code=code)

    run("migrate")
    shown = bring("in.csv", "--preview")
    assert "letters: Windows-1251; delimiter: ," in shown
    assert "Уровень -> field.level: Свой | Новый | Другой" in shown
    assert "1 new, 0 changed, 0 unchanged, 2 refused (nothing was written)" in bring("in.csv", "--dry-run", code=1)
    told = bring("in.csv", "--report", str(tmp_path / "bad.csv"), code=1)
    assert "1 new, 0 changed, 0 unchanged, 2 refused" in told
    report = (tmp_path / "bad.csv").read_text(encoding="utf-8").splitlines()
    assert report[1:] == ["3,email,invalid,is invalid", "4,field.level,unknown_value,is none of the known ones"]
    assert "line 3: email is invalid" in bring("in.csv", code=1)
    assert "map: names a heading the file has not" in bring("in.csv", "--map", "Имя=name", code=1)
    (tmp_path / "more.csv").write_text("A\tB\nk1\tАнна Белова\nk9\tГлеб\n", encoding="utf-8")
    more = bring("more.csv", "--map", "A=external_id", "--map", "B=name", "--delimiter", "tab")
    assert "1 new, 1 changed, 0 unchanged, 0 refused" in more
    run("customers", "export", str(tmp_path / "out.csv"), "--bom")
    assert "0 new, 0 changed, 2 unchanged, 0 refused" in bring("out.csv")
    rows = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    anna = next(row for row in rows if "Анна Белова" in row).split(",")[0]
    run("customers", "export-one", anna, str(tmp_path / "one.zip"))
    with zipfile.ZipFile(io.BytesIO((tmp_path / "one.zip").read_bytes())) as archive:
        assert "anna@shop.example" in archive.read("person.json").decode()
    assert "nobody" in run("customers", "export-one", "nobody", str(tmp_path / "none.zip"), code=1)
    assert not (tmp_path / "none.zip").exists()
    monkeypatch.setattr("builtins.input", lambda question: "no")
    assert "nothing was erased" in run("customers", "erase", anna, code=1)
    assert "erased: 0 conversations, 0 files" in run("customers", "erase", anna, "--yes")
    assert b"anna@shop.example" not in (tmp_path / "store.sqlite3").read_bytes()
    assert anna in run("customers", "erase", anna, "--yes", code=1)


def test_what_was_erased_stands_nowhere_in_the_store_by_its_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mostik.toml").write_text(CONFIG.format(folder=tmp_path), encoding="utf-8")
    table = (
        "external_id,name,email,note\nk1,Аполлинария,apo@zvezda.example,любит крокодилов\nk2,Борис,b@zvezda.example,-\n"
    )
    (tmp_path / "in.csv").write_text(table, encoding="utf-8")

    def run(*words: str, code: int = 0) -> list[str]:
        assert main(["customers", *words, "--config", str(tmp_path / "mostik.toml")]) == code
        return capsys.readouterr().out.splitlines()

    main(["migrate", "--config", str(tmp_path / "mostik.toml")])
    run("import", str(tmp_path / "in.csv"))
    (tmp_path / "store.sqlite3.files").mkdir(exist_ok=True)
    (tmp_path / "store.sqlite3.files" / "left").write_text("КРОКОДИЛОВ", encoding="utf-16")
    found = run("search", "аполлинария", "Крокодилов", code=1)
    assert {"collection customers: 1", "bytes of left: 1", "bytes of store.sqlite3: 1", "found"} <= set(found)
    run("export", str(tmp_path / "out.csv"))
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    run("export", str(tmp_path / "some.csv"), "--q", "аполлинарии", "--created-since", "2020-01-31")
    gone = next(line for line in lines if "Аполлинария" in line)
    assert (tmp_path / "some.csv").read_text(encoding="utf-8").splitlines()[1:] == [gone]
    run("export", str(tmp_path / "some.csv"), "--tag", "опт", "--active-since", "2020-01-31T09:30")
    assert (tmp_path / "some.csv").read_text(encoding="utf-8").splitlines() == lines[:1]
    run("erase", gone.split(",")[0], "--yes")
    (tmp_path / "store.sqlite3.files" / "left").unlink()
    assert run("search", "Аполлинария", "крокодилов", "apo@zvezda.example") == ["found nowhere"]
    assert "found" in run("search", "b@zvezda.example", code=1)
