"""The bot's turn: the library is asked, the policy decides, and the words are written, unless a person was quicker."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge import handoff, policy
from bridge.commit import Change, commit, settle
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, NotFound
from bridge.model.articles import Match, Ranked, Thresholds
from bridge.model.conversations import Conversation, Stage
from bridge.model.ids import ArticleId, ConversationId, MessageId, derive
from bridge.model.messages import AuthorKind, Choice, Source
from bridge.people import asking, claims
from bridge.people.asking import BOT
from bridge.phrases import split
from bridge.policy import Answer, AskContact, Decision, Greet, Handoff, Offer, Smalltalk
from bridge.receive import Received
from bridge.service import TEXT_LIMIT
from bridge.staff import mirror, topics
from bridge.wishes import wishes_person

#: Keys of the bot's turns begin with it: the id of the last word that was answered follows.
TURN = "bot:"
#: Code of a conflict inside this file: some of the words were answered by somebody else meanwhile.
ANSWERED = "answered"
#: Data of the button that calls a person; the others carry the id of the message they stand under.
CALL = "human"
#: Messages looked at for what a customer asked.
LOOKED_AT = 20
#: Suggestions shown to the staff at most.
SUGGESTIONS = 3


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


async def answer_burst(bridge: Bridge, id: ConversationId, said: Sequence[Received]) -> None:
    """Answer words a customer said in one breath; where people hold the word, they get suggestions instead."""
    known = said[-1].stands if said else None
    while True:
        conversation = known or await bridge.store.conversations.get(id)
        known = None
        left = _unanswered(conversation, said)
        if not left:
            await settle(bridge, conversation)  # whoever answered may have died before all rows were written
            return
        try:
            await _answer_words(bridge, conversation, left)
            return
        except Conflict as conflict:
            if conflict.code != ANSWERED:
                raise


async def _answer_words(bridge: Bridge, conversation: Conversation, said: Sequence[Received]) -> None:
    said = [word for word in said if not asking.answered(word.text, word.kind)]
    if not said or conversation.banned:
        return
    texts = [policy.unquoted(word.text) for word in said if word.kind not in policy.DESCRIBED]
    text = "\n".join(filter(None, texts))
    refused = policy.is_not_helped(text) and await _asked_helped(bridge, conversation)
    burst = policy.Burst(
        text,
        unsupported=any(word.kind not in ("text", "command") for word in said),
        greeted=conversation.greeted,
        helped_asked=refused,
    )
    match = None
    if policy.needs_match(burst) and not refused:
        match = await bridge.matcher.match(burst.text, language=conversation.language)
    elif refused or wishes_person(burst.text):
        match = await _match_asked(bridge, conversation)
    if conversation.stage is not Stage.BOT:
        await _suggest(bridge, conversation, said[-1].message, match)
        return
    decisions = policy.decide(burst, match, thresholds(bridge))
    await _take_turn(bridge, conversation, f"{TURN}{said[-1].message}", decisions, match, said)


def _unanswered(conversation: Conversation, said: Sequence[Received]) -> list[Received]:
    """Leave out words that were answered before a crash, or while this process had lost the chat.

    The bot takes its turns over all words that wait, so a turn answered every word received before it.
    """
    keys = conversation.decided
    last = max((place for place, key in enumerate(keys) if key.startswith(TURN)), default=0)
    answered = set(keys[:last])
    return [word for word in said if f"in:{word.message}" not in answered]


async def call_person(bridge: Bridge, word: Received) -> None:
    """Hand over to a person what the bot could not even think about."""
    conversation = await bridge.store.conversations.get(word.conversation)
    await _take_turn(bridge, conversation, f"{TURN}{word.message}", (Handoff("unsure"),), None)


async def _asked_helped(bridge: Bridge, conversation: Conversation) -> bool:
    """Tell whether the bot's newest word asks if its answer helped."""
    recent = await bridge.store.messages.page(conversation.id, None, None, LOOKED_AT)
    newest = next((message for message in reversed(recent) if message.author.kind is AuthorKind.BOT), None)
    return newest is not None and any(choice.data.startswith("no:") for choice in newest.choices)


async def _match_asked(bridge: Bridge, conversation: Conversation) -> Match | None:
    """Ask the library what the customer asked before he asked for a person: staff are shown it."""
    text = policy.asked(await bridge.store.messages.page(conversation.id, None, None, LOOKED_AT))
    return await bridge.matcher.match(text, language=conversation.language) if text else None


async def start(bridge: Bridge, received: Received) -> None:
    """Greet a customer who opened the chat."""
    conversation = await bridge.store.conversations.get(received.conversation)
    await _take_turn(bridge, conversation, f"{TURN}{received.message}", (Greet(),), None)


