"""The bot's turn as it is written into a conversation: words, buttons, suggestions for the staff; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge import handoff, policy
from bridge.context import Bridge
from bridge.draft import Draft, Extras
from bridge.library.board.noting import LENGTH, MISSED, NOT_PICKED, miss_of
from bridge.library.learning import reviewing
from bridge.library.writing.replies import together
from bridge.limits import thresholds as thresholds
from bridge.model.articles import Match, Ranked, Reply
from bridge.model.conversations import Conversation, Offering
from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, MessageId, derive
from bridge.model.labels import Verdict
from bridge.model.messages import Choice, Source
from bridge.people import asking
from bridge.people.asking import BOT
from bridge.phrases import split
from bridge.policy import Answer, AskContact, Decision, Greet, Handoff, Offer, Smalltalk
from bridge.service import TEXT_LIMIT
from bridge.staff import mirror

#: Keys of the bot's turns begin with it: the id of the last word that was answered follows.
TURN = "bot:"
#: Data of the button that calls a person; the others carry the id of the message they stand under.
CALL = "human"


@dataclass(frozen=True, slots=True)
class Turn:
    """What the bot has in hand when it decides: where, on what, and the texts of the articles."""

    conversation: Conversation
    key: str
    decisions: tuple[Decision, ...]
    answers: dict[ArticleId, Reply]
    match: Match | None = None
    asked: str = ""  # what the customer wanted to know
    verdicts: tuple[Verdict, ...] = ()  # what the word that is answered says about an answer


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
        case Answer():
            _answer(bridge, draft, turn, decision)
        case Offer(articles, rest):
            offering = Offering(turn.key, (rest.text if rest else turn.asked)[:LENGTH])
            draft.conversation = replace(handoff.bot_answers(draft.conversation), offering=offering)
            id = MessageId(derive("message", turn.conversation.id, turn.key, "offer"))
            picks = tuple(Choice(item.title, f"pick:{id}:{number}") for number, item in enumerate(articles))
            intro = say("offer_rest" if rest else "offer_intro" if len(articles) > 1 else "offer_one")
            offered = _sources(bridge, turn.match, articles, rest.text if rest else "")
            draft.say(BOT, intro, "offer", choices=(*picks, call), offered=offered, id=id)
        case Handoff():
            _hand_off(bridge, draft, turn, decision)
        case AskContact(moment):
            asking.ask(bridge, draft, moment)


def _hand_off(bridge: Bridge, draft: Draft, turn: Turn, decision: Handoff) -> None:
    match, asked = turn.match, turn.asked
    if decision.rest is not None and match is not None:
        match, asked = replace(match, ranked=decision.rest.ranked, exact=False, asked=()), decision.rest.text
    draft.conversation = handoff.hand_off(draft.conversation, bridge.clock.now())
    draft.event(f"handed_off_{decision.reason}")
    draft.audit("bot", "handoff", reason=decision.reason, **_grounds(bridge, match))
    words = "handoff_rest" if decision.rest else f"handoff_{decision.reason}"
    draft.say(BOT, bridge.phrases.say(turn.conversation.language, f"customer.{words}", shop=bridge.shop), "handoff")
    if decision.reason in MISSED and asked.strip():
        draft.row(miss_of(bridge, turn.conversation, turn.key, asked, decision.reason))
    if match is not None and bridge.desk is not None:
        _add_suggestions(bridge, draft, replace(turn, match=match))


def leave_offer(bridge: Bridge, draft: Draft, turn: Turn) -> None:
    """Settle what was offered last: who goes on without a pick did not find there what he asked."""
    offering = draft.conversation.offering
    if offering is None or not any(isinstance(each, Answer | Offer | Handoff) for each in turn.decisions):
        return
    draft.conversation = replace(draft.conversation, offering=None)
    picked = turn.match is None and any(isinstance(each, Answer) for each in turn.decisions)
    if not picked and offering.text.strip():
        draft.row(miss_of(bridge, draft.conversation, offering.key, offering.text, NOT_PICKED))


def _answer(bridge: Bridge, draft: Draft, turn: Turn, decision: Answer) -> None:
    """Say the answers to all questions in one message, in order of asking; files of each before it."""
    draft.conversation = handoff.bot_answers(draft.conversation)
    language, told = turn.conversation.language, decision.all
    replies = [turn.answers[each.article.article_id] for each in told]
    reply = together([(each.article.title, one) for each, one in zip(told, replies, strict=True)])
    sources = [_sources(bridge, turn.match, [each.article], each.asked)[0] for each in told]
    for number, (one, source) in enumerate(zip(replies, sources, strict=True)):
        files = _carried(bridge, turn.conversation, one)
        if files:
            name = f"files{number or ''}"
            draft.say(BOT, "", name, source=source, attachments=files, kind=files[0].kind)
    # Who is handed over is not asked whether the bot helped: what he says next is for the person.
    question = "" if policy.hands_off(turn.decisions) else bridge.phrases.say(language, "customer.helped_question")
    parts = split("\n\n".join(filter(None, [reply.text, question])), TEXT_LIMIT)
    for number, part in enumerate(parts):
        id, last = (
            MessageId(derive("message", turn.conversation.id, turn.key, f"answer{number}")),
            number + 1 == len(parts),
        )
        choices, offered = _buttons(bridge, language, id, reply, bool(question)) if last else ((), ())
        first, *also = sources if last else [replace(sources[0], asked="")]
        extras = Extras(choices=choices, source=first, also=tuple(also), offered=offered)
        said = draft.say(BOT, part, f"answer{number}", id=id, **extras)
    for review in reviewing.sampled(bridge, turn.conversation, said, turn.asked) if turn.match is not None else ():
        draft.row(review)


def _buttons(
    bridge: Bridge, language: str | None, id: MessageId, reply: Reply, asks: bool
) -> tuple[tuple[Choice, ...], tuple[Source, ...]]:
    """Return what stands under answers, and the articles behind it: they are picked as those of an offer are.

    The last two ask whether it helped, if it is to be asked (`asks`).
    """
    offered: list[Source] = []
    choices: list[Choice] = []
    for button in reply.buttons:
        if button.article is None:
            choices.append(Choice(button.text, CALL))
            continue
        choices.append(Choice(button.text, f"pick:{id}:{len(offered)}"))
        offered.append(Source(button.article, button.text, 1.0))
    if not asks:
        return tuple(choices), tuple(offered)
    asked = {verb: bridge.phrases.say(language, f"customer.helped_{verb}") for verb in ("yes", "no")}
    return (*choices, Choice(asked["yes"], f"ok:{id}"), Choice(asked["no"], f"no:{id}")), tuple(offered)


def _carried(bridge: Bridge, conversation: Conversation, reply: Reply) -> tuple[Attachment, ...]:
    """Return an answer's files as far as the channel takes them: the text stands in any case."""
    carrier = bridge.channels.filing(conversation.channel) if reply.files else None
    return tuple(each for each in reply.files if carrier.carries(each) is None) if carrier else ()


