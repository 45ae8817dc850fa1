"""A shop's past: conversations, their words and customers written straight into an SQLite store."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bridge.clock import SystemClock
from bridge.model.conversations import Conversation, LastMessage, Stage
from bridge.model.customers import Customer, Identity
from bridge.model.ids import (
    ChannelName,
    ChatId,
    ConversationId,
    CustomerId,
    IdentityId,
    MessageId,
    OperatorId,
    TeamId,
    derive,
)
from bridge.model.lanes import out_lane
from bridge.model.messages import Author, AuthorKind, Delivery, DeliveryState, Message
from bridge.model.teams import Team
from storage.repositories import Repositories
from storage.schema import ALL, COUNTERS
from storage.sqlite import SqliteDocuments

#: Rows written at once.
PORTION = 2000
#: What customers and operators say; a number makes each its own.
SAID = (
    "Здравствуйте! Когда привезут заказ {}?",
    "А можно вернуть чайник из заказа {}, если он не подошёл?",
    "Оплата за {} прошла дважды, что делать?",
    "Спасибо, всё получил по накладной {}",
    "Где посмотреть состав набора номер {}?",
)
ANSWERED = ("Посмотрел: {} уже в пути, будет завтра до обеда.", "Да, возврат по {} открыт, курьер приедет сам.")
CHANNEL = ChannelName("app")


@dataclass(frozen=True, slots=True)
class Past:
    """How much there is: conversations of so many words each, of which `open_` still stand in the inbox.

    With `teams` most are the first team's, the others' a fiftieth each, and of the last one 50 in all.
    """

    conversations: int
    open_: int
    each: int = 10
    teams: int = 0

    @property
    def words(self) -> int:
        """Messages in all."""
        return self.conversations * self.each


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation with all its rows."""

    conversation: Conversation
    messages: tuple[Message, ...]
    customer: Customer
    identity: Identity


def write(path: Path, past: Past, email: str) -> None:
    """Write a past into a store that was brought to the current schema; who has this e-mail answered in it."""
    asyncio.run(_write(path, past, email))


async def _write(path: Path, past: Past, email: str) -> None:
    documents = SqliteDocuments(path)
    await documents.open(ALL)
    try:
        store = Repositories(documents, SystemClock())
        staff = await store.staff.by_email(email)
        assert staff is not None, email
        for number in range(past.teams):
            await store.teams.add(Team(team_id(number), f"Team {number}", datetime.now(UTC)))
        portion: list[Case] = []
        for case in cases(past, staff.id, staff.name):
            portion.append(case)
            if len(portion) * past.each >= PORTION:
                await _insert(store, portion)
                portion.clear()
        await _insert(store, portion)
        await documents.bump(COUNTERS, "conversations", {"n": past.conversations})
    finally:
        await documents.close()


async def _insert(store: Repositories, cases: list[Case]) -> None:
    await store.messages.rows.insert_new([message for case in cases for message in case.messages])
    # A past is no verb of the product: its rows go in below the repositories' own ways of writing.
    await store.people._customers.insert_new([case.customer for case in cases])
    await store.people._identities.insert_new([case.identity for case in cases])
    await store.conversations._rows.insert_new([case.conversation for case in cases])


def cases(past: Past, operator: OperatorId, name: str) -> Iterator[Case]:
    """Yield conversations, the oldest first, a minute apart, the newest a minute ago."""
    mix = random.Random(past.conversations)
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=past.conversations + past.each)
    staff = Author(AuthorKind.OPERATOR, operator, name)
    for number in range(1, past.conversations + 1):
        stands = number > past.conversations - past.open_
        at = begun + timedelta(minutes=number)
        case = _case(number, _talk(number, past.each, at, staff, mix), staff, stands)
        yield replace(case, conversation=replace(case.conversation, team=_team(number, past)))


def team_id(number: int) -> TeamId:
    """Name a team of a past."""
    return TeamId(derive("benchmark", "team", number))


def _team(number: int, past: Past) -> TeamId | None:
    if not past.teams:
        return None
    if number % max(past.conversations // 50, 1) == 0:
        return team_id(past.teams - 1)
    return team_id(1 + number % 50) if number % 50 < past.teams - 2 else team_id(0)


def _talk(number: int, words: int, at: datetime, staff: Author, mix: random.Random) -> tuple[Message, ...]:
    id = ConversationId(derive("benchmark", "conversation", number))
    person = Author(AuthorKind.CUSTOMER, derive("benchmark", "customer", number), f"Клиент {number}")
    return tuple(_word(id, ChatId(str(number)), seq, at, person, staff, mix) for seq in range(1, words + 1))


def _case(number: int, messages: tuple[Message, ...], staff: Author, stands: bool) -> Case:
    first, last = messages[0], messages[-1]
    customer, name = CustomerId(first.author.id), first.author.name
    said = next(word for word in reversed(messages) if word.author.kind is AuthorKind.CUSTOMER)
    waits = stands and number % 3 > 0
    mine = stands and number % 2 == 0
    conversation = Conversation(
        id=first.conversation,
        number=number,
        channel=CHANNEL,
        chat=first.chat,
        customer=customer,
        customer_name=name,
        stage=Stage.CLOSED if not stands else Stage.OPERATOR if mine else Stage.WAITING,
        created_at=first.at,
        updated_at=last.at,
        assignee=OperatorId(staff.id) if mine else None,
        assignee_name=staff.name if mine else None,
        tags=("доставка",) if number % 4 == 0 else (),
        seq=last.seq,
        incoming=last.incoming,
        spoken_seq=last.seq,
        last_message=LastMessage(last.text, last.author.kind.value, last.at, last.id),
        last_said=LastMessage(said.text, "customer", said.at, said.id),
        waiting_since=said.at if waits else None,
        closed_at=None if stands else last.at,
        greeted=True,
    )
    value = f"{number}@shop.example"
    identity = Identity(IdentityId(derive("benchmark", "identity", number)), customer, "email", value, True)
    return Case(conversation, messages, Customer(customer, name, first.at), identity)


def _word(
    id: ConversationId, chat: ChatId, seq: int, at: datetime, person: Author, staff: Author, mix: random.Random
) -> Message:
    asks = seq % 2 == 1
    text = mix.choice(SAID if asks else ANSWERED).format(mix.randrange(1_000_000))
    lane = out_lane(CHANNEL, chat)
    return Message(
        id=MessageId(derive("benchmark", id, seq)),
        conversation=id,
        seq=seq,
        author=person if asks else staff,
        text=text,
        at=at + timedelta(seconds=10 * seq),
        channel=CHANNEL,
        chat=chat,
        incoming=(seq + 1) // 2,
        delivery=None if asks else Delivery(lane, seq, DeliveryState.SENT, external_id=f"{id}-{seq}"),
    )
