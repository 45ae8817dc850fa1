"""Questions on a terminal, in the language of whoever answers."""

import tomllib
from pathlib import Path
from typing import Any

#: Where the words, and the sample knowledge, lie.
WORDS = Path(__file__).with_name("configs")
#: Answers that mean yes and no, whichever language was chosen.
YES, NO = ("y", "yes", "д", "да"), ("n", "no", "н", "нет")


class Questions:
    """Asks on the terminal, line by line; an input that ends early is a refusal."""

    def __init__(self, language: str) -> None:
        self.words: dict[str, Any] = tomllib.loads((WORDS / f"setup.{language}.toml").read_text(encoding="utf-8"))

    def tell(self, key: str, **values: object) -> None:
        """Print a sentence."""
        print(str(self.words[key]).format(**values), flush=True)

    def ask(self, key: str, default: str = "", **values: object) -> str:
        """Ask until there is an answer; without one the default counts. Raises EOFError."""
        hint = f" [{default}]" if default else ""
        return input(str(self.words[key]).format(**values) + hint + ": ").strip() or default

    def need(self, key: str, default: str = "") -> str:
        """Ask until something is answered."""
        while not (answer := self.ask(key, default)):
            self.tell("empty")
        return answer

    def agree(self, key: str, default: bool, **values: object) -> bool:
        """Ask for yes or no."""
        words = ("да" if default else "нет") if "(да" in str(self.words[key]) else ("yes" if default else "no")
        while True:
            answer = self.ask(key, words, **values).lower()
            if answer in YES or answer in NO:
                return answer in YES
            self.tell("yes_or_no")
