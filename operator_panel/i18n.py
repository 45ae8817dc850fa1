"""Words of the panel by language, from locale/*.json: the one source for templates and for JavaScript."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


def plural(language: str, n: int) -> str:
    """Return the CLDR category of a whole number: one, few, many or other (Russian), one or other (the rest)."""
    n = abs(n)
    if language != "ru":
        return "one" if n == 1 else "other"
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14:
        return "few"
    return "many"


@dataclass(frozen=True, slots=True)
class Texts:
    """All words, `by_language[language][key]`; a missing word falls back to the default language, then to its key."""

    by_language: Mapping[str, Mapping[str, str]]
    default: str = "ru"

    @classmethod
    def load(cls, folder: Path, default: str = "ru") -> "Texts":
        """Read every <language>.json of a folder."""
        found = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
        return cls(found, default if default in found or not found else next(iter(found)))

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages there are words in."""
        return tuple(self.by_language)

    def choose(self, accept: str) -> str:
        """Pick the language of an Accept-Language header, the default when none fits."""
        wished: list[tuple[float, str]] = []
        for part in accept.split(","):
            name, _, rest = part.strip().partition(";")
            weight = rest.strip().removeprefix("q=") or "1"
            try:
                wished.append((-float(weight), name.partition("-")[0].lower()))
            except ValueError:
                continue
        for _, name in sorted(wished, key=lambda pair: pair[0]):
            if name in self.by_language:
                return name
        return self.default

    def say(self, language: str, key: str, **values: object) -> str:
        """Fill a text's {placeholders}; `n` also chooses among the key's plural forms."""
        text = self._find(language, key, values.get("n"))
        if text is None:
            return key
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def _find(self, language: str, key: str, n: object) -> str | None:
        for name in (language, self.default):
            words = self.by_language.get(name, {})
            if isinstance(n, int):
                for form in (plural(name, n), "other"):
                    if (text := words.get(f"{key}.{form}")) is not None:
                        return text
            if (text := words.get(key)) is not None:
                return text
        return None

    def strings(self, language: str, prefix: str = "ui.") -> dict[str, str]:
        """Words whose key starts with a prefix, for the browser."""
        base = {key: text for key, text in self.by_language.get(self.default, {}).items() if key.startswith(prefix)}
        own = {key: text for key, text in self.by_language.get(language, {}).items() if key.startswith(prefix)}
        return base | own
