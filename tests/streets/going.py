"""What becomes at a customer of what the desk and the bot do, case by case as docs/channels.md names them."""

from collections.abc import Awaitable, Callable

from bots.emulators import samples
from bridge.phrases import utf16_length
from bridge.ports.channels import DeleteChannel, EditChannel, ReactChannel, SeenChannel, TypingChannel
from tests.files import upload
from tests.shop import until
from tests.streets.coming import APART, AS_IS, FILE, NO, PARTS, REFUSED, WORDS, Cannot, Case, Outcome, Stand
from tests.streets.people import Seen

#: A sign that messengers with a list of their own do not have.
RARE = "🦊"


def need(stand: Stand, ability: type) -> None:
    """Raise Cannot where the channel has no such ability."""
    if not isinstance(stand.street.channel, ability):
        raise Cannot(ability.__name__)


async def text(stand: Stand) -> Outcome:
    await stand.replied("Слушаю вас внимательно")
    await stand.person.gets("Слушаю вас внимательно")
    return Outcome(AS_IS)


async def long_text(stand: Stand) -> Outcome:
    """The bot gives the longest article of the knowledge base."""
    matched = stand.street.shop.bridge.store.articles
    articles = (await matched.library()).articles
    article = max(articles, key=lambda each: len(each.answer))
    assert utf16_length(article.answer) > 9000
    own = await stand.street.person()
    await own.say(article.questions[0])
    wanted = "".join(article.answer.split())

    async def whole() -> int:
        heard = ["".join(each.split()) for each in await own.heard()]
        return len(heard) if wanted in "".join(heard) else 0

    count = await until(whole, "whole")
    return Outcome(PARTS if count > 1 else AS_IS)


def file(kind: str) -> Case:
    """Return the case of one file of a kind."""

    async def case(stand: Stand) -> Outcome:
        made = samples.upload_of(kind, "sample")
        name = f"{kind}.{made.name.rpartition('.')[2]}"
        before = len(await stand.person.sees())
        id = await upload(stand.street.shop, made.content, name)
        await stand.replied(f"вот {name}", attachments=[{"file_id": id}])
        await stand.person.gets(f"вот {name}")
        seen = (await stand.person.sees())[before:]
        (paper,) = [paper for each in seen if not each.own for paper in each.files]
        assert len(await paper.read()) >= len(made.content) // 2
        played = paper.kind == kind or (kind, paper.kind) == ("audio", "voice")
        return Outcome(AS_IS if played else FILE)

    return case


async def photos(stand: Stand) -> Outcome:
    shop = stand.street.shop
    ids = [await upload(shop, samples.upload_of("photo", f"{number}").content, f"{number}.png") for number in (1, 2, 3)]
    await stand.replied("три фото", attachments=[{"file_id": id} for id in ids])
    seen = await until(lambda: _with_files(stand, 3), "three")
    albums = {each.raw.get("media_group_id") or each.id for each in seen}
    return Outcome(AS_IS if len(albums) == 1 else APART)


async def _with_files(stand: Stand, count: int) -> list[Seen]:
    """Return the shop's last messages that hold so many files together."""
    found: list[Seen] = []
    for seen in reversed([each for each in await stand.person.sees() if not each.own]):
        if seen.files and all(paper.kind == "photo" for paper in seen.files):
            found.append(seen)
        if sum(len(each.files) for each in found) == count:
            return found
    return []


async def buttons(stand: Stand) -> Outcome:
    own = await stand.fresh()
    asked = await own.person.gets("связь прервётся")
    return Outcome(AS_IS if asked.buttons else WORDS)


async def quote(stand: Stand) -> Outcome:
    line = await stand.said("про доставку")
    await stand.replied("Завтра к обеду", reply_to=line["id"])
    seen = await stand.person.gets("Завтра к обеду")
    return Outcome(AS_IS if seen.reply_to == line["mine"] else NO)


async def edit(stand: Stand) -> Outcome:
    need(stand, EditChannel)
    sent = await stand.replied("Цена 100 рублей")
    await stand.street.shop.api("PATCH", f"/messages/{sent['id']}", {"text": "Цена 120 рублей"})
    seen = await stand.person.gets("Цена 120 рублей")
    return Outcome(AS_IS if seen.edited else WORDS)


async def delete(stand: Stand) -> Outcome:
    need(stand, DeleteChannel)
    sent = await stand.replied("это не вам, простите")
    await stand.street.shop.api("DELETE", f"/messages/{sent['id']}")

    async def gone() -> bool:
        return "это не вам, простите" not in await stand.person.heard()

    await until(gone, "gone")
    return Outcome(AS_IS)


def reaction(emoji: str) -> Case:
    """Return the case of a sign on a customer's word."""

    async def case(stand: Stand) -> Outcome:
        need(stand, ReactChannel)
        line = await stand.said(f"спасибо {emoji}")
        await stand.street.shop.api("PUT", f"/messages/{line['id']}/reaction", {"emoji": emoji})

        async def done() -> Outcome | None:
            if any(each.id == line["mine"] and emoji in each.reactions for each in await stand.person.sees()):
                return Outcome(AS_IS)
            lines = [each for each in await stand.street.lines(stand.person) if each["seq"] > line["seq"]]
            failed = [each["event"] for each in lines if (each["event"] or {}).get("code") == "reaction_failed"]
            return Outcome(REFUSED, failed[0]["detail"]) if failed else None

        found: Outcome = await until(done, emoji)
        return found

    return case


async def typing(stand: Stand) -> Outcome:
    need(stand, TypingChannel)
    found = await stand.street.conversation(stand.person)
    assert found is not None

    async def shown() -> bool:
        # A busy messenger may have no call to spare for it at first.
        await stand.street.channel.typing(found["external_id"])  # type: ignore[attr-defined]
        return await stand.street.types_to(stand.person)

    await until(shown, "typing")
    return Outcome(AS_IS)


async def read_mark(stand: Stand) -> Outcome:
    need(stand, SeenChannel)
    line = await stand.said("прочтёте?")
    found = await stand.street.conversation(stand.person)
    assert found is not None
    await stand.street.shop.api("POST", f"/conversations/{found['id']}/read", {"seq": line["seq"]})
    await until(lambda: stand.street.shows_read(stand.person, line["mine"]), "read")
    return Outcome(AS_IS)


async def unreachable(stand: Stand) -> Outcome:
    if not hasattr(stand.person, "block"):
        raise Cannot("block")
    own = await stand.fresh()
    await own.street.shop.quiet()
    await own.person.block()
    failed = await own.street.fate(own.person, await own.street.reply(own.person, "вы здесь?"), ("failed",))
    reason = failed["delivery"]["reason"]
    return Outcome(REFUSED, own.street.shop.bridge.phrases.reason("ru", reason))


GOING: dict[str, Callable[[Stand], Awaitable[Outcome]]] = {
    "text": text,
    "long text": long_text,
    "buttons": buttons,
    "photo": file("photo"),
    "document": file("document"),
    "audio": file("audio"),
    "video": file("video"),
    "several photos": photos,
    "quote": quote,
    "edit": edit,
    "delete": delete,
    "reaction": reaction("👍"),
    "rare reaction": reaction(RARE),
    "typing": typing,
    "read mark": read_mark,
    "unreachable": unreachable,
}
