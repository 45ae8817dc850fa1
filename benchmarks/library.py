"""The library at a hundred thousand wordings: time of a question, memory, and others on the same questions.

Run as a process of its own, so that the peak of memory is the library's; prints its figures as JSON.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process

from benchmarks.processes import ROOT
from bridge.model.articles import Article, Library
from bridge.model.ids import ArticleId
from kb_matcher.engine import build
from kb_matcher.files import read_articles

KNOWLEDGE = ROOT / "configs" / "knowledge" / "ru" / "articles.jsonl"
ARTICLES, WORDINGS = 20_000, 5
QUESTIONS, SCANNED = 300, 20


def measure() -> dict[str, float]:
    """Return the figures of a process of its own."""
    run = subprocess.run([sys.executable, "-m", "benchmarks.library"], check=True, stdout=subprocess.PIPE, cwd=ROOT)
    figures: dict[str, float] = json.loads(run.stdout)
    return figures


def made_up(mix: random.Random) -> tuple[list[Article], list[str]]:
    """Return articles whose wordings follow real ones word by word, and questions that differ from them a little."""
    real = [question.split() for article in read_articles(KNOWLEDGE) for question in article.questions]
    after: dict[str, list[str]] = {}
    for words in real:
        for word, following in pairwise(words):
            after.setdefault(word, []).append(following)
    starts = [words[0] for words in real]

    def wording() -> str:
        words = [mix.choice(starts)]
        while len(words) < 4 + mix.randrange(8):
            # The number of a model or an order: what tells articles of one shop from each other.
            words.append(mix.choice(after.get(words[-1], starts)) if mix.random() > 0.15 else f"{mix.randrange(5000)}")
        return " ".join(words)

    articles = [
        Article(ArticleId(f"a{number}"), f"Article {number}", "So it is.", tuple(wording() for _ in range(WORDINGS)))
        for number in range(ARTICLES)
    ]
    asked = [mix.choice(mix.choice(articles).questions).split() for _ in range(QUESTIONS)]
    return articles, [" ".join([*words[:-1], mix.choice(starts)]) for words in asked]


def median_ms(ask: Callable[[str], object], questions: Sequence[str]) -> float:
    """Return the median time of a question, after a few that warm the caches."""
    for text in questions[:5]:
        ask(text)
    spent = []
    for text in questions:
        started = time.perf_counter()
        ask(text)
        spent.append((time.perf_counter() - started) * 1000)
    return float(np.median(spent))


def main() -> None:
    """Measure and print."""
    articles, questions = made_up(random.Random(1))
    engine = build(Library(tuple(articles), ()))
    p50 = median_ms(engine.match, questions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wordings = [text for article in articles for text in article.questions]
    scan = median_ms(lambda text: process.extract(text, wordings, scorer=fuzz.WRatio, limit=5), questions[:SCANNED])
    print(json.dumps({"matcher_p50_ms_1e5": p50, "matcher_ratio_wratio": scan / p50, "matcher_peak_mb_1e5": peak}))


if __name__ == "__main__":
    main()
