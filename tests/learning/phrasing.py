"""How customers vary what was asked before: politeness, slips of the finger, other words; Russian and English."""

import re
from random import Random

BEFORE = {
    "ru": ("здравствуйте, ", "подскажите пожалуйста, ", "добрый день! ", "скажите, ", "а ", "вопрос: ", "привет, "),
    "en": ("hello, ", "hi! ", "could you tell me, ", "please tell me: ", "a question: ", "so "),
}
AFTER = {
    "ru": (" спасибо", " пожалуйста", ", очень надо", " подскажите", ", заранее спасибо", "???"),
    "en": (" please", " thanks", ", it is urgent", " thank you", "??"),
}
WORDS = {
    "сколько": "скока", "заказ": "посылку", "посылка": "заказ", "привезёте": "доставите", "можно": "возможно ли",
    "как": "каким образом", "где": "в каком месте", "нужно": "надо", "оплатить": "заплатить", "вернуть": "сдать",
    "товар": "вещь", "магазин": "магазине", "деньги": "средства", "хочу": "мне бы", "почему": "отчего",
    "цена": "стоимость", "доставка": "привоз", "курьер": "доставщик", "скидка": "акция",
    "адрес": "адресок", "сегодня": "прямо сегодня",
    "order": "parcel", "parcel": "order", "how": "in what way", "can": "may", "money": "cash", "return": "send back",
    "delivery": "shipping", "want": "would like", "pay": "settle up", "where": "in which place", "cost": "price",
}  # fmt: skip
_WORD = re.compile(r"\w+")


def varied(text: str, lang: str, dice: Random) -> str:
    """Return a text as another customer might write it; one in three writes it as it stands."""
    if dice.random() < 1 / 3:
        return text
    said = text
    if dice.random() < 0.5:
        said = _WORD.sub(lambda met: _other(met.group(), dice), said)
    if dice.random() < 0.35:
        said = _slipped(said, dice)
    if dice.random() < 0.3:
        said = dice.choice(BEFORE[lang]) + said[:1].lower() + said[1:]
    if dice.random() < 0.25:
        said = said.rstrip("?!. ") + dice.choice(AFTER[lang])
    return said.lower() if dice.random() < 0.4 else said


def _other(word: str, dice: Random) -> str:
    other = WORDS.get(word.lower())
    return other if other and dice.random() < 0.6 else word


def _slipped(text: str, dice: Random) -> str:
    """Leave out, double or swap a letter of one longer word."""
    places = [met for met in _WORD.finditer(text) if len(met.group()) > 4]
    if not places:
        return text
    met = dice.choice(places)
    at = dice.randrange(met.start() + 1, met.end() - 1)
    slip = dice.choice(("out", "double", "swap"))
    if slip == "out":
        return text[:at] + text[at + 1 :]
    if slip == "double":
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
