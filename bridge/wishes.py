"""Who asks for a person in free words, Russian or English: pure, and told from those who only speak of one.

"Позовите оператора", "можно поговорить с менеджером?", "оператор" alone are wishes; "ваш оператор нахамил мне",
"сервиз на 4 человека" and "operator manual" are not. Endings tell them apart in Russian, what follows in English.
"""

import re
from functools import lru_cache

_STEM = r"(?:оператор|менеджер|сотрудник|консультант|специалист|администратор|человек)"
_WHICH = (
    r"(?:(?:ваш|жив|реальн|настоящ|нормальн|свободн|люб|друг|как)(?:ой|ий|его|ого|ему|ому|им|ым|их|ых|ими|ыми)\W+)*"
)
_NAMED = rf"{_WHICH}{_STEM}\b"
_WHOM = rf"{_WHICH}(?:{_STEM}а|людей|кого-нибудь|кого-то|живого)\b"
_WITH = rf"со?\W+{_WHICH}(?:{_STEM}ом|людьми|кем-нибудь|кем-то|живым)\b"
_TOWARDS = rf"(?:ко?\W+{_WHICH}{_STEM}у|на\W+{_WHOM})\b"
_TARGET = rf"(?:{_WHOM}|{_WITH}|{_TOWARDS})"
_SOFT = (
    r"(?:(?:мне|меня|нас|нам|я|вы|ли|бы|уже|просто|тогда|лучше|сразу|скорее|быстрее|срочно|пожалуйста|плиз|"
    r"помощь|консультация|разговор|сюда|в чат)\W+)*"
)
_SUMMON = (
    r"(?:позов(?:и|ите|ёте|ете)|приглас(?:и|ите)|соедини(?:те)?|переключи(?:те)?|перевед(?:и|ите)|свяжи(?:те)?|"
    r"подключи(?:те)?|вызов(?:и|ите)|дай(?:те)?)"
)
_SPEAK = (
    r"(?:позвать|пригласить|соединить(?:ся)?|переключить|перевести|связать(?:ся)?|подключить|вызвать|поговорить|"
    r"переговорить|пообщаться|общаться|говорить|разговаривать|побеседовать|посоветоваться|проконсультироваться)"
)
_WISHING = (
    r"(?:хочу|хочется|хотел(?:а|ось)?|нужн[аоы]|нужен|надо|можно|могу|можете|можешь|прошу|требую|дайте|давайте|как)"
)
# "Нужен менеджер по продажам?" asks for work, "хочу оператора на выходные" for something else: what follows tells.
_END = r"(?!\W+(?:по|в|на|для|из|от|за)\b)"
_START = r"(?:^\W*|[,.!?;:()«—-]\W*|\b(?:а|и|но|мне|меня|тогда|лучше|просто|пожалуйста|нет)\W+)"
_KIND = r"(?:здравствуйте|добрый\W+день|привет|алло|эй|да|нет|а|мне|пожалуйста|плиз|срочно|ну)"
_BOT = r"(?:ботом|роботом|машиной|автоответчиком|нейросетью)"

_RUSSIAN = (
    rf"\b{_SUMMON}\W+{_SOFT}{_TARGET}",
    rf"(?:\b{_WISHING}\W+{_SOFT}|^\W*){_SPEAK}\W+{_SOFT}{_TARGET}",
    rf"\b(?:{_WISHING}|мне\W+бы)\W+{_SOFT}{_WITH}",
    rf"\b(?:хочу|нужен|нужн[ао]|надо|можно|прошу|требую|требуется)\W+{_SOFT}(?:{_NAMED}|{_WHOM}){_END}",
    rf"{_START}(?:{_TARGET}\W+{_SOFT}(?:{_SUMMON}|{_WISHING})|{_NAMED}\W+{_SOFT}нужен){_END}\b",
    r"\bесть\W+(?:(?:тут|здесь|у\W+вас|ли)\W+)*(?:кто(?:-нибудь|-то)?\W+жив(?:ой|ые)|жив(?:ой|ые)\W+"
    rf"(?:люди|операторы|{_STEM})\b)",
    rf"\bпусть\W+{_SOFT}(?:(?:ответит|напишет|позвонит|подключится)\W+{_SOFT})?{_NAMED}",
    rf"\bне\W+(?:хочу|буду)\W+(?:{_SPEAK}\W+)?с\W+{_BOT}\b",
    rf"^\W*(?:{_KIND}\W+)*(?:{_NAMED}|{_TARGET})(?:\W+(?:{_KIND}))*\W*$",
)

