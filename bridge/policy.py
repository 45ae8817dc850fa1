"""What the bot does with a burst of a customer's words and a match: pure, the same for every channel."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.model.articles import Match, Ranked, Thresholds
from bridge.model.messages import AuthorKind, Message

#: Articles offered as buttons at most.
OFFERS = 3

_PERSON = (
    r"(живо(й|го|му)\s+)?(оператор\w*|человек\w*|менеджер\w*|сотрудник\w*|консультант\w*|специалист\w*|"
    r"operator|human|agent|(real|live)\s+person|person|manager|representative)"
)
_CALL = (
    r"(позов\w*|пригласи\w*|соедини\w*|переключи\w*|перевед\w*|свяжи\w*|дайте|нужен|нужна|хочу|можно|"
    r"поговори\w*|общаться|связаться|call|get|connect|talk|speak|need|want|give|transfer)"
)
_WISH = re.compile(
    rf"^\W*{_PERSON}\W*$|\b{_CALL}\b(\W+\w+){{0,4}}?\W+{_PERSON}\b|\b{_PERSON}\W+{_CALL}\b", re.IGNORECASE
)
_GREETING = re.compile(
    r"^\W*((здравствуй(те)?|добр(ый|ое|ого)\s+(день|вечер|утро|времени суток)|привет(ик|ствую)?|доброго дня|"
    r"hi|hello|hey|good\s+(morning|afternoon|evening)|всем|вам|there)\W*)+$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^\W*((большое|огромное|ок|окей|ok|okay|хорошо|понял\w*|ясно|спс|спасибо|благодарю|thanks|thank\s+you|thx|супер|"
    r"отлично|great|got\s+it|вам|за\s+помощь|за\s+ответ|very\s+much)\W*)+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Say the article's answer and ask whether it helped."""

    article: Ranked


@dataclass(frozen=True, slots=True)
class Offer:
    """Show these articles' titles as buttons."""

    articles: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class Handoff:
    """Call a person; `reason` is wish, unsure, unsupported or not_helped."""

    reason: str


@dataclass(frozen=True, slots=True)
class Greet:
    """Say hello and that this is a bot."""


@dataclass(frozen=True, slots=True)
class Smalltalk:
    """Answer in one line; `kind` is hello_again, smalltalk_thanks or helped_thanks."""

    kind: str


Decision = Answer | Offer | Handoff | Greet | Smalltalk


@dataclass(frozen=True, slots=True)
class Burst:
    """Words a customer said in one breath; `unsupported` when something in it could not be read as text."""

    text: str
    unsupported: bool = False
    greeted: bool = False


def wishes_person(text: str) -> bool:
    """Tell whether somebody asks for a person in free words, Russian or English."""
    return bool(_WISH.search(text))


def is_greeting(text: str) -> bool:
    """Tell whether a text is a greeting and nothing else."""
    return bool(_GREETING.match(text))


def is_thanks(text: str) -> bool:
    """Tell whether a text is thanks or assent and nothing else."""
    return bool(_THANKS.match(text))


def needs_match(burst: Burst) -> bool:
    """Tell whether the library has to be asked at all."""
    text = burst.text.strip()
    return bool(text) and not (wishes_person(text) or is_greeting(text) or is_thanks(text))


def asked(messages: Sequence[Message]) -> str:
    """Return what the customer asked last: his words since the last answer, else those before it."""
    words: list[str] = []
    for message in reversed(messages):
        if message.author.kind is AuthorKind.CUSTOMER:
            # "Call a person" and thanks ask nothing of the library: what was asked beside or before them does.
            text = _WISH.sub(" ", message.text).strip(" .,!?\n")
            if message.kind in ("text", "press") and needs_match(Burst(text)):
                words.append(text)
        elif words and message.author.kind in (AuthorKind.OPERATOR, AuthorKind.BOT):
            break
    return "\n".join(reversed(words))


def decide(burst: Burst, match: Match | None, thresholds: Thresholds) -> tuple[Decision, ...]:
    """Decide what the bot does with a burst while it holds the word; greeting comes first, once."""
    text = burst.text.strip()
    if wishes_person(text):
        return (Handoff("wish"),)
    if text and is_greeting(text):
        return (Smalltalk("hello_again"),) if burst.greeted else (Greet(),)
    greeting: tuple[Decision, ...] = () if burst.greeted else (Greet(),)
    if text and is_thanks(text):
        return (Smalltalk("smalltalk_thanks"),) if burst.greeted else greeting
    ranked = match.ranked if match is not None else ()
    if match is not None and ranked and _sure(match, thresholds):
        return (*greeting, Answer(ranked[0]))
    offers = tuple(item for item in ranked if item.confidence >= thresholds.offer)[:OFFERS]
    if offers:
        return (*greeting, Offer(_with_runners_up(ranked, thresholds)))
    return (*greeting, Handoff("unsupported" if burst.unsupported and not text else "unsure"))


def _sure(match: Match, thresholds: Thresholds) -> bool:
    if match.exact:
        return True
    return thresholds.answer is not None and match.ranked[0].confidence >= thresholds.answer


def _with_runners_up(ranked: tuple[Ranked, ...], thresholds: Thresholds) -> tuple[Ranked, ...]:
    # Confidence is P(first place is right), so that two can hardly pass 0.45: when one does, the next plausible
    # ones stand beside it, or the customer had no choice but one.
    return tuple(item for item in ranked if item.confidence >= thresholds.suggest / 5)[:OFFERS]
