"""A small library of an invented bicycle workshop, in two languages."""

import pytest

from bridge.model.articles import Article, Label, Library
from bridge.model.ids import ArticleId
from kb_matcher.engine import Engine, build

ARTICLES = (
    ("price", "Стоимость ремонта", "ru", ("сколько стоит ремонт велосипеда", "почём починка", "цена замены цепи")),
    ("pickup", "Где забрать велосипед", "ru", ("куда приехать за велосипедом", "адрес мастерской", "как вас найти")),
    ("hours", "Часы работы", "ru", ("вы открыты в выходные", "до скольки работаете", "график на праздники")),
    ("rent", "Аренда", "ru", ("можно взять велосипед напрокат", "есть ли аренда", "прокат на сутки")),
    ("warranty", "Гарантия на работу", "ru", ("сколько длится гарантия", "сломалось после ремонта", "есть гарантия?")),
    ("enable", "Включить фару", "ru", ("как включить переднюю фару", "не горит фара")),
    (
        "price-en",
        "Repair prices",
        "en",
        ("how much is a repair", "what does a new chain cost", "price of fixing brakes"),
    ),
    ("hours-en", "Opening hours", "en", ("when are you open", "are you open on sundays", "what time do you close")),
    ("rent-en", "Bike rental", "en", ("can i rent a bike", "do you have rental bikes", "hire a bike for a day")),
)


def article(id_: str, title: str, lang: str | None, questions: tuple[str, ...], answer: str = "") -> Article:
    return Article(ArticleId(id_), title, answer or f"Ответ: {title}", questions, lang)


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(tuple(article(*one) for one in ARTICLES))


@pytest.fixture(scope="session")
def engine(library: Library) -> Engine:
    return build(library)


@pytest.fixture(scope="session")
def many_labels() -> tuple[Label, ...]:
    """Enough labels to train on: each wording of the library in other clothes, and strangers."""
    fronts = ("а вот ", "ребята ", "мне бы понять ", "очень надо знать ", "so ", "well then ", "my friend asks ")
    strangers = ("столица чили", "рецепт супа", "курс йены", "who won the cup", "weather in oslo", "напиши стих")
    inside = [Label(f + q, ArticleId(one[0])) for one in ARTICLES for q in one[3] for f in fronts]
    outside = [Label(f"{word} {number}", None) for word in strangers for number in range(30)]
    return tuple(inside + outside)
