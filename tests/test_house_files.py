"""What must not stand in any file of the project, and what vendored files must be."""

import hashlib
import json
import os
import re
import tomllib
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
SKIPPED = {".git", ".venv", ".venv-mongo", "build", "dist", "demo-data", "node_modules", "vendor"}
SKIPPED |= {"__pycache__", ".hypothesis"}
TEXTS = {"", ".py", ".js", ".css", ".html", ".toml", ".md", ".sh", ".lock", ".yaml", ".yml", ".json", ".jsonl", ".svg"}

LEFTOVER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
REGISTRY = re.compile(r"(?:py" r"pi|npm" r"js|python" r"hosted|deb" r"ian)\.(?:org|com|net)")
MACHINE_PATH = re.compile(r"(?:^|[^.\w])/(?:work|root|farm|tmp)/[a-z.]")


def texts() -> list[Path]:
    """Every text file of ours."""
    found = []
    for folder, below, files in os.walk(HOUSE):
        below[:] = [name for name in below if name not in SKIPPED and not name.endswith((".egg-info", "_cache"))]
        found += [Path(folder, name) for name in files if Path(name).suffix in TEXTS]
    return sorted(found)


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Return "file:line: text" wherever the pattern stands."""
    found = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(HOUSE).as_posix()}:{number}: {line.strip()[:120]}")
    return found


def test_nothing_was_left_for_later() -> None:
    faults = lines_with(LEFTOVER, texts())
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE_PATH], ids=["registry hosts", "machine paths"])
def test_no_address_of_one_place(pattern: re.Pattern[str]) -> None:
    faults = lines_with(pattern, texts())
    assert not faults, "\n" + "\n".join(faults)


def test_locks_pin_everything_with_hashes_and_name_no_index() -> None:
    locks = sorted(HOUSE.glob("requirements*.lock"))
    names = [f"requirements{what}.lock" for what in ("-dev", "-mongo", "-setup", "")]
    assert [lock.name for lock in locks] == names
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        assert not re.search(r"^\s*--(?!hash=)|^-[a-z]", text, re.MULTILINE), f"{lock.name} has an option line"
        blocks = re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"^\s*#.*\n?", "", text, flags=re.MULTILINE).strip())
        bad = [block.split()[0] for block in blocks if "==" not in block.split()[0] or "--hash=sha256:" not in block]
        assert not bad, f"{lock.name}: not pinned with hashes: {bad}"


def test_the_demo_and_the_tests_run_the_same_versions() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (HOUSE / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;]+)", text, re.MULTILINE | re.IGNORECASE))

    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert run
    assert {name: dev.get(name) for name in run} == run


def test_everything_that_is_imported_by_name_is_pinned() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (HOUSE / "requirements.lock").read_text(encoding="utf-8").lower()
    wanted = [re.split(r"[><=~!\[;]", dependency)[0].strip() for dependency in project["dependencies"]]
    assert not [name for name in wanted if f"\n{name}==" not in "\n" + lock]


def test_vendored_files_are_what_their_manifest_says() -> None:
    """A vendor folder's MANIFEST.json lists its files, and others of the folder above it, by path from up there."""
    for folder in (path for path in HOUSE.rglob("vendor") if path.is_dir() and not SKIPPED & set(path.parts[:-1])):
        manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
        assert all({"file", "name", "version", "licence", "sha256"} <= entry.keys() for entry in manifest)
        listed = {(entry["file"], entry["sha256"]) for entry in manifest}
        for file, sha in listed:
            assert hashlib.sha256((folder.parent / file).read_bytes()).hexdigest() == sha, f"{file} was changed"
        code = {path for path in folder.rglob("*") if path.is_file() and "licences" not in path.parts}
        here = {path.relative_to(folder.parent).as_posix() for path in code} - {f"{folder.name}/MANIFEST.json"}
        assert here <= {file for file, _sha in listed}, f"{folder.relative_to(HOUSE)}: files without an entry"
