"""One suite of dialogues over every channel: real doors, the messengers' emulators, the page, the shop's program.

A channel joins by its row in tests/streets/table.py. Customers of one street share a shop; each test brings its own.
What customers do beside talking, kind by kind, is tried by test_channel_fallbacks.py.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.model.articles import Library
from bridge.phrases import utf16_length
from bridge.ports.channels import (
    DeleteChannel,
    EditChannel,
    FilesChannel,
    PressChannel,
    ReactChannel,
    SeenChannel,
    TypingChannel,
)
from kb_matcher import KbMatcher
from tests.files import PDF, download, picture, upload
from tests.shop import until
from tests.streets.knowledge import LONG, LONGER, long, long_winded
from tests.streets.people import Street
from tests.streets.table import STREETS, able

pytestmark = pytest.mark.asyncio(loop_scope="module")

GONE = ("sent", "delivered", "read")
HOSTILE = (
    "<b>&amp;</b> *x* _y_ `z` [a](http://b.example) {0} %s \\n /start @all #tag \"'",
    "[id1|Имя] @durov (текст) https://shop.example/?a=1&b=2",
    "строка\n\nещё одна\n    с отступом; 👩‍👩‍👧‍👦🇷🇺 ё",
)


def words(text: str) -> str:
    """Return a text without blanks: where a messenger cuts, it leaves them out."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def knowledge() -> tuple[Library, KbMatcher]:
    """The base whose answers are long, and its index."""
    return long_winded()


def opened(kinds: list[str]) -> pytest.MarkDecorator:
    """Have a test tried on the streets of these kinds."""
    return pytest.mark.parametrize("street", kinds, indirect=True, scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=list(STREETS))
