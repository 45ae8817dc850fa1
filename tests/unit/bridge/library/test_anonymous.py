"""What one customer was told may be told to all: who it was for is masked, what is everybody's stays."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bridge.context import Bridge
from bridge.library.board.anonymous import anonymous, for_everybody
from bridge.library.board.repeating import alike, repeated
from kb_matcher.normalise import mask

BRIDGE = cast(Bridge, SimpleNamespace(matcher=SimpleNamespace(masked=mask)))
NAMES = ("Игорь Белов", "Anna")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Игорь, деньги вернём за 3 дня", "Деньги вернём за 3 дня"),
        ("Здравствуйте, Марина! Ваш заказ № 48 готов", "Ваш заказ №[number] готов"),
        ("Добрый день! Игорю вернём 300 рублей", "[name] вернём 300 рублей"),
        ("Вышлем Белову на карту 4276 1234 5678 9012", "Вышлем [name] на карту [number]"),
        ("Заказ 4821 приедет, заказ 2 чашек тоже", "Заказ [number] приедет, заказ 2 чашек тоже"),
        ("Привезём на ул. Ленина, д. 5, кв. 12 к обеду", "Привезём на [address] к обеду"),
        ("Hi John, we come to 12 Baker Street, flat 5 today", "We come to [address] today"),
        ("Пишите на i@shop.example", "Пишите на [e-mail]"),
        ("Следите: https://post.example/t?id=18, правила: https://kedr.example/gift.", ""),
        ("Одна строка\n\nи  другая, Anna", "Одна строка\n\nи другая, [name]"),
        ("Гарантия 14 дней, возврат на Ленинском проспекте", "Гарантия 14 дней, возврат на Ленинском проспекте"),
        ("Здравствуйте!", "Здравствуйте!"),
    ],
)
def test_who_it_was_for_is_masked(said: str, told: str) -> None:
    told = told or "Следите: [link], правила: https://kedr.example/gift."
    assert for_everybody(anonymous(BRIDGE, said, NAMES)) == told


HOSTILE = ["ул. ", "заказ ", "[name] ", "http://a1", "Здравствуйте, ", "12 Baker ", "1 ", ", д. 5", "\u202e", ""]


@pytest.mark.parametrize("piece", HOSTILE)
def test_any_text_is_read_to_its_end(piece: str) -> None:
    assert isinstance(for_everybody(anonymous(BRIDGE, piece * 6000, NAMES)), str)


def test_answers_that_say_nearly_the_same_are_together() -> None:
    gift: Any = "Гравируем имя на любом чайнике за 300 рублей, это займёт два дня."
    texts = [
        gift,
        "Добрый день! " + gift,
        "Вернуть товар можно за 14 дней",
        gift.replace("два дня", "[number] дня"),
        "!",
        "",
    ]
    assert repeated(texts) == [[0, 1, 3], [2], [4], [5]]
    assert alike(gift, gift.upper())
    assert not alike(gift, texts[2])
    assert not alike("", "")
