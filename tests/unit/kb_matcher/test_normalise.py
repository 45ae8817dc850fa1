"""Rules that make texts comparable, as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_matcher.normalise import MAX_CHARS, clean, key, latin, mask, question_words, stem, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ёлка и ЕЩЁ", "елка и еще"),
        ("ＦＵＬＬ width", "full width"),
        ("don't can\u2019t", "dont cant"),
        ("приве-е-ет урааааа", "приве-е-ет ураа"),
        ("номер 100500", "номер"),
        ("код 404 и 4k", "код 404 и 4k"),
    ],
)
def test_clean(text: str, folded: str) -> None:
    assert " ".join(clean(text).split()) == folded


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("пишите на ivan.petrov+1@mail.example.com скорее", "пишите на [e-mail] скорее"),
        ("звоните +7 (912) 345-67-89", "звоните [number]"),
        ("карта 4111 1111 1111 1111 списали", "карта [number] списали"),
        ("смотри https://example.com/a?b=c#d тут", "смотри [link] тут"),
        ("www.example.com/x", "[link]"),
        ("заказ №123456 где", "заказ [number] где"),
        ("заказ KK-77195", "заказ [number]"),
        ("осталось 12 штук по 300", "осталось 12 штук по 300"),
    ],
)
def test_mask_hides_personal_data(text: str, masked: str) -> None:
    assert " ".join(mask(text).split()) == masked


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Здравствуйте! Подскажите, пожалуйста, где заказ?", "где заказ"),
        ("Добрый день, меня зовут Анна. Как вернуть товар? Заранее спасибо!", "как вернуть товар"),
        ("Hello, could you please tell me where my order is? Thanks in advance", "where my order is"),
        ("Hi, my name is John, i need a refund please", "i need a refund"),
        ("спасибо", "спасибо"),
        ("Привет!", "привет"),
        ("hello thanks", "hello thanks"),
        ("как сказать привет другу", "как сказать привет другу"),
    ],
)
def test_politeness_around_a_question_is_dropped(text: str, left: str) -> None:
    assert " ".join(question_words(text)) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Где посылка? мой телефон +7 912 345-67-89", "где посылка"),
        ("не могу войти, my e-mail is john@example.com!", "не могу войти"),
        ("Where is it? Order #1234567, passport 4509 123456", "where is it"),
        ("не проходит карта 4276 1234 5678 9010", "не проходит карта"),
        ("где мой заказ 1234567", "где мой заказ"),
        ("мой телефон +7 912 345-67-89", "мой телефон"),
        ("скидка на карту, телефон и почту", "скидка на карту телефон и почту"),
    ],
)
def test_what_only_introduces_personal_data_is_dropped(text: str, left: str) -> None:
    assert " ".join(question_words(text)) == left


@pytest.mark.parametrize(("one", "other"), [("доставка", "доставку"), ("returns", "returned"), ("заказ", "заказами")])
def test_stems_meet(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("cyrillic", "typed"),
    [
        ("рутуб", "rutub"),
        ("сайт", "sayt"),
        ("сайт", "sajt"),
        ("щётка", "shchetka"),
        ("хочу", "khochu"),
        ("мыло", "mylo"),
    ],
)
def test_transliteration_meets_its_variants(cyrillic: str, typed: str) -> None:
    assert key(words(cyrillic)) == key(words(typed))


@given(st.text(max_size=300))
def test_any_text_is_safe_and_comparable_with_itself(text: str) -> None:
    assert words(text) == words(text)
    assert key(question_words(text)) == key(question_words(text))
    assert all(latin(word) is not None and stem(word) for word in words(text))
    assert "ё" not in clean(text)


def test_only_the_first_characters_are_read() -> None:
    assert len(words("слово " * MAX_CHARS)) <= MAX_CHARS // 6 + 1
