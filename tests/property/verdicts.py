"""What must hold of every history once everybody has come to rest."""

from collections import Counter
from datetime import timedelta

from bridge import timers
from bridge.model.conversations import Conversation, Stage
from bridge.model.desk import PostKind
from bridge.model.ids import ChatId
from bridge.model.lanes import out_lane
from bridge.model.messages import SETTLED, AuthorKind, DeliveryState, Message
from configs.phrases import load_phrases
from tests.property.histories import ASKED, World
from tests.street import DESK, NAME

#: Event -> stages it may happen in, and the stage after it (None: as before).
EVENTS: dict[str, tuple[frozenset[Stage], Stage | None]] = {
    "claimed": (frozenset(Stage), Stage.OPERATOR),  # also where a person without a name at the desk has the word
    "answered_elsewhere": (frozenset(Stage), Stage.OPERATOR),
    "assigned": (frozenset({Stage.BOT, Stage.WAITING, Stage.OPERATOR}), Stage.OPERATOR),
    "replied_over": (frozenset({Stage.OPERATOR}), Stage.OPERATOR),
    "released": (frozenset({Stage.BOT, Stage.WAITING, Stage.OPERATOR}), Stage.WAITING),
    "released_to_bot": (frozenset({Stage.BOT, Stage.WAITING, Stage.OPERATOR}), Stage.BOT),
    "closed": (frozenset({Stage.BOT, Stage.WAITING, Stage.OPERATOR}), Stage.CLOSED),
    "closed_unanswered": (frozenset({Stage.BOT, Stage.WAITING, Stage.OPERATOR}), Stage.CLOSED),
    "reopened": (frozenset({Stage.CLOSED}), None),
    "reopened_by_customer": (frozenset({Stage.CLOSED}), Stage.BOT),
    "tagged": (frozenset(Stage), None),
    "woken": (frozenset({Stage.BOT, Stage.WAITING, Stage.OPERATOR}), None),
    "snoozed": (frozenset({Stage.BOT, Stage.WAITING, Stage.OPERATOR}), None),
    "reopens_later": (frozenset({Stage.CLOSED}), None),
    "reopened_by_time": (frozenset({Stage.CLOSED}), None),
    "blocked": (frozenset(Stage), None),
    "unblocked": (frozenset(Stage), None),
    **{f"{what}_failed": (frozenset(Stage), None) for what in ("edit", "delete", "reaction")},
    **{
        f"handed_off_{reason}": (frozenset({Stage.BOT}), Stage.WAITING)
        for reason in ("wish", "unsure", "unsupported", "not_helped")
    },
}


async def judge(world: World) -> None:
    """Raise AssertionError for whatever does not hold."""
    bridge = world.process.bridge
    assert not world.violations
    if world.calm:
        # Without a death every hint and pull came by itself: the sweeps have nothing to find.
        assert await world.eyes.updates.lost(world.time.now() + timedelta(1), 100) == [], "nobody looked again"
        assert await world.eyes.messages.unsent(world.time.now() + timedelta(1), 100) == {}
        assert await world.eyes.desk.unsent(world.time.now() + timedelta(1), 100) == {}
    world.time.pass_(1)
    await timers.take_up(bridge, timedelta(0))
    await timers.take_up_unsent(bridge, timedelta(0))
    await world.rest()
    await timers.tidy_up(bridge)
    assert await world.eyes.updates.lost(world.time.now() + timedelta(1), 100) == [], "an update is not settled"
    assert await world.eyes.updates.dead(100) == []
    rows: list[Message] = []
    for conversation in await world.conversations():
        assert conversation.pending == ()
        assert conversation.seq > 0, "a conversation without a word"
        history = await world.eyes.messages.page(conversation.id, 0, None, 1000)
        assert [row.seq for row in history] == list(range(1, conversation.seq + 1)), "seq has holes"
        assert conversation.incoming == sum(row.author.kind is AuthorKind.CUSTOMER for row in history)
        stages(conversation, history)
        fate(conversation, history)
        rows_of_lists(conversation, history)
        if world.group:
            await shown(world, conversation, history)
        rows += history
    words_in(world, rows)
    words_out(world, rows)
    changes_out(world, rows)
    answered_once(rows)
    done = Counter(row.event.code for row in rows if row.event)
    twice = {code: count for code, count in done.items() if code in ASKED.values() and count > world.asked[code]}
    assert not twice, f"done oftener than asked: {twice}"