def _add_suggestions(bridge: Bridge, draft: Draft, turn: Turn) -> None:
    assert turn.match is not None
    offered = worth_showing(bridge, turn.match, turn.answers)
    if offered:
        answers = [turn.answers[source.article_id].text for source in offered]
        draft.row(mirror.suggestion(bridge, draft.conversation, turn.key, offered, answers))


def worth_showing(bridge: Bridge, match: Match, answers: dict[ArticleId, Reply]) -> tuple[Source, ...]:
    """Return what of a match is plausible enough to be shown to the staff."""
    limits = thresholds(bridge)
    shown = policy.plausible(match.ranked, limits, limits.suggest)
    return _sources(bridge, match, [item for item in shown if item.article_id in answers])


def _sources(bridge: Bridge, match: Match | None, articles: Sequence[Ranked], asked: str = "") -> tuple[Source, ...]:
    """Return where words come from, with what was in force when it was decided; without a match a person chose."""
    grounds = (thresholds(bridge).answer, match.engine) if match is not None else (None, "")
    return tuple(Source(item.article_id, item.title, item.confidence, *grounds, asked) for item in articles)


def _grounds(bridge: Bridge, match: Match | None) -> dict[str, str]:
    """Return on what grounds nothing was answered, for the journal."""
    if match is None:
        return {}
    best, limit = match.ranked[0] if match.ranked else None, thresholds(bridge).answer
    told = {"threshold": f"{limit:.4f}" if limit is not None else "", "engine": match.engine}
    return told | ({"article": best.article_id, "confidence": f"{best.confidence:.4f}"} if best else {})
