"""What became of every word: read from the store and from what customers see, counted, each fault in words.

The rules, per chat:
- every word said is stored once, in the order in which it was said, in one conversation numbered 1, 2, 3 ...;
- the bot greets once, then every answer is what the library says to exactly the words since the answer before: a word
  answered twice, or by nobody, changes the text that was looked up, and with it article or confidence;
- every answer stands in the chat once, at its place, or its row says `unknown`;
- nothing waits: no update, no lane, no entry of a conversation, no row on its way out.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

from bridge.model.articles import Match, Thresholds, apart
from bridge.model.conversations import Conversation
from bridge.model.messages import AuthorKind, DeliveryState, Message
from tests.chaos.stream import Customer

#: What the library says to a text of a customer who speaks a language.
Look = Callable[[str, str], Match]
#: Confidences are computed again from the same articles: they are equal but for the last bits.
SAME = 1e-6
#: As the settings of the runs say: whatever is found is answered.
EVERYTHING = Thresholds(0, 0, 0)


@dataclass(slots=True)
class Verdict:
    """Counts over all chats, and the faults behind them."""

    messages: int = 0
    answers: int = 0
    merged: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    unknown: int = 0
    unknown_arrived: int = 0
    cancelled: int = 0
    retried: int = 0
    faults: list[str] = field(default_factory=list)

    def lose(self, number: int, words: str) -> None:
        """Count what is missing."""
        self._note("lost", number, words)

    def double(self, number: int, words: str) -> None:
        """Count what is there too often."""
        self._note("doubled", number, words)

    def disorder(self, number: int, words: str) -> None:
        """Count what stands before what it should follow."""
        self._note("disordered", number, words)

    def _note(self, what: str, number: int, words: str) -> None:
        if number:
            setattr(self, what, getattr(self, what) + number)
            self.faults.append(f"{what} ({number}): {words}")

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled or disordered."""
        return not (self.lost or self.doubled or self.disordered)


@dataclass(frozen=True, slots=True)
class Thread:
    """One chat as the store and the messenger have it."""

    customer: Customer
    conversations: Sequence[Conversation]
    rows: Sequence[Message]  # of all its conversations, by number and seq
    seen: Sequence[dict[str, Any]]


def judge_thread(verdict: Verdict, thread: Thread, look: Look) -> None:
    """Add one chat to the verdict."""
    verdict.messages += len(thread.customer.said)
    _numbered(verdict, thread)
    _stored(verdict, thread)
    _answered(verdict, thread, look)
    _delivered(verdict, thread)


def _numbered(verdict: Verdict, thread: Thread) -> None:
    who = thread.customer.name
    verdict.double(max(0, len(thread.conversations) - 1), f"{who} has {len(thread.conversations)} conversations")
    for conversation in thread.conversations:
        seqs = [row.seq for row in thread.rows if row.conversation == conversation.id]
        verdict.lose(len(set(range(1, conversation.seq + 1)) - set(seqs)), f"{who}: seq has holes: {seqs}")
        verdict.double(len(seqs) - len(set(seqs)), f"{who}: seq repeats: {seqs}")
        verdict.lose(len(conversation.pending), f"{who}: entries wait to be written out")
        incoming = [row.incoming for row in thread.rows if row.author.kind is AuthorKind.CUSTOMER]
        verdict.disorder(incoming != list(range(1, len(incoming) + 1)), f"{who}: words are counted {incoming}")


def _stored(verdict: Verdict, thread: Thread) -> None:
    who = thread.customer.name
    said = {str(id): text for id, text in thread.customer.said}
    rows = [row for row in thread.rows if row.author.kind is AuthorKind.CUSTOMER]
    ids = [row.external_id or "" for row in rows]
    verdict.lose(len(set(said) - set(ids)), f"{who}: not stored: {sorted(set(said) - set(ids))}")
    verdict.double(sum(Counter(ids).values()) - len(set(ids)), f"{who}: stored twice: {ids}")
    verdict.double(len(set(ids) - set(said)), f"{who}: nobody said {sorted(set(ids) - set(said))}")
    wrong = [row.external_id for row in rows if said.get(row.external_id or "", row.text) != row.text]
    verdict.lose(len(wrong), f"{who}: stored with another text: {wrong}")
    places = [list(said).index(id) for id in ids if id in said]
    verdict.disorder(_falls(places), f"{who}: stored in the order {ids}")


def _falls(places: Sequence[int]) -> int:
    return sum(1 for one, other in pairwise(places) if other < one)