#: Labels of the buttons that can be pressed once, while their question is the last thing said.
ONCE = ("Да, спасибо", "Нет")


def words_in(world: World, rows: list[Message]) -> None:
    """Every word of a customer stands there once, in the order it was said."""
    order = {raw.key: place for place, raw in enumerate(world.raws)}
    for chat, said in world.said.items():
        mine = [row for row in rows if row.chat == chat and row.author.kind is AuthorKind.CUSTOMER]
        stored = sorted(mine, key=lambda row: (row.conversation != mine[0].conversation, row.conversation, row.seq))
        found = Counter((row.external_id, row.text) for row in stored)
        assert not found - Counter(said)
        # A button whose time has passed is answered at the button and leaves no line.
        assert all(id.startswith("p") and text in ONCE for id, text in Counter(said) - found), "a word was lost"
        by_case: dict[str, list[int]] = {}
        for row in stored:
            by_case.setdefault(row.conversation, []).append(order[str(row.external_id)[1:]])
        assert all(places == sorted(places) for places in by_case.values()), "a customer's words changed places"


def words_out(world: World, rows: list[Message]) -> None:
    """Every row is settled and was sent as often as it says; each chat heard the rows in order; notes stayed home."""
    sent = {row.id: world.street.at.get(row.id, []) for row in rows}
    assert set(world.street.at) <= set(sent)
    for row in rows:
        if row.delivery is None:
            assert not sent[row.id], f"{row.author.kind} left the house"
            continue
        state, times = row.delivery.state, len(sent[row.id])
        assert state in SETTLED, f"{state} for ever"
        if row.origin == NAME:
            assert not times, "what was said outside was sent once more"
        elif row.id not in world.retried:
            there = {DeliveryState.SENT: (1,), DeliveryState.READ: (1,), DeliveryState.UNKNOWN: (0, 1)}
            expected = there.get(state, (0,))
            assert times in expected, f"{state}, sent {times} times"
    for chat in world.said:
        lane = out_lane(NAME, chat)
        mine = [row for row in rows if row.delivery and row.delivery.lane == lane and row.id not in world.retried]
        mine.sort(key=lambda row: row.delivery.order if row.delivery else 0)
        places = [place for row in mine for place in sent[row.id]]
        assert places == sorted(places), "rows overtook each other"
        said = [m.text for m in world.street.seen if m.chat == ChatId(chat)]
        assert not any(note in text for note in world.notes for text in said)


def changes_out(world: World, rows: list[Message]) -> None:
    """Nothing is left to be changed; what a customer has on his screen is what the rows say, and our signs too."""
    for row in rows:
        assert row.amendment is None, "a change waits for ever"
        signs = {each.author.kind: each.emoji for each in row.reactions}
        assert len(signs) == len(row.reactions), "two signs of one side"
        if row.author.kind is AuthorKind.NOTE or row.id in world.retried or row.origin == NAME:
            continue
        there = row.external_id if row.delivery is None else row.delivery.external_id
        if there is None:
            continue
        assert world.street.signs.get(there, "") == signs.get(AuthorKind.OPERATOR, ""), "another sign than we show"
        if row.delivery is not None:
            seen = world.street.screen.get(there)
            assert seen == (None if row.deleted_at else row.text), f"the customer reads {seen}, we {row.text}"


def rows_of_lists(conversation: Conversation, history: list[Message]) -> None:
    """The conversation's row says what its newest words say now."""
    for word, kinds in (
        (conversation.last_message, tuple(AuthorKind)),
        (conversation.last_said, (AuthorKind.CUSTOMER,)),
    ):
        said = [row for row in history if row.author.kind is not AuthorKind.SYSTEM and row.author.kind in kinds]
        if word is None:
            assert not said
            continue
        asked = [row for row in said if row.kind != "command"] if word is conversation.last_said else said
        newest = (asked or said[:1])[-1]
        assert word.id == newest.id
        assert word.text == ("" if newest.deleted_at else newest.text[:200]), "an old word stands in the list"


