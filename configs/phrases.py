"""Words for customers and staff, one TOML file per language beside this one."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def load_phrases(folder: Path = _FOLDER) -> dict[str, dict[str, str]]:
    """Return language -> dotted key -> text from every phrases.<language>.toml of a folder.

    Raises ValueError when a file holds anything but tables of texts.
    """
    found = {}
    for path in sorted(folder.glob("phrases.*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        found[path.name.split(".")[1]] = dict(_flat(table, path.name))
    return found


def _flat(table: Mapping[str, Any], where: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, where, f"{prefix}{name}.")
        elif isinstance(value, str):
            yield prefix + name, value
        else:
            raise ValueError(f"{where}: {prefix}{name} is no text")
