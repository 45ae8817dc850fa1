"""What a long past costs: the whole way with a million messages stored, beside the same with a thousand, in turn."""

import asyncio
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.panel import history
from benchmarks.panel.opening import LONG, SHORT
from benchmarks.processes import answers, command, free_port
from benchmarks.whole_way import BUILD, CUSTOMERS, WORDS, Scene, answerable, mostik, ratio, show, started

EMAIL = "anna@shop.example"


def measure() -> dict[str, float]:
    """Return growth_ratio_1e6."""
    BUILD.mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD)))
        port = free_port()
        street = f"http://127.0.0.1:{port}"
        started(stack, folder, "street", "-m", "benchmarks.street", str(port)).until(answers(f"{street}/ctl/stats"))
        bots = {
            name: (number, mostik(stack, folder, name, number, street, partial(_remember, past)))
            for number, (name, past) in enumerate((("long", LONG), ("short", SHORT)), 1)
        }
        scene = Scene(street, bots, asyncio.run(answerable()))
        flow = scene.in_turn(("long", "short"), customers=CUSTOMERS, words=WORDS)
    show("growth", flow)
    return {"growth_ratio_1e6": ratio(flow, "long", "short")}


def _remember(past: history.Past, config: Path, store: Path) -> None:
    on = ("--config", str(config))
    command("-m", "mostik", "operator", "add", EMAIL, "--name", "Анна", "--role", "operator", *on)
    history.write(store, past, EMAIL)