async def street(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, knowledge: tuple[Library, KbMatcher]
) -> AsyncIterator[Street]:
    """A street with its shop."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    async with STREETS[request.param].street(folder, *knowledge) as made:
        yield made


def can(street: Street, what: str) -> None:
    """Leave a test where a messenger lets its people do no such thing."""
    if what not in street.can:
        pytest.skip(f"nobody can {what} in {street.name}")


async def test_says_and_is_answered_by_the_bot(street: Street) -> None:
    person = await street.person()
    await person.say("позовите человека")
    await person.gets("оператор")
    line = await street.word(person, "позовите человека")
    assert line["author"]["kind"] == "customer"


async def test_what_is_delivered_twice_is_said_once(street: Street) -> None:
    person = await street.person()
    await person.calls()
    await person.say_twice("слышно?")
    await person.say("потом")
    await street.word(person, "потом")
    said = [line["text"] for line in await street.lines(person) if line["author"]["kind"] == "customer"]
    assert said == ["позовите человека", "слышно?", "потом"]


async def test_order_is_kept_both_ways(street: Street) -> None:
    person = await street.person()
    await person.calls()
    told = [f"слово {number}" for number in range(8)]
    for text in told:
        await person.say(text)
    await street.word(person, told[-1])
    said = [line["text"] for line in await street.lines(person) if line["author"]["kind"] == "customer"]
    assert said[1:] == told
    answers = [f"ответ {number}" for number in range(8)]
    for text in answers:
        await street.reply(person, text)
    await person.gets(answers[-1])
    assert [text for text in await person.heard() if text.startswith("ответ ")] == answers


async def test_an_operator_s_reply_arrives_once_and_is_ticked(street: Street) -> None:
    person = await street.person()
    await person.calls()
    sent = await street.reply(person, "Здравствуйте, слушаю вас")
    await street.fate(person, sent, GONE)
    await street.shop.quiet()
    assert (await person.heard()).count("Здравствуйте, слушаю вас") == 1


@pytest.mark.parametrize("text", HOSTILE, ids=["markup", "mentions", "whitespace and families"])
async def test_hostile_text_arrives_as_it_was_written(street: Street, text: str) -> None:
    person = await street.person()
    await person.calls()
    await person.say(text)
    await street.word(person, text)
    await street.reply(person, text)
    assert (await person.gets(text[-8:])).text == text


@pytest.mark.parametrize("units", [LONG, LONGER])
async def test_a_long_answer_arrives_whole(street: Street, knowledge: tuple[Library, KbMatcher], units: int) -> None:
    person = await street.person()
    article = next(each for each in knowledge[0].articles if utf16_length(each.answer) > units - 50)
    await person.say(article.questions[0])
    wanted = words(article.answer)

    async def whole() -> bool:
        return wanted in words("".join(await person.heard()))

    await until(whole, f"{units} units")


async def test_the_longest_word_a_customer_can_write_comes_whole(street: Street) -> None:
    person = await street.person()
    await person.calls()
    text = long(min(street.longest, 10_000))
    await person.say(text)
    await street.word(person, text)


async def test_choices_arrive_and_can_be_pressed(street: Street) -> None:
    person = await street.person()
    await person.calls()
    asked = await person.gets("связь прервётся")
    (skip,) = [label for label in asked.buttons if "ропустить" in label]
    await person.press(asked, skip)
    await street.line(person, lambda line: line["author"]["kind"] == "customer" and line["text"] == skip, skip)
    await person.gets("обойдёмся без контакта")


async def test_the_words_of_a_choice_do_as_well_as_its_button(street: Street) -> None:
    person = await street.person()
    await person.calls()
    asked = await person.gets("связь прервётся")
    await person.say(next(label for label in asked.buttons if "ропустить" in label))
    await person.gets("обойдёмся без контакта")


async def test_a_quote_goes_both_ways(street: Street) -> None:
    can(street, "reply")
    person = await street.person()
    await person.calls()
    first = await person.say("про кружку")
    line = await street.word(person, "про кружку")
    sent = await street.reply(person, "Какую?", reply_to=line["id"])
    asked = await person.gets("Какую?")
    assert asked.reply_to == first
    await street.fate(person, sent, GONE)
    await person.say("синюю", reply_to=asked.id)
    assert (await street.word(person, "синюю"))["reply_to"] == sent["id"]


async def test_who_cannot_be_reached_is_a_failure_in_words(street: Street) -> None:
    can(street, "block")
    person = await street.person()
    await person.calls()
    await street.shop.quiet()
    await person.block()
    sent = await street.reply(person, "вы здесь?")
    failed = await street.fate(person, sent, ("failed",))
    reason = failed["delivery"]["reason"]
    assert street.shop.bridge.phrases.reason("ru", reason) != reason or " " in reason


async def test_a_pause_keeps_order_and_loses_nothing(street: Street) -> None:
    can(street, "pause")
    person = await street.person()
    await person.calls()
    await street.shop.quiet()
    await street.pause(person)
    sent = [await street.reply(person, text) for text in ("раз", "два", "три")]
    await street.fate(person, sent[-1], GONE)
    assert [text for text in await person.heard() if text in ("раз", "два", "три")] == ["раз", "два", "три"]


@opened(able(FilesChannel))
async def test_files_go_both_ways(street: Street) -> None:
    person = await street.person()
    await person.calls()
    await person.send(picture(), "кружка.png", "вот такая")
    line = await street.word(person, "вот такая")
    (photo,) = line["attachments"]
    assert photo["kind"] == "photo"
    assert await download(street.shop, photo["url"])
    await person.send(PDF, "счёт.pdf")
    (paper,) = (await street.line(person, lambda one: one["kind"] == "document", "счёт"))["attachments"]
    assert (paper["name"], await download(street.shop, paper["url"])) == ("счёт.pdf", PDF)
    ids = [await upload(street.shop, PDF, "ответ.pdf")]
    sent = await street.reply(person, "держите", attachments=[{"file_id": id} for id in ids])
    await street.fate(person, sent, GONE)
    seen = await person.sees_that(lambda one: not one.own and bool(one.files), "файл")
    assert (seen.files[0].kind, seen.files[0].name, await seen.files[0].read()) == ("document", "ответ.pdf", PDF)
    assert any("держите" in text for text in await person.heard())


@opened(able(TypingChannel))
async def test_somebody_writing_is_shown(street: Street) -> None:
    person = await street.person()
    await person.calls()
    found = await street.conversation(person)
    assert found is not None
    channel = street.channel
    assert isinstance(channel, TypingChannel)

    async def shown() -> bool:
        await channel.typing(found["external_id"])  # a busy messenger may have no call to spare for it at first
        return await street.types_to(person)

    await until(shown, "typing")


@opened(able(EditChannel))
async def test_an_operator_s_edit_is_read_by_the_customer(street: Street) -> None:
    person = await street.person()
    await person.calls()
    sent = await street.fate(person, await street.reply(person, "Завтра в семь"), GONE)
    await street.shop.api("PATCH", f"/messages/{sent['id']}", {"text": "Завтра в восемь"})
    seen = await person.gets("Завтра в восемь")
    assert seen.edited
    assert "Завтра в семь" not in await person.heard()


@opened(able(DeleteChannel))
async def test_what_an_operator_takes_back_is_gone(street: Street) -> None:
    person = await street.person()
    await person.calls()
    sent = await street.fate(person, await street.reply(person, "не вам"), GONE)
    await street.shop.api("DELETE", f"/messages/{sent['id']}")

    async def gone() -> bool:
        return "не вам" not in await person.heard()

    await until(gone, "gone")


@opened(able(ReactChannel))
async def test_an_operator_s_sign_is_seen_and_taken_away(street: Street) -> None:
    person = await street.person()
    await person.calls()
    id = await person.say("спасибо")
    line = await street.word(person, "спасибо")
    await street.shop.api("PUT", f"/messages/{line['id']}/reaction", {"emoji": "👍"})
    await person.sees_that(lambda one: one.id == id and one.reactions == ("👍",), "👍")
    await street.shop.api("DELETE", f"/messages/{line['id']}/reaction")
    await person.sees_that(lambda one: one.id == id and not one.reactions, "no sign")


@opened(able(SeenChannel))
async def test_telling_that_words_were_read_harms_nobody(street: Street) -> None:
    person = await street.person()
    await person.calls()
    found, line = await street.conversation(person), await street.word(person, "позовите человека")
    assert found is not None
    assert isinstance(street.channel, SeenChannel)
    row = await street.shop.bridge.store.messages.get(line["id"])
    await street.channel.seen(found["external_id"], row.external_id or "")
    await street.fate(person, await street.reply(person, "прочитано"), GONE)


@opened(able(PressChannel))
async def test_an_old_button_is_answered_in_words_and_does_nothing(street: Street) -> None:
    assert isinstance(street.channel, PressChannel)
    person = await street.person()
    await person.calls()
    asked = await person.gets("связь прервётся")
    skip = next(label for label in asked.buttons if "ропустить" in label)
    await asyncio.gather(person.press(asked, skip), person.press(asked, skip), return_exceptions=True)
    await person.gets("обойдёмся без контакта")
    await street.shop.quiet()
    assert sum("обойдёмся без контакта" in text for text in await person.heard()) == 1
