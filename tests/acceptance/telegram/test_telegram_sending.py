"""What goes out: words as Telegram takes them, changed and taken back, signs, and refusals in the hall's terms."""

import asyncio
from typing import Any

import pytest

from bridge.errors import NotFound, OutcomeUnknown, Rejected, RetryLater, Unreachable
from bridge.model.ids import ChatId
from bridge.model.messages import Choice
from tests.files import PDF, picture
from tests.telegram_door import GROUP, Door, Street, file, word

PHOTO = picture(60, 40, "JPEG")


@pytest.fixture
async def met(street: Street) -> tuple[Door, int]:
    """A door and a person who has started the bot; the door only sends."""
    user = await street.person()
    await street.say(user, "привет")
    return street.door(), user


def photo(name: str = "a.jpg") -> Any:
    return file("photo", "image/jpeg", PHOTO, name)


def document(name: str = "a.pdf") -> Any:
    return file("document", "application/pdf", PDF, name)


async def texts(street: Street, user: int) -> list[str]:
    return [item["text"] for item in await street.from_bot(user)]


async def test_a_long_text_is_cut_by_utf16_and_can_be_changed_and_taken_back(street: Street, met: Any) -> None:
    door, user = met
    receipt = await door.channel.send(word(user, "😀" * 2048 + "😎" * 100))
    assert len(receipt.parts) == 2
    assert await texts(street, user) == ["😀" * 2048, "😎" * 100]
    changed = await door.channel.edit(word(user, "коротко"), receipt.parts)
    assert (changed.external_id, changed.parts) == (receipt.parts[0], ())
    assert await texts(street, user) == ["коротко"]
    again = await door.channel.edit(word(user, "коротко"), receipt.parts[:1])
    assert again == changed
    with pytest.raises(Rejected, match="edit_too_long"):
        await door.channel.edit(word(user, "я" * 4097), receipt.parts[:1])
    await door.channel.delete(ChatId(str(user)), receipt.parts)
    await door.channel.delete(ChatId(str(user)), receipt.parts)
    assert await texts(street, user) == []
    with pytest.raises(NotFound):
        await door.channel.edit(word(user, "нет его"), receipt.parts[:1])


async def test_files_of_one_word_are_albums_with_its_text_under_the_first(street: Street, met: Any) -> None:
    door, user = met
    files = photo("1.jpg"), photo("2.jpg"), document("3.pdf"), document("4.pdf"), photo("5.jpg")
    receipt = await door.channel.send(word(user, "вот всё", *files))
    there = await street.from_bot(user)
    assert [str(item["message_id"]) for item in there] == list(receipt.parts)
    assert [item["kind"] for item in there] == ["photo", "photo", "document", "document", "photo"]
    albums = [item.get("media_group_id") for item in there]
    assert albums[0] == albums[1] != albums[2] == albums[3] != albums[4]
    assert [item["text"] for item in there] == ["вот всё", "", "", "", ""]
    await door.channel.edit(word(user, "вот теперь всё", *files), receipt.parts)
    assert (await texts(street, user))[0] == "вот теперь всё"
    await door.channel.edit(word(user, "", *files), receipt.parts)
    assert (await texts(street, user))[0] == ""
    with pytest.raises(Rejected, match="edit_too_long"):
        await door.channel.edit(word(user, "я" * 1025, *files), receipt.parts)
    await door.channel.delete(ChatId(str(user)), receipt.parts)
    assert await street.from_bot(user) == []


@pytest.mark.parametrize(("text", "messages"), [("я" * 1024, 1), ("я" * 1025, 2), ("😀" * 512, 1), ("😀" * 513, 2)])
async def test_a_caption_too_long_stands_below_its_photo(street: Street, met: Any, text: str, messages: int) -> None:
    door, user = met
    receipt = await door.channel.send(word(user, text, photo()))
    there = await street.from_bot(user)
    assert len(there) == messages
    assert there[-1]["text"] == text
    await door.channel.edit(word(user, "другой", photo()), receipt.parts or (receipt.external_id,))
    assert (await street.from_bot(user))[-1]["text"] == "другой"


async def test_an_edit_keeps_buttons(street: Street, met: Any) -> None:
    door, user = met
    choices = (Choice("Да", "yes"), Choice("Нет", "no"))
    receipt = await door.channel.send(word(user, "Помогло?", choices=choices))
    await door.channel.edit(word(user, "Точно помогло?", choices=choices), (receipt.external_id,))
    (item,) = await street.from_bot(user)
    assert [[button["text"] for button in row] for row in item["buttons"]] == [["Да"], ["Нет"]]


