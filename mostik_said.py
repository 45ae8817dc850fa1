"""What customers of the seeded demo said and did, put into their channels and told as the doors of these would."""

import base64
from collections.abc import AsyncIterator, Sequence
from typing import Any

from bridge import bot, files, ratings, receive
from bridge.context import Bridge
from bridge.files import STORED
from bridge.model.files import Remote
from bridge.model.ids import ConversationId
from bridge.model.inbound import Pressed, Rated, Reachable, Said, Started
from bridge.model.messages import AuthorKind, Choice
from mostik_past import Telling
from mostik_pictures import VOICE, file_of
from mostik_stories import Step, Story

#: Verbs of a story's customer that are words.
WORDS = ("say", "photo", "album", "voice", "document")


async def word(told: Telling, story: Story, step: Step) -> Said:
    """Have a customer write; returns what his channel's door makes of it: an album is one word with several files."""
    channel = told.channels[story.channel]
    text, brought = step.words[0] if step.words else "", step.words[1:]
    given: dict[str, Any] = {"text": text} if text else {}
    kind = {"say": "text", "album": "photo"}.get(step.verb, step.verb)
    carried, remotes = [], []
    for what in () if step.verb == "say" else brought or ("",):
        shown, remote = await _file(told, story, kind, what)
        carried.append(shown)
        remotes.append(remote)
    if carried:
        given[step.verb] = carried if step.verb == "album" else carried[0]
    ids = await channel.says(story.sender, given)
    now, parts = told.clock.now(), ids if len(ids) > 1 else ()
    return Said(channel.name, story.chat, ids[0], story.sender, text, now, kind, files=tuple(remotes), parts=parts)


async def _file(told: Telling, story: Story, kind: str, what: str) -> tuple[dict[str, Any], Remote]:
    """Return a customer's file as the emulators take it, and as the hall finds it."""
    name, mime, body = file_of(kind, what)
    seconds = VOICE if kind == "voice" else 0
    shown = {"name": name, "mime": mime, "base64": base64.b64encode(body).decode()}
    by = f"chat:{story.channel}:{story.chat}"
    kept = await files.take(told.bridge, _whole(body), name=name, mime=mime, by=by, kind=kind)
    remote = Remote(f"{STORED}{kept.id}", kind, name, mime, len(body), seconds)
    return shown | ({"duration": seconds} if seconds else {}), remote


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def deed(told: Telling, story: Story, step: Step) -> ConversationId | None:
    """Do what a customer does without words; returns the conversation where that says which one it is."""
    bridge, channel, now = told.bridge, told.channels[story.channel], told.clock.now()
    name = channel.name
    if step.verb == "start":
        ids = await channel.says(story.sender, {"text": "/start"})
        started = Started(name, story.chat, ids[0], story.sender, now)
        received = await receive.receive(bridge, started)
        await bot.start(bridge, received)
        return received.conversation
    if step.verb == "block":
        reason, shut = channel.blocks(story.sender), f"block:{now.isoformat()}"
        await receive.reachable(bridge, Reachable(name, story.chat, shut, story.sender, reason, now))
        return None
    if step.verb == "rate":
        score, comment = int(step.words[0]), " ".join(step.words[1:])
        rated = f"rate.{now.isoformat()}"
        await ratings.rated(bridge, Rated(name, story.chat, rated, story.sender, score, comment, now))
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
