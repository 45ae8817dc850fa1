"""Words by language, plurals, and the language of a stranger."""

import json

import pytest

from operator_panel.i18n import Texts, plural

TEXTS = Texts(
    {
        "ru": {
            "ui.minutes.one": "{n} минута",
            "ui.minutes.few": "{n} минуты",
            "ui.minutes.many": "{n} минут",
            "ui.hello": "Здравствуйте, {name}",
            "login.title": "Вход",
        },
        "en": {"ui.minutes.one": "{n} minute", "ui.minutes.other": "{n} minutes", "ui.hello": "Hello, {name}"},
    }
)


@pytest.mark.parametrize(
    ("n", "form"),
    [
        (1, "one"),
        (2, "few"),
        (5, "many"),
        (11, "many"),
        (12, "many"),
        (21, "one"),
        (22, "few"),
        (111, "many"),
        (0, "many"),
    ],
)
def test_russian_plurals(n, form) -> None:
    assert plural("ru", n) == form
    assert plural("ru", -n) == form


def test_english_plurals() -> None:
    assert [plural("en", n) for n in (0, 1, 2)] == ["other", "one", "other"]


def test_texts_are_filled_and_fall_back() -> None:
    assert TEXTS.say("ru", "ui.minutes", n=22) == "22 минуты"
    assert TEXTS.say("en", "ui.minutes", n=1) == "1 minute"
    assert TEXTS.say("en", "ui.hello", name="{n}") == "Hello, {n}"
    assert TEXTS.say("en", "login.title") == "Вход"
    assert TEXTS.say("en", "nobody.wrote") == "nobody.wrote"


def test_only_the_browsers_words_go_to_the_browser() -> None:
    assert set(TEXTS.strings("en")) == {
        "ui.minutes.one",
        "ui.minutes.few",
        "ui.minutes.many",
        "ui.minutes.other",
        "ui.hello",
    }
    assert TEXTS.strings("en")["ui.hello"] == "Hello, {name}"


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("de,ru;q=0.5,en;q=0.4", "ru"),
        ("", "ru"),
        ("de", "ru"),
        ("en;q=x,ru", "ru"),
        ("ru;q=0.1,en;q=0.2", "en"),
    ],
)
def test_a_strangers_language(accept, language) -> None:
    assert TEXTS.choose(accept) == language


def test_files_of_a_folder(tmp_path) -> None:
    (tmp_path / "en.json").write_text(json.dumps({"a": "b"}), "utf-8")
    texts = Texts.load(tmp_path, "ru")
    assert texts.languages == ("en",)
    assert texts.say("ru", "a") == "b"
    assert Texts.load(tmp_path / "nowhere").say("ru", "a") == "a"
