"""What happens to messages after they were said: edits, deletions, reactions, presses, marks, reading back."""

import asyncio
import json

import pytest
from vk_api import ApiError
from vk_api.keyboard import VkKeyboard

from tests.vk_stand import ADMIN_TOKEN, GROUP, Stand, refused


async def talk(stand: Stand) -> tuple[int, int]:
    """A person who said hello, and the id of the answer."""
    user = await stand.user()
    await stand.say(user, "hello")
    return user, await stand.send(user, "good day")


async def cmid_of(stand: Stand, user: int, message: int) -> int:
    """The conversation_message_id of a message."""
    found = await stand.do("messages.getById", message_ids=message)
    assert found["items"][0]["peer_id"] == user
    return int(found["items"][0]["conversation_message_id"])


async def test_a_message_is_edited(stand: Stand) -> None:
    user, answer = await talk(stand)
    listener = await stand.listener()
    await stand.do("messages.edit", peer_id=user, message_id=answer, message="good evening")
    cmid = await cmid_of(stand, user, answer)
    await stand.do("messages.edit", peer_id=user, conversation_message_id=cmid, message="good night")
    events = await listener.events(2)
    assert [(event["type"], event["object"]["text"]) for event in events] == [
        ("message_edit", "good evening"),
        ("message_edit", "good night"),
    ]
    seen = (await stand.seen(user))[-1]
    assert (seen["text"], seen["edited"]) == ("good night", True)
    assert await refused(stand, "messages.edit", peer_id=user, message_id=answer, message="") == 100


async def test_what_is_a_day_old_stays_as_it_is(stand: Stand) -> None:
    user, answer = await talk(stand)
    post = stand.emulator.emulation.world.open_dialog(GROUP, user).posts[-1]
    post.at -= 86_401
    assert await refused(stand, "messages.edit", peer_id=user, message_id=answer, message="x") == 909
    gone = {"message_ids": answer, "delete_for_all": 1}
    assert await refused(stand, "messages.delete", **gone) == 924


async def test_words_of_others_are_not_ours_to_change(stand: Stand) -> None:
    user = await stand.user()
    said = await stand.say(user, "hello")
    assert await refused(stand, "messages.edit", peer_id=user, message_id=said, message="x") == 15
    assert await refused(stand, "messages.delete", message_ids=said, delete_for_all=1) == 924
    answer = await stand.send(user, "x")
    assert (await stand.ctl("/user/edit", {"user": user, "message_id": answer, "text": "x"}, status=403))["status"]


async def test_a_message_is_deleted_for_everybody(stand: Stand) -> None:
    user, answer = await talk(stand)
    cmid = await cmid_of(stand, user, answer)
    found = await stand.do("messages.delete", peer_id=user, cmids=f"{cmid},1", delete_for_all=1)
    assert found[0] == {"peer_id": user, "conversation_message_id": cmid, "response": 1}
    assert (found[1]["response"], found[1]["error"]["code"]) == (0, 924)
    assert [one["deleted"] for one in await stand.seen(user)] == [False, True]


