"""What the bot does with a burst of a customer's words and a match: pure, the same for every channel."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from bridge.model.articles import Asked, Match, Ranked, Thresholds, apart
from bridge.model.files import KINDS
from bridge.model.messages import AuthorKind, Message
from bridge.wishes import wishes_person, without_wish

#: Kinds of messages whose text is not what a customer asks: it tells what he shared.
DESCRIBED = frozenset(
    {"command", "contact", "location", "venue", "poll", "dice", "story", "game", "checklist"}
    | {"invoice", "successful_payment", "web_app_data"}
    | {"link", "wall", "market", "gift", "call"}
)
#: Articles offered as buttons at most.
OFFERS = 3

_GREETING = re.compile(
    r"^\W*(?:(?:здравствуй(?:те)?|здрасьте|добр(?:ый|ое|ого|ой)\s+(?:день|дня|вечер|вечера|утро|утра|ночи|времени\s+суток)|"
    r"привет(?:ик|ствую)?|доброго\s+времени|салют|hi|hello|hey|good\s+(?:morning|afternoon|evening|day)|всем|вам|вас|there)"
    r"\b\W*)+$",
    re.IGNORECASE,
)
# The signs of assent are words here, so that nothing can be read in two ways: a long row of them costs no time.
_ASSENT = "👍🙏👌❤🙂😊😀😃😄😁😉☺😍🥰🎉✅💯🤝🫶💐🌹"
_BETWEEN = rf"[^\w{_ASSENT}]*"
_THANKS = re.compile(
    rf"^{_BETWEEN}(?:(?:(?:большое|огромное|ок|окей|ok|okay|хорошо|понятно|понял[аи]?|ясно|спс|спасибо|спасибочки|"
    r"благодарю|да|все|всё|помогло|помогли|супер|отлично|класс|здорово|вам|вас|за\s+помощь|за\s+ответ|ага|угу|ладно|"
    r"разобрал(?:ся|ась|ись)|и|до\s+свидания|до\s+встречи|до\s+связи|пока|всего|доброго|"
    r"(?:хорошего|наилучшего)(?:\s+(?:дня|вечера|настроения))?|удачи|thanks|thank\s+you|thx|great|bye|goodbye|good\s+bye|"
    r"see\s+you|have\s+a\s+(?:nice|good|great)\s+(?:day|evening)|got\s+it|cool|very\s+much|so\s+much|a\s+lot|yes|"
    rf"it\s+helped|that\s+helped|perfect)\b|[{_ASSENT}]){_BETWEEN})+$",
    re.IGNORECASE,
)
_NOT_HELPED = re.compile(
    r"^\W*(?:(?:нет|неа|не\s+помогло|не\s+помог|не\s+то|это\s+не\s+то|не\s+подходит|не\s+подошло|к\s+сожалению|увы|no|nope|"
    r"not\s+really|(?:it\s+)?(?:did\s*n[o'’]?t|did\s+not)\s+help|not\s+helpful)\b\W*)+$",
    re.IGNORECASE,
)
#: Characters read when a text is asked whether it is a greeting or thanks; longer ones are neither.
SHORT = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """Say the article's answer, and those to further questions of the same message, and ask whether it helped.

    `asked` is the question it answers where a message asks several.
    """

    article: Ranked
    asked: str = ""
    also: tuple["Answer", ...] = ()

    @property
    def all(self) -> tuple["Answer", ...]:
        """Every answer, in order of asking."""
        return replace(self, also=()), *self.also


@dataclass(frozen=True, slots=True)
class Offer:
    """Show these articles' titles as buttons; `rest`: for what of a message the answer before leaves open."""

    articles: tuple[Ranked, ...]
    rest: Asked | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """Call a person; `reason` is wish, unsure, unsupported or not_helped.

    `rest`: for what of a message the answer before leaves open.
    """

    reason: str
    rest: Asked | None = None


@dataclass(frozen=True, slots=True)
class Greet:
    """Say hello and that this is a bot."""


@dataclass(frozen=True, slots=True)
class Smalltalk:
    """Answer in one line; `kind` is hello_again, smalltalk_thanks, say_in_words or helped_thanks."""

    kind: str


@dataclass(frozen=True, slots=True)
class AskContact:
    """Ask for an e-mail or a phone, behind other words; `moment` is handoff, article or rule."""

    moment: str = "handoff"


Decision = Answer | Offer | Handoff | Greet | Smalltalk | AskContact


