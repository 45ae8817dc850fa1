"""What becomes at the desk of what a customer does, case by case as docs/channels.md names them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bots.emulators import samples
from bridge import writing
from tests.files import EXE
from tests.streets.people import Person, Street

AS_IS, FILE, WORDS, REFUSED = "as is", "as a file", "in words", "refused"
PARTS, APART, CALLS, LEFT, NO = "in parts", "one by one", "calls a person", "left out", "—"


class Cannot(Exception):
    """There is no such thing in this messenger, or it tells nobody."""


@dataclass(frozen=True)
class Outcome:
    """How a thing was carried, and what is said in its place to whom it concerns."""

    how: str
    told: str = ""


@dataclass
class Stand:
    """A street and somebody on it who waits for an answer; what spoils a chat gets one of its own."""

    street: Street
    person: Person
    lines: list[dict[str, Any]] = field(default_factory=list)
    marks: int = 0

    async def came(self, doing: Awaitable[Any]) -> list[dict[str, Any]]:
        """Return the lines that something a customer does becomes: those before a word he says after it."""
        before = len(await self.street.lines(self.person))
        await doing
        self.marks += 1
        mark = f"дальше {self.marks}"
        await self.person.say(mark)
        await self.street.word(self.person, mark)
        lines = (await self.street.lines(self.person))[before:]
        return lines[: next(place for place, line in enumerate(lines) if line["text"] == mark)]

    async def said(self, text: str) -> dict[str, Any]:
        """Return the line of something the customer says, with his own id of it under `mine`."""
        id = await self.person.say(text)
        return {**await self.street.word(self.person, text), "mine": id}

    async def replied(self, text: str, **more: Any) -> dict[str, Any]:
        """Return an operator's line once it is out."""
        sent = await self.street.reply(self.person, text, **more)
        return await self.street.fate(self.person, sent, ("sent", "delivered", "read"))

    async def fresh(self) -> "Stand":
        """Return the same with somebody new."""
        made = Stand(self.street, await self.street.person())
        await made.person.calls()
        return made


Case = Callable[[Stand], Awaitable[Outcome]]


def able(stand: Stand, what: str) -> Any:
    """Return what a person does that for; raises Cannot."""
    act = getattr(stand.person, what, None)
    if act is None:
        raise Cannot(what)
    return act


async def text(stand: Stand) -> Outcome:
    (line,) = await stand.came(stand.person.say("просто слова"))
    return Outcome(AS_IS if line["text"] == "просто слова" else WORDS)


async def too_long(stand: Stand) -> Outcome:
    told = await able(stand, "refused_text")("ы" * (stand.street.longest + 1))
    return Outcome(REFUSED, told)


def file(kind: str) -> Case:
    """Return the case of one file of a kind."""

    async def case(stand: Stand) -> Outcome:
        if kind not in stand.street.kinds:
            raise Cannot(kind)
        made = samples.upload_of(kind, "sample")
        return files(await stand.came(able(stand, "bring")(kind, made.content, made.name)), kind)

    return case


def files(lines: list[dict[str, Any]], kind: str, count: int = 1) -> Outcome:
    """Tell what became of files."""
    mine = [line for line in lines if line["author"]["kind"] == "customer"]
    found = [each for line in mine for each in line["attachments"]]
    if not found:
        assert all(line["text"] for line in mine)
        return Outcome(WORDS, mine[0]["text"])
    assert len(found) == count
    if any(each["reason"] for each in found):
        (told,) = [line["text"] for line in lines if line["author"]["kind"] == "bot"]
        return Outcome(REFUSED, told)
    if len(mine) > 1:
        return Outcome(APART)
    return Outcome(AS_IS if found[0]["kind"] == kind else FILE)


async def album(stand: Stand) -> Outcome:
    return files(await stand.came(able(stand, "bring_album")(3)), "photo", 3)


def refused(body: bytes, name: str) -> Case:
    """Return the case of a file that is not taken."""

    async def case(stand: Stand) -> Outcome:
        if hasattr(stand.person, "refused_file"):
            return Outcome(REFUSED, await stand.person.refused_file(body, name))
        outcome = files(await stand.came(able(stand, "bring")("document", body, name)), "document")
        await stand.person.gets(outcome.told)
        return outcome

    return case


async def wordless(stand: Stand) -> Outcome:
    """A photo without words, while the bot has the word."""
    own = await stand.street.person()
    made = samples.upload_of("photo", "sample")
    await own.bring("photo", made.content, made.name)  # type: ignore[attr-defined]
    told = await own.sees_that(lambda seen: not seen.own and "прочитать" in seen.text, "operator")
    line = await stand.street.line(own, lambda line: line["attachments"])
    assert line["attachments"][0]["kind"] == "photo"
    return Outcome(CALLS, told.text)


