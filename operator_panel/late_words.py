"""What parts that a page fetches on demand share: words and style come with the first of them, not with the page."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from operator_panel.i18n import Texts
from operator_panel.static import Statics

#: What the keys of words begin with that scripts of the inbox say.
PREFIXES = ("ui.", "keys.", "login.", "session.")
#: A key as scripts write it, in quotes: whole, or as the beginning of one that is put together with ${…}.
_KEY = re.compile(r"""["'`]((?:ui|shell|keys|login|session)\.[\w.]*)(\$\{)?""")


@dataclass(frozen=True, slots=True)
class LateWords:
    """Keys a page starts without; where words are fetched by language and group of parts, style by group and size."""

    keys: frozenset[str]
    words: Mapping[str, Mapping[str, str]]
    sheets: Mapping[str, Mapping[int, str]]

    def urls(self, language: str, size: int) -> dict[str, dict[str, str]]:
        """Return by group where words and style are fetched, for one language and size of type."""
        return {
            group: {"words": url, "sheet": self.sheets.get(group, {}).get(size, "")}
            for group, url in self.words[language].items()
        }


def late_words(
    statics: Statics,
    texts: Texts,
    home: str,
    groups: Mapping[str, str],
    sheets: Mapping[str, Mapping[int, str]],
) -> LateWords:
    """Serve the words that only late scripts say, under `home`: one file a language and group.

    `groups`: the scripts' text by group, first the one a page starts with; a word comes with the first group that says
    it. `sheets`: the style's URLs by group and size, where it has some.
    """
    words = {
        each: {key: word for prefix in PREFIXES for key, word in texts.strings(each, prefix).items()}
        for each in texts.languages
    }
    every = {key for each in words.values() for key in each}
    (_, said), *late = groups.items()
    keys: frozenset[str] = frozenset()
    urls: dict[str, dict[str, str]] = {language: {} for language in words}
    for group, text in late:
        found = late_keys(every, said, text)
        for language, strings in words.items():
            told = json.dumps({key: word for key, word in strings.items() if key in found}, ensure_ascii=False)
            urls[language][group] = statics.add(f"{home}.{group}.{language}.json", told).url
        keys |= found
        said += text
    return LateWords(keys, urls, sheets)


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
