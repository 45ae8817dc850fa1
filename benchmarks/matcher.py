"""The matcher beside what one would take instead, at 10^3, 10^4 and 10^5 wordings, on one core each.

Every engine runs in a process of its own, so that its peak of memory is its own; times are the processor's, so that
neighbours on the machine do not count, with the wall clock's beside them. Prints tables; run it as a module to choose
sizes, engines, and a folder of labelled sets to compare accuracies on.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.matcher_data import made_up
from benchmarks.matcher_engines import ENGINES, Engine, Found
from benchmarks.processes import ROOT
from bridge.model.articles import Article, Decision, Label, Match, Ranked
from bridge.model.ids import ArticleId
from kb_matcher.files import read_articles, read_labels, write_articles, write_labels
from kb_matcher.measures import score

SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 600
WARMING = 20
#: Seconds an engine's questions may take; one that is slower is asked fewer.
ENOUGH = 20.0
ADDED = 20  # articles of ten wordings put one by one; engines that can only be built anew get one
SETS = ROOT.parent / "shared" / "kb_data"
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

Row = dict[str, float]


def measure() -> dict[str, float]:
    """Return the figures at the largest size, having printed all."""
    rows = compare(SIZES, tuple(ENGINES))
    sets(SETS, tuple(ENGINES))
    ours, others = rows[SIZES[-1], "mostik"], {name: rows[SIZES[-1], name] for name in ENGINES}
    return {
        "matcher_p50_ms_1e5": ours["p50"],
        "matcher_ratio_bm25s": others["bm25s"]["p50"] / ours["p50"],
        "matcher_ratio_wratio": others["wratio"]["p50"] / ours["p50"],
        "matcher_peak_mb_1e5": ours["peak"],
    }


def compare(sizes: Sequence[int], engines: Sequence[str]) -> dict[tuple[int, str], Row]:
    """Measure engines on made-up bases, one process after the other, and print a table for each size."""
    rows: dict[tuple[int, str], Row] = {}
    for size in sizes:
        base = made_up(size, QUESTIONS)
        with tempfile.TemporaryDirectory(prefix="mostik-bench-") as folder:
            write_articles(Path(folder) / "articles.jsonl", base.articles)
            write_labels(Path(folder) / "labels.jsonl", base.questions)
            print(f"\n{size} wordings, {len(base.articles)} articles, {QUESTIONS} questions\n{HEAD}", flush=True)
            for name in engines:
                rows[size, name] = _child(name, Path(folder))
                print(_line(name, rows[size, name]), flush=True)
    return rows


def sets(folder: Path, engines: Sequence[str]) -> None:
    """Print accuracies on the dev parts of labelled sets, if there are some."""
    for base in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not (base / "queries_dev.jsonl").exists():
            continue
        with tempfile.TemporaryDirectory(prefix="mostik-bench-") as scratch:
            write_articles(Path(scratch) / "articles.jsonl", read_articles(base / "articles.jsonl"))
            write_labels(Path(scratch) / "labels.jsonl", read_labels(base / "queries_dev.jsonl")[:QUESTIONS])
            print(f"\n{base.name}, dev, no labels taught\n{HEAD}", flush=True)
            for name in engines:
                print(_line(name, _child(name, Path(scratch))), flush=True)


COLUMNS = {
    "p50": "p50 ms", "p99": "p99 ms", "wall": "p50 wall", "wall99": "p99 wall", "index": "index s", "peak": "peak MB",
    "add": "add ms", "accuracy": "acc@1", "recall": "rec@3", "auroc": "AUROC", "coverage": "cov95",
}  # fmt: skip
HEAD = f"{'':10}" + "".join(f"{title:>10}" for title in COLUMNS.values())


def _line(name: str, row: Row) -> str:
    return f"{name:10}" + "".join(f"{row[column]:>10.3g}" if column in row else f"{'-':>10}" for column in COLUMNS)


def _child(name: str, folder: Path) -> Row:
    command = [sys.executable, "-m", "benchmarks.matcher", "--weigh", name, "--base", str(folder)]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT, env=os.environ | ONE_CORE)
    row: Row = json.loads(run.stdout)
    return row


def weigh(name: str, folder: Path) -> Row:
    """Measure one engine in this process; `peak` is above what the interpreter has with everything imported."""
    _import(name)
    before = _peak_mb()
    started = time.process_time()
    engine = ENGINES[name](read_articles(folder / "articles.jsonl"))
    indexed = time.process_time() - started
    labels = read_labels(folder / "labels.jsonl")
    for label in labels[:WARMING]:
        engine.ask(label.text)
    found, spent, wall = _asked(engine, labels)
    peak = _peak_mb() - before
    return {
        "p50": float(np.percentile(spent, 50)),
        "p99": float(np.percentile(spent, 99)),
        "wall": float(np.percentile(wall, 50)),
        "wall99": float(np.percentile(wall, 99)),
        "index": indexed,
        "peak": peak,
        "add": _added(engine, indexed),
        **_accuracy(found, labels[: len(found)]),
    }


def _import(name: str) -> None:
    """Import what an engine needs before its memory is looked at; for ours, scikit-learn is not among it."""
    if name == "bm25s":
        __import__("bm25s")
    if name == "tfidf":
        __import__("sklearn.feature_extraction.text")


def _asked(engine: Engine, labels: Sequence[Label]) -> tuple[list[Found], list[float], list[float]]:
    """Return what was found, and milliseconds of the processor and of the wall clock for each question."""
    found: list[Found] = []
    spent, wall = [], []
    until = time.process_time() + ENOUGH
    for label in labels:
        begun, began = time.process_time(), time.perf_counter()
        found.append(engine.ask(label.text))
        spent.append((time.process_time() - begun) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
        if time.process_time() > until:
            break
    return found, spent, wall


def _added(engine: Engine, indexed: float) -> float:
    """Return the median milliseconds to put one more article of ten wordings. Raises RuntimeError: it is not found."""
    spent = []
    for number in range(ADDED):
        article = _new(number)
        begun = time.process_time()
        engine.add(article)
        spent.append((time.process_time() - begun) * 1000)
        if article.id not in [id for id, _ in engine.ask(article.questions[3])]:
            raise RuntimeError(f"{article.questions[3]!r} is not found")
        if sum(spent) > 1000 * max(1.0, indexed / 2):
            break
    return float(np.median(spent))


def _new(number: int) -> Article:
    mixed = made_up(50, 0, seed=1000 + number).articles[0]
    wordings = tuple(f"{text} serial kz{number:03}" for one in (mixed, mixed) for text in one.questions)
    wordings = tuple(f"{text} {place}" for place, text in enumerate((*wordings, mixed.title)))
    return replace(mixed, id=ArticleId(f"new{number}"), questions=wordings)


def _accuracy(found: Sequence[Found], labels: Sequence[Label]) -> Row:
    matches = [Match(Decision.NONE, tuple(Ranked(ArticleId(id), id, sure) for id, sure in one)) for one in found]
    scores = score(matches, labels)
    columns: dict[str, Callable[[], float | None]] = {
        "accuracy": lambda: scores.accuracy_at_1,
        "recall": lambda: scores.recall_at_3,
        "auroc": lambda: scores.auroc,
        "coverage": lambda: scores.coverage_at_95,
    }
    return {name: value for name, read in columns.items() if (value := read()) is not None}


def _peak_mb() -> float:
    """Return the peak of this process's own memory (Linux); getrusage's would be its parent's if that was larger."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matcher", description=__doc__)
    parser.add_argument("--size", type=int, action="append", help="wordings (may be repeated)")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="measure this one alone (may be repeated)")
    parser.add_argument("--sets", type=Path, help="a folder of labelled sets, instead of made-up bases")
    parser.add_argument("--weigh", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--base", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    chosen = options()
    engines = chosen.engine or tuple(ENGINES)
    if chosen.weigh:
        print(json.dumps(weigh(chosen.weigh, chosen.base)))
    elif chosen.sets:
        sets(chosen.sets, engines)
    else:
        compare(chosen.size or SIZES, engines)


if __name__ == "__main__":
    main()
