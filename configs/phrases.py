"""Words for customers and staff, one TOML file per language beside this one."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def load_phrases(folder: Path = _FOLDER) -> dict[str, dict[str, str]]:
    """Return language -> dotted key -> text from every phrases.<language>.toml of a folder.

    Raises ValueError when a file holds anything but tables of texts.
    """
    paths = sorted(folder.glob("phrases.*.toml"))
    return {path.name.split(".")[1]: dict(_table(path.name, path.read_text(encoding="utf-8"))) for path in paths}


@lru_cache(maxsize=8)
def _table(name: str, text: str) -> tuple[tuple[str, str], ...]:
    return tuple(_flat(tomllib.loads(text), name))


def _flat(table: Mapping[str, Any], where: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, where, f"{prefix}{name}.")
        elif isinstance(value, str):
            yield prefix + name, value
        else:
            raise ValueError(f"{where}: {prefix}{name} is no text")