_A = r"(?:(?:a|an|the|your|some|any|another)\W+)?"
_REAL = r"(?:(?:real|live|actual|human|support|customer|service|nice)\W+)*"
_ROLE = r"(?:operator|human(?:\W+being)?|agent|representative|rep|person|people|manager|specialist|supervisor)"
_WHO = rf"{_A}{_REAL}{_ROLE}\b"
_SOMEONE = rf"(?:{_WHO}|{_A}(?:some|any)(?:one|body)\b)"
_NOW = r"(?=\W*(?:$|[.!?,;:)]|\n|(?:please|pls|now|asap|here|to|who|that\W+can|instead|and|right)\b))"
_POLITE = r"(?:please|pls|now|asap|hi|hello|hey|ok|okay|no|yes)"

_ENGLISH = (
    rf"\b(?:talk|speak|chat)\W+(?:to|with)\W+{_SOMEONE}",
    rf"\b(?:connect|transfer|put|pass|switch|forward|redirect)\W+(?:me|us)\W+(?:(?:through|over)\W+)?(?:to|with)\W+{_SOMEONE}",
    rf"\b(?:get|give|find|bring)\W+(?:me|us)\W+{_WHO}{_NOW}",
    rf"\bcall\W+{_A}{_REAL}(?:operator|human|agent|representative|person|manager)\b{_NOW}",
    rf"\b(?:want|need|would\W+like|['’]d\W+like)\W+{_WHO}{_NOW}",
    rf"\bis\W+there\W+{_A}(?:(?:real|live|actual)\W+)*(?:person|human|operator|agent)\b{_NOW}",
    rf"\bcan\W+{_WHO}\W+(?:help|answer|call|contact|assist)\b",
    r"\b(?:don['’]?t|do\W+not)\W+want\W+(?:to\W+(?:talk|speak|chat)\W+(?:to|with)\W+)?(?:an?|the|this)\W+(?:bot|robot|machine)",
    rf"^\W*(?:{_POLITE}\W+)*{_WHO}(?:\W+{_POLITE})*\W*$",
)

# "Не надо оператора" refuses one; "почему не переводите на оператора?" asks for one.
_REFUSALS = (
    rf"\b(?<!почему )(?<!что )не\W+{_SOFT}(?:надо|нужно|нужен|нужна|нужны|хочу|буду|стоит|требуется|{_SUMMON}|"
    rf"(?:звать|вызывать|переводить|переключать|соединять|подключать)(?:те)?|(?:зовите|вызывайте|переводите|переключайте|"
    rf"соединяйте|подключайте))\W+{_SOFT}(?:{_SPEAK}\W+|звать\W+|вызывать\W+|переводить\W+)?{_SOFT}(?:{_TARGET}|{_NAMED})",
    rf"\b(?:{_NAMED}|{_WHOM})\W+{_SOFT}не\W+{_SOFT}(?:нужен|надо|нужны|нужно|требуется|хочу|зовите)",
    rf"\bбез\W+{_WHOM}",
    rf"\b(?:don['’]?t|do\W+not|no)\W+(?:need|want|call|connect|bother)\W+(?:(?:for|to|with|me|talk|speak)\W+)*{_WHO}",
    rf"\bwithout\W+{_WHO}",
)

#: Characters of a text that are read: who wants a person says so soon.
READ = 1000


def _compiled(*patterns: str) -> re.Pattern[str]:
    # Between two words stand a few signs at most: without this bound a page of "!!!" costs its length squared.
    bounded = "|".join(patterns).replace(r"\W+", r"\W{1,6}").replace(r"\W*", r"\W{0,6}")
    return re.compile(bounded, re.IGNORECASE | re.MULTILINE)


_WISH = _compiled(*_RUSSIAN, *_ENGLISH)
_REFUSAL = _compiled(*_REFUSALS)


@lru_cache(maxsize=100)  # each word is asked about several times within a moment
def wishes_person(text: str) -> bool:
    """Tell whether somebody asks for a person; who refuses one does not."""
    return bool(_WISH.search(_REFUSAL.sub(" , ", text[:READ])))


def without_wish(text: str) -> str:
    """Return what is said beside the wish."""
    return _WISH.sub(" ", text[:READ]).strip(" .,!?\n")
