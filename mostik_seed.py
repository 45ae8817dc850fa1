"""`mostik demo --seeded`: two weeks of a shop's conversations, told through the hall's own verbs at their own times."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.progress import Progress

from bots.emulators.telegram import TelegramEmulator
from bots.emulators.telegram.history import TelegramHistory
from bridge import bot, desk, files, receive, service, snoozing
from bridge.commit import tidy
from bridge.context import Bridge, Memory
from bridge.delivery.outbox import Outbox
from bridge.feed import Feed
from bridge.files import STORED
from bridge.library.learning.teaching import learned
from bridge.model.conversations import Conversation, DeskState
from bridge.model.files import Remote
from bridge.model.ids import ConversationId, OperatorId
from bridge.model.inbound import Pressed, Reachable, Said, Started
from bridge.model.lanes import out_lane
from bridge.model.messages import AuthorKind, Choice
from bridge.model.operators import Operator
from bridge.people import cards
from bridge.ports.channels import Channels
from configs.settings import DEMO_FILE
from mostik_house import House
from mostik_pictures import VOICE, file_of
from mostik_stories import Step, Story, moment, read_stories
from storage.bus_memory import MemoryBus
from storage.repositories import Repositories

STORIES = DEMO_FILE.parent / "demo"
CHANNEL = "telegram"
#: Key under which the store remembers that it was seeded.
MARK = "demo:seeded"
#: Customers' words closer to each other than this are one burst; the bot answers so long after it.
BREATH = timedelta(seconds=15)
BOT_PAUSE = timedelta(seconds=2)
LEASE = timedelta(minutes=1)
#: Stories told at once: the store writes several in one go.
AT_ONCE = 8
WORDS = ("say", "photo", "voice", "document")


class PastClock:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a story is told with: a hall whose clock stands in the past, and a messenger that has that past."""

    bridge: Bridge
    clock: PastClock
    channel: TelegramHistory
    outbox: Outbox
    staff: dict[str, Operator]


async def seed(house: House, emulator: TelegramEmulator, language: str) -> int:
    """Tell the stories of configs/demo to an open house; returns how many: 0 when they were told before.

    Nothing is really sent: the bot's calls are done inside the emulator, dated as the stories say. A seeding that was
    ended half way goes on with the customers it had not come to.
    """
    now = house.bridge.clock.now()
    store = house.bridge.store
    stories = read_stories(STORIES / f"dialogues.{language}.jsonl", now)
    staff = {operator.email.partition("@")[0]: operator for operator in await store.staff.all()}
    present = _telling(house, emulator, staff).channel
    for story in stories:
        # At every start: after a crash the emulator's file may be older than the store.
        present.open_account(story.sender)
    if await store.journal.value(MARK) is not None:
        return 0
    await learned(house.bridge)  # the bot answers as it would on another day
    untold = [story for story in stories if await store.people.chat(present.name, story.chat) is None]
    await _tell_all(untold, lambda: _telling(house, emulator, staff))
    present.end()
    await store.journal.put_value(MARK, {"at": now.isoformat(), "conversations": len(untold)})
    return len(untold)


async def _tell_all(stories: Sequence[Story], new: Callable[[], Telling]) -> None:
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("Seeding", total=len(stories))
        slots = asyncio.Semaphore(AT_ONCE)

        async def tell(story: Story, opened: asyncio.Event) -> None:
            await _tell(new(), story, opened)
            progress.advance(bar)
            slots.release()

        async with asyncio.TaskGroup() as group:
            for story in stories:
                await slots.acquire()
                opened = asyncio.Event()
                group.create_task(tell(story, opened))
                # Conversations get their numbers in the order they began.
                await opened.wait()


def _telling(house: House, emulator: TelegramEmulator, staff: dict[str, Operator]) -> Telling:
    clock = PastClock(house.bridge.clock.now())
    table = house.settings.bots[CHANNEL]
    group, open_at = int(table["staff_group"]["chat"]), str(table["staff_group"].get("open_at", "handoff"))
    channel = TelegramHistory(CHANNEL, emulator.emulation, str(table["token"]), clock, group, open_at)
    store, bus = Repositories(house.documents, clock), MemoryBus()
    bridge = replace(
        house.bridge,
        store=store,
        bus=bus,
        clock=clock,
        channels=Channels({channel.name: channel}),
        feed=Feed(store, bus, clock),
        memory=Memory(),
    )
    return Telling(bridge, clock, channel, Outbox(bridge), staff)


async def _tell(telling: Telling, story: Story, opened: asyncio.Event) -> None:
    burst: list[receive.Received] = []
    after: Sequence[Step | None] = (*story.steps[1:], None)
    id: ConversationId | None = None
    for step, following in zip(story.steps, after, strict=True):
        telling.clock.at = max(telling.clock.at, step.at) if id else step.at
        if step.verb in WORDS:
            burst.append(await _word(telling, story, step))
            id = burst[0].conversation
            if following is None or following.verb not in WORDS or following.at - step.at > BREATH:
                telling.clock.at += BOT_PAUSE
                await bot.answer_burst(telling.bridge, id, burst)
                burst = []
        elif step.who == "customer":
            id = await _deed(telling, story, step) or id
        else:
            assert id is not None, "staff speak after the customer"
            await _staff(telling, id, step)
        if id is not None:
            opened.set()
            await _carry(telling, story, id)
    assert id is not None, "a story has words"
    await _leave(telling, id)


