"""Where settings come from: a TOML file, the environment over it, and files that hold secrets."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from configs.faults import Fault, SettingsError
from configs.masking import may_be_file

PREFIX = "MOSTIK_"
_FILE = "_file"
#: A file with a secret is small; anything bigger is the wrong file.
_SECRET_BYTES = 64 * 1024


def read_toml(path: Path) -> dict[str, Any]:
    """Read a settings file. Raises SettingsError when it cannot be read or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError([(str(path), f"cannot be read: {error.strerror or error}")]) from None
    except UnicodeDecodeError:
        raise SettingsError([(str(path), "is not text in UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([(str(path), f"is not TOML: {error}")]) from None


def read_environment(
    environ: Mapping[str, str], channels: Mapping[str, Any], faults: list[Fault]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the table that MOSTIK_A__B variables make, and the variable each dotted key came from.

    A variable without "__" is no setting. `channels` are the file's: MOSTIK_BOTS__SHOP_2__TOKEN also reaches a
    channel called "shop-2". What cannot be placed goes to `faults`.
    """
    spelled = {name.lower().replace("-", "_"): name for name in channels}
    table: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for variable in sorted(environ):
        rest = variable[len(PREFIX) :]
        if not variable.startswith(PREFIX) or "__" not in rest:
            continue
        parts = rest.lower().split("__")
        if parts[0] == "bots":
            parts[1] = spelled.get(parts[1], parts[1])
        if _place(table, parts, environ[variable]):
            origins[".".join(parts)] = variable
        else:
            faults.append((variable, "names no setting, or a part of one that another variable sets"))
    return table, origins


def _place(table: dict[str, Any], parts: list[str], value: str) -> bool:
    if not all(parts):
        return False
    for part in parts[:-1]:
        below: object = table.setdefault(part, {})
        if not isinstance(below, dict):
            return False
        table = below
    if parts[-1] in table:
        return False
    table[parts[-1]] = value
    return True


class Layer(PydanticBaseSettingsSource):
    """One source of settings: a table whose `<secret>_file` keys are replaced by what the files hold.

    Sources are asked from the strongest to the weakest; a file is read only when no stronger source gave the value.
    Relative paths start at `folder`. Faults of files go to `faults`.
    """

    def __init__(
        self, settings: type[BaseSettings], table: Mapping[str, Any], folder: Path, faults: list[Fault]
    ) -> None:
        super().__init__(settings)
        self._table = table
        self._folder = folder
        self._faults = faults

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return one section's raw table; pydantic-settings asks in these words."""
        return self._table.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return self._resolve(self._table, self.current_state, "")

    def _resolve(self, table: Mapping[str, Any], stronger: Mapping[str, Any], prefix: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in table.items():
            above = stronger.get(name)
            if isinstance(value, Mapping):
                found[name] = self._resolve(value, above if isinstance(above, Mapping) else {}, f"{prefix}{name}.")
            elif name.endswith(_FILE) and may_be_file(prefix + name.removesuffix(_FILE)):
                key = name.removesuffix(_FILE)
                if key in table:
                    self._faults.append((prefix + name, f'stands beside "{prefix}{key}": keep one of the two'))
                elif key not in stronger and (secret := self._secret(prefix + name, value)):
                    found[key] = secret
            else:
                found[name] = value
        return found

    def _secret(self, key: str, value: object) -> str | None:
        path = self._folder / str(value)
        try:
            with path.open("rb") as file:
                raw = file.read(_SECRET_BYTES + 1)
            text = raw.decode("utf-8").strip()
        except OSError as error:
            self._faults.append((key, f"{path} cannot be read: {error.strerror or error}"))
            return None
        except UnicodeDecodeError:
            self._faults.append((key, f"{path} is not text in UTF-8"))
            return None
        if len(raw) > _SECRET_BYTES or not text:
            self._faults.append((key, f"{path} {'is empty' if not text else 'is far too long for a secret'}"))
        return text
