"""Which questions are asked again before an article is published, where there are more than can be asked."""

from collections import Counter

from bridge.library.health.choosing import chosen


def test_questions_near_the_article_come_first_and_every_other_answer_has_its_turn() -> None:
    asked = [(f"заказ номер {number} куда едет", "delivery") for number in range(300)]
    asked += [(f"когда вернёте деньги {number}", "refund") for number in range(60)]
    asked += [(f"самовар напрокат {number}", None) for number in range(30)]
    asked += [(f"вопрос про тему {number}", f"topic{number % 20}") for number in range(100)]
    numbers = chosen(asked, "refund", ("Прокат самоваров", "взять напрокат самовар"), 100)
    found = Counter(asked[number][1] for number in numbers)
    assert (len(numbers), len(set(numbers))) == (100, 100)
    assert found["refund"] >= 40, "what the article answers"
    assert found[None] == 30, "what sounds like it"
    assert {f"topic{number}" for number in range(20)} <= set(found), "something of everything"
    assert 1 <= found["delivery"] <= 10, "what is asked most does not crowd out the others"
    assert chosen(asked[:50], "refund", (), 100) == list(range(50)), "all, where they are few"
