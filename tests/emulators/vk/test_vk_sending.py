"""messages.send: to whom, at most once, with what, and what is refused."""

import json

import pytest
from vk_api.keyboard import VkKeyboard

from bots.emulators.vk.keyboards import INLINE_BUTTONS
from tests.vk_stand import GROUP, OTHER_GROUP, OTHER_TOKEN, Stand, refused


async def test_the_same_random_id_sends_once(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    first = await stand.send(user, "once", random_id=5)
    assert await stand.send(user, "once", random_id=5) == first
    assert await stand.send(user, "twice") != await stand.send(user, "twice")
    assert [one["text"] for one in await stand.seen(user)] == ["hello", "once", "twice", "twice"]


async def test_a_random_id_is_known_to_its_community_alone(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    await stand.say(user, "hello there", group=OTHER_GROUP)
    await stand.send(user, "ours", random_id=5)
    await stand.do("messages.send", OTHER_TOKEN, peer_id=user, message="theirs", random_id=5)
    other = (await stand.ctl(f"/chat/{user}/messages?group={OTHER_GROUP}"))["items"]
    assert [one["text"] for one in other] == ["hello there", "theirs"]


async def test_random_id_has_to_be_there(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    assert await refused(stand, peer_id=user, message="x") == 100
    assert await refused(stand, peer_id=user, message="x", random_id=2**31) == 100


async def test_many_peers_are_answered_one_by_one(stand: Stand) -> None:
    friend, stranger = await stand.user("Friend"), await stand.user("Stranger")
    await stand.say(friend, "hello")
    found = await stand.do("messages.send", peer_ids=f"{friend},{stranger}", message="news", random_id=9)
    assert found[0] | {"message_id": 0} == {"peer_id": friend, "message_id": 0, "conversation_message_id": 2}
    assert (found[1]["peer_id"], found[1]["error"]["code"]) == (stranger, 901)
    assert await stand.do("messages.send", peer_ids=f"{friend},{stranger}", message="news", random_id=9) == found
    assert len(await stand.seen(friend)) == 2


async def test_who_may_not_be_written_to(stand: Stand) -> None:
    user = await stand.user()
    words = {"peer_id": user, "message": "x", "random_id": 0}
    assert await refused(stand, **words) == 901
    await stand.ctl("/user/allow", {"user": user})
    await stand.do("messages.send", **words)
    await stand.ctl("/user/deny", {"user": user})
    assert await refused(stand, **words) == 901
    await stand.say(user, "I changed my mind")
    await stand.do("messages.send", **words)
    await stand.ctl("/user/privacy", {"user": user, "closed": True})
    assert await refused(stand, **words) == 902
    await stand.ctl("/group/ban", {"user": user})
    assert await refused(stand, **words) == 900
    await stand.ctl("/user/deactivate", {"user": user})
    assert await refused(stand, **words) == 18
    assert await refused(stand, **words | {"peer_id": 999}) == 936
    assert await refused(stand, **words | {"peer_id": 2_000_000_001}) == 917


async def test_words_have_limits(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    assert await refused(stand, peer_id=user, message="x" * 4097, random_id=0) == 914
    assert await refused(stand, peer_id=user, message=" ", random_id=0) == 100
    await stand.send(user, "x" * 4096)


async def test_an_answer_quotes_and_a_forward_carries(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    said = await stand.say(user, "which colour?")
    cmid = (await listener.events())[0]["object"]["message"]["conversation_message_id"]
    await stand.send(user, "green", reply_to=said)
    reply = {"peer_id": user, "conversation_message_ids": [cmid], "is_reply": 1}
    await stand.send(user, "or blue", forward=json.dumps(reply))
    await stand.send(user, "see", forward=json.dumps(reply | {"is_reply": 0}))
    events = [event["object"] for event in await listener.events(3)]
    assert [event.get("reply_message", {}).get("text") for event in events] == ["which colour?", "which colour?", None]
    assert events[2]["fwd_messages"][0]["text"] == "which colour?"
    assert [one["reply_to"] for one in await stand.seen(user)] == [None, said, said, None]
    assert await refused(stand, peer_id=user, message="x", random_id=0, reply_to=999_999) == 100
    lost = json.dumps({"peer_id": user, "conversation_message_ids": [77]})
    assert await refused(stand, peer_id=user, message="x", random_id=0, forward=lost) == 921


async def test_attachments_have_to_be_there(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    for attachment in ("photo-1_2", "nonsense", ",".join(["photo1_1"] * 11)):
        assert await refused(stand, peer_id=user, message="x", random_id=0, attachment=attachment) == 100


async def test_a_keyboard_of_vk_api_is_taken_and_seen(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    keyboard = VkKeyboard(inline=True)
    keyboard.add_callback_button("Yes", payload={"a": 1})
    keyboard.add_button("No", payload={"a": 2})
    keyboard.add_line()
    keyboard.add_openlink_button("Site", "https://shop.example")
    await stand.send(user, "sure?", keyboard=keyboard.get_keyboard())
    seen = (await stand.seen(user))[-1]
    assert seen["keyboard"] == "inline"
    assert [[button["text"] for button in row] for row in seen["buttons"]] == [["Yes", "No"], ["Site"]]
    assert [json.loads(button["data"]) for button in seen["buttons"][0]] == [{"a": 1}, {"a": 2}]


def button(**action) -> dict:
    """A button with a label, changed as wanted."""
    return {"action": {"type": "text", "label": "x", **action}}


@pytest.mark.parametrize(
    "keyboard",
    [
        "{",
        {"buttons": "x"},
        {"inline": True, "one_time": True, "buttons": [[button()]]},
        {"buttons": [[button()] * 6]},
        {"buttons": [[button()]] * 11},
        {"buttons": [[button()] * 5] * 9},
        {"inline": True, "buttons": [[button()]] * 7},
        {"inline": True, "buttons": [[button()] * 3] * 4},
        {"buttons": [[button(label="x" * 41)]]},
        {"buttons": [[button(payload=json.dumps("x" * 300))]]},
        {"buttons": [[button(payload="no json")]]},
        {"buttons": [[button(type="tomorrow")]]},
        {"buttons": [[button(type="open_link", link="javascript:alert(1)")]]},
        {"buttons": [[button() | {"color": "pink"}]]},
    ],
)
async def test_a_wrong_keyboard_is_error_911(stand: Stand, keyboard) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    text = keyboard if isinstance(keyboard, str) else json.dumps(keyboard)
    assert await refused(stand, peer_id=user, message="x", random_id=0, keyboard=text) == 911


async def test_ten_inline_buttons_are_taken(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    rows = [[button()] * 2] * (INLINE_BUTTONS // 2)
    await stand.send(user, "many", keyboard=json.dumps({"inline": True, "buttons": rows}))


async def test_a_call_without_token_version_or_name(stand: Stand) -> None:
    assert (await stand.raw("users.get", token=""))["error"]["error_code"] == 5
    assert (await stand.raw("users.get", token="vk1.a.wrong"))["error"]["error_code"] == 5
    for version in ("", "x", "5"):
        assert (await stand.raw("users.get", v=version))["error"]["error_code"] == 8
    failed = (await stand.raw("messages.tomorrow", peer_id=1))["error"]
    assert (failed["error_code"], failed["request_params"][0]["key"]) == (3, "v")
    assert failed["error_msg"] == "Unknown method passed: messages.tomorrow"
    assert "access_token" not in {one["key"] for one in failed["request_params"]}


async def test_a_token_without_a_right_is_refused(stand: Stand) -> None:
    token = "vk1.a." + "S" * 40
    stand.emulator.add_group(token, id=GROUP + 7, scopes=["photos"])
    failed = await stand.raw("messages.send", token=token, peer_id=1, message="x", random_id=0)
    assert failed["error"]["error_code"] == 15
    assert [one["name"] for one in (await stand.do("groups.getTokenPermissions", token))["permissions"]] == ["photos"]
