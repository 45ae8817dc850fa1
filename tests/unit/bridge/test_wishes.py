"""Who asks for a person, and who only speaks of one."""

import json
from pathlib import Path

import pytest

from bridge.wishes import wishes_person, without_wish

KNOWLEDGE = Path(__file__).parents[3] / "configs" / "knowledge"

REFUSALS = [
    "не надо оператора, сам разберусь",
    "оператор не нужен",
    "не зовите оператора",
    "без оператора справлюсь",
    "не нужно звать оператора",
    "don't need an operator",
    "no need for an operator, thanks",
]

WISHES = [
    "оператор",
    "Оператор!",
    "оператора",
    "ОПЕРАТОРА ПОЖАЛУЙСТА",
    "живой человек",
    "человек",
    "менеджер",
    "позовите человека",
    "Позовите, пожалуйста, живого человека",
    "позови оператора",
    "нужен живой оператор",
    "мне нужен оператор",
    "нужен человек",
    "нужен человек, который разбирается",
    "можно поговорить с менеджером?",
    "можно оператора?",
    "можно мне оператора",
    "А можно с живым человеком пообщаться?",
    "хочу поговорить с человеком",
    "хочу оператора",
    "хочу живого человека",
    "я хотел бы поговорить с консультантом",
    "соедините с оператором",
    "соедините меня с живым человеком",
    "переключите на оператора",
    "переведите меня на специалиста",
    "свяжите меня с менеджером",
    "дайте оператора",
    "дайте мне живого человека",
    "оператора позовите",
    "с оператором можно поговорить?",
    "человека позовите",
    "мне бы с человеком поговорить",
    "оператор нужен",
    "есть кто живой?",
    "есть живые люди?",
    "пусть мне ответит человек",
    "не хочу говорить с ботом",
    "не хочу общаться с роботом, дайте человека",
    "как связаться с оператором",
    "Здравствуйте, оператора",
    "Здравствуйте! Позовите менеджера",
    "где мой заказ? позовите оператора",
    "где мой заказ\nоператор",
    "нужна помощь специалиста",
    "нужна консультация специалиста",
    "подключите оператора",
    "к оператору",
    "можете позвать менеджера?",
    "хочу говорить с человеком, а не с ботом",
    "позовите кого-нибудь",
    "можно кого-нибудь живого",
    "talk to a human",
    "I want to talk to a human",
    "can I speak to a person?",
    "Can I speak with a manager please",
    "operator",
    "Operator, please",
    "human",
    "agent!",
    "real person",
    "live agent please",
    "connect me to an operator",
    "connect me with a real person",
    "transfer me to a human agent",
    "get me a human",
    "give me an operator",
    "call an operator",
    "I need a human",
    "I need a real person to help me",
    "i want an agent",
    "is there a real person here?",
    "can a human help me",
    "I don't want to talk to a bot",
    "speak to someone",
    "I'd like a human please",
]

#: They speak of operators, managers and people, and want an answer, not a person.
NO_WISHES = [
    "ваш оператор нахамил мне",
    "какой менеджер у вас по опту",
    "operator manual for the kettle",
    "человек в семье один",
    "оператор вчера бросил трубку, это безобразие",
    "ты бот или человек?",
    "удалённо можно работать оператором",
    "оператором чата из дома можно устроиться?",
    "нужен сервиз на 4 человека",
    "хочу набор тарелок на шесть человек",
    "можно посуду на 12 человек?",
    "хочу купить подарок для человека, у которого всё есть",
    "почему менеджер не перезванивает по заказу",
    "менеджер обещал скидку",
    "оператор поговорил со мной грубо",
    "сколько человек у вас работает",
    "нужен ли вам менеджер по продажам",
    "вам нужен менеджер по продажам?",
    "я говорил с оператором, он сказал завтра",
    "дайте телефон менеджера",
    "как зовут вашего менеджера",
    "ваш специалист ошибся",
    "можно ли доверять вашему консультанту",
    "где мой заказ",
    "есть живые цветы?",
    "хочу пожаловаться на оператора",
    "чашка для человека с чувством юмора",
    "сотрудник склада не отвечает",
    "мобильный оператор мтс не присылает смс",
    "у меня оператор связи билайн",
    "посуда для персонала, 20 человек",
    "человеку 30 лет что подарить",
    "I need the operator manual",
    "the agent was rude",
    "your manager promised a discount",
    "a set for one person",
    "can I give it to a person as a gift",
    "I want a set for four people",
    "human-shaped mug",
    "call me when the order is ready",
    "who is the manager of the shop",
    "do you need an operator for the factory",
    "I spoke to your operator yesterday",
]


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_for_a_person(text: str) -> None:
    assert wishes_person(text)
    assert wishes_person(text.upper())
    assert wishes_person(f"  {text} 🙏")


@pytest.mark.parametrize("text", NO_WISHES)
def test_words_about_a_person_are_no_wish(text: str) -> None:
    assert not wishes_person(text)


def test_of_the_sample_questions_only_wishes_are_wishes() -> None:
    """Every question and label of both sample bases, but for those that say it outright."""
    found = set()
    for path in KNOWLEDGE.glob("*/*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found |= {
                text
                for text in (row.get("text", ""), row.get("title", ""), *row.get("questions", ()))
                if wishes_person(text)
            }
    assert found == {"позовите оператора", "Соедините с живым человеком"}


def test_what_is_said_beside_the_wish_stays() -> None:
    assert without_wish("Где мой заказ 5512? Позовите оператора!") == "Где мой заказ 5512"
    assert without_wish("where is my parcel\noperator") == "where is my parcel"
    assert without_wish("оператор") == ""
    assert without_wish("Где мой заказ?") == "Где мой заказ"


@pytest.mark.parametrize(
    "piece", ["!", "оператор ", "дайте мне ", "с живым ", "а ", "real ", "ваш ", "\n", "хочу я ли "]
)
def test_no_text_is_read_further_than_a_wish_is_long(piece: str) -> None:
    """What is tried again from every place would not end here."""
    text = piece * (20_000 // len(piece))
    assert not wishes_person(text)
    assert without_wish(text) == " ".join(text[:1000].split()).strip("!")
