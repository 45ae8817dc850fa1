"""The first things: a word in, a word out, names, events by Long Poll and by callback, files."""

import asyncio
import io

from vk_api import VkUpload

from bots.emulators.samples import ogg_silence, pdf, png
from tests.vk_stand import GROUP, VERSION, Receiver, Stand


async def test_a_word_goes_in_by_long_poll_and_an_answer_comes_back(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    said = await stand.say(user, "hello")
    event = (await listener.events())[0]
    assert (event["type"], event["group_id"], event["v"]) == ("message_new", GROUP, VERSION)
    message = event["object"]["message"]
    assert (message["id"], message["text"], message["from_id"], message["peer_id"]) == (said, "hello", user, user)

    answer = await stand.send(user, "good day", random_id=77)
    echo = (await listener.events())[0]
    assert (echo["type"], echo["object"]["id"], echo["object"]["random_id"]) == ("message_reply", answer, 77)
    assert echo["object"]["from_id"] == -GROUP
    seen = await stand.seen(user)
    assert [(one["text"], one["from"]["is_bot"]) for one in seen] == [("hello", False), ("good day", True)]


async def test_names_are_told(stand: Stand) -> None:
    user = await stand.user("Anna Maria Sidorova", username="anna")
    found = await stand.do("users.get", user_ids=f"{user},999", fields="photo_100,screen_name")
    assert [(one["first_name"], one["last_name"], one["screen_name"]) for one in found] == [
        ("Anna", "Maria Sidorova", "anna")
    ]
    assert (await stand.do("groups.getById"))["groups"][0]["id"] == GROUP
    async with stand.client.get(found[0]["photo_100"]) as picture:
        assert (await picture.read()).startswith(b"\x89PNG")


async def test_events_go_to_a_confirmed_callback_server(stand: Stand, receiver: Receiver) -> None:
    await receiver.connect(stand, "the secret")
    user = await stand.user()
    await stand.say(user, "hello")
    event = (await receiver.wait(1))[0]
    assert (event["type"], event["secret"], event["group_id"]) == ("message_new", "the secret", GROUP)
    assert event["object"]["message"]["text"] == "hello"
    assert "X-Retry-Counter" not in receiver.headers[0]


async def test_files_go_up_by_vk_upload_and_are_seen(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "send me all")
    upload = VkUpload(stand.vk())
    stand.opened.append(upload.http)
    upload.http.trust_env = False
    paper, voice = io.BytesIO(pdf("bill")), io.BytesIO(ogg_silence(1))
    paper.name, voice.name = "bill.pdf", "voice.ogg"
    photo = (await asyncio.to_thread(upload.photo_messages, io.BytesIO(png("cat")), user))[0]
    doc = (await asyncio.to_thread(upload.document_message, paper, "The bill", None, user))["doc"]
    spoken = (await asyncio.to_thread(upload.audio_message, voice, user))["audio_message"]
    named = [f"photo{photo['owner_id']}_{photo['id']}_{photo['access_key']}"]
    named += [f"doc{doc['owner_id']}_{doc['id']}", f"audio_message{spoken['owner_id']}_{spoken['id']}"]
    await stand.send(user, "", attachment=",".join(named))
    files = (await stand.seen(user))[-1]["files"]
    assert [(one["kind"], one["name"]) for one in files] == [
        ("photo", "file0.jpg"),
        ("document", "The bill"),
        ("voice", "file0.ogg"),
    ]
    async with stand.client.get(doc["url"]) as answer:
        assert await answer.read() == pdf("bill")
    assert [one["mime"] for one in files] == ["image/jpeg", "application/pdf", "audio/ogg"]


async def test_a_persons_files_come_with_addresses_that_answer(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    await stand.say(user, "look", album=3)
    await stand.say(user, voice="hm")
    await stand.say(user, document="bill.pdf")
    await stand.say(user, sticker=True)
    await stand.say(user, location={"latitude": 55.7, "longitude": 37.6})
    messages = [event["object"]["message"] for event in await listener.events(5)]
    kinds = [[one["type"] for one in message["attachments"]] for message in messages]
    assert kinds == [["photo"] * 3, ["audio_message"], ["doc"], ["sticker"], []]
    assert messages[4]["geo"]["coordinates"] == {"latitude": 55.7, "longitude": 37.6}
    addresses = [messages[0]["attachments"][2]["photo"]["sizes"][-1]["url"]]
    addresses += [messages[1]["attachments"][0]["audio_message"]["link_ogg"]]
    addresses += [messages[2]["attachments"][0]["doc"]["url"]]
    for address in addresses:
        async with stand.client.get(address) as answer:
            assert answer.status == 200
            assert await answer.read()


async def test_waiting_for_words(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    waiting = asyncio.create_task(stand.ctl(f"/wait?chat={user}&contains=good+day&timeout=5&from_bot=1"))
    await stand.send(user, "a good day")
    assert [item["text"] for item in (await waiting)["items"]] == ["a good day"]
    await stand.ctl(f"/wait?chat={user}&contains=never&timeout=0.01", status=408)
