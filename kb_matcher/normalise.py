"""Text made comparable: personal data out, letters folded, greetings stripped, words stemmed and transliterated.

Everything here is pure. The same functions serve wordings and questions, except `question_words`, which also drops
greetings and politeness: customers write them, wordings seldom do.
"""

import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import cast

import Stemmer

MAX_CHARS = 4000

_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_URL = re.compile(r"(?:https?://|www\.)\S+|\bt\.me/\S+", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\w)[+#№]?\(?\d(?:[\s().-]{0,2}\d){6,18}(?!\w)")
_LONG_NUMBER = re.compile(r"(?<!\w)[#№]?(?:[A-Za-zА-Яа-я]{1,3}-?)?\d{5,}(?!\w)")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['\u2019\u02bc`](?=\w)")
_STRETCH = re.compile(r"([^\W\d_])\1{2,}")
#: What a text must have to be searched for the two above, and for anything to be masked.
_QUOTE, _THRICE, _MASKED = re.compile("['\u2019\u02bc`]"), re.compile(r"(.)\1\1"), re.compile(r"[@/.\d]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")

_MARK = re.compile(r"\[(?:e-mail|link|number)\]")
_BOUNDARY = re.compile(r"(?<=[.?!);,\n])")

#: What a text must have to be searched for links and numbers: most have nothing, and searching takes longest.
_LINKED, _FIVE = re.compile(r"https?://|www\.|t\.me/", re.IGNORECASE), re.compile(r"\d\D*\d\D*\d\D*\d\D*\d")
_RUN = re.compile(r"\d{5}")


def mask(text: str) -> str:
    """Replace e-mails, links, phones, cards and numbers of five digits or more by a mark in brackets."""
    if not _MASKED.search(text):
        return text
    if "@" in text:
        text = _EMAIL.sub(" [e-mail] ", text)
    if ("." in text or "/" in text) and _LINKED.search(text):
        text = _URL.sub(" [link] ", text)
    if _FIVE.search(text):
        text = _NUMBER.sub(" [number] ", text)
        if _RUN.search(text):
            text = _LONG_NUMBER.sub(" [number] ", text)
    return text


def clean(text: str) -> str:
    """Fold a text for comparison: at most 4,000 characters, NFKC, lower case, "ё" as "е", personal data left out."""
    text = mask(unicodedata.normalize("NFKC", text[:MAX_CHARS])[:MAX_CHARS]).lower()
    if "[" in text:
        text = _MARK.sub(" ", unowned(text))
    text = text.replace("ё", "е")
    if _QUOTE.search(text):
        text = _APOSTROPHE.sub("", text)
    return _STRETCH.sub(r"\1\1", text) if _THRICE.search(text) else text


_OWNERS = frozenset(
    _WORD.findall(
        """мой моя мои мою телефон тел номер почта почту емейл имейл карта карты карту заказ заказа паспорт счет счёт
        инн снилс this is my the e mail email phone card order passport account number no"""
    )
)


def unowned(text: str) -> str:
    """Drop clauses at the end that only introduce personal data ("my phone is [number]"), unless they are all."""
    clauses = [(clause, _WORD.findall(_MARK.sub(" ", clause))) for clause in _BOUNDARY.split(text)]
    end = len(clauses)
    while (
        end > 1 and ("[" in clauses[end - 1][0] or not clauses[end - 1][1]) and _OWNERS.issuperset(clauses[end - 1][1])
    ):
        end -= 1
    return "".join(clause for clause, _ in clauses[:end]) if any(said for _, said in clauses[:end]) else text


def words(text: str) -> list[str]:
    """Return the words of a text after `clean`, in order."""
    return _WORD.findall(clean(text))


@lru_cache(maxsize=2048)
def wording_words(wording: str) -> tuple[str, ...]:
    """Return the words of a wording. They are kept for the next time: not for what customers write."""
    return tuple(words(wording))


def _phrases(lines: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in lines.replace("\n", ",").split(",") if phrase.strip())


_OPENINGS = _phrases(
    """здравствуйте, здравствуй, здрасте, здрасьте, приветствую, привет, приветик, добрый день, добрый вечер,
    доброе утро, доброго дня, доброго времени суток, доброго времени, доброй ночи, день добрый, вечер добрый, хай,
    алло, ало, извините, простите, прошу прощения, уважаемая поддержка, уважаемые, подскажите, подскажи, подскажите мне,
    скажите, скажи, пожалуйста, пожалуста, пж, плиз, будьте добры, будьте любезны, не подскажете, помогите, вопрос,
    у меня вопрос, у меня такой вопрос, есть вопрос, можете подсказать, можете сказать, хотел спросить,
    хотела спросить, хотел узнать, хотела узнать, хочу спросить, интересует вопрос, а,
    hello, hi, hey, hello there, hi there, hey there, good morning, good afternoon, good evening, good day,
    dear support, dear team, hi team, please, pls, excuse me, sorry, could you please tell me, can you please tell me,
    could you tell me, can you tell me, please tell me, tell me, i have a question, quick question, i was wondering,
    i would like to know, id like to know, please help, please advise"""
)
_CLOSINGS = _phrases(
    """спасибо, спасибо большое, большое спасибо, заранее спасибо, спасибо заранее, заранее благодарю, благодарю,
    пожалуйста, пожалуста, подскажите пожалуйста, скажите пожалуйста, подскажите, жду ответа, жду ответ, с уважением,
    thank you, thanks, thank you very much, thanks a lot, many thanks, thanks in advance, thank you in advance, please,
    pls, cheers, best regards, kind regards, regards"""
)
_NAMES = _phrases("меня зовут, my name is")
_LONGEST = max(len(phrase) for phrase in _OPENINGS | _CLOSINGS | _NAMES)
#: Words that these begin and end with: most texts have none of them there.
_FIRST, _LAST = frozenset(phrase[0] for phrase in _OPENINGS | _NAMES), frozenset(phrase[-1] for phrase in _CLOSINGS)


def _opening(tokens: Sequence[str], start: int) -> int:
    """Return how many words from `start` are a greeting, politeness or, after a greeting, an introduction."""
    if tokens[start] not in _FIRST:
        return 0
    for size in range(min(_LONGEST, len(tokens) - start), 0, -1):
        phrase = tuple(tokens[start : start + size])
        if phrase in _OPENINGS:
            return size
        if phrase in _NAMES:
            return size + 1
    return 0


def strip_politeness(tokens: Sequence[str]) -> list[str]:
    """Drop greetings, introductions and thanks around a question; words that are nothing else stay whole."""
    start, end = 0, len(tokens)
    while start < end and (size := _opening(tokens, start)):
        start += size
    dropped = True
    while dropped and end > start and tokens[end - 1] in _LAST:
        dropped = False
        for size in range(min(_LONGEST, end - start), 0, -1):
            if tuple(tokens[end - size : end]) in _CLOSINGS:
                end, dropped = end - size, True
                break
    return list(tokens[start:end] or tokens)


def question_words(text: str) -> list[str]:
    """Return the words of a customer's text without greetings and politeness."""
    return strip_politeness(words(text))


_stemmers = threading.local()


def _stemmer(language: str) -> Stemmer.Stemmer:
    """A stemmer of this thread: PyStemmer's objects keep a cache that threads must not share."""
    stemmer = getattr(_stemmers, language, None)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(language)
        setattr(_stemmers, language, stemmer)
    return stemmer


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the Snowball stem by the word's alphabet: Cyrillic is Russian, the rest English."""
    return cast(str, _stemmer("russian" if _CYRILLIC.search(word) else "english").stemWord(word))


_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufie", strict=True))
    | {"ж": "zh", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
    | {"і": "i", "ї": "i", "є": "e", "ґ": "g", "ў": "u"}
)
_FOLDS = (("shch", "sch"), ("kh", "h"), ("ts", "c"), ("ju", "iu"), ("ja", "ia"), ("y", "i"), ("j", "i"), ("'", ""))


@lru_cache(maxsize=100_000)
def latin(word: str) -> str:
    """Return a word in folded Latin letters, so that "рутуб", "rutub" and "сайт", "sayt", "sajt" meet."""
    word = word.translate(_LATIN)
    for variant, common in _FOLDS:
        word = word.replace(variant, common)
    return word


def key(tokens: Sequence[str]) -> str:
    """Return what two texts share when they are the same wording, whatever their alphabet and punctuation."""
    return " ".join(latin(token) for token in tokens)
