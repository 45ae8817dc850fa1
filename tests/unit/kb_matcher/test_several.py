"""Several questions in one message: where it is cut, how the parts stand side by side."""

import pytest

from bridge.model.articles import Decision
from kb_matcher.engine import Engine
from kb_matcher.ranking import Place, beside
from kb_matcher.several import LONGEST, MAX_PARTS, split


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
        [[Place(0, 0, 0.9)], [Place(4, 4, 0.08)]],  # the other part is far less likely than the whole
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
