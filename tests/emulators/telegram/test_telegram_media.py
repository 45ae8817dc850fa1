"""Files both ways, albums, places, contacts, forwards and copies."""

import asyncio
import base64
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto, InputPollOption, Message
from aiohttp import ClientResponseError

from bots.emulators.samples import ogg_silence, pdf, png

Stand = Any
PICTURE = png("test", 200, 100)


def picture(name: str = "cat.png") -> BufferedInputFile:
    """A picture to upload."""
    return BufferedInputFile(PICTURE, filename=name)


async def started(stand: Stand) -> int:
    """A person the bot may write to, whose first word was read."""
    user = await stand.user()
    await stand.say(user, "hi")
    (update,) = await stand.updates()
    await stand.bot.get_updates(offset=update.update_id + 1)
    return int(user)


async def heard(stand: Stand, count: int = 1) -> list[Message]:
    """The next messages people wrote, parsed by aiogram."""
    return [update.message for update in await stand.updates(count=count)]


async def test_a_photo_goes_up_and_comes_down(stand: Stand) -> None:
    user = await started(stand)
    sent = await stand.bot.send_photo(user, picture(), caption="<b>cat</b>", parse_mode="HTML")
    assert [(p.width, p.height) for p in sent.photo] == [(90, 45), (200, 100)]
    assert sent.caption == "cat"
    again = await stand.bot.send_photo(user, sent.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    stream = await stand.bot.download(sent.photo[-1])
    assert stream.read() == PICTURE
    item = (await stand.ctl(f"/chat/{user}/messages"))["items"][1]
    assert (item["kind"], item["text"], item["file"]["size"]) == ("photo", "cat", len(PICTURE))
    async with stand.client.get(f"{stand.base}/ctl/file/{item['file']['id']}") as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", PICTURE)


@pytest.mark.parametrize(
    ("method", "kind", "name"),
    [
        ("send_document", "document", "bill.pdf"),
        ("send_video", "video", "v.mp4"),
        ("send_audio", "audio", "a.mp3"),
        ("send_voice", "voice", "v.ogg"),
        ("send_video_note", "video_note", "r.mp4"),
        ("send_animation", "animation", "g.gif"),
        ("send_sticker", "sticker", "s.webp"),
    ],
)
async def test_every_kind_of_file(stand: Stand, method: str, kind: str, name: str) -> None:
    user = await started(stand)
    send = getattr(stand.bot, method)
    sent = await send(user, BufferedInputFile(b"bytes of " + kind.encode(), filename=name))
    assert sent.content_type == kind
    media = getattr(sent, kind)
    assert (await stand.bot.download(media.file_id)).read() == b"bytes of " + kind.encode()
    if kind in ("document", "video", "audio"):
        assert media.file_name == name
    again = await send(user, media.file_id)
    assert getattr(again, kind).file_unique_id == media.file_unique_id


async def test_file_ids_belong_to_their_bot_and_kind(stand: Stand) -> None:
    user = await started(stand)
    sent = await stand.bot.send_photo(user, picture())
    with pytest.raises(TelegramBadRequest, match="can't use file of type Photo as Document"):
        await stand.bot.send_document(user, sent.photo[-1].file_id)
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await stand.bot.send_photo(user, "AgACnonsense")
    with pytest.raises(TelegramBadRequest, match="invalid file_id"):
        await stand.bot.get_file("nonsense")
    stand.emulator.add_bot("4200002:" + "B" * 35)
    other = stand.open_bot("4200002:" + "B" * 35)
    await stand.ctl("/user/say", {"user": user, "text": "x", "bot": 4200002})
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await other.send_photo(user, sent.photo[-1].file_id)
    assert (await stand.raw("sendPhoto", {"chat_id": user}))[1]["description"].endswith("no photo in the request")


async def test_sizes_are_limited(stand: Stand) -> None:
    user = await started(stand)
    with pytest.raises(TelegramBadRequest, match="too big for a photo"):
        await stand.bot.send_photo(user, BufferedInputFile(bytes(10 * 1024 * 1024 + 1), filename="p.png"))
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await stand.bot.send_document(user, BufferedInputFile(b"", filename="d.bin"))
    large = await stand.bot.send_document(user, BufferedInputFile(bytes(20 * 1024 * 1024 + 1), filename="d.bin"))
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await stand.bot.get_file(large.document.file_id)
    with pytest.raises(TelegramEntityTooLarge):
        await stand.bot.send_document(user, BufferedInputFile(bytes(50 * 1024 * 1024 + 1), filename="d.bin"))
    with pytest.raises(TelegramBadRequest, match="caption is too long"):
        await stand.bot.send_photo(user, picture(), caption="я" * 1025)


async def test_links_end_after_an_hour(stand: Stand) -> None:
    user = await started(stand)
    sent = await stand.bot.send_document(user, BufferedInputFile(b"x", filename="x.txt"))
    file = await stand.bot.get_file(sent.document.file_id)
    await stand.ctl("/clock", {"scale": 1e6})
    await asyncio.sleep(0.01)
    async with stand.client.get(f"{stand.base}/file/bot{stand.bot.token}/{file.file_path}") as answer:
        assert answer.status == 404
    with pytest.raises(ClientResponseError):
        await stand.bot.download_file("documents/none.txt", destination=None)


async def test_urls_are_fetched_on_the_loopback_only(stand: Stand, receiver: Any) -> None:
    user = await started(stand)
    with pytest.raises(TelegramBadRequest, match="failed to get HTTP URL content"):
        await stand.bot.send_photo(user, "http://198.51.100.1/x.png")
    with pytest.raises(TelegramBadRequest, match="failed to get HTTP URL content"):
        await stand.bot.send_photo(user, receiver.url)
    unique = (await stand.bot.send_photo(user, picture())).photo[-1].file_unique_id
    sent = await stand.bot.send_document(user, f"{stand.base}/ctl/file/{unique}")
    assert sent.document.file_size == len(PICTURE)


async def test_albums_keep_their_rules(stand: Stand) -> None:
    user = await started(stand)
    photos = [InputMediaPhoto(media=picture(f"{n}.png"), caption="all" if n == 0 else None) for n in range(3)]
    sent = await stand.bot.send_media_group(user, photos)
    assert len({m.media_group_id for m in sent}) == 1
    assert [m.caption for m in sent] == ["all", None, None]
    document = InputMediaDocument(media=BufferedInputFile(b"d", filename="d.txt"))
    with pytest.raises(TelegramBadRequest, match="document can't be mixed"):
        await stand.bot.send_media_group(user, [InputMediaPhoto(media=picture()), document])
    with pytest.raises(TelegramBadRequest, match="too few"):
        await stand.bot.send_media_group(user, [InputMediaPhoto(media=picture())])
    with pytest.raises(TelegramBadRequest, match="too many"):
        await stand.bot.send_media_group(user, [InputMediaPhoto(media=picture(f"{n}.png")) for n in range(11)])


async def test_a_person_sends_everything(stand: Stand) -> None:
    user = await started(stand)
    given = {"name": "счёт.txt", "mime": "text/plain", "base64": base64.b64encode("итог".encode()).decode()}
    await stand.say(user, "see", document=given)
    await stand.say(user, "look", photo="a red car")
    await stand.say(user, voice="a question")
    await stand.say(user, sticker="wave")
    await stand.say(user, contact={"phone": "+79160000000", "own": True})
    await stand.say(user, contact={"phone": "+79161111111", "own": False})
    await stand.say(user, location={"latitude": 59.93, "longitude": 30.31})
    await stand.say(user, document="bill.pdf")
    document, photo, voice, sticker, own, other, place, bill = await heard(stand, 8)
    assert (document.document.file_name, document.caption) == ("счёт.txt", "see")
    assert (await stand.bot.download(document.document)).read().decode() == "итог"
    assert photo.caption == "look"
    assert (await stand.bot.download(photo.photo[-1])).read().startswith(b"\x89PNG")
    assert (await stand.bot.download(voice.voice)).read().startswith(b"OggS")
    assert sticker.sticker.emoji
    assert (own.contact.user_id, own.contact.phone_number) == (user, "+79160000000")
    assert other.contact.user_id is None
    assert place.location.latitude == 59.93
    assert (await stand.bot.download(bill.document)).read().startswith(b"%PDF-1.4")
    kinds = [i["kind"] for i in (await stand.ctl(f"/chat/{user}/messages"))["items"]][1:]
    assert kinds == ["document", "photo", "voice", "sticker", "contact", "contact", "location", "document"]


async def test_a_person_sends_an_album_and_forwards(stand: Stand) -> None:
    user = await started(stand)
    await stand.say(user, "three", album=["a", {"mime": "video/mp4"}, "c"])
    await stand.say(user, "secret", forward_from="Hidden Person")
    friend = await stand.user("A Friend")
    await stand.say(user, "open", forward_from=friend)
    one, two, three, hidden, known = await heard(stand, 5)
    assert one.media_group_id == two.media_group_id == three.media_group_id
    assert [m.content_type for m in (one, two, three)] == ["photo", "video", "photo"]
    assert (one.caption, two.caption) == ("three", None)
    assert hidden.forward_origin.sender_user_name == "Hidden Person"
    assert known.forward_origin.sender_user.id == friend


async def test_forwards_name_their_origin_and_copies_do_not(stand: Stand) -> None:
    user = await started(stand)
    said = await stand.say(user, "the words", photo="p")
    topic = (await stand.bot.create_forum_topic(stand.group, "T")).message_thread_id
    forwarded = await stand.bot.forward_message(stand.group, user, said, message_thread_id=topic)
    assert forwarded.forward_origin.sender_user.id == user
    assert (forwarded.caption, forwarded.message_thread_id) == ("the words", topic)
    copied = await stand.bot.copy_message(stand.group, user, said, message_thread_id=topic, caption="new *w*")
    items = (await stand.ctl(f"/chat/{stand.group}/messages?topic={topic}"))["items"]
    assert (items[-1]["message_id"], items[-1]["text"], items[-1]["kind"]) == (copied.message_id, "new *w*", "photo")
    with pytest.raises(TelegramBadRequest, match="message to copy not found"):
        await stand.bot.copy_message(user, stand.group, 999)
    with pytest.raises(TelegramBadRequest, match="message can't be copied"):
        await stand.bot.copy_message(user, stand.group, topic)
    locked = await stand.bot.send_message(user, "x", protect_content=True)
    assert locked.has_protected_content
    with pytest.raises(TelegramBadRequest, match="message can't be forwarded"):
        await stand.bot.forward_message(stand.group, user, locked.message_id)


async def test_many_are_moved_in_order_and_the_missing_are_skipped(stand: Stand) -> None:
    user = await started(stand)
    ids = (await stand.ctl("/user/say", {"user": user, "album": ["a", "b", "c"], "text": "all"}))["message_ids"]
    await stand.ctl("/user/delete", {"user": user, "message_id": ids[1]})
    copied = await stand.bot.copy_messages(stand.group, user, ids)
    assert len(copied) == 2
    forwarded = await stand.bot.forward_messages(stand.group, user, ids)
    items = (await stand.ctl(f"/chat/{stand.group}/messages"))["items"]
    albums = [item["media_group_id"] for item in items]
    assert [i["message_id"] for i in items] == [m.message_id for m in copied + forwarded]
    assert albums[0] == albums[1] != albums[2] == albums[3]
    with pytest.raises(TelegramBadRequest, match="strictly increasing"):
        await stand.bot.copy_messages(stand.group, user, ids[::-1])
    with pytest.raises(TelegramBadRequest, match="there are no messages to forward"):
        await stand.bot.forward_messages(stand.group, user, [777, 778])


async def test_places_contacts_polls_and_dice(stand: Stand) -> None:
    user = await started(stand)
    assert (await stand.bot.send_location(user, 55.5, 37.5)).location.longitude == 37.5
    assert (await stand.bot.send_venue(user, 55.5, 37.5, "Office", "Street 1")).venue.title == "Office"
    assert (await stand.bot.send_contact(user, "+7916", "Olga")).contact.first_name == "Olga"
    poll = (await stand.bot.send_poll(user, "Well?", [InputPollOption(text="yes"), InputPollOption(text="no")])).poll
    assert [o.text for o in poll.options] == ["yes", "no"]
    assert 1 <= (await stand.bot.send_dice(user)).dice.value <= 6
    with pytest.raises(TelegramBadRequest, match="latitude"):
        await stand.bot.send_location(user, 155.5, 37.5)
    assert (await stand.bot.get_user_profile_photos(user)).total_count == 0


async def test_media_and_captions_are_edited(stand: Stand) -> None:
    user = await started(stand)
    sent = await stand.bot.send_photo(user, picture(), caption="one")
    edited = await stand.bot.edit_message_caption(chat_id=user, message_id=sent.message_id, caption="two")
    assert edited.caption == "two"
    new = InputMediaDocument(media=BufferedInputFile(b"doc", filename="d.txt"), caption="three")
    swapped = await stand.bot.edit_message_media(new, chat_id=user, message_id=sent.message_id)
    assert (swapped.photo, swapped.document.file_name, swapped.caption) == (None, "d.txt", "three")
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await stand.bot.edit_message_text("x", chat_id=user, message_id=sent.message_id)
    text = await stand.bot.send_message(user, "t")
    with pytest.raises(TelegramBadRequest, match="there is no caption"):
        await stand.bot.edit_message_caption(chat_id=user, message_id=text.message_id, caption="x")


async def test_bad_files_of_a_person_are_refused(stand: Stand) -> None:
    user = await stand.user()
    for words in (
        {"photo": {"base64": "%%%"}},
        {"album": ["one"]},
        {"photo": "a", "voice": "b"},
        {"location": {"latitude": "x"}},
    ):
        problem = await stand.ctl("/user/say", {"user": user, **words}, status=400)
        assert problem["detail"]


def test_samples_are_what_they_say() -> None:
    sound = ogg_silence(1, "x")
    assert sound.count(b"OggS") == 3
    assert pdf("a (b)").endswith(b"%%EOF\n")
    assert png("x")[12:16] == b"IHDR"
