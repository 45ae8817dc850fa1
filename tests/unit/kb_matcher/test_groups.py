"""Questions that ask the same are put together, whatever the words around them."""

import random
from itertools import combinations

import pytest

from kb_matcher.groups import grouped
from tests.unit.kb_matcher import asked

QUESTIONS = [
    "Можно разбить платёж на 4 части?",
    "Здравствуйте! можно ли разбить платеж на части",
    "разбить платёж частями можно?",
    "Упакуете к празднику?",
    "упакуете подарок к празднику",
    "Есть ли магазин в Казани",
    "!!!",
    "👍",
]


def test_the_same_question_in_other_words_is_one_group_and_the_largest_comes_first() -> None:
    assert [sorted(group) for group in grouped(QUESTIONS)] == [[0, 1, 2], [3, 4], [6, 7], [5]]


def test_few_questions_and_equal_ones() -> None:
    assert grouped([]) == []
    assert grouped(["где заказ"]) == [[0]]
    assert grouped(["где заказ", "Где заказ?", "ГДЕ ЗАКАЗ"]) == [[0, 1, 2]]
    assert grouped(["где заказ", "оплата картой"]) == [[0], [1]]


def test_the_most_central_question_stands_first() -> None:
    texts = ["рассрочка", "оплата в рассрочку картой", "рассрочка картой", "рассрочка картой или наличными"]
    assert grouped(texts)[0] == [2, 0, 1]


@pytest.mark.parametrize(
    ("subjects", "precision", "recall"), [(asked.RUSSIAN, 0.8, 0.3), (asked.ENGLISH, 0.78, 0.7)], ids=["ru", "en"]
)
def test_most_of_what_is_put_together_asks_the_same(
    subjects: dict[str, tuple[str, ...]], precision: float, recall: float
) -> None:
    asked_so = [(text, subject) for subject, texts in subjects.items() for text in texts]
    random.Random(5).shuffle(asked_so)
    found = {pair for group in grouped([text for text, _ in asked_so]) for pair in combinations(sorted(group), 2)}
    right = {(a, b) for a, b in combinations(range(len(asked_so)), 2) if asked_so[a][1] == asked_so[b][1]}
    assert len(found & right) >= precision * len(found)
    assert len(found & right) >= recall * len(right)
