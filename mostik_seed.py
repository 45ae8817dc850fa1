"""`mostik demo --seeded`: two weeks of a shop's conversations, told through the hall's own verbs at their own times."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from rich.console import Console
from rich.progress import Progress

from bots.emulators.journal import Journal
from bridge import bot, desk, receive, service, snoozing
from bridge.commit import tidy
from bridge.library.learning.teaching import learned
from bridge.model.conversations import Conversation, DeskState
from bridge.model.ids import ChannelName, ConversationId, OperatorId
from bridge.model.lanes import out_lane
from bridge.model.operators import Operator
from bridge.people import cards
from configs.settings import DEMO_FILE
from mostik_house import House
from mostik_past import Emulators, Telling, telling
from mostik_said import WORDS, deed, word
from mostik_stories import Step, Story, moment, read_stories

STORIES = DEMO_FILE.parent / "demo"
#: Key under which the store remembers that it was seeded.
MARK = "demo:seeded"
#: Customers' words closer to each other than this are one burst; the bot answers so long after it.
BREATH = timedelta(seconds=15)
BOT_PAUSE = timedelta(seconds=2)
LEASE = timedelta(minutes=1)
#: Stories told at once: the store writes several in one go.
AT_ONCE = 8


async def seed(house: House, emulators: Emulators, language: str) -> int:
    """Tell the stories of configs/demo to an open house; returns how many: 0 when they were told before.

    Nothing is really sent: calls to messengers are done inside the emulators, dated as the stories say. A seeding that
    was ended half way goes on with the customers it had not come to.
    """
    now = house.bridge.clock.now()
    store = house.bridge.store
    stories = read_stories(STORIES / f"dialogues.{language}.jsonl", now)
    staff = {operator.email.partition("@")[0]: operator for operator in await store.staff.all()}
    present = telling(house, emulators, staff)
    for story in stories:
        # At every start: after a crash an emulator's file may be older than the store.
        present.channels[story.channel].open_account(story.sender)
    if await store.journal.value(MARK) is not None:
        return 0
    await learned(house.bridge)  # the bot answers as it would on another day
    met = [replace(each, sender=await present.channels[each.channel].known_as(each.sender)) for each in stories]
    untold = [story for story in met if await store.people.chat(ChannelName(story.channel), story.chat) is None]
    await _tell_all(untold, lambda: telling(house, emulators, staff))
    emulators.telegram.emulation.journal = Journal()  # the journal of calls begins with the present
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


async def _tell(told: Telling, story: Story, opened: asyncio.Event) -> None:
    burst: list[receive.Received] = []
    newest = ""
    after: Sequence[Step | None] = (*story.steps[1:], None)
    id: ConversationId | None = None
    for step, following in zip(story.steps, after, strict=True):
        told.clock.at = max(told.clock.at, step.at) if id else step.at
        if step.verb in WORDS:
            said = await word(told, story, step)
            newest = (said.external_id, *said.parts)[-1]
            burst.append(await receive.receive(told.bridge, said))
            id = burst[0].conversation
            if following is None or following.verb not in WORDS or following.at - step.at > BREATH:
                told.clock.at += BOT_PAUSE
                await bot.answer_burst(told.bridge, id, burst)
                burst = []
        elif step.who == "customer":
            id = await deed(told, story, step) or id
        else:
            assert id is not None, "staff speak after the customer"
            await _staff(told, id, step)
            await told.channels[story.channel].reads(story.sender, newest)
        if id is not None:
            opened.set()
            await _carry(told, story, id)
    assert id is not None, "a story has words"
    await _leave(told, id)


async def _staff(told: Telling, id: ConversationId, step: Step) -> None:
    bridge, actor = told.bridge, told.staff[step.who]
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
            await service.assign(bridge, actor, id, OperatorId(told.staff[words[0]].id))
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
    await _read(told, actor, await bridge.store.conversations.get(id))


async def _carry(told: Telling, story: Story, id: ConversationId) -> None:
    """Carry out what waits for the customer and for the staff group, as the outbox's workers do.

    The group is Telegram's, whatever channel the customer came by.
    """
    lanes, group = told.bridge.store.lanes, told.bridge.desk
    assert group is not None, "the demo has a staff group"
    for name in (out_lane(ChannelName(story.channel), story.chat), out_lane(group.desk, id)):
        now = told.clock.now()
        lane = await lanes.claim(name, now, now + LEASE, "seed")
        while lane is not None:
            lane = await lanes.release(lane, await told.outbox.handle(lane))


async def _leave(told: Telling, id: ConversationId) -> None:
    """Leave a conversation as it is found now: what nobody waits for was read by all."""
    await tidy(told.bridge, id)
    conversation = await told.bridge.store.conversations.get(id)
    if conversation.desk_state is not DeskState.DUE:
        for operator in told.staff.values():
            await _read(told, operator, conversation)


async def _read(told: Telling, operator: Operator, conversation: Conversation) -> None:
    await desk.mark_read(told.bridge, operator, conversation.id, conversation.seq)
