"""A second opinion on answers and events: VK's own API schema that stands beside the project, when there.

The schema puts `"required": true` inside properties; draft-07 wants a list beside them. Parts it refers to and that are
not there accept anything.
"""

import asyncio
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from vk_api import VkUpload
from vk_api.keyboard import VkKeyboard

from bots.emulators.samples import ogg_silence, png
from tests.vk_stand import ADMIN_TOKEN, GROUP, TOKEN, VERSION, Listener, Stand

SPEC = Path(__file__).parents[4] / "shared/specs/vk"
pytestmark = pytest.mark.skipif(not SPEC.is_dir(), reason="no API schema beside the project")

#: What the real VK sends and its schema of January 2025 does not know: (event or method, part of the fault's words).
TOLERATED = (
    ("message_event", "is not of type 'string'"),  # payload is an object
    ("message_event", "'message_event' is not one of"),
    ("message_typing_state", "'typing' is not one of"),
    ("message_reply", "'secondary' is not one of"),  # the colour's name in VK's guide to keyboards
)


def lifted(value: Any) -> Any:
    """Return a schema as draft-07 has it."""
    if isinstance(value, list):
        return [lifted(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {name: lifted(item) for name, item in value.items() if not (name == "required" and isinstance(item, bool))}
    properties = value.get("properties")
    if isinstance(properties, dict):
        needed = [name for name, one in properties.items() if isinstance(one, dict) and one.get("required") is True]
        if needed:
            made["required"] = needed
    reference = value.get("$ref")
    if isinstance(reference, str):
        made["$ref"] = "https://vk.invalid/" + reference.removeprefix("../")
    return made


def retrieve(uri: str) -> Resource:
    """Return a file of the schema; what is not there accepts anything."""
    path = SPEC / uri.removeprefix("https://vk.invalid/").partition("#")[0]
    if not path.is_file():
        return Resource(contents=Anything(), specification=DRAFT7)
    return Resource(contents=lifted(json.loads(path.read_text(encoding="utf-8"))), specification=DRAFT7)


class Anything(dict):
    """A file all of whose definitions accept anything."""

    def __contains__(self, key: object) -> bool:
        return not str(key).startswith("$")

    def __getitem__(self, key: Any) -> Any:
        return self if key == "definitions" else {}

    def __missing__(self, key: Any) -> Any:
        return self[key]


@cache
def validator(reference: str) -> Draft7Validator:
    """Return what checks values against one definition."""
    registry: Registry = Registry(retrieve=retrieve)
    return Draft7Validator({"$ref": f"https://vk.invalid/{reference}"}, registry=registry)


def faults(what: str, reference: str, value: Any) -> list[str]:
    """What the schema finds wrong, without what is known to be right."""
    found = [f"{what} {error.json_path}: {error.message}" for error in validator(reference).iter_errors(value)]
    return [one for one in found if not any(what == name and part in one for name, part in TOLERATED)]


#: Event -> the definition of its `object`.
OBJECTS = {
    "message_new": "callback/objects.json#/definitions/callback_message_object",
    "message_reply": "messages/objects.json#/definitions/messages_message",
    "message_edit": "messages/objects.json#/definitions/messages_message",
    "wall_reply_new": "wall/objects.json#/definitions/wall_wall_comment",
    "wall_reply_edit": "wall/objects.json#/definitions/wall_wall_comment",
    "wall_reply_restore": "wall/objects.json#/definitions/wall_wall_comment",
    "wall_reply_delete": "callback/objects.json#/definitions/callback_wall_comment_delete",
    "wall_post_new": "wall/objects.json#/definitions/wall_wallpost",
}


def event_faults(event: dict[str, Any]) -> list[str]:
    """What is wrong with an event: its envelope, its object."""
    kind = event["type"]
    found = faults(kind, "callback/objects.json#/definitions/callback_base", event)
    reference = OBJECTS.get(kind, f"callback/objects.json#/definitions/callback_{kind}")
    return found + faults(kind, reference, event["object"])


async def everything(stand: Stand, listener: Listener) -> list[dict[str, Any]]:
    """Let happen all that makes events, and return these."""
    user = await stand.user(lang="en")
    said = await stand.say(user, "hello")
    for words in ({"album": 2}, {"voice": True}, {"document": "a.pdf"}, {"sticker": True}, {"location": True}):
        await stand.say(user, **words)
    await stand.say(user, "see", reply_to=said, video=True)
    await stand.say(user, "look", forward_from=user)
    keyboard = VkKeyboard(inline=True)
    keyboard.add_callback_button("Yes", payload={"a": 1})
    answer = await stand.send(user, "good day", random_id=5, reply_to=said, keyboard=keyboard.get_keyboard())
    await stand.ctl("/user/press", {"user": user, "text": "Yes"})
    await stand.ctl("/user/react", {"user": user, "message_id": answer, "emoji": "👍"})
    await stand.ctl("/user/read", {"user": user})
    await stand.ctl("/user/typing", {"user": user})
    await stand.ctl("/user/edit", {"user": user, "message_id": said, "text": "hello!"})
    await stand.do("messages.edit", peer_id=user, message_id=answer, message="good evening")
    await stand.ctl("/operator/say", {"user": user, "text": "this is Olga"})
    await stand.ctl("/user/deny", {"user": user})
    await stand.ctl("/user/allow", {"user": user})
    await stand.ctl("/group/ban", {"user": user})
    await stand.ctl("/group/unban", {"user": user})
    post = (await stand.ctl("/wall/post", {"text": "New kettles", "photo": True}))["post_id"]
    asked = (await stand.ctl("/wall/comment", {"user": user, "post_id": post, "text": "how much?"}))["comment_id"]
    await stand.do("wall.createComment", owner_id=-GROUP, post_id=post, message="a lot", reply_to_comment=asked)
    for verb in ("edit", "delete", "restore"):
        await stand.ctl(f"/wall/{verb}", {"comment_id": asked, "text": "how much is it?"})
    return await listener.events(26)


async def test_events_are_as_vk_describes_them(stand: Stand) -> None:
    events = await everything(stand, await stand.listener())
    found = [fault for event in events for fault in event_faults(event)]
    assert not found, "\n".join(found)
    assert {event["type"] for event in events} >= {*OBJECTS, "message_event", "message_read", "user_block"}


async def test_a_fault_would_be_found() -> None:
    event = {"type": "message_new", "group_id": "x", "event_id": "e", "v": VERSION, "object": {"message": {"id": "1"}}}
    assert len(event_faults(event)) >= 4


async def uploaded(stand: Stand, user: int) -> dict[str, Any]:
    """What saving files answers."""
    upload = VkUpload(stand.vk())
    upload.http.trust_env = False
    stand.opened.append(upload.http)
    voice = io.BytesIO(ogg_silence(1))
    voice.name = "voice.ogg"
    return {
        "photos/responses.json#/definitions/photos_saveMessagesPhoto_response": await asyncio.to_thread(
            upload.photo_messages, io.BytesIO(png("cat")), user
        ),
        "docs/responses.json#/definitions/docs_save_response": await asyncio.to_thread(
            upload.audio_message, voice, user
        ),
    }


def calls(user: int, said: int, post: int) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Methods with the name of their answer in the schema and their parameters."""
    wall = {"owner_id": -GROUP, "post_id": post}
    server = {"group_id": GROUP, "url": "http://127.0.0.1:9/", "title": "Mostik", "secret_key": "s"}
    return (
        ("messages.send", "messages_send_user_ids", {"peer_ids": f"{user},9", "random_id": 1, "message": "x"}),
        ("messages.getById", "messages_getById", {"message_ids": said}),
        (
            "messages.getByConversationMessageId",
            "messages_getByConversationMessageId",
            {"peer_id": user, "conversation_message_ids": 1},
        ),
        ("messages.getHistory", "messages_getHistory", {"peer_id": user}),
        ("messages.getConversations", "messages_getConversations", {}),
        ("messages.getConversationsById", "messages_getConversationsById", {"peer_ids": user}),
        ("messages.isMessagesFromGroupAllowed", "messages_isMessagesFromGroupAllowed", {"user_id": user}),
        ("messages.delete", "messages_delete_full", {"peer_id": user, "cmids": "1"}),
        ("users.get", "users_get", {"user_ids": user, "fields": "photo_100,screen_name"}),
        ("groups.getById", "groups_getById_object", {}),
        ("groups.getLongPollServer", "groups_getLongPollServer", {"group_id": GROUP}),
        ("groups.getLongPollSettings", "groups_getLongPollSettings", {"group_id": GROUP}),
        ("groups.getCallbackConfirmationCode", "groups_getCallbackConfirmationCode", {"group_id": GROUP}),
        ("groups.addCallbackServer", "groups_addCallbackServer", server),
        ("groups.getCallbackServers", "groups_getCallbackServers", {"group_id": GROUP}),
        ("groups.getCallbackSettings", "groups_getCallbackSettings", {"group_id": GROUP, "server_id": 1}),
        ("groups.getTokenPermissions", "groups_getTokenPermissions", {}),
        ("photos.getMessagesUploadServer", "photos_getMessagesUploadServer", {"peer_id": user}),
        ("docs.getMessagesUploadServer", "docs_getUploadServer", {"peer_id": user}),
        ("wall.createComment", "wall_createComment", {**wall, "message": "x"}),
        ("wall.getComments", "wall_getComments", wall),
        ("wall.getById", "wall_getById", {"posts": f"-{GROUP}_{post}"}),
    )


async def test_answers_are_as_vk_describes_them(stand: Stand) -> None:
    user = await stand.user()
    said = await stand.say(user, "hello", document="bill.pdf")
    post = (await stand.ctl("/wall/post", {"text": "New kettles"}))["post_id"]
    await stand.ctl("/wall/comment", {"user": user, "post_id": post, "text": "how much?"})
    found = []
    for method, name, values in calls(user, said, post):
        token = ADMIN_TOKEN if method.startswith("wall.get") else TOKEN
        answer = await stand.raw(method, token, **values)
        assert "response" in answer, (method, answer)
        found += faults(method, f"{name.split('_')[0]}/responses.json#/definitions/{name}_response", answer)
    for reference, answer in (await uploaded(stand, user)).items():
        found += faults(reference, reference, {"response": answer})
    assert not found, "\n".join(found)


async def test_every_error_is_one_that_vk_lists() -> None:
    from bots.emulators.vk.errors import WORDS

    known = json.loads((SPEC / "errors.json").read_text(encoding="utf-8"))
    listed = {one["code"]: one["description"] for one in known.get("errors", known).values()}
    assert {code: listed.get(code) for code in WORDS} == WORDS


async def test_every_error_that_vk_lists_for_a_method_can_be_ordered() -> None:
    from bots.emulators.vk.errors import WORDS
    from bots.emulators.vk.methods import METHODS

    listed = json.loads((SPEC / "errors.json").read_text(encoding="utf-8"))
    codes = {name: one["code"] for name, one in listed.get("errors", listed).items()}
    files = [json.loads(path.read_text(encoding="utf-8"))["methods"] for path in SPEC.glob("*/methods.json")]
    methods = [method for file in files for method in file if method["name"].lower() in {n.lower() for n in METHODS}]
    named = {codes[each["$ref"].rpartition("/")[2]] for method in methods for each in method.get("errors", ())}
    assert methods
    assert not named - WORDS.keys()
