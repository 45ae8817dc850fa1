"""How well e-mails and phones are read out of sentences: precision and recall over corpora written for this project.

`python -m benchmarks.contacts [--wrong] [FILE ...]` prints a JSON line for each corpus: the one the rules were made
with, two that were held out and gave further rules, and the final one, looked at as a whole only. A line of a corpus is
what stands in a sentence (- for nothing, values apart by blanks), a tab, the sentence, with \\n for a new line.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bridge.people.contacts import contacts

FOLDER = Path(__file__).parent.parent / "tests/unit/bridge/people"
CORPORA = tuple(FOLDER / f"contacts_{name}.tsv" for name in ("corpus", "heldout", "second", "final"))


@dataclass(frozen=True, slots=True)
class Read:
    """A corpus as it was read: sentences, contacts that stand there, those found, those of them that are right."""

    sentences: int
    empty: int
    there: int
    found: int
    right: int
    wrong: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Return the share of what was found that is right."""
        return self.right / self.found

    @property
    def recall(self) -> float:
        """Return the share of what stands there that was found."""
        return self.right / self.there


def read(corpus: Path) -> Read:
    """Read all sentences of a corpus; `wrong` tells what was read of the others. Raises OSError."""
    rows = [line.split("\t") for line in corpus.read_text(encoding="utf-8").splitlines()]
    there = found = right = empty = 0
    wrong: list[str] = []
    for told, text in rows:
        stands = set(told.split()) - {"-"}
        seen = {contact.value for contact in contacts(text.replace("\\n", "\n"))}
        there, found, right = there + len(stands), found + len(seen), right + len(seen & stands)
        empty += not stands
        if seen != stands:
            wrong.append(f"{text!r}: {sorted(seen)} instead of {sorted(stands)}")
    return Read(len(rows), empty, there, found, right, tuple(wrong))


def main() -> None:
    """Print the figures of each corpus, and with --wrong what was read otherwise than it stands there."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--wrong", action="store_true")
    options.add_argument("files", nargs="*", type=Path, default=CORPORA)
    told = options.parse_args()
    for corpus in told.files:
        figures = read(corpus)
        shown = {name: value for name, value in asdict(figures).items() if name != "wrong"}
        ratios = {"precision": round(figures.precision, 4), "recall": round(figures.recall, 4)}
        print(json.dumps({"corpus": corpus.stem, **shown, **ratios}))
        if told.wrong:
            print("\n".join(figures.wrong))


if __name__ == "__main__":
    main()