def phone(**way: Any) -> Case:
    """Return the case of something only phones send."""

    async def case(stand: Stand) -> Outcome:
        kind = next(iter(way))
        if kind not in stand.street.kinds:
            raise Cannot(kind)
        lines = await stand.came(able(stand, "do")("say", **way))
        (line,) = [line for line in lines if line["author"]["kind"] == "customer"]
        assert line["text"]
        vouched = any((line["event"] or {}).get("code") == "contact_proved" for line in lines)
        return Outcome(AS_IS if vouched else WORDS, "" if vouched else line["text"])

    return case


async def forwarded(stand: Stand) -> Outcome:
    (line,) = await stand.came(able(stand, "forward")("Пётр Ильин", "его слова"))
    return Outcome(AS_IS if line["forwarded"] else WORDS)


async def quote(stand: Stand) -> Outcome:
    able(stand, "quotes")
    sent = await stand.replied("какую кружку?")
    asked = await stand.person.gets("какую кружку?")
    (line,) = await stand.came(stand.person.say("вот эту", reply_to=asked.id))
    return Outcome(AS_IS if line["reply_to"] == sent["id"] else WORDS)


async def edit(stand: Stand) -> Outcome:
    act = able(stand, "edit")
    line = await stand.said("заказ 41")
    await stand.came(act(line["mine"], "заказ 42"))
    changed = next(each for each in await stand.street.lines(stand.person) if each["id"] == line["id"])
    if not changed["edited_at"]:
        raise Cannot("edit")
    return Outcome(AS_IS if changed["text"] == "заказ 42" else WORDS)


async def delete(stand: Stand) -> Outcome:
    act = able(stand, "delete")
    line = await stand.said("это не вам")
    await stand.came(act(line["mine"]))
    left = next(each for each in await stand.street.lines(stand.person) if each["id"] == line["id"])
    if not left["deleted_at"]:
        raise Cannot("delete")
    return Outcome(AS_IS)


async def reaction(stand: Stand) -> Outcome:
    sent = await stand.replied("Готово!")
    await able(stand, "react")(await stand.person.gets("Готово!"), "👍")
    await stand.street.line(stand.person, lambda line: line["id"] == sent["id"] and line["reactions"], "👍")
    return Outcome(AS_IS)


async def press(stand: Stand) -> Outcome:
    own = await stand.fresh()
    asked = await own.person.gets("связь прервётся")
    label = next(label for label in asked.buttons if "ропустить" in label)
    await own.person.press(asked, label)
    line = await own.street.line(own.person, lambda line: line["text"] == label, label)
    return Outcome(AS_IS if line["author"]["kind"] == "customer" else WORDS)


async def read(stand: Stand) -> Outcome:
    act = able(stand, "read")
    sent = await stand.street.reply(stand.person, "Прочтите это")
    await act(await stand.person.gets("Прочтите это"))
    await stand.street.fate(stand.person, sent, ("read",))
    return Outcome(AS_IS)


async def typing(stand: Stand) -> Outcome:
    act = able(stand, "types")
    found = await stand.street.conversation(stand.person)
    assert found is not None
    async with writing.heard(stand.street.shop.bridge) as hints:
        first = asyncio.create_task(anext(hints))  # type: ignore[arg-type]
        await stand.came(act())
        heard, _ = await asyncio.wait({first}, timeout=0)
        first.cancel()
    told = {(task.result().conversation, task.result().by) for task in heard}
    return Outcome(AS_IS if told == {(found["id"], writing.CUSTOMER)} else LEFT)


async def block(stand: Stand) -> Outcome:
    able(stand, "block")
    own = await stand.fresh()
    await able(own, "block")()
    await own.street.line(own.person, lambda line: (line["event"] or {}).get("code") == "blocked", "blocked")
    return Outcome(AS_IS)


#: A link as VK attaches it; posts and products are told alike, by title and address.
PAGE = {"type": "link", "link": {"url": "https://shop.example/cups", "title": "Cups"}}

COMING: dict[str, Case] = {
    "text": text,
    "too long text": too_long,
    "photo": file("photo"),
    "document": file("document"),
    "voice": file("voice"),
    "audio": file("audio"),
    "video": file("video"),
    "video message": file("video_note"),
    "animation": file("animation"),
    "sticker": file("sticker"),
    "album": album,
    "program": refused(EXE, "a.exe"),
    "big file": refused(b"a line of text\n" * 80_000, "long.txt"),
    "wordless": wordless,
    "own contact": phone(contact={"phone": "+79123456789", "own": True}),
    "contact card": phone(contact={"phone": "+79120006789", "own": False}),
    "location": phone(location={"latitude": 1.5, "longitude": 2.5}),
    "venue": phone(venue={"title": "Cedar", "address": "Forest Street", "latitude": 1.5, "longitude": 2.5}),
    "poll": phone(poll={"question": "When?", "options": ["morning", "evening"]}),
    "dice": phone(dice="🎲"),
    "story": phone(story="x"),
    "page": phone(attachments=[PAGE]),
    "forwarded": forwarded,
    "quote": quote,
    "edit": edit,
    "delete": delete,
    "reaction": reaction,
    "button": press,
    "read mark": read,
    "typing": typing,
    "block": block,
}
