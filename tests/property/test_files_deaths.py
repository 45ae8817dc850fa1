"""Files on their way when the process dies: each is kept once, shown once, and said to be lost only when it is."""

import asyncio
import json
import os
import random
from dataclasses import dataclass, field, replace

import pytest

from bridge.model.desk import PostKind
from bridge.model.files import Remote
from bridge.model.ids import ChatId
from bridge.model.inbound import Said, StaffSaid
from bridge.model.messages import AuthorKind, DeliveryState, Message
from tests.files import EXE, PDF, picture
from tests.hall import sender
from tests.property.histories import STAFF, Op, World
from tests.property.verdicts import judge
from tests.street import GROUP, NAME

#: Deaths tried for each story; MOSTIK_TEST_HISTORIES asks for more.
DEATHS = int(os.environ.get("MOSTIK_TEST_HISTORIES", "100")) // 4
BODIES = {"photo": picture(), "document": PDF, "program": EXE}
REASONS = {"program": "file_type", "gone": "file_unavailable"}


@dataclass
class Shows(World):
    """A shop whose people also send files."""

    sent: dict[str, tuple[str, ...]] = field(default_factory=dict)  # external id -> the files of a word

    async def show(self, chat: str, *bodies: str) -> None:
        number = len(self.raws) + 1
        self.sent[f"m{number}"] = bodies
        self.said.setdefault(chat, []).append((f"m{number}", f"подпись №{number}"))
        words = f"подпись №{number}"
        files = self._files(number, bodies)
        self._post(
            chat, Said(NAME, ChatId(chat), f"m{number}", sender(chat), words, self.time.now(), "photo", files=files)
        )

    async def topic_show(self, who: str, chat: str, body: str, text: str = "") -> None:
        topic, number = self._topic(await self.case(chat)), len(self.raws) + 1
        if topic is None:
            return
        if text.startswith("//"):
            self.notes.append(text.removeprefix("//").strip())
        if body != "gone":  # one that cannot be had goes nowhere
            self.sent[f"t{number}"] = (body,)
        user = STAFF[who].telegram_user_id or 0
        files = self._files(number, (body,))
        said = StaffSaid(NAME, GROUP, topic, f"t{number}", user, who, text, self.time.now(), "photo", files=files)
        self._post(f"{GROUP}/{topic}", said)

    async def album(self, chat: str, *bodies: str) -> None:
        """Each picture comes by itself, the second with the caption; they are one word."""
        number = len(self.raws) + 1
        words = f"подпись №{number}"
        self.sent[f"m{number}"] = bodies
        self.said.setdefault(chat, []).append((f"m{number}", words))
        for place, body in enumerate(bodies):
            text = words if place == 1 else ""
            files = self._files(number + place, (body,))
            self._post(chat, self._part(chat, number + place, text, f"album{number}", files))

    async def late(self, chat: str, body: str) -> None:
        """One more picture of the newest album comes when that was taken already: it is a word of its own."""
        number = len(self.raws) + 1
        newest = [raw for raw in self.raws if '"album": "album' in raw.body][-1]
        album = json.loads(newest.body)[0]["album"]
        self.sent[f"m{number}"] = (body,)
        self.said.setdefault(chat, []).append((f"m{number}", ""))
        self._post(chat, self._part(chat, number, "", album, self._files(number, (body,))))

    def _part(self, chat: str, number: int, text: str, album: str, files: tuple[Remote, ...]) -> Said:
        now = self.time.now()
        return Said(NAME, ChatId(chat), f"m{number}", sender(chat), text, now, "photo", files=files, album=album)

    async def topic_album(self, who: str, chat: str, text: str, *bodies: str) -> None:
        topic, number = self._topic(await self.case(chat)), len(self.raws) + 1
        if topic is None:
            return
        if text.startswith("//"):
            self.notes.append(text.removeprefix("//").strip())
        self.sent[f"t{number}"] = bodies
        user = STAFF[who].telegram_user_id or 0
        for place, body in enumerate(bodies):
            files, now = self._files(number + place, (body,)), self.time.now()
            said = StaffSaid(
                NAME, GROUP, topic, f"t{number + place}", user, who, text if place == 0 else "", now, "photo"
            )
            self._post(f"{GROUP}/{topic}", replace(said, files=files, album=f"album{number}"))

    def _files(self, number: int, bodies: tuple[str, ...]) -> tuple[Remote, ...]:
        found = []
        for place, name in enumerate(bodies):
            ref = f"{name}{number}.{place}"
            if name in BODIES:
                self.street.held[ref] = BODIES[name]
            found.append(Remote(ref, "photo" if name == "photo" else "document", name))
        return tuple(found)

    async def stumble(self, times: int) -> None:
        self.street.stumbles = times


def told(*ops: tuple[object, ...]) -> list[Op]:
    return [Op(str(do), tuple(args)) for do, *args in ops]


