"""Questions that ask the same are put together, whatever the words around them."""

from kb_matcher.groups import grouped

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
    assert grouped(QUESTIONS) == [[0, 1, 2], [3, 4], [6, 7], [5]]


def test_few_questions_and_equal_ones() -> None:
    assert grouped([]) == []
    assert grouped(["где заказ"]) == [[0]]
    assert grouped(["где заказ", "Где заказ?", "ГДЕ ЗАКАЗ"]) == [[0, 1, 2]]
