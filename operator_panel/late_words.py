"""Words of the parts that a page fetches on demand: they come with the first of them, not with the page."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from operator_panel.i18n import Texts
from operator_panel.static import Statics

#: A key as scripts write it, in quotes: whole, or as the beginning of one that is put together with ${…}.
_KEY = re.compile(r"""["'`]((?:ui|shell)\.[\w.]*)(\$\{)?""")


@dataclass(frozen=True, slots=True)
class LateWords:
    """Keys a page starts without, and where the words of a language are fetched."""

    keys: frozenset[str]
    urls: Mapping[str, str]


def late_words(statics: Statics, texts: Texts, home: str, first: str, late: str) -> LateWords:
    """Serve the words that only late scripts say, one file a language under `home`."""
    words = {language: texts.strings(language, "ui.") for language in texts.languages}
    keys = late_keys({key for each in words.values() for key in each}, first, late)
    urls = {}
    for language, strings in words.items():
        text = json.dumps({key: text for key, text in strings.items() if key in keys}, ensure_ascii=False)
        urls[language] = statics.add(f"{home}.{language}.json", text).url
    return LateWords(keys, urls)


def late_keys(keys: Iterable[str], first: str, late: str) -> frozenset[str]:
    """Return the keys that late scripts name and the first one does not; plural forms go with their key."""
    begin, come = _named(first), _named(late)
    return frozenset(key for key in keys if _says(come, key) and not _says(begin, key))


def _named(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    found = _KEY.findall(text)
    return frozenset(key for key, made in found if not made), tuple({key for key, made in found if made})


def _says(named: tuple[frozenset[str], tuple[str, ...]], key: str) -> bool:
    whole, beginnings = named
    return key in whole or key.rpartition(".")[0] in whole or key.startswith(beginnings)