async def press(bridge: Bridge, received: Received, data: str) -> str:
    """Do what a button of the bot promises; returns the word shown at the button, empty for none."""
    conversation = await bridge.store.conversations.get(received.conversation)
    verb, _, rest = data.partition(":")
    if data == asking.SKIP:
        return ""  # what it means was done with the word itself
    if conversation.stage is not Stage.BOT:
        return bridge.phrases.say(conversation.language, "customer.already_waiting")
    decision: Decision
    if data == CALL:
        decision = Handoff("wish")
    elif verb == "no":
        decision = Handoff("not_helped")
    elif verb == "ok":
        decision = Smalltalk("helped_thanks")
    elif verb == "pick":
        picked = await _picked(bridge, rest)
        if picked is None:
            return bridge.phrases.say(conversation.language, "customer.stale_button")
        decision = Answer(picked)
    else:
        return bridge.phrases.say(conversation.language, "customer.stale_button")
    match = await _match_asked(bridge, conversation) if isinstance(decision, Handoff) else None
    await _take_turn(bridge, conversation, f"{TURN}{received.message}", (decision,), match)
    return ""


async def _picked(bridge: Bridge, rest: str) -> Ranked | None:
    message_id, _, number = rest.partition(":")
    message = await bridge.store.messages.find(MessageId(message_id))
    if message is None or not number.isdecimal() or int(number) >= len(message.offered):
        return None
    source = message.offered[int(number)]
    return Ranked(source.article_id, source.title, source.confidence)


async def _take_turn(
    bridge: Bridge,
    conversation: Conversation,
    key: str,
    decisions: tuple[Decision, ...],
    match: Match | None,
    said: Sequence[Received] = (),
) -> None:
    answers = await _answers(bridge, decisions, match)
    decisions = tuple(_answerable(item, answers) for item in decisions)
    if policy.hands_off(decisions):
        decisions = policy.with_question(decisions, await claims.may_ask(bridge, conversation))
    turn = Turn(conversation, key, decisions, answers, match)

    def decide(before: Conversation) -> Change | None:
        # A person spoke or took over since the decision: the bot is silent.
        if before.stage is not Stage.BOT or before.epoch != conversation.epoch or before.banned:
            return None
        if len(_unanswered(before, said)) < len(said):
            raise Conflict(ANSWERED)
        draft = Draft(bridge, before, before, key)
        for decision in decisions:
            _say(bridge, draft, turn, decision)
        return draft.change()

    await commit(bridge, conversation.id, key, decide, known=conversation)


def _answerable(decision: Decision, answers: dict[ArticleId, str]) -> Decision:
    """Leave out articles that were deleted since the index was built, or that say nothing yet."""
    match decision:
        case Answer(article) if article.article_id not in answers:
            return Handoff("unsure")
        case Offer(articles):
            left = tuple(article for article in articles if article.article_id in answers)
            return Offer(left) if left else Handoff("unsure")
    return decision


def _say(bridge: Bridge, draft: Draft, turn: Turn, decision: Decision) -> None:
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
    offered = _worth_showing(bridge, turn.match, turn.answers)
    if offered:
        answers = [turn.answers[source.article_id] for source in offered]
        draft.row(mirror.suggestion(bridge, draft.conversation, turn.key, offered, answers))


async def _suggest(bridge: Bridge, conversation: Conversation, message: MessageId, match: Match | None) -> None:
    """Show the staff what the library would say to words that came while people hold the word."""
    if match is None or bridge.desk is None or not conversation.topic or conversation.stage is Stage.CLOSED:
        return
    answers = await _answers(bridge, (), match)
    offered = _worth_showing(bridge, match, answers)
    if not offered:
        return
    texts = [answers[source.article_id] for source in offered]
    post = mirror.suggestion(bridge, conversation, f"{TURN}{message}", offered, texts)
    await topics.put(bridge, post)


def _worth_showing(bridge: Bridge, match: Match, answers: dict[ArticleId, str]) -> tuple[Source, ...]:
    limits = thresholds(bridge)
    shown = policy.plausible(match.ranked, limits, limits.suggest)
    return _sources([item for item in shown if item.article_id in answers])


def _sources(articles: Sequence[Ranked]) -> tuple[Source, ...]:
    return tuple(Source(item.article_id, item.title, item.confidence) for item in articles)


async def _answers(bridge: Bridge, decisions: Sequence[Decision], match: Match | None) -> dict[ArticleId, str]:
    """Read the texts of the articles that may be said or suggested."""
    wanted = [decision.article.article_id for decision in decisions if isinstance(decision, Answer)]
    if match is not None and not wanted:
        wanted = [item.article_id for item in match.ranked[:SUGGESTIONS]]
    answers: dict[ArticleId, str] = {}
    for id in wanted:
        try:
            answer = (await bridge.store.articles.get(id)).answer
        except NotFound:
            continue  # deleted since the index was built
        if answer.strip():
            answers[id] = answer
    return answers