def answered_once(rows: list[Message]) -> None:
    """No word of a customer was answered twice by the bot. The title tells what it was asked."""
    asked: Counter[str] = Counter()
    for row in rows:
        if row.author.kind is AuthorKind.BOT and row.offered:
            asked.update(row.offered[0].title.split("\n"))
        elif row.author.kind is AuthorKind.BOT and row.source is not None and not row.source.title.startswith("other"):
            picked = any(row.source.title == offer.title for other in rows for offer in other.offered)
            asked.update([] if picked else row.source.title.split("\n"))
    unique = {text: count for text, count in asked.items() if "№" in text and count > 1}
    assert not unique, f"answered twice: {unique}"


#: Who was asked for a contact and answers is thanked, whoever holds the word by then.
ABOUT_CONTACT = tuple(
    text.partition("{")[0] for key, text in load_phrases()["ru"].items() if key.startswith("customer.contact_")
)


def stages(conversation: Conversation, history: list[Message]) -> None:
    """Events tell a way through the stage table that ends where the conversation stands."""
    stage, owner = Stage.BOT, None
    for row in history:
        if row.author.kind is AuthorKind.CUSTOMER:
            assert stage is not Stage.CLOSED, "a customer spoke in a closed conversation"
        if row.author.kind is AuthorKind.BOT:
            # A handoff's own words come after its event.
            spoke = stage in (Stage.BOT, Stage.WAITING) or (
                stage is Stage.OPERATOR and row.text.startswith(ABOUT_CONTACT)
            )
            assert spoke, f"the bot spoke in stage {stage}"
        if row.event is None:
            continue
        allowed, following = EVENTS[row.event.code]
        assert stage in allowed, f"{row.event.code} in stage {stage}"
        if row.event.code in ("reopened", "reopened_by_time"):
            following = Stage.OPERATOR if owner else Stage.WAITING
        if row.event.code in ("claimed", "assigned"):
            owner = row.event.detail if row.event.code == "assigned" else row.event.actor
        if row.event.code in ("released", "released_to_bot", "reopened_by_customer"):
            owner = None
        stage = following or stage
    assert (conversation.stage, conversation.assignee_name) == (stage, owner)


def fate(conversation: Conversation, history: list[Message]) -> None:
    """The row tells of the newest word, an operator's, that it did not get through or perhaps not; of nothing else."""
    spoken = [row for row in history if row.author.kind in (AuthorKind.CUSTOMER, AuthorKind.OPERATOR)]
    delivery = spoken[-1].delivery if spoken else None
    state = delivery.state if delivery else None
    told = state if state in (DeliveryState.FAILED, DeliveryState.UNKNOWN) else None
    assert conversation.undelivered is told, f"the row says {conversation.undelivered}, the message {state}"


async def shown(world: World, conversation: Conversation, history: list[Message]) -> None:
    """The topic, once open, was given every word, and shows the stage as it is."""
    if not conversation.topic:
        return
    posts = [
        world.eyes.desk.posts.row(doc)
        for doc in await world.documents.find(world.eyes.desk.posts.coll, limit=10_000)
        if doc.body["conversation"] == conversation.id
    ]
    assert all(post.delivery.state in SETTLED for post in posts), "a post waits for ever"
    told = {post.message for post in posts if post.message and post.kind is PostKind.TEXT}
    words = [row for row in history if row.author.kind is not AuthorKind.SYSTEM and row.origin != DESK]
    first = next((place for place, row in enumerate(words) if row.id in told), len(words))
    assert {row.id for row in words[first:]} == told, "a word is missing in the topic"
    opening = next((post for post in posts if post.kind is PostKind.TEXT and post.message is None), None)
    again = conversation.chat in world.dropped  # made anew, a topic tells at its top what was said
    assert opening is not None or first == 0
    assert opening is None or first > 0 or again
    (icon,) = [post for post in posts if post.kind is PostKind.ICON]
    assert icon.icon == conversation.stage.value, "the topic shows an old stage"
