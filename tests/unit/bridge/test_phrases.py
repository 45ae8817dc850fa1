"""Words by language, and long texts cut for messengers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.phrases import Phrases, split, utf16_length

SAID = Phrases(
    {"ru": {"hello": "Привет, {name}", "only": "лишь здесь", "reason.x": "причина"}, "en": {"hello": "Hi {name}"}}
)

pieces = st.text(st.sampled_from("абв xyz\n 😀🏳️‍🌈"), max_size=60)


def test_a_language_or_key_that_is_missing_falls_back_to_the_house() -> None:
    assert SAID.say("en", "hello", name="Ann") == "Hi Ann"
    assert SAID.say("en", "only") == "лишь здесь"
    assert SAID.say("fr", "hello", name="Анна") == "Привет, Анна"
    assert SAID.say(None, "only") == "лишь здесь"
    with pytest.raises(KeyError):
        SAID.say("ru", "nobody wrote this")
    assert SAID.reason("en", "x") == "причина"
    assert SAID.reason("ru", "Bad Request: text") == "Bad Request: text"


@given(st.text(max_size=200))
def test_lengths_are_those_of_utf16(text: str) -> None:
    assert (
        utf16_length(text)
        == len(text.encode("utf-16-le", "surrogatepass")) // 2
        == sum(2 if ord(letter) > 0xFFFF else 1 for letter in text)
    )


@given(pieces, st.integers(2, 40))
def test_parts_keep_the_limit_and_every_letter(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert parts
    assert all(utf16_length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    if text.strip():
        assert all(part.strip() for part in parts)
    else:
        assert parts == [""]


@given(
    st.lists(st.text(st.sampled_from("абвxyz"), min_size=1, max_size=10), min_size=1, max_size=30), st.integers(20, 60)
)
def test_words_that_fit_stay_whole(words: list[str], limit: int) -> None:
    assert [word for part in split(" ".join(words), limit) for word in part.split()] == words


def test_a_text_that_fits_is_one_part() -> None:
    assert split("Привет", 6) == ["Привет"]
    assert split("", 10) == [""]
    assert split("😀" * 5, 10) == ["😀" * 5]
    assert split("😀" * 5, 9) == ["😀" * 4, "😀"]


def test_paragraphs_go_before_lines_and_lines_before_blanks() -> None:
    assert split("один два\n\nтри четыре", 14) == ["один два", "три четыре"]
    assert split("один два\nтри четыре пять", 14) == ["один два", "три четыре", "пять"]
    assert split("раз\n\nдва три четыре пять", 20) == ["раз\n\nдва три четыре", "пять"]
