"""The bot's turn: the library is asked, the policy decides, and the words are written, unless a person was quicker."""

from collections.abc import Sequence
from dataclasses import replace

from bridge import policy
from bridge.commit import Change, commit, settle
from bridge.context import Bridge, log
from bridge.draft import Draft
from bridge.errors import Conflict, StoreDown
from bridge.library.health.using import use_in
from bridge.library.learning import hearing
from bridge.library.writing.replies import reply_in
from bridge.model.articles import Match, Ranked, Reply
from bridge.model.conversations import Conversation, Stage
from bridge.model.ids import ArticleId, ConversationId, MessageId
from bridge.model.labels import Verdict
from bridge.model.messages import AuthorKind, Message
from bridge.people import asking, occasions
from bridge.policy import Answer, Decision, Greet, Handoff, Offer, Smalltalk
from bridge.receive import Follow, Received
from bridge.staff import mirror, topics
from bridge.turn import CALL, TURN, Turn, leave_offer, say_decision, thresholds, worth_showing
from bridge.wishes import wishes_person

#: Code of a conflict inside this file: some of the words were answered by somebody else meanwhile.
ANSWERED = "answered"
#: Messages looked at for what a customer asked.
LOOKED_AT = 20
#: Suggestions shown to the staff at most.
SUGGESTIONS = 3


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


async def at_once(bridge: Bridge, conversation: Conversation, word: Received) -> Follow | None:
    """Decide what the bot says to a word that is not written yet, so that one write holds both.

    None: the bot takes its turn when the word stands. So it does wherever more than a plain question is at stake: what
    was said before it counts, a person is called, a contact was asked for.
    """
    if conversation.stage is not Stage.BOT or conversation.banned or conversation.asking or bridge.asks.counts:
        return None
    burst = _burst(conversation, [word])
    if asking.answered(word.text, word.kind) or not policy.needs_match(burst) or policy.is_not_helped(burst.text):
        return None
    try:
        match = await bridge.matcher.match(burst.text, language=conversation.language)
        turn = await _turn(bridge, conversation, word, policy.decide(burst, match, thresholds(bridge)), match)
        turn = replace(turn, asked=burst.text)
    except StoreDown:
        raise
    except Exception:
        log.exception("nothing is decided on a word before it is written")  # the bot's own turn breaks after it
        return None
    if policy.hands_off(turn.decisions) or policy.asks(turn.decisions):
        return None
    return lambda change: _with_turn(bridge, conversation, change, turn)


def _with_turn(bridge: Bridge, decided: Conversation, change: Change, turn: Turn) -> Change:
    """Add the bot's turn to the change that writes its word, unless a person took over since it was decided."""
    said = change.conversation
    if not _may_speak(said, decided):
        return change
    try:
        after = _written(bridge, said, turn)
    except Exception:
        log.exception("a turn cannot be written with its word")
        return change
    return replace(after, rows=(*change.rows, *after.rows), shows=change.shows or after.shows, keys=(turn.key,))


def _burst(conversation: Conversation, said: Sequence[Received]) -> policy.Burst:
    texts = [policy.unquoted(word.text) for word in said if word.kind not in policy.DESCRIBED]
    return policy.Burst(
        "\n".join(filter(None, texts)),
        unsupported=any(word.kind not in ("text", "command") for word in said),
        greeted=conversation.greeted,
    )


async def _answer_words(bridge: Bridge, conversation: Conversation, said: Sequence[Received]) -> None:
    said = [word for word in said if not asking.answered(word.text, word.kind)]
    if not said or conversation.banned:
        return
    burst = _burst(conversation, said)
    answer = await _asked_helped(bridge, conversation) if policy.is_not_helped(burst.text) else None
    refused = answer is not None
    burst = replace(burst, helped_asked=refused)
    match, asked = None, burst.text
    if policy.needs_match(burst) and not refused:
        match = await bridge.matcher.match(burst.text, language=conversation.language)
    elif refused or wishes_person(burst.text):
        match, asked = await _match_asked(bridge, conversation)
    if conversation.stage is not Stage.BOT:
        await _suggest(bridge, conversation, said[-1].message, match)
        return
    decisions = policy.decide(burst, match, thresholds(bridge))
    verdicts = await hearing.helped(bridge, conversation, answer, fits=False)
    known = asked if match is not None else ""
    await _take_turn(bridge, conversation, said[-1], decisions, match, said, asked=known, verdicts=verdicts)


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
    await _take_turn(bridge, conversation, word, (Handoff("unsure"),), None)


async def _asked_helped(bridge: Bridge, conversation: Conversation) -> Message | None:
    """Return the bot's newest word if it asks whether its answer helped."""
    recent = await bridge.store.messages.page(conversation.id, None, None, LOOKED_AT)
    newest = next((message for message in reversed(recent) if message.author.kind is AuthorKind.BOT), None)
    asks = newest is not None and any(choice.data.startswith("no:") for choice in newest.choices)
    return newest if asks else None


async def _match_asked(bridge: Bridge, conversation: Conversation) -> tuple[Match | None, str]:
    """Ask the library what the customer asked before he asked for a person: staff are shown it. Returns it too."""
    text = policy.asked(await bridge.store.messages.page(conversation.id, None, None, LOOKED_AT))
    return (await bridge.matcher.match(text, language=conversation.language) if text else None), text


async def start(bridge: Bridge, received: Received) -> None:
    """Greet a customer who opened the chat."""
    conversation = await bridge.store.conversations.get(received.conversation)
    await _take_turn(bridge, conversation, received, (Greet(),), None)


