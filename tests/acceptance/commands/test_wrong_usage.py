"""Wrong usage of the command line: one line that says what to do, the right exit code, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def mostik(folder: Path, *arguments: str) -> tuple[int, str, str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("MOSTIK_")}
    done = subprocess.run(
        [sys.executable, "-m", "mostik", *arguments],
        cwd=folder, env={**bare, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_mostik_without_settings_does_not_pretend_to_run(tmp_path: Path) -> None:
    code, out, err = mostik(tmp_path, "run")
    assert (code, out) == (1, "")
    assert err == "mostik: no mostik.toml in this folder: `mostik init` makes one, --config names another\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo", "--port", "99999"),
        ("demo", "--port", "-1"),
        ("emulate", "telegram", "--port", "99999"),
        ("kb", "match", "доставка", "--limit", "-1"),
        ("kb", "predict", "--articles", "a", "--queries", "q", "--out", "o", "--limit", "0"),
        ("operator", "add", "a@b.example", "--name", "A", "--role", "admin", "--telegram-id", "-7"),
    ],
)
def test_numbers_out_of_their_range_are_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, _, err = mostik(tmp_path, *arguments)
    assert code == 2
    assert err.splitlines()[-1].startswith("mostik ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "mode", "url"), [("vk", "callback", ""), ("telegram", "webhook", "http://desk.example.com")]
)
def test_a_messenger_that_is_to_call_needs_an_address(tmp_path: Path, kind: str, mode: str, url: str) -> None:
    table = f'[panel]\npublic_url = "{url}"\n[bots.{kind}]\ntoken = "5000001:{"A" * 35}"\nmode = "{mode}"\n'
    (tmp_path / "mostik.toml").write_text(table, encoding="utf-8")
    code, _, err = mostik(tmp_path, "run")
    assert (code, err) == (1, f"mostik: bots.{kind}.mode: needs panel.public_url with https\n")
    code, out, _ = mostik(tmp_path, "run", "--check")
    assert code == 1
    assert f"FAIL  bots.{kind}.mode = {mode}  (needs panel.public_url with https)" in out


def test_a_check_says_in_words_what_is_wrong_with_each_messenger(tmp_path: Path) -> None:
    away = f'token = "5000001:{"A" * 35}"\napi_base = "http://127.0.0.1:9"\n'
    (tmp_path / "mostik.toml").write_text(f"[bots.vk]\n{away}[bots.telegram]\n{away}", encoding="utf-8")
    code, out, _ = mostik(tmp_path, "run", "--check")
    assert code == 1
    assert {f"FAIL  bots.{kind}: the messenger cannot be reached" for kind in ("vk", "telegram")} <= {*out.splitlines()}


def test_a_nameless_account_is_refused(tmp_path: Path) -> None:
    code, _, err = mostik(tmp_path, "operator", "add", "a@b.example", "--name", " ", "--role", "admin")
    assert (code, err) == (1, "mostik: name: must not be empty\n")


def test_a_base_without_labels_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "title": "Где заказ?", "answer": "Там"}\n', encoding="utf-8")
    code, out, _ = mostik(tmp_path, "kb", "import", "a.jsonl")
    assert code == 0
    assert "exact wordings alone" in out


def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    import fcntl

    with (tmp_path / ".lock").open("w", encoding="ascii") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        code, _, err = mostik(tmp_path, "demo", "--port", "0", "--data", ".")
    assert code == 1
    assert "another demo runs on this folder" in err
