"""Contacts in sentences people write: how many of those found are right, how many of those there are found.

contacts_corpus.tsv was written for this project: what stands in a sentence (- for nothing), a tab, the sentence in
Russian or English, with \\n for a new line. Numbers and addresses are made up.
"""

from pathlib import Path

from bridge.people.contacts import contacts

CORPUS = Path(__file__).with_name("contacts_corpus.tsv")
PRECISION, RECALL = 0.99, 0.97
SENTENCES = 300


def sentences() -> list[tuple[set[str], str]]:
    rows = (line.split("\t") for line in CORPUS.read_text(encoding="utf-8").splitlines())
    return [(set(stands.split()) - {"-"}, text.replace("\\n", "\n")) for stands, text in rows]


def test_precision_and_recall_over_the_corpus() -> None:
    rows = sentences()
    right = found = there = 0
    wrong: list[str] = []
    for stands, text in rows:
        read = {contact.value for contact in contacts(text)}
        right, found, there = right + len(read & stands), found + len(read), there + len(stands)
        if read != stands:
            wrong.append(f"{text!r}: {sorted(read)} instead of {sorted(stands)}")
    assert len(rows) >= SENTENCES
    assert sum(not stands for stands, _ in rows) >= SENTENCES // 3
    print(f"{len(rows)} sentences: precision {right / found:.4f}, recall {right / there:.4f}")
    assert right / found >= PRECISION, "\n".join(wrong)
    assert right / there >= RECALL, "\n".join(wrong)