async def _word(telling: Telling, story: Story, step: Step) -> receive.Received:
    text = step.words[0] if step.words else ""
    given: dict[str, Any] = {"text": text} if text else {}
    brought: tuple[Remote, ...] = ()
    if step.verb != "say":
        name, mime, body = file_of(step.verb, step.words[1] if len(step.words) > 1 else "")
        given[step.verb] = {"name": name, "mime": mime, "base64": base64.b64encode(body).decode()}
        seconds = VOICE if step.verb == "voice" else 0
        given[step.verb] |= {"duration": seconds} if seconds else {}
        by = f"chat:{telling.channel.name}:{story.chat}"
        kept = await files.take(telling.bridge, _whole(body), name=name, mime=mime, by=by, kind=step.verb)
        brought = (Remote(f"{STORED}{kept.id}", step.verb, name, mime, len(body), seconds),)
    external_id = telling.channel.says(story.sender, given)
    kind = "text" if step.verb == "say" else step.verb
    now = telling.clock.now()
    said = Said(telling.channel.name, story.chat, external_id, story.sender, text, now, kind, files=brought)
    return await receive.receive(telling.bridge, said)


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _deed(telling: Telling, story: Story, step: Step) -> ConversationId | None:
    """Do what a customer does without words; returns the conversation where that says which one it is."""
    bridge, name, now = telling.bridge, telling.channel.name, telling.clock.now()
    if step.verb == "start":
        external_id = telling.channel.says(story.sender, {"text": "/start"})
        started = Started(name, story.chat, external_id, story.sender, now)
        received = await receive.receive(bridge, started)
        await bot.start(bridge, received)
        return received.conversation
    if step.verb == "block":
        telling.channel.blocks(story.sender)
        shut = f"block:{now.isoformat()}"
        await receive.reachable(bridge, Reachable(name, story.chat, shut, story.sender, "blocked", now))
        return None
    if step.verb != "press":
        raise ValueError(f"customers do not {step.verb}")
    chat = await bridge.store.people.chat(name, story.chat)
    button = await _button(bridge, chat.conversation, step.words) if chat and chat.conversation else None
    if button is not None:
        key = f"press:{button.data}:{step.at.isoformat()}"
        pressed = Pressed(name, story.chat, key, story.sender, button.data, button.text, now)
        await bot.press(bridge, await receive.receive(bridge, pressed), button.data)
    return None


async def _button(bridge: Bridge, id: ConversationId, labels: Sequence[str]) -> Choice | None:
    """Return the first of these buttons under the bot's newest words.

    None of them is there when the library decided otherwise than the story foresaw: then nobody presses.
    """
    lines = await bridge.store.messages.page(id, None, None, 50)
    choices = next((line.choices for line in reversed(lines) if line.author.kind is AuthorKind.BOT), ())
    return next((choice for label in labels for choice in choices if choice.text == label), None)


async def _staff(telling: Telling, id: ConversationId, step: Step) -> None:
    bridge, actor = telling.bridge, telling.staff[step.who]
    key, words = f"seed:{step.at.isoformat()}", step.words
    match step.verb:
        case "reply":
            await service.reply(bridge, actor, id, words[0], key=key, origin="panel")
        case "note":
            await service.note(bridge, actor, id, words[0], key=key, origin="panel")
        case "claim":
            await service.claim(bridge, actor, id)
        case "release":
            await service.release(bridge, actor, id, words[0])
        case "assign":
            await service.assign(bridge, actor, id, OperatorId(telling.staff[words[0]].id))
        case "close":
            await service.close(bridge, actor, id)
        case "reopen":
            await service.reopen(bridge, actor, id)
        case "tag":
            await desk.tag(bridge, actor, id, words, ())
        case "snooze":
            await snoozing.snooze(bridge, actor, id, moment(words[0], bridge.clock.now(), ahead=True))
        case "about":
            customer = (await bridge.store.conversations.get(id)).customer
            await cards.change_customer(bridge, actor, customer, note=words[0])
        case _:
            raise ValueError(f"staff do not {step.verb}")
    await _read(telling, actor, await bridge.store.conversations.get(id))


async def _carry(telling: Telling, story: Story, id: ConversationId) -> None:
    """Carry out what waits for the customer and for the staff group, as the outbox's workers do."""
    lanes = telling.bridge.store.lanes
    for name in (out_lane(telling.channel.name, story.chat), out_lane(telling.channel.desk, id)):
        now = telling.clock.now()
        lane = await lanes.claim(name, now, now + LEASE, "seed")
        while lane is not None:
            lane = await lanes.release(lane, await telling.outbox.handle(lane))


async def _leave(telling: Telling, id: ConversationId) -> None:
    """Leave a conversation as it is found now: what nobody waits for was read by all."""
    await tidy(telling.bridge, id)
    conversation = await telling.bridge.store.conversations.get(id)
    if conversation.desk_state is not DeskState.DUE:
        for operator in telling.staff.values():
            await _read(telling, operator, conversation)


async def _read(telling: Telling, operator: Operator, conversation: Conversation) -> None:
    await desk.mark_read(telling.bridge, operator, conversation.id, conversation.seq)
