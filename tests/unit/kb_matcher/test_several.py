"""Several questions in one message: where it is cut, how the parts stand side by side."""

import pytest

from bridge.model.articles import Decision, apart
from kb_matcher.engine import Engine
from kb_matcher.ranking import Place, as_sure, beside
from kb_matcher.several import LONGEST, MAX_PARTS, loosely, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("сколько стоит ремонт велосипеда? есть ли аренда на сутки?", 2),
        ("сколько стоит ремонт велосипеда\nкак вас найти в городе", 2),
        ("сколько стоит ремонт велосипеда, а также можно ли взять напрокат", 2),
        ("когда вы открыты и ещё вопрос, сколько стоит новая цепь", 2),
        ("how much is a repair, also do you rent bikes", 2),
        ("сколько стоит ремонт велосипеда?", 0),
        ("Здравствуйте! Подскажите, пожалуйста. Сколько стоит ремонт?", 0),
        ("цена? срок?", 0),
        ("сколько стоит ремонт велосипеда? мой телефон +7 912 345-67-89", 0),
        ("?!?!?!", 0),
        ("", 0),
    ],
)
def test_where_a_message_is_cut(text: str, parts: int) -> None:
    assert len(split(text)) == parts


def test_stories_are_not_cut_and_parts_are_few() -> None:
    assert split("почему сломалась цепь? " * (LONGEST // 10)) == []
    assert (
        len(split("почему сломалась цепь? как починить тормоза? где купить шлем? когда открыто завтра?")) == MAX_PARTS
    )


def test_both_questions_go_first_and_none_is_answered_alone(engine: Engine) -> None:
    match = engine.match("почём тут починка колеса? И ещё, есть ли у вас прокат на сутки?")
    assert {one.article_id for one in match.ranked[:2]} == {"price", "rent"}
    assert match.decision is not Decision.ANSWER


WHOLE = [Place(0, 0, 0.6), Place(1, 1, 0.2), Place(2, 2, 0.1), Place(3, 3, 0.05), Place(4, 4, 0.01)]


def test_the_best_of_plausible_parts_go_first() -> None:
    places, several = beside(WHOLE, [[Place(4, 4, 0.5)], [Place(3, 3, 0.7), Place(0, 0, 0.1)]])
    assert several
    assert [place.article for place in places] == [3, 4, 0, 1, 2]


@pytest.mark.parametrize(
    "parts",
    [
        [[Place(0, 0, 0.9)], [Place(4, 4, 0.05)]],  # the other part is far less likely than the whole
        [[Place(0, 0, 0.9)], [Place(0, 5, 0.8)], []],  # both ask for the same
    ],
)
def test_else_the_whole_goes_first(parts: list[list[Place]]) -> None:
    places, several = beside(WHOLE, parts)
    assert not several
    assert [place.article for place in places[:3]] == [0, 1, 2]
    assert len({place.article for place in places}) == len(places)


def test_after_the_best_of_each_part_goes_what_fits_a_part_and_the_whole() -> None:
    parts = [[Place(4, 4, 0.5), Place(2, 2, 0.4)], [Place(3, 3, 0.7), Place(5, 5, 0.3)]]
    places, _ = beside(WHOLE, parts)
    assert [place.article for place in places[:3]] == [3, 4, 2]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("где мой заказ и сколько стоит доставка", ["где мой заказ", "сколько стоит доставка"]),
        ("How much is a repair, and do you rent bikes?", ["how much is a repair", "do you rent bikes?"]),
        ("потерял карту, как получить новую", []),  # what goes before asks nothing
        ("как и где получить заказ", []),
    ],
)
def test_where_a_message_may_go_on_to_another_question(text: str, parts: list[str]) -> None:
    assert [part.text for part in loosely(text)] == parts
    assert all(part.asks for part in loosely(text))


def test_questions_that_repeat_wordings_are_told_apart_in_order_and_what_is_left_is_known(engine: Engine) -> None:
    both = engine.match("есть ли аренда велосипеда, а также сколько стоит ремонт велосипеда")
    sure, left = apart(both, engine.thresholds)
    assert [one.ranked[0].article_id for one in sure][-1] == "price"
    match = engine.match("сколько стоит ремонт велосипеда? И ещё вопрос, правда ли слоны боятся мышей?")
    sure, left = apart(match, engine.thresholds)
    assert [one.ranked[0].article_id for one in sure] == ["price"]
    assert left is not None
    assert (left.text, left.asks) == ("правда ли слоны боятся мышей?", True)
    assert match.decision is Decision.ANSWER


def test_a_whole_that_is_as_sure_as_its_part_is_one_question() -> None:
    assert as_sure(0.95, 0.97)
    assert as_sure(0.99, 0.9)
    assert not as_sure(0.6, 0.97)
