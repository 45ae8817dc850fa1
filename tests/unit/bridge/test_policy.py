"""What the bot does with words and a match: thresholds, greetings, thanks, what goes to a person."""

from dataclasses import replace
from typing import Any

import pytest

from bridge import policy
from bridge.model.articles import Asked, Decision, Match, Ranked, Thresholds
from bridge.model.ids import ArticleId
from bridge.model.messages import Author, AuthorKind, Message
from bridge.policy import Answer, Burst, Greet, Handoff, Offer, Smalltalk, unquoted

LIMITS = Thresholds(answer=0.9, offer=0.45, suggest=0.25)


def match(*confidences: float, exact: bool = False) -> Match:
    ranked = tuple(Ranked(ArticleId(f"a{n}"), f"Статья {n}", value) for n, value in enumerate(confidences))
    return Match(Decision.NONE, ranked, exact)


def decided(text: str, found: Match | None = None, limits: Thresholds = LIMITS, **more: Any) -> list[Any]:
    return list(policy.decide(Burst(text, **{"greeted": True, **more}), found, limits))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (match(0.9, 0.05), Answer),
        (match(0.95), Answer),
        (match(0.8999, 0.05), Offer),
        (match(0.45), Offer),
        (match(0.4499, 0.2), Handoff),
        (match(), Handoff),
        (None, Handoff),
        (match(0.3, exact=True), Answer),
    ],
)
def test_thresholds_are_reached_by_equality(found: Match | None, expected: type) -> None:
    (decision,) = decided("где мой заказ", found)
    assert isinstance(decision, expected)


def test_without_an_answer_threshold_only_exact_wordings_are_answered() -> None:
    cautious = replace(LIMITS, answer=None)
    assert isinstance(decided("где", match(0.99), cautious)[0], Offer)
    assert decided("где", match(0.5, exact=True), cautious) == [Answer(match(0.5).ranked[0])]


def question(article: str, sure: float, *, asks: bool = True, exact: bool = False) -> Asked:
    return Asked(f"о {article}", (Ranked(ArticleId(article), article, sure),), exact, asks)


def several(*asked: Asked) -> list[Any]:
    """Decide on a message of several questions: what each answers or offers, in order; what is left in brackets."""
    best = max((one.ranked[0] for one in asked), key=lambda item: item.confidence)
    shown: list[Any] = []
    for each in decided("где и сколько", Match(Decision.NONE, (best,), asked=asked)):
        match each:
            case Answer():
                shown += [(one.article.article_id, one.asked) for one in each.all]
            case Offer(articles, rest):
                shown.append([rest and rest.text, *(item.article_id for item in articles)])
            case Handoff(reason, rest):
                shown.append([rest and rest.text, reason])
    return shown


def test_several_questions_are_answered_in_order_and_nothing_is_lost() -> None:
    order, price = question("order", 0.91), question("price", 0.99)
    assert several(order, price) == [("order", "о order"), ("price", "о price")]
    assert several(order, question("order", 0.95)) == [("order", "")]
    assert several(price, question("wrap", 0.5)) == [("price", "о price"), ["о wrap", "wrap"]]
    assert several(price, question("moon", 0.1)) == [("price", "о price"), ["о moon", "unsure"]]
    assert several(price, question("moon", 0.1, asks=False)) == [("price", "")]
    both_left = several(price, question("wrap", 0.5), question("moon", 0.1))
    assert both_left == [("price", "о price"), ["о wrap\nо moon", "unsure"]]
    assert several(question("wrap", 0.5), question("moon", 0.1)) == [[None, "wrap"]]
    assert several(question("wrap", 0.2, exact=True), price) == [("wrap", "о wrap"), ("price", "о price")]


def test_what_is_left_of_several_questions_is_offered_surest_first_and_once() -> None:
    def ranked(*pairs: tuple[str, float]) -> Asked:
        found = tuple(Ranked(ArticleId(id), id, sure) for id, sure in pairs)
        return Asked(found[0].article_id, found, asks=True)

    price = question("price", 0.99)
    offers = several(price, ranked(("wrap", 0.6), ("box", 0.3)), ranked(("box", 0.5), ("price", 0.4), ("wrap", 0.1)))
    assert offers == [("price", "о price"), ["wrap\nbox", "wrap", "box"]]


def test_a_person_is_called_once_and_last() -> None:
    article = Ranked(ArticleId("a"), "a", 0.95)
    lost = (Answer(article), Handoff("unsure"), Offer((article,)), Handoff("wish"))
    assert policy.one_person(lost) == (Answer(article), Handoff("unsure"))
    assert policy.one_person((Answer(article), Offer((article,)))) == (Answer(article), Offer((article,)))


def test_an_offer_shows_plausible_runners_up_and_at_most_three() -> None:
    assert [a.article_id for a in decided("где", match(0.5, 0.2, 0.09, 0.085))[0].articles] == ["a0", "a1", "a2"]
    assert [a.article_id for a in decided("где", match(0.5, 0.083))[0].articles] == ["a0"]


def test_the_first_words_are_greeted_once() -> None:
    assert decided("Здравствуйте!", greeted=False) == [Greet()]
    assert decided("Здравствуйте!") == [Smalltalk("hello_again")]
    greet, answer = decided("где мой заказ", match(0.95), greeted=False)
    assert (greet, type(answer)) == (Greet(), Answer)
    assert decided("спасибо", greeted=False) == [Greet()]
    assert decided("спасибо") == [Smalltalk("smalltalk_thanks")]
    assert decided("туман", greeted=False) == [Greet(), Handoff("unsure")]


