"""Contacts in sentences people write: how many of those found are right, how many of those there are found.

`python -m benchmarks.contacts` prints the figures; it says what the corpora are.
"""

from pathlib import Path

from benchmarks.contacts import CORPORA, read

PRECISION, RECALL = 0.99, 0.97
SENTENCES = 300


def test_precision_and_recall_over_the_corpus() -> None:
    figures = read(Path(__file__).with_name("contacts_corpus.tsv"))
    assert figures.sentences >= SENTENCES
    assert figures.empty >= SENTENCES // 3
    assert figures.precision >= PRECISION, "\n".join(figures.wrong)
    assert figures.recall >= RECALL, "\n".join(figures.wrong)


def test_precision_and_recall_over_all_corpora() -> None:
    figures = [read(corpus) for corpus in CORPORA]
    right, found, there = (sum(getattr(each, name) for each in figures) for name in ("right", "found", "there"))
    assert right / found >= PRECISION
    assert right / there >= RECALL
