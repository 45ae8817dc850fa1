"""The whole way of a message beside bare aiogram bots: one emulator, all bots alive at once, measured in turn."""

import asyncio
import json
import random
import statistics
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT, Child, answers, command, free_port
from bridge.model.articles import Library
from bridge.policy import Burst, needs_match
from kb_matcher import KbMatcher
from kb_matcher.files import read_articles, read_labels

KNOWLEDGE = ROOT / "configs" / "knowledge" / "ru"
FILES = (KNOWLEDGE / "articles.jsonl", KNOWLEDGE / "labels.jsonl")
BUILD = ROOT / "build"
GROUP = -1002000000001
#: Customers who speak at once, words of one turn, and turns of each bot (an odd number: the median is one of them).
CUSTOMERS = 50
WORDS = 300
TURNS = 9
#: With bursts each answer waits a second, so more customers are needed to keep a bot busy.
BURST_CUSTOMERS = 200
#: The steady rate of the latencies, words a second, words of a turn, customers.
RATE, RATE_WORDS, RATE_CUSTOMERS = 25, 200, 50
#: Questions are taken whose confidence is so far above what an offer needs that no other fit of the models changes it.
SURE = 0.6
#: A process that used this share of its processor was what the others waited for.
BUSY = 0.97


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: words a second, p99 of the latencies (s), seconds of processor a word of the bot and of the street."""

    rate: float
    p99: float
    bot: float
    street: float
    busy: float  # share of a processor the street used


@dataclass(slots=True)
class Scene:
    """Street and bots of a benchmark, by name."""

    street: str
    bots: dict[str, tuple[int, Child]]
    texts: list[str]

    def turn(self, name: str, **plan: Any) -> Turn:
        """Let customers speak to a bot. Raises SystemExit when it left a word unanswered."""
        bot, child = self.bots[name]
        cpu = child.cpu()
        told = post(f"{self.street}/street", {"bot": bot, "texts": self.texts, **plan})
        if "fault" in told:
            raise SystemExit(f"{name}: {told['fault']}")
        words = int(plan["words"])
        return Turn(
            words / told["seconds"],
            statistics.quantiles(told["latencies"], n=100)[98],
            (child.cpu() - cpu) / words,
            told["cpu"] / words,
            told["cpu"] / told["seconds"],
        )

    def in_turn(self, names: tuple[str, ...], turns: int = TURNS, **plan: Any) -> dict[str, list[Turn]]:
        """Measure bots one after the other, again and again, so that a busy moment of the machine meets all of them."""
        for name in names:
            self.turn(name, customers=plan["customers"], words=plan["customers"])  # caches fill, connections open
        measured: dict[str, list[Turn]] = {name: [] for name in names}
        for number in range(turns):
            for name in names if number % 2 == 0 else reversed(names):
                measured[name].append(self.turn(name, **plan))
        return measured


@contextmanager
def scene() -> Iterator[Scene]:
    """Start the street and the bots: ours, mirrored (burst and staff group on), bare, echo."""
    BUILD.mkdir(exist_ok=True)
    with ExitStack() as stack:
        # Beside the build, not among temporary files: those may lie in memory, where a sync costs nothing.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD)))
        port = free_port()
        street = f"http://127.0.0.1:{port}"
        child = started(stack, folder, "street", "-m", "benchmarks.street", str(port))
        child.until(answers(f"{street}/ctl/stats"))
        post(f"{street}/street/group", {"id": GROUP, "title": "Staff"})
        bots: dict[str, tuple[int, Child]] = {}
        for number, name in enumerate(("ours", "mirrored"), 1):
            bots[name] = (number, mostik(stack, folder, name, number, street))
        for number, (name, library) in enumerate((("bare", FILES), ("echo", ())), 3):
            arguments = ("-m", "benchmarks.bare", str(free_port()), street, token_of(number), *map(str, library))
            bots[name] = (number, started(stack, folder, name, *arguments))
        yield Scene(street, bots, asyncio.run(answerable()))


def mostik(
    stack: ExitStack,
    folder: Path,
    name: str,
    number: int,
    street: str,
    before: Callable[[Path, Path], None] | None = None,
) -> Child:
    """Start one of ours beside a street; `before`: what is done with its settings and store first."""
    config, port = folder / f"{name}.toml", free_port()
    group = f'[bots.telegram.staff_group]\nchat = {GROUP}\nopen_at = "first_message"\nper_minute = 1200\n'
    config.write_text(
        f'[store]\nurl = "sqlite:///{folder / name / "mostik.sqlite3"}"\n'
        f'[panel]\nport = {port}\npublic_url = "http://127.0.0.1:{port}"\n'
        f"[bot]\nburst_seconds = {1 if name == 'mirrored' else 0}\n"
        f'[bots.telegram]\ntoken = "{token_of(number)}"\napi_base = "{street}"\nmode = "webhook"\nper_second = 0\n'
        + (group if name == "mirrored" else ""),
        encoding="utf-8",
    )
    command("-m", "mostik", "kb", "import", "--config", str(config), str(FILES[0]), "--labels", str(FILES[1]))
    if before is not None:
        before(config, folder / name / "mostik.sqlite3")
    child = started(stack, folder, name, "-m", "mostik", "run", "--config", str(config))
    child.until(answers(f"http://127.0.0.1:{port}/readyz"))
    return child


def started(stack: ExitStack, folder: Path, name: str, *arguments: str) -> Child:
    child = Child(*arguments, log=folder / f"{name}.log")
    stack.callback(child.end)
    return child


async def answerable() -> list[str]:
    """Return the labelled questions the bot says something to by itself: a handoff would silence it."""
    articles, labels = read_articles(FILES[0]), read_labels(FILES[1])
    matcher = await KbMatcher.build(Library(tuple(articles), tuple(labels)))
    found = []
    for text in sorted({label.text for label in labels}):
        match = await matcher.match(text, language="ru")
        if needs_match(Burst(text)) and match.ranked and match.ranked[0].confidence > SURE:
            found.append(text)
    random.Random(1).shuffle(found)
    return found


def token_of(number: int) -> str:
    return f"{number}:{'benchmark' * 4}"


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=600) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def measure() -> dict[str, float]:
    """Return the figures of the whole way, and print what stands behind them."""
    with scene() as met:
        flow = met.in_turn(("ours", "bare", "echo"), customers=CUSTOMERS, words=WORDS)
        steady = met.in_turn(("ours", "bare"), turns=3, customers=RATE_CUSTOMERS, words=RATE_WORDS, rate=RATE)
        mirrored = met.in_turn(("mirrored", "bare"), turns=3, customers=BURST_CUSTOMERS, words=500)
    for title, measured in (("flow", flow), ("steady", steady), ("burst and group", mirrored)):
        show(title, measured)
    return {
        "whole_way_ratio": ratio(flow, "ours", "bare"),
        "whole_way_echo_ratio": ratio(flow, "ours", "echo"),
        "whole_way_p99_ratio": ratio(steady, "ours", "bare", of="p99"),
        "whole_way_mirrored_ratio": ratio(mirrored, "mirrored", "bare"),
    }


def ratio(measured: dict[str, list[Turn]], one: str, other: str, of: str = "rate") -> float:
    """Return the median of the ratios of neighbouring turns: both met the machine in about the same mood."""
    pairs = zip(measured[one], measured[other], strict=True)
    return statistics.median(getattr(mine, of) / getattr(theirs, of) for mine, theirs in pairs)


def show(title: str, measured: dict[str, list[Turn]]) -> None:
    for name, turns in measured.items():
        middle = sorted(turns, key=lambda turn: turn.rate)[len(turns) // 2]
        rates = ", ".join(f"{turn.rate:.0f}" for turn in turns)
        print(
            f"{title + ': ' + name:25} {middle.rate:5.0f}/s ({rates})  p99 {middle.p99 * 1000:4.0f} ms  "
            f"bot {middle.bot * 1000:.2f} ms, street {middle.street * 1000:.2f} ms of a processor a word"
            + ("  (the street was the bottleneck)" if middle.busy > BUSY else "")
        )
