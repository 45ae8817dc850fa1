"""`mostik run` is killed again and again while customers write: nothing is lost, doubled or disordered."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.mongo_server import MongoServer

RUN = Path(__file__).with_name("run.py")
#: Starts of a process on a machine that does much else; the run itself gives up on what makes no progress.
SECONDS = 600


async def figures_of(folder: Path, asked: dict[str, object]) -> dict[str, Any]:
    """Do a run with these options; returns its figures once it was clean."""
    out = folder / "chaos.json"
    asked = asked | {"--mode": "webhook", "--rate": 20, "--keep": folder / "kept", "--out": out}
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
    figures: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return figures


def clean(messages: int, kills: int) -> dict[str, int]:
    return {"messages": messages, "kills": kills, "lost": 0, "doubled": 0, "disordered": 0}


@pytest.mark.chaos
@pytest.mark.slow
async def test_three_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    figures = await figures_of(tmp_path, {"--store": "sqlite", "--messages": 120, "--customers": 20, "--kills": 3})
    assert figures | clean(120, 3) == figures
    # Words that waited together share an answer, and a kill cuts one send of a chat in two at most.
    assert figures["answers"] > 20
    assert figures["unknown"] < figures["answers"] / 2


@pytest.mark.chaos
@pytest.mark.slow
@pytest.mark.mongo
async def test_nor_does_a_kill_on_a_mongodb_store(mongo_server: MongoServer, tmp_path: Path) -> None:
    figures = (await figures_of(tmp_path, {"--store": "mongo", "--messages": 40, "--customers": 8, "--kills": 1}))[
        "mongo"
    ]
    assert figures | clean(40, 1) == figures
    assert figures["answers"] > 4