def test_a_wish_goes_before_everything() -> None:
    for found in (None, match(0.99), match(0.5)):
        assert decided("где мой заказ? позовите оператора", found) == [Handoff("wish")]
    assert decided("оператор", greeted=False) == [Handoff("wish")]


def test_what_could_not_be_read_goes_to_a_person() -> None:
    assert decided("", unsupported=True) == [Handoff("unsupported")]
    assert decided("туман", match(0.1), unsupported=True) == [Handoff("unsure")]
    assert isinstance(decided("где мой заказ", match(0.95), unsupported=True)[0], Answer)
    assert decided("  ") == [Handoff("unsure")]


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("где мой заказ", True),
        ("привет", False),
        ("спасибо", False),
        ("оператор", False),
        ("  ", False),
        ("привет, где заказ", True),
    ],
)
def test_the_library_is_asked_only_what_it_may_know(text: str, needed: bool) -> None:
    assert policy.needs_match(Burst(text)) is needed


GREETINGS = """Здравствуйте|здравствуй!|Добрый день|доброе утро|Добрый вечер!!|доброй ночи|Доброго времени суток|привет
приветик|Приветствую вас|Привет 👋|всем привет|здрасьте|hi|Hello!|hey there|good morning|Good afternoon"""
NO_GREETINGS = "Здравствуйте, где заказ|приветливая чашка|hi-fi|добрый чайник|ночи|привет как дела|"
THANKS = """спасибо|Спасибо!|большое спасибо|спасибо большое за помощь|Благодарю вас|ок|Окей, понятно|ясно, понял
поняла|да|Да, спасибо|помогло|всё понятно, спасибо|спс|супер|👍|🙏🙏|👍🏻|❤️|ок 👌|thanks|Thank you very much|thx
ok, got it|great|Спасибо большое, до свидания!|Пока, всего доброго|🙂|ага, понял|хорошего дня
спасибо и вам хорошего вечера!|всего хорошего|разобрался, спасибо|thanks, bye"""
NO_THANKS = "спасибо, а доставка?|ок где заказ|нет|да нет|не помогло|!!!||отличная чашка|okra|понял, а цена?"


@pytest.mark.parametrize("text", GREETINGS.replace("\n", "|").split("|"))
def test_a_greeting_and_nothing_else(text: str) -> None:
    assert policy.is_greeting(text)
    assert not policy.is_thanks(text)


@pytest.mark.parametrize("text", NO_GREETINGS.split("|"))
def test_more_than_a_greeting(text: str) -> None:
    assert not policy.is_greeting(text)


@pytest.mark.parametrize("text", THANKS.replace("\n", "|").split("|"))
def test_thanks_and_assent(text: str) -> None:
    assert policy.is_thanks(text)
    assert not policy.is_greeting(text)


@pytest.mark.parametrize("text", NO_THANKS.split("|"))
def test_more_than_thanks(text: str) -> None:
    assert not policy.is_thanks(text)


@pytest.mark.parametrize(
    "text", ["понял" * 30 + "!x", "👍" * 150 + "x", "вам" * 60 + "x", "привет " * 25 + "!x", "ok" * 90 + "!"]
)
def test_what_nearly_fits_many_times_over_is_refused(text: str) -> None:
    """A pattern that tries every way to part the text would not end here."""
    assert not policy.is_thanks(text)
    assert not policy.is_greeting(text)


def line(text: str, kind: AuthorKind = AuthorKind.CUSTOMER, form: str = "text") -> Message:
    author = Author(kind, "", "")
    return Message("m", "c", 1, author, text, None, "tg", "1", kind=form)  # type: ignore[arg-type]


def test_what_was_asked_are_the_words_since_the_last_answer() -> None:
    answer = line("Ответ", AuthorKind.BOT)
    said = [line("старый вопрос"), answer, line("где заказ?"), line("номер 5"), line("спасибо"), line("оператор")]
    assert policy.asked(said) == "где заказ\nномер 5"
    assert policy.asked([line("где заказ?"), answer, line("позовите оператора")]) == "где заказ"
    assert policy.asked([line("где заказ? позовите оператора")]) == "где заказ"
    assert policy.asked([line("подпись", form="photo"), answer]) == "подпись"
    assert policy.asked([line("что-то", form="poll"), answer]) == ""
    assert policy.asked([line("Заметка", AuthorKind.NOTE), line("привет")]) == ""
    assert policy.asked([line("где заказ?"), answer, line("Нет", form="press")]) == "где заказ"
    assert policy.asked([]) == ""


@pytest.mark.parametrize("text", ["нет", "Не помогло.", "Нет, не помогло", "это не то", "no", "didn't help"])
def test_a_typed_no_answers_the_question_whether_it_helped(text: str) -> None:
    assert policy.is_not_helped(text)
    assert decided(text, helped_asked=True) == [Handoff("not_helped")]


@pytest.mark.parametrize("text", ["нет заказа", "не помогло, где деньги", "но", ""])
def test_more_than_a_no(text: str) -> None:
    assert not policy.is_not_helped(text)


@pytest.mark.parametrize("text", ["...", "?!", "😡", "👎"])
def test_signs_alone_ask_nothing(text: str) -> None:
    assert decided(text) == [Smalltalk("say_in_words")]
    assert decided(text, greeted=False) == [Greet()]
    assert not policy.needs_match(Burst(text))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("> где заказ\n> номер 5\nэтот", "этот"),
        ("этот\n> не цитата", "этот\n> не цитата"),
        ("> одна цитата", ""),
        (">5 кг", ">5 кг"),
        ("", ""),
    ],
)
def test_what_was_picked_out_to_answer_is_not_asked(text: str, left: str) -> None:
    assert unquoted(text) == left
