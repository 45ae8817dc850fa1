"""The bot's turn as it is written into a conversation: words, buttons, suggestions for the staff; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge import handoff, policy
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.model.articles import Match, Ranked, Thresholds
from bridge.model.conversations import Conversation
from bridge.model.ids import ArticleId, MessageId, derive
from bridge.model.messages import Choice, Source
from bridge.people import asking
from bridge.people.asking import BOT
from bridge.phrases import split
from bridge.policy import Answer, AskContact, Decision, Greet, Handoff, Offer, Smalltalk
from bridge.service import TEXT_LIMIT
from bridge.staff import mirror

#: Data of the button that calls a person; the others carry the id of the message they stand under.
CALL = "human"


@dataclass(frozen=True, slots=True)
class Turn:
    """What the bot has in hand when it decides: where, on what, and the texts of the articles."""

    conversation: Conversation
    key: str
    decisions: tuple[Decision, ...]
    answers: dict[ArticleId, str]
    match: Match | None = None


def thresholds(bridge: Bridge) -> Thresholds:
    """Return the thresholds in force: the library's, where the settings do not say otherwise."""
    settings = bridge.settings
    answer = settings.answer if settings.answer is not None else bridge.matcher.thresholds.answer
    return Thresholds(answer, settings.offer, settings.suggest)


def say_decision(bridge: Bridge, draft: Draft, turn: Turn, decision: Decision) -> None:
    """Write what a decision means into a conversation."""
    language = turn.conversation.language

    def say(key: str) -> str:
        return bridge.phrases.say(language, f"customer.{key}", shop=bridge.shop)

    call = Choice(say("call_person"), CALL)
    match decision:
        case Greet():
            alone = len(turn.decisions) == 1
            if alone:
                draft.conversation = handoff.bot_answers(draft.conversation)
            draft.conversation = replace(draft.conversation, greeted=True)
            draft.say(BOT, say("greeting"), "greet", choices=(call,) if alone else ())
        case Smalltalk(kind):
            draft.conversation = handoff.bot_answers(draft.conversation)
            draft.say(BOT, say(kind), kind)
        case Answer(article):
            _answer(draft, turn, article, say("helped_question"), say("helped_yes"), say("helped_no"))
        case Offer(articles):
            draft.conversation = handoff.bot_answers(draft.conversation)
            id = MessageId(derive("message", turn.conversation.id, turn.key, "offer"))
            picks = tuple(Choice(item.title, f"pick:{id}:{number}") for number, item in enumerate(articles))
            intro = say("offer_intro" if len(articles) > 1 else "offer_one")
            draft.say(BOT, intro, "offer", choices=(*picks, call), offered=_sources(articles), id=id)
        case Handoff(reason):
            draft.conversation = handoff.hand_off(draft.conversation, bridge.clock.now())
            draft.event(f"handed_off_{reason}")
            draft.audit("bot", "handoff", reason=reason)
            draft.say(BOT, say(f"handoff_{reason}"), "handoff")
            if turn.match is not None and bridge.desk is not None:
                _add_suggestions(bridge, draft, turn)
        case AskContact():
            asking.ask(bridge, draft)


def _answer(draft: Draft, turn: Turn, article: Ranked, question: str, yes: str, no: str) -> None:
    draft.conversation = handoff.bot_answers(draft.conversation)
    parts = split(f"{turn.answers[article.article_id]}\n\n{question}", TEXT_LIMIT)
    source = Source(article.article_id, article.title, article.confidence)
    for number, part in enumerate(parts):
        id = MessageId(derive("message", turn.conversation.id, turn.key, f"answer{number}"))
        buttons = (Choice(yes, f"ok:{id}"), Choice(no, f"no:{id}")) if number == len(parts) - 1 else ()
        draft.say(BOT, part, f"answer{number}", choices=buttons, source=source, id=id)


def _add_suggestions(bridge: Bridge, draft: Draft, turn: Turn) -> None:
    assert turn.match is not None
    offered = worth_showing(bridge, turn.match, turn.answers)
    if offered:
        answers = [turn.answers[source.article_id] for source in offered]
        draft.row(mirror.suggestion(bridge, draft.conversation, turn.key, offered, answers))


def worth_showing(bridge: Bridge, match: Match, answers: dict[ArticleId, str]) -> tuple[Source, ...]:
    """Return what of a match is plausible enough to be shown to the staff."""
    limits = thresholds(bridge)
    shown = policy.plausible(match.ranked, limits, limits.suggest)
    return _sources([item for item in shown if item.article_id in answers])


def _sources(articles: Sequence[Ranked]) -> tuple[Source, ...]:
    return tuple(Source(item.article_id, item.title, item.confidence) for item in articles)
