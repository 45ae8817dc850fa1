"""Matching whole files: predictions for a list of queries, and figures against their labels."""

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bridge.model.articles import Label, Library, Match, Thresholds
from kb_matcher.engine import Engine, build
from kb_matcher.files import read_articles, read_labels, read_texts
from kb_matcher.measures import Scores, score

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PredictReport:
    """What a run cost: seconds to index (models included), milliseconds a query, peak memory of the process in MB."""

    queries: int
    index_seconds: float
    p50_ms: float
    p99_ms: float
    peak_mb: float
    thresholds: Thresholds

    def lines(self) -> list[str]:
        """Return the report for people."""
        answer = "exact wordings only" if self.thresholds.answer is None else f"from {self.thresholds.answer:.3f}"
        return [
            f"index: {self.index_seconds:.2f} s",
            f"query: p50 {self.p50_ms:.2f} ms, p99 {self.p99_ms:.2f} ms ({self.queries} queries)",
            f"peak memory: {self.peak_mb:.0f} MB",
            f"answers: {answer}; offers from {self.thresholds.offer:.2f}",
        ]


def predict(
    articles_path: Path | str,
    queries_path: Path | str,
    out_path: Path | str,
    labels_path: Path | str | None = None,
    limit: int = 5,
    progress: Progress | None = None,
) -> PredictReport:
    """Write one prediction a query, in order; the queries' article_id is never read.

    Raises ValueError with one line that names file, line and fault. `progress` hears (done, all).
    """
    texts = read_texts(Path(queries_path))
    library = _library(articles_path, labels_path)
    matches, report = _run(library, texts, limit, progress)
    try:
        with Path(out_path).open("w", encoding="utf-8", newline="\n") as out:
            for text, match in zip(texts, matches, strict=True):
                out.write(json.dumps(_row(text, match), ensure_ascii=False) + "\n")
    except OSError as error:
        raise ValueError(f"{out_path}: {error.strerror or error}") from error
    return report


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures and costs of one run, with what a plot needs."""

    scores: Scores
    report: PredictReport
    matches: tuple[Match, ...]
    labels: tuple[Label, ...]


def evaluate(
    articles_path: Path | str,
    queries_path: Path | str,
    labels_path: Path | str | None = None,
    limit: int = 5,
    progress: Progress | None = None,
) -> Evaluation:
    """Match labelled queries and compare. Raises ValueError as predict does."""
    labels = read_labels(Path(queries_path))
    library = _library(articles_path, labels_path)
    matches, report = _run(library, [label.text for label in labels], limit, progress)
    return Evaluation(score(matches, labels), report, tuple(matches), tuple(labels))


def _library(articles_path: Path | str, labels_path: Path | str | None) -> Library:
    labels = read_labels(Path(labels_path)) if labels_path is not None else []
    return Library(tuple(read_articles(Path(articles_path))), tuple(labels))


def _run(
    library: Library, texts: Sequence[str], limit: int, progress: Progress | None
) -> tuple[list[Match], PredictReport]:
    started = time.perf_counter()
    engine: Engine = build(library)
    indexed = time.perf_counter() - started
    matches, spent = [], []
    for number, text in enumerate(texts, 1):
        begun = time.perf_counter()
        matches.append(engine.match(text, limit))
        spent.append((time.perf_counter() - begun) * 1000)
        if progress is not None:
            progress(number, len(texts))
    p50, p99 = np.percentile(spent, (50, 99)) if spent else (0.0, 0.0)
    return matches, PredictReport(len(texts), indexed, float(p50), float(p99), _peak_mb(), engine.thresholds)


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)  # kilobytes, on macOS bytes


def _row(text: str, match: Match) -> dict[str, object]:
    ranked = [{"article_id": one.article_id, "confidence": round(one.confidence, 9)} for one in match.ranked]
    return {"text": text, "ranked": ranked, "decision": match.decision.value}