async def press(bridge: Bridge, received: Received, data: str) -> str:
    """Do what a button of the bot promises; returns the word shown at the button, empty for none."""
    conversation = await bridge.store.conversations.get(received.conversation)
    verb, _, rest = data.partition(":")
    if data == asking.SKIP:
        return ""  # what it means was done with the word itself
    if conversation.stage is not Stage.BOT:
        return bridge.phrases.say(conversation.language, "customer.already_waiting")
    decision: Decision
    verdicts: tuple[Verdict, ...] = ()
    if data == CALL:
        decision = Handoff("wish")
    elif verb in ("no", "ok"):
        decision = Smalltalk("helped_thanks") if verb == "ok" else Handoff("not_helped")
        answer = await bridge.store.messages.find(MessageId(rest))
        verdicts = await hearing.helped(bridge, conversation, answer, fits=verb == "ok")
    elif verb == "pick":
        offer = await bridge.store.messages.find(MessageId(rest.partition(":")[0]))
        picked = _picked(offer, rest)
        if picked is None:
            return bridge.phrases.say(conversation.language, "customer.stale_button")
        decision = Answer(picked)
        verdicts = await hearing.picked(bridge, conversation, offer, picked.article_id)
    else:
        return bridge.phrases.say(conversation.language, "customer.stale_button")
    match, asked = await _match_asked(bridge, conversation) if isinstance(decision, Handoff) else (None, "")
    await _take_turn(bridge, conversation, received, (decision,), match, asked=asked, verdicts=verdicts)
    return ""


def _picked(message: Message | None, rest: str) -> Ranked | None:
    number = rest.partition(":")[2]
    if message is None or not number.isdecimal() or int(number) >= len(message.offered):
        return None
    source = message.offered[int(number)]
    return Ranked(source.article_id, source.title, source.confidence)


async def _take_turn(
    bridge: Bridge,
    conversation: Conversation,
    word: Received,
    decisions: tuple[Decision, ...],
    match: Match | None,
    said: Sequence[Received] = (),
    *,
    asked: str = "",
    verdicts: tuple[Verdict, ...] = (),
) -> None:
    turn = replace(await _turn(bridge, conversation, word, decisions, match), asked=asked, verdicts=verdicts)

    def decide(before: Conversation) -> Change | None:
        if not _may_speak(before, conversation):
            return None
        if len(_unanswered(before, said)) < len(said):
            raise Conflict(ANSWERED)
        return _written(bridge, before, turn)

    await commit(bridge, conversation.id, turn.key, decide, known=conversation)


async def _turn(
    bridge: Bridge,
    conversation: Conversation,
    word: Received,
    decisions: tuple[Decision, ...],
    match: Match | None,
) -> Turn:
    answers = await _answers(bridge, conversation, decisions, match)
    decisions = policy.one_person(tuple(left for item in decisions for left in _answerable(item, answers)))
    moment = await occasions.occasion(bridge, conversation, decisions, word.text)
    decisions = policy.with_question(decisions, moment)
    return Turn(conversation, f"{TURN}{word.message}", decisions, answers, match)


def _may_speak(before: Conversation, decided: Conversation) -> bool:
    """Tell whether the bot still holds the word: a person who spoke or took over since its decision silences it."""
    return before.stage is Stage.BOT and before.epoch == decided.epoch and not before.banned


def _written(bridge: Bridge, before: Conversation, turn: Turn) -> Change:
    draft = Draft(bridge, before, before, turn.key)
    leave_offer(bridge, draft, turn)
    for decision in turn.decisions:
        say_decision(bridge, draft, turn, decision)
    for verdict in turn.verdicts:
        draft.row(verdict)
        for use in use_in(verdict):
            draft.row(use)
    return draft.change()


def _answerable(decision: Decision, answers: dict[ArticleId, Reply]) -> tuple[Decision, ...]:
    """Leave out articles that were deleted since the index was built, or that say nothing yet."""
    match decision:
        case Answer():
            left = [each for each in decision.all if each.article.article_id in answers]
            lost = (Handoff("unsure"),) if len(left) <= len(decision.also) else ()
            return (*([replace(left[0], also=tuple(left[1:]))] if left else []), *lost)
        case Offer(articles):
            there = tuple(article for article in articles if article.article_id in answers)
            return (replace(decision, articles=there) if there else Handoff("unsure", decision.rest),)
    return (decision,)


async def _suggest(bridge: Bridge, conversation: Conversation, message: MessageId, match: Match | None) -> None:
    """Show the staff what the library would say to words that came while people hold the word."""
    if match is None or bridge.desk is None or not conversation.topic or conversation.stage is Stage.CLOSED:
        return
    answers = await _answers(bridge, conversation, (), match)
    offered = worth_showing(bridge, match, answers)
    if not offered:
        return
    texts = [answers[source.article_id].text for source in offered]
    post = mirror.suggestion(bridge, conversation, f"{TURN}{message}", offered, texts)
    await topics.put(bridge, post)


async def _answers(
    bridge: Bridge, conversation: Conversation, decisions: Sequence[Decision], match: Match | None
) -> dict[ArticleId, Reply]:
    """Read what the articles that may be said or suggested say here; those not in force any more are left out."""
    wanted = [each.article.article_id for one in decisions if isinstance(one, Answer) for each in one.all]
    rests = [one.rest for one in decisions if isinstance(one, Offer | Handoff) and one.rest is not None]
    if rests or (match is not None and not wanted):
        shown = rests[0].ranked if rests else match.ranked if match is not None else ()
        wanted += [item.article_id for item in shown[:SUGGESTIONS]]
    now = bridge.clock.now()
    found = await bridge.store.articles.many(wanted) if wanted else []
    said = {each.id: reply_in(bridge, each, conversation) for each in found if each.in_force(now)}
    return {id: reply for id, reply in said.items() if reply.text.strip()}