async def test_a_sign_stands_alone_and_is_taken_away(street: Street, met: Any) -> None:
    door, user = met
    said = await street.say(user, "спасибо")
    for emoji, shown in (("👍", ["👍"]), ("❤️", ["❤"]), ("🙂", ["😁"]), ("", [])):
        await door.channel.react(ChatId(str(user)), str(said), emoji)
        assert (await street.sees(user))[-1]["reactions"] == shown
    with pytest.raises(Rejected, match="reaction_unknown"):
        await door.channel.react(ChatId(str(user)), str(said), "🚗")
    with pytest.raises(NotFound):
        await door.channel.react(ChatId(str(user)), "99999", "👍")


async def test_what_is_older_than_48_hours_is_not_taken_back(street: Street, met: Any) -> None:
    door, user = met
    receipt = await door.channel.send(word(user, "раз", photo(), photo()))
    chat = street.emulator.emulation.world.open_private(7000000001, user)
    for post in chat.posts:
        post.at -= 49 * 3600
    for sent in (receipt.parts[:1], receipt.parts):
        with pytest.raises(Rejected, match="delete_too_old"):
            await door.channel.delete(ChatId(str(user)), sent)
    assert len(await street.from_bot(user)) == 2


async def test_a_quote_is_an_answer_in_telegram_and_a_lost_one_is_a_word(street: Street, met: Any) -> None:
    door, user = met
    said = await street.say(user, "вопрос")
    await door.channel.send(word(user, "ответ", reply_to=str(said)))
    await door.channel.send(word(user, "ещё", reply_to="99999"))
    await door.channel.send(word(user, "и ещё", reply_to="vk:не телеграм"))
    assert [item["reply_to"] for item in await street.from_bot(user)] == [said, None, None]


@pytest.mark.parametrize(
    ("act", "reason"),
    [("/user/block", "blocked"), ("/user/deactivate", "deactivated")],
)
async def test_who_cannot_be_reached_is_told_so(street: Street, met: Any, act: str, reason: str) -> None:
    door, user = met
    await street.ctl("POST", act, {"user": user})
    for doing in (
        door.channel.send(word(user, "вы здесь?")),
        door.channel.edit(word(user, "вы здесь?"), ("1",)),
    ):
        with pytest.raises(Unreachable, match=reason):
            await doing


async def test_strangers_and_unknown_chats(street: Street, met: Any) -> None:
    door, _ = met
    stranger = await street.person("Никогда не писал")
    with pytest.raises(Unreachable, match="never_wrote"):
        await door.channel.send(word(stranger, "здравствуйте"))
    with pytest.raises(Unreachable, match="chat_not_found"):
        await door.channel.send(word(123456, "здравствуйте"))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("429", RetryLater),
        ("500", RetryLater),
        ("502html", RetryLater),
        ("empty", RetryLater),
        ("reset", OutcomeUnknown),
    ],
)
@pytest.mark.parametrize("doing", ["send", "edit", "delete", "react"])
async def test_trouble_on_the_way_is_told_alike(
    street: Street, met: Any, fault: str, expected: type[Exception], doing: str
) -> None:
    door, user = met
    receipt = await door.channel.send(word(user, "первое"))
    await street.fault(fault, count=1, retry_after=7)
    chat, id = ChatId(str(user)), receipt.external_id
    calls = {
        "send": lambda: door.channel.send(word(user, "второе")),
        "edit": lambda: door.channel.edit(word(user, "второе"), (id,)),
        "delete": lambda: door.channel.delete(chat, (id,)),
        "react": lambda: door.channel.react(chat, id, "👍"),
    }
    with pytest.raises(expected):
        await calls[doing]()
    if fault == "429":
        assert await door.channel.turn(str(user), "message") == pytest.approx(7, abs=1)
        assert await door.channel.turn("5", "message") == 0
    await calls[doing]()


async def test_a_lost_answer_leaves_the_outcome_open_and_an_edit_can_be_done_again(street: Street, met: Any) -> None:
    door, user = met
    receipt = await door.channel.send(word(user, "первое"))
    await street.fault("applied_lost", count=1)
    with pytest.raises(OutcomeUnknown):
        await door.channel.edit(word(user, "второе"), (receipt.external_id,))
    assert await texts(street, user) == ["второе"]
    assert await door.channel.edit(word(user, "второе"), (receipt.external_id,)) == receipt


async def test_a_group_that_moved_is_no_customers_chat(street: Street) -> None:
    door = street.door()
    await street.fault("migrate", chat=GROUP, count=1)
    with pytest.raises(Rejected, match="migrated"):
        await door.channel.send(word(GROUP, "кто здесь?"))


async def test_a_long_answer_and_an_album_never_meet_a_limit(street: Street, met: Any) -> None:
    door, user = met
    await street.ctl("POST", "/limits", {"on": True})
    for words in (word(user, "слово " * 2000), word(user, "вот", photo(), photo(), photo())):
        while wait := await door.channel.turn(str(user), "message"):  # noqa: ASYNC110 - a budget tells nobody
            await asyncio.sleep(wait)
        await door.channel.send(words)
    assert len(await street.from_bot(user)) == 6
    assert (await street.ctl("GET", "/stats"))["rate_limited"] == 0