@dataclass(frozen=True, slots=True)
class Burst:
    """Words a customer said in one breath; `unsupported` when something in it could not be read as text."""

    text: str
    unsupported: bool = False
    greeted: bool = False
    helped_asked: bool = False  # the bot's newest word asks whether its answer helped


def unquoted(text: str) -> str:
    """Return a text without the lines before it that doors mark as another's: what its writer picked out to answer."""
    lines = text.split("\n")
    return "\n".join(dropwhile(lambda line: line.startswith("> "), lines))


def is_greeting(text: str) -> bool:
    """Tell whether a text is a greeting and nothing else."""
    return len(text) <= SHORT and bool(_GREETING.match(text))


def is_thanks(text: str) -> bool:
    """Tell whether a text is thanks or assent and nothing else."""
    return len(text) <= SHORT and bool(_THANKS.match(text))


def is_not_helped(text: str) -> bool:
    """Tell whether a text says no to "did this help?" and nothing else."""
    return len(text) <= SHORT and bool(_NOT_HELPED.match(text))


def says_nothing(text: str) -> bool:
    """Tell whether a text holds no letter and no digit: signs and pictures ask nothing."""
    return not any(sign.isalnum() for sign in text)


def needs_match(burst: Burst) -> bool:
    """Tell whether the library has to be asked at all."""
    text = burst.text.strip()
    return not says_nothing(text) and not (wishes_person(text) or is_greeting(text) or is_thanks(text))


def asked(messages: Sequence[Message]) -> str:
    """Return what the customer asked last: his words since the last answer, else those before it."""
    words: list[str] = []
    for message in reversed(messages):
        if message.deleted_at is not None:
            continue
        if message.author.kind is AuthorKind.CUSTOMER:
            # "Call a person", thanks and "it did not help" ask nothing of the library: what was asked before them does.
            text = without_wish(unquoted(message.text))
            if message.kind in ("text", "press", *KINDS) and needs_match(Burst(text)) and not is_not_helped(text):
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
    if text and says_nothing(text) and not burst.unsupported:
        return (*greeting, Smalltalk("say_in_words")) if burst.greeted else greeting
    if burst.helped_asked and is_not_helped(text):
        return (Handoff("not_helped"),)
    ranked = match.ranked if match is not None else ()
    several = _several(match, thresholds) if match is not None and match.asked else ()
    if several:
        return (*greeting, *several)
    if match is not None and ranked and thresholds.sure(match):
        return (*greeting, Answer(ranked[0]))
    offers = plausible(ranked, thresholds, thresholds.offer)
    if offers:
        return (*greeting, Offer(offers))
    return (*greeting, Handoff("unsupported" if burst.unsupported and not text else "unsure"))


def one_person(decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    """Call a person once and last where several things need one: he sees all of them, so nothing is offered beside."""
    calls = [each for each in decisions if isinstance(each, Handoff)]
    if not calls:
        return decisions
    return (*(each for each in decisions if not isinstance(each, Handoff | Offer)), calls[0])


def with_question(decisions: tuple[Decision, ...], moment: str) -> tuple[Decision, ...]:
    """Add the question for a contact behind the words of its moment, if there is one: it never delays them."""
    return (*decisions, AskContact(moment)) if moment else decisions


def hands_off(decisions: tuple[Decision, ...]) -> bool:
    """Tell whether a person is called."""
    return any(isinstance(decision, Handoff) for decision in decisions)


def asks(decisions: tuple[Decision, ...]) -> bool:
    """Tell whether a contact is asked for."""
    return any(isinstance(decision, AskContact) for decision in decisions)


def _several(match: Match, limits: Thresholds) -> tuple[Decision, ...]:
    """Answer what of several questions is sure, and treat the rest as a question of its own; empty: it is one."""
    sure, rest = apart(match, limits)
    if not sure:
        return ()
    first, *others = (Answer(one.ranked[0], one.text) for one in sure)
    answer = replace(first, also=tuple(others))
    if rest is None:
        return (answer,)
    offers = () if rest.asks else plausible(rest.ranked, limits, limits.offer)
    return answer, Offer(offers, rest) if offers else Handoff("unsure", rest)


def plausible(ranked: Sequence[Ranked], limits: Thresholds, least: float) -> tuple[Ranked, ...]:
    """Return what to show beside each other when the first is worth at least `least`; nothing when it is not.

    Confidence is P(first place is right), so that two can hardly pass 0.45: when one does, the next plausible ones
    stand beside it, or there would be no choice but one. At a twelfth nobody needs to see them.
    """
    if not ranked or ranked[0].confidence < least:
        return ()
    return tuple(item for item in ranked if item.confidence >= limits.suggest / 3)[:OFFERS]