async def test_a_customer_edits_and_deletes(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    said = await stand.say(user, "helo")
    await stand.ctl("/user/edit", {"user": user, "message_id": said, "text": "hello"})
    await stand.ctl("/user/delete", {"user": user, "message_id": said})
    await stand.ctl("/user/typing", {"user": user})
    events = await listener.events(3)
    # VK tells communities of edits, and of deletions nothing.
    assert [event["type"] for event in events] == ["message_new", "message_edit", "message_typing_state"]
    assert events[1]["object"]["text"] == "hello"
    assert (await stand.seen(user))[0]["deleted"]


async def test_reactions_go_both_ways(stand: Stand) -> None:
    user, answer = await talk(stand)
    listener = await stand.listener()
    cmid = await cmid_of(stand, user, answer)
    await stand.ctl("/user/react", {"user": user, "message_id": answer, "emoji": "👍"})
    await stand.ctl("/user/react", {"user": user, "message_id": answer})
    events = [event["object"] for event in await listener.events(2)]
    assert events[0] == {"reacted_id": user, "peer_id": user, "cmid": cmid, "reaction_id": 4}
    assert "reaction_id" not in events[1]
    await stand.do("messages.sendReaction", peer_id=user, cmid=1, reaction_id=1)
    assert (await stand.seen(user))[0]["reactions"] == ["❤"]
    await stand.do("messages.deleteReaction", peer_id=user, cmid=1)
    assert (await stand.seen(user))[0]["reactions"] == []
    assert await refused(stand, "messages.sendReaction", peer_id=user, cmid=1, reaction_id=17) == 100
    await stand.ctl("/user/react", {"user": user, "message_id": answer, "emoji": "🦄"}, status=400)


async def test_a_callback_button_is_pressed_and_answered(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    keyboard = VkKeyboard(inline=True)
    keyboard.add_callback_button("Yes", payload={"a": 1})
    await stand.send(user, "sure?", keyboard=keyboard.get_keyboard())
    listener = await stand.listener()
    pressing = asyncio.create_task(stand.ctl("/user/press", {"user": user, "data": '{"a": 1}', "wait": 5}))
    event = (await listener.events())[0]
    assert (event["type"], event["object"]["payload"]) == ("message_event", {"a": 1})
    told = {"type": "show_snackbar", "text": "done"}
    known = {"event_id": event["object"]["event_id"], "user_id": user, "peer_id": user}
    await stand.do("messages.sendMessageEventAnswer", **known, event_data=json.dumps(told))
    assert (await pressing)["answer"] == told
    assert await refused(stand, "messages.sendMessageEventAnswer", **known) == 100


async def test_a_text_button_says_its_label(stand: Stand) -> None:
    user = await stand.user()
    await stand.say(user, "hello")
    keyboard = VkKeyboard(one_time=True)
    keyboard.add_button("Operator", payload={"go": 1})
    keyboard.add_line()
    keyboard.add_location_button()
    await stand.send(user, "sure?", keyboard=keyboard.get_keyboard())
    listener = await stand.listener()
    await stand.ctl("/user/press", {"user": user, "text": "Operator"})
    message = (await listener.events())[0]["object"]["message"]
    assert (message["text"], json.loads(message["payload"])) == ("Operator", {"go": 1})
    await stand.ctl("/user/press", {"user": user, "text": "Nothing"}, status=404)


async def test_marks_of_reading_and_typing(stand: Stand) -> None:
    user, answer = await talk(stand)
    listener = await stand.listener()
    assert [one["read"] for one in await stand.seen(user)] == [False, False]
    await stand.do("messages.markAsRead", peer_id=user)
    await stand.do("messages.setActivity", peer_id=user, type="typing")
    looked = await stand.ctl(f"/chat/{user}/messages")
    assert (looked["items"][0]["read"], looked["action"]) == (True, "typing")
    await stand.ctl("/user/read", {"user": user})
    event = (await listener.events())[0]
    assert (event["type"], event["object"]["read_message_id"]) == ("message_read", answer)


async def test_what_was_missed_is_read_back(stand: Stand) -> None:
    user = await stand.user()
    for number in range(5):
        await stand.say(user, f"word {number}")
    found = await stand.do("messages.getHistory", peer_id=user, count=2)
    assert ([one["text"] for one in found["items"]], found["count"]) == (["word 4", "word 3"], 5)
    first = found["items"][1]["id"]
    onwards = await stand.do("messages.getHistory", peer_id=user, start_message_id=first, rev=1)
    assert [one["text"] for one in onwards["items"]] == ["word 3", "word 4"]
    unread = await stand.do("messages.getConversations", filter="unread", extended=1)
    assert [one["conversation"]["unread_count"] for one in unread["items"]] == [5]
    assert unread["profiles"][0]["id"] == user
    await stand.do("messages.markAsRead", peer_id=user)
    assert (await stand.do("messages.getConversations", filter="unread"))["count"] == 0
    cmids = await stand.do("messages.getByConversationMessageId", peer_id=user, conversation_message_ids="2,99")
    assert [one["text"] for one in cmids["items"]] == ["word 1"]
    known = await stand.do("messages.getConversationsById", peer_ids=f"{user},999")
    assert [one["peer"]["id"] for one in known["items"]] == [user]


async def test_a_human_answers_in_vk_itself(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    await stand.say(user, "hello")
    await stand.ctl("/operator/say", {"user": user, "text": "this is Olga", "admin": 4242})
    events = await listener.events(2)
    assert (events[1]["type"], events[1]["object"]["admin_author_id"]) == ("message_reply", 4242)
    assert events[1]["object"]["random_id"] == 0


async def test_permission_is_told(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    await stand.ctl("/user/allow", {"user": user, "key": "from-the-site"})
    assert (await stand.do("messages.isMessagesFromGroupAllowed", user_id=user, group_id=GROUP))["is_allowed"] == 1
    await stand.ctl("/user/deny", {"user": user})
    assert (await stand.do("messages.isMessagesFromGroupAllowed", user_id=user, group_id=GROUP))["is_allowed"] == 0
    events = await listener.events(2)
    assert [(event["type"], event["object"]["user_id"]) for event in events] == [
        ("message_allow", user),
        ("message_deny", user),
    ]
    assert events[0]["object"]["key"] == "from-the-site"


async def test_names_of_pages(stand: Stand) -> None:
    user = await stand.user(username="anna")
    assert await stand.do("utils.resolveScreenName", screen_name="anna") == {"object_id": user, "type": "user"}
    assert (await stand.do("utils.resolveScreenName", screen_name="shop"))["object_id"] == GROUP
    assert await stand.do("utils.resolveScreenName", screen_name="nobody") == []
    assert await stand.do("groups.isMember", group_id=GROUP, user_id=user) == 0
    assert await refused(stand, "groups.isMember", group_id=GROUP + 1, user_id=user) == 100


async def test_the_wall_is_commented(stand: Stand) -> None:
    listener = await stand.listener()
    user = await stand.user()
    post = (await stand.ctl("/wall/post", {"text": "New kettles"}))["post_id"]
    asked = (await stand.ctl("/wall/comment", {"user": user, "post_id": post, "text": "how much?"}))["comment_id"]
    given = {"owner_id": -GROUP, "post_id": post, "from_group": GROUP, "guid": "abc", "reply_to_comment": asked}
    answer = await stand.do("wall.createComment", **given, message="a thousand")
    assert answer == await stand.do("wall.createComment", **given, message="a thousand")
    assert answer["parents_stack"] == [asked]
    await stand.ctl("/wall/edit", {"comment_id": asked, "text": "how much is it?"})
    await stand.ctl("/wall/delete", {"comment_id": asked})
    await stand.ctl("/wall/restore", {"comment_id": asked})
    events = await listener.events(6)
    assert [event["type"] for event in events] == [
        "wall_post_new",
        *("wall_reply_new", "wall_reply_new", "wall_reply_edit", "wall_reply_delete", "wall_reply_restore"),
    ]
    assert [event["object"].get("from_id") for event in events[:3]] == [-GROUP, user, -GROUP]
    flat = (await stand.ctl(f"/chat/{-GROUP}/messages"))["items"]
    assert [one["text"] for one in flat] == ["New kettles", "how much is it?", "a thousand"]
    assert (await stand.ctl(f"/wait?chat={-GROUP}&contains=thousand"))["items"][0]["from"]["is_bot"]
    assert [(one["kind"], one["reply_to"], one["edited"], one["buttons"], one["topic"]) for one in flat] == [
        ("post", None, False, [], None),
        ("comment", None, True, [], None),
        ("comment", asked, False, [], None),
    ]


async def test_a_comment_is_changed_taken_away_and_brought_back_once_each(stand: Stand) -> None:
    user = await stand.user()
    post = (await stand.ctl("/wall/post", {"text": "New kettles"}))["post_id"]
    asked = {
        "comment_id": (await stand.ctl("/wall/comment", {"user": user, "post_id": post, "text": "?"}))["comment_id"]
    }
    await stand.ctl("/wall/edit", asked, status=400)
    await stand.ctl("/wall/edit", {"comment_id": "first", "text": "x"}, status=400)
    await stand.ctl("/wall/restore", asked, status=404)
    await stand.ctl("/wall/delete", asked)
    for verb in ("delete", "edit"):
        await stand.ctl(f"/wall/{verb}", asked | {"text": "x"}, status=404)
    await stand.ctl("/wall/restore", asked)
    ((comment,),) = [each["comments"] for each in (await stand.ctl("/wall"))["items"]]
    assert (comment["text"], comment["edited"], comment["deleted"]) == ("?", False, False)


async def test_who_answers_in_vk_itself_unnamed_is_called_as_the_community(stand: Stand) -> None:
    listener = await stand.listener()
    user, olga = await stand.user(), await stand.user("Olga Petrova")
    await stand.ctl("/operator/say", {"user": user, "text": "hello"})
    await stand.ctl("/operator/say", {"user": user, "text": "it is me", "admin": olga})
    admins = [event["object"]["admin_author_id"] for event in await listener.events(2)]
    (group,) = (await stand.do("groups.getById", group_id=GROUP))["groups"]
    told = await stand.do("users.get", user_ids=",".join(map(str, admins)))
    assert [(one["id"], one["first_name"]) for one in told] == [(admins[0], group["name"]), (olga, "Olga")]


async def test_reading_the_wall_is_its_administrators(stand: Stand) -> None:
    post = (await stand.ctl("/wall/post", {"text": "New kettles"}))["post_id"]
    made = await stand.do("wall.createComment", owner_id=-GROUP, post_id=post, message="ask us")
    named = {"owner_id": -GROUP, "post_id": post}
    assert await refused(stand, "wall.getComments", **named) == 27
    with pytest.raises(ApiError):
        await stand.do("wall.deleteComment", owner_id=-GROUP, comment_id=made["comment_id"])
    assert (await stand.do("wall.getComments", ADMIN_TOKEN, **named))["count"] == 1
    assert (await stand.do("wall.getById", ADMIN_TOKEN, posts=f"-{GROUP}_{post}"))["items"][0]["text"] == "New kettles"
    await stand.do("wall.editComment", ADMIN_TOKEN, owner_id=-GROUP, comment_id=made["comment_id"], message="ask")
    await stand.do("wall.deleteComment", ADMIN_TOKEN, owner_id=-GROUP, comment_id=made["comment_id"])
    assert (await stand.do("wall.getComments", ADMIN_TOKEN, **named))["count"] == 0
