"""`mostik run` is killed three times while customers write: nothing is lost, doubled or disordered."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).with_name("run.py")
#: Starts of a process on a machine that does much else; the run itself gives up on what makes no progress.
SECONDS = 600


@pytest.mark.chaos
@pytest.mark.slow
async def test_three_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    out = tmp_path / "chaos.json"
    asked = {"--messages": 200, "--customers": 20, "--kills": 3, "--rate": 20, "--mode": "webhook"}
    asked |= {"--store": "sqlite", "--keep": tmp_path / "kept", "--out": out}
    run = await asyncio.create_subprocess_exec(
        sys.executable,
        RUN,
        *(str(part) for option in asked.items() for part in option),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        told, _ = await asyncio.wait_for(run.communicate(), SECONDS)
    finally:
        if run.returncode is None:
            run.terminate()
            await run.wait()
    assert run.returncode == 0, told.decode()
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert {name: figures[name] for name in ("messages", "kills", "lost", "doubled", "disordered")} == {
        "messages": 200,
        "kills": 3,
        "lost": 0,
        "doubled": 0,
        "disordered": 0,
    }
    # Words that waited together share an answer, and a kill cuts one send of a chat in two at most.
    assert figures["answers"] > 20
    assert figures["unknown"] < figures["answers"] / 2
