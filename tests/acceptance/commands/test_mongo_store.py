"""The command line on a MongoDB store: its commands work there, and say what is wrong without its password."""

from pathlib import Path

import pytest

from mostik import main

SECRET = "hunter2-hunter2"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "mostik.toml"


def told(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.mongo
def test_commands_work_on_a_mongodb_store(mongo_url: str, settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text(f'[store]\nurl = "{mongo_url}"\n', encoding="utf-8")
    config = ["--config", str(settings)]
    assert main(["migrate", *config]) == 0
    assert "current schema" in told(capsys)
    olga = ["operator", "add", *config, "olga@shop.example", "--name", "Ольга", "--role", "admin"]
    assert main(olga) == 0
    assert told(capsys)
    assert main(olga) == 1
    assert "email: is taken already" in told(capsys)
    assert main(["operator", "list", *config]) == 0
    assert "Ольга" in told(capsys)
    assert main(["run", "--check", *config]) == 0
    assert "ok    store: answers and writes" in told(capsys)


@pytest.mark.usefixtures("absent_server")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_server_that_is_away_is_told_without_the_password(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"mongodb://olga:{SECRET}@127.0.0.1:1/shop?serverSelectionTimeoutMS=100"
    settings.write_text(f'[store]\nurl = "{url}"\n', encoding="utf-8")
    config = ["--config", str(settings)]
    assert main(["migrate", *config]) == 1
    words = told(capsys)
    assert "mongodb://127.0.0.1:1/shop: the server does not answer" in words
    assert SECRET not in words
    assert main(["run", "--check", *config]) == 1
    words = told(capsys)
    assert "store.url = mongodb://olga:••••ter2@127.0.0.1:1/shop" in words
    assert "FAIL  store: mongodb://127.0.0.1:1/shop: the server does not answer" in words
    assert SECRET not in words


@pytest.mark.parametrize("command", [["migrate"], ["run", "--check"]], ids=" ".join)
def test_an_address_that_cannot_be_read_is_told_without_the_password(
    command: list[str], settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text(f'[store]\nurl = "mongodb://olga:{SECRET}@x@h/shop"\n[panel]\nport = 0\n', encoding="utf-8")
    assert main([*command, "--config", str(settings)]) == 1
    words = told(capsys)
    assert "store.url: the address cannot be read" in words
    assert SECRET not in words
