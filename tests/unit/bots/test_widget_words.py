"""The widget's words: both languages say the same things, and nothing that is never said."""

import json
import re
from pathlib import Path

from bots.web import page

STATIC = Path(page.FOLDER)
PLURAL = re.compile(r"\.(one|few|many|other)$")


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((STATIC / f"words/{language}.json").read_text("utf-8"))
    return found


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    ru, en = words("ru"), words("en")
    assert {PLURAL.sub("", key) for key in ru} == {PLURAL.sub("", key) for key in en}
    gaps = re.compile(r"\{\w+\}")
    assert {key: gaps.findall(text) for key, text in en.items()} == {key: gaps.findall(ru[key]) for key in en}


def test_every_word_is_said_somewhere() -> None:
    code = "".join(path.read_text("utf-8") for path in sorted((STATIC / "js").rglob("*.js")))
    said = {key for key in words("en") if re.search(rf"['{{ ]{PLURAL.sub('', key)}[':]", code)}
    assert set(words("en")) - said == set()


def test_the_page_preloads_every_module_it_needs_at_once_and_no_other() -> None:
    preloaded = set(re.findall(r'modulepreload" href="\{\{static\}\}/([^"]+)"', page.text_of("frame.html")))
    modules = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js")}
    later = {module for module in modules if module.startswith("js/later/")}
    assert preloaded == modules - {"loader.js", "js/main.js"} - later
    code = "".join(path.read_text("utf-8") for path in (STATIC / "js").glob("*.js"))
    asked = {module for module in later if f"'{Path(module).stem}'" in code or f"later/{Path(module).name}" in code}
    assert asked == later


def test_comments_are_left_out_and_nothing_else() -> None:
    kept = (b"/** @type {X} */ (one).focus();\n", b"const a = 'http://x'; // kept\n", b"b();\n")
    code = b"".join((kept[0], b"/**\n * Said.\n */\n", b"  // Why.\n", kept[1], b"/** Once. */\n", kept[2]))
    assert page.bare_module(code) == b"".join(kept)