STORIES = {
    "a photo calls a person, who answers with another": told(
        ("show", "1", "photo"),
        ("rest",),
        ("say", "1", "оператор"),
        ("rest",),
        ("topic_show", "petr", "1", "photo", "// для своих"),
        ("topic_show", "petr", "1", "document", "вот"),
        ("topic_show", "petr", "1", "photo"),
        ("rest",),
    ),
    "an album is one word": told(
        ("album", "1", "photo", "document", "photo"),
        ("deliver", False),
        ("work", "in", 2),
        ("rest",),
        ("late", "1", "photo"),
        ("rest",),
        ("say", "1", "оператор"),
        ("rest",),
        ("album", "1", "program", "photo"),
        ("say", "1", "вопрос"),
        ("rest",),
        ("topic_album", "petr", "1", "вот", "photo", "document"),
        ("topic_album", "petr", "1", "// для своих", "photo", "photo"),
        ("rest",),
    ),
    "several, some of which cannot be had": told(
        ("stumble", 1),
        ("show", "1", "photo", "program", "gone", "document"),
        ("rest",),
        ("say", "1", "оператор"),
        ("rest",),
        ("show", "1", "document", "gone"),
        ("rest",),
        ("topic_show", "petr", "1", "gone", "вот"),
        ("rest",),
    ),
}


async def play(story: list[Op], *deaths: int) -> Shows:
    world = Shows(dies_at=list(deaths))
    await world.found()
    for op in story:
        await world.happen(op)
    await world.rest()
    await judge(world)
    await files_are_there(world)
    return world


async def files_are_there(world: Shows) -> None:
    """Every file of every word is kept whole or has its reason, went out and stands in the topic with its bytes."""
    rows: list[Message] = []
    for conversation in await world.conversations():
        rows += await world.eyes.messages.page(conversation.id, 0, None, 1000)
    for row in rows:
        names = [each.name for each in row.attachments]
        assert sorted(names) == sorted(world.sent.get(str(row.external_id), ()))
        assert [each.reason for each in row.attachments] == [REASONS.get(name, "") for name in names]
        bodies = [BODIES[each.name] for each in row.attachments if each.file]
        for each, body in zip([file for file in row.attachments if file.file], bodies, strict=True):
            assert (await world.eyes.files.get(each.file)).size == len(body)
        if row.delivery is not None and row.delivery.state is DeliveryState.SENT:
            assert world.street.got[row.id] == bodies
        words = [post for post in world.street.posts if post.message == row.id and post.kind is not PostKind.MARK]
        posted = [world.street.got[post.id] for post in words]
        assert all(files == bodies for files in posted)
    refused = [row for row in rows if row.author.kind is AuthorKind.BOT and "принять не получилось" in row.text]
    assert len(refused) == sum(bool(file.reason) for row in rows for file in row.attachments)


@pytest.mark.parametrize("story", STORIES)
def test_a_death_between_any_two_effects(story: str) -> None:
    ops = STORIES[story]
    effects = asyncio.run(play(ops)).process.life.had
    assert effects > 20
    for death in sorted(random.Random(story).sample(range(effects), min(effects, DEATHS))):
        try:
            asyncio.run(play(ops, death))
        except AssertionError as fault:
            raise AssertionError(f"after a death before effect {death}: {fault}") from fault


#: Pictures of one album that come while it is being taken: each stands once, in its word or behind it.
TRICKLE = told(
    ("album", "1", "photo", "photo"),
    ("deliver", False),
    ("wait", 0.9),
    ("work", "in", 1),
    ("late", "1", "photo"),
    ("deliver", False),
    ("work", "in", 2),
    ("wait", 0.5),
    ("late", "1", "photo"),
    ("deliver", False),
    ("wait", 12),
    ("rest",),
)


async def trickled(*deaths: int) -> Shows:
    world = Shows(dies_at=list(deaths))
    await world.found()
    for op in TRICKLE:
        await world.happen(op)
    await world.rest()
    (conversation,) = await world.conversations()
    rows = await world.eyes.messages.page(conversation.id, 0, None, 100)
    words = [row for row in rows if row.author.kind is AuthorKind.CUSTOMER]
    stand = [id for row in words for id in (row.parts or (row.external_id,))]
    assert sorted(map(str, stand)) == [f"m{number}" for number in range(1, 5)]
    assert sum(len(row.attachments) for row in words) == 4
    assert words[0].text == "подпись №1"
    assert all(row.reply_to == words[0].id for row in words[1:])
    return world


def test_pictures_of_an_album_that_trickle_in_stand_once() -> None:
    effects = asyncio.run(trickled()).process.life.had
    for death in range(effects):
        try:
            asyncio.run(trickled(death))
        except AssertionError as fault:
            raise AssertionError(f"after a death before effect {death}: {fault}") from fault
