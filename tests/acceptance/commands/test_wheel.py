"""The wheel as somebody installs it who never saw the repository: built, put into an empty environment, started."""

import asyncio
import json
import os
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("bots/", "bridge/", "kb_matcher/", "operator_panel/", "storage/", "configs/")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of what git knows of the working tree."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        source, copy = ROOT / name, folder / "source" / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "-w", str(folder), str(folder / "source")], check=True, capture_output=True, cwd=folder)
    return next(folder.glob("mostik-*.whl"))


def test_everything_the_rooms_hold_is_in_the_wheel_and_no_test_is(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    source = wheel.parent / "source"
    kept = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file()}
    missing = {name for name in kept if name.startswith(ROOMS) and "__pycache__" not in name} - names
    assert not missing
    assert not {name for name in names if name.startswith(("tests/", "benchmarks/", "scripts/"))}


async def test_a_clean_environment_runs_the_demo_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    python = await asyncio.to_thread(_environment, wheel, tmp_path / "env")
    ready = tmp_path / "ready.json"
    command = [python, "-m", "mostik", "demo", "--port", "0", "--data", "data", "--ready-file", str(ready)]
    empty = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MOSTIK_"))}
    demo = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, env=empty, stdout=subprocess.PIPE)
    try:
        async with asyncio.timeout(90):
            while not ready.exists():
                assert demo.returncode is None, "the demo ended"
                await asyncio.sleep(0.1)
        found = json.loads(ready.read_text(encoding="utf-8"))
        for page in (f"{found['panel']}/login", found["playground"], f"{found['panel']}/healthz"):
            assert await asyncio.to_thread(_status, page) == 200, page
    finally:
        if demo.returncode is None:
            demo.terminate()
        await demo.communicate()
    assert demo.returncode == 0


def _environment(wheel: Path, folder: Path) -> str:
    """Make an environment with the pinned dependencies and the wheel; returns its Python."""
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        pytest.skip("uv is not here: environments take minutes without it")
    python = folder / "bin" / "python"
    for command in (
        ["venv", "--quiet", "--python", sys.executable, str(folder)],
        ["pip", "install", "--python", str(python), "--require-hashes", "-r", str(ROOT / "requirements.lock")],
        ["pip", "install", "--python", str(python), "--no-deps", "--offline", str(wheel)],
    ):
        subprocess.run([str(uv), *command], check=True, capture_output=True)
    return str(python)


def _status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=20) as answer:
        status: int = answer.status
        return status