def _answered(verdict: Verdict, thread: Thread, look: Look) -> None:
    who = thread.customer.name
    language = thread.conversations[0].language if thread.conversations else ""
    words: list[str] = []
    waiting = greetings = 0
    for row in thread.rows:
        if row.author.kind is AuthorKind.CUSTOMER:
            words.append(row.text)
            waiting += 1
        elif row.author.kind is AuthorKind.BOT and row.source is not None:
            verdict.answers += 1
            verdict.merged += waiting > 1
            fits = partial(_fits, row, look, language)
            _judge_answer(verdict, f"{who}, answer {row.seq}", words, waiting, fits)
            waiting = 0
        elif row.author.kind is AuthorKind.BOT and not row.choices and not greetings:
            greetings += 1
        else:
            verdict.double(1, f"{who}: what is row {row.seq}, {row.author.kind} {row.text!r}?")
    verdict.lose(waiting, f"{who}: {waiting} words at the end have no answer")
    verdict.lose(int(bool(words) and not greetings), f"{who} was not greeted")


def _fits(row: Message, look: Look, language: str, text: str) -> bool:
    match = look(text, language)
    assert row.source is not None
    # Words that waited together may be several questions: each has its article in the one answer.
    sure, _ = apart(match, EVERYTHING)
    best = [one.ranked[0] for one in sure] or list(match.ranked[:1])
    told = [row.source, *row.also]
    return [one.article_id for one in best] == [one.article_id for one in told] and all(
        abs(one.confidence - other.confidence) < SAME for one, other in zip(best, told, strict=True)
    )


def _judge_answer(
    verdict: Verdict, where: str, words: Sequence[str], waiting: int, fits: Callable[[str], bool]
) -> None:
    if waiting and fits("\n".join(words[-waiting:])):
        return
    # Which words was it looked up for? Some that had their answer already, or not all that waited.
    for more in range(waiting + 1, min(len(words), waiting + 10) + 1):
        if fits("\n".join(words[-more:])):
            verdict.double(more - waiting, f"{where} answers {more - waiting} words a second time")
            return
    if waiting == 0:
        verdict.double(1, f"{where} follows no new word")
    else:
        verdict.lose(waiting, f"{where} is none to the {waiting} words before it")


def _delivered(verdict: Verdict, thread: Thread) -> None:
    who = thread.customer.name
    rows = [row for row in thread.rows if row.delivery is not None]
    by_external = {row.delivery.external_id: row for row in rows if row.delivery and row.delivery.external_id}
    arrived = [item for item in thread.seen if item["from"]["is_bot"]]
    states = Counter(row.delivery.state for row in rows if row.delivery)
    verdict.unknown += states[DeliveryState.UNKNOWN]
    verdict.cancelled += states[DeliveryState.CANCELLED]
    verdict.retried += sum(1 for row in rows if row.delivery and row.delivery.attempts)
    # Nobody of the staff speaks here, so nothing is rightly cancelled.
    for row in rows:
        state = row.delivery.state if row.delivery else None
        if state not in (DeliveryState.SENT, DeliveryState.UNKNOWN):
            verdict.lose(1, f"{who}: row {row.seq} is {state}")
    ids = {str(item["message_id"]) for item in arrived}
    for external_id, row in by_external.items():
        verdict.lose(external_id not in ids, f"{who}: row {row.seq} says it was sent, and is not in the chat")
    sent = [row for row in rows if row.delivery and row.delivery.state is DeliveryState.SENT]
    verdict.double(len(sent) - len(by_external), f"{who}: rows share a message of the chat, or name none")
    _arrived(verdict, who, rows, by_external, arrived)


def _arrived(
    verdict: Verdict,
    who: str,
    rows: Sequence[Message],
    by_external: dict[str | None, Message],
    arrived: Sequence[dict[str, Any]],
) -> None:
    """Give every message in the chat its row; what no row says is `sent` must be one that is `unknown`."""
    unknown = [row for row in rows if row.delivery and row.delivery.state is DeliveryState.UNKNOWN]
    places: list[int] = []
    for item in arrived:
        row = by_external.get(str(item["message_id"]))
        if row is None:
            candidates = [row for row in unknown if row.text == item["text"]]
            row = next((row for row in candidates if not places or row.seq >= places[-1]), None) or (
                candidates[-1] if candidates else None
            )
            verdict.unknown_arrived += row is not None
        if row is None:
            verdict.double(1, f"{who}: message {item['message_id']} of the chat belongs to no row: {item['text']!r}")
            continue
        verdict.lose(row.text != item["text"], f"{who}: row {row.seq} arrived with another text")
        places.append(row.seq)
    verdict.disorder(_falls(places), f"{who}: rows arrived in the order {places}")
