"""Words: the same keys and placeholders in every language."""

import re
import string
from pathlib import Path

import pytest

from configs.phrases import load_phrases

PHRASES = load_phrases()


def placeholders(text: str) -> set[str]:
    return {name for _before, name, _format, _conversion in string.Formatter().parse(text) if name is not None}


def test_there_are_russian_and_english() -> None:
    assert set(PHRASES) == {"ru", "en"}
    groups = {"channel", "customer", "kind", "notice", "staff", "reason", "widget"}
    assert {key.split(".")[0] for key in PHRASES["ru"]} == groups


def test_both_languages_have_the_same_keys() -> None:
    assert set(PHRASES["ru"]) ^ set(PHRASES["en"]) == set()


def test_both_languages_have_the_same_placeholders_and_no_empty_text() -> None:
    differing = [key for key in PHRASES["ru"] if placeholders(PHRASES["ru"][key]) != placeholders(PHRASES["en"][key])]
    assert differing == []
    assert [key for texts in PHRASES.values() for key, text in texts.items() if text.strip() != text or not text] == []


def test_placeholders_are_plain_names() -> None:
    names = {name for texts in PHRASES.values() for text in texts.values() for name in placeholders(text)}
    assert all(name.isidentifier() for name in names), names


def test_russian_is_written_in_russian_letters() -> None:
    latin = [key for key, text in PHRASES["ru"].items() if not re.search("[а-яё]", text.lower())]
    assert latin == ["channel.telegram"]  # a name written in Latin letters everywhere


def test_every_text_the_code_asks_for_is_there() -> None:
    asked = re.compile(r"""say\([^"]*"((?:customer|staff|reason|kind)\.[a-z_]+)\"""")
    rooms = Path(__file__).parents[3]
    sources = [path.read_text(encoding="utf-8") for room in ("bridge", "bots") for path in (rooms / room).rglob("*.py")]
    keys = {key for text in sources for key in asked.findall(text)}
    assert keys
    assert keys - PHRASES["ru"].keys() == set()


@pytest.mark.parametrize("key", ["helped_yes", "helped_no", "call_person"])
def test_labels_fit_on_a_button(key: str) -> None:
    # VK cuts a button's label at 40 characters.
    assert all(len(texts[f"customer.{key}"]) <= 40 for texts in PHRASES.values())


def test_a_file_with_anything_but_texts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "phrases.de.toml").write_text('[customer]\n[customer.more]\na = "b"\n')
    assert load_phrases(tmp_path) == {"de": {"customer.more.a": "b"}}
    (tmp_path / "phrases.de.toml").write_text("[customer]\nn = 1\n")
    with pytest.raises(ValueError, match=r"customer\.n is no text"):
        load_phrases(tmp_path)
