"""The words of `mostik init`: the same keys and placeholders in both languages."""

import string
import tomllib
from pathlib import Path
from typing import Any

import configs

FOLDER = Path(configs.__file__).parent


def words(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"setup.{language}.toml").read_text(encoding="utf-8"))


def holes(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same() -> None:
    ru, en = words("ru"), words("en")
    assert ru.keys() == en.keys()
    assert ru["file"].keys() == en["file"].keys()
    for key in ru.keys() - {"file"}:
        assert holes(ru[key]) == holes(en[key]), key
