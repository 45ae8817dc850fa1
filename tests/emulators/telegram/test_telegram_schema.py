"""A second opinion on answers and updates: a description of the Bot API that stands beside the project, when there."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    InputPollOption,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)

from bots.emulators.samples import png

Stand = Any
SPEC = Path(__file__).parents[4] / "shared/specs/telegram/bot-api-10.3.from-aiogram-3.31.json"
SIMPLE: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "String": str,
    "Boolean": bool,
    "Float": (int, float),
    "datetime": int,
    "Default": object,
}


@lru_cache(maxsize=1)
def spec() -> dict[str, Any]:
    """Methods and types of the description."""
    return json.loads(SPEC.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def faults(value: Any, kind: str, where: str) -> list[str]:
    """What is wrong with a value of a type: missing, unknown and mistyped fields."""
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: no array"]
        inner = kind.removeprefix("Array of ").split("|")
        return [f for n, item in enumerate(value) for f in best(item, inner, f"{where}[{n}]")]
    if kind.startswith("<") or kind.isdigit():
        return []
    if kind in SIMPLE:
        return [] if isinstance(value, SIMPLE[kind]) else [f"{where}: {value!r} is no {kind}"]
    if not isinstance(value, dict):
        return [f"{where}: no {kind}"]
    fields = {field["name"]: field for field in spec()["types"][kind]["fields"]}
    found = [f"{where}.{name}: missing in {kind}" for name, f in fields.items() if f["required"] and name not in value]
    for name, item in value.items():
        if name not in fields:
            found.append(f"{where}.{name}: unknown in {kind}")
        else:
            found += best(item, fields[name]["types"], f"{where}.{name}")
    return found


def best(value: Any, kinds: list[str], where: str) -> list[str]:
    """The faults by the type that fits best."""
    return min((faults(value, kind, where) for kind in kinds), key=len)


SAYINGS: tuple[dict[str, Any], ...] = (
    {"photo": "a"},
    {"album": 3},
    {"voice": "v"},
    {"document": "d.pdf"},
    {"sticker": "s"},
    {"video": "v"},
    {"audio": "a"},
    {"animation": "a"},
    {"video_note": "n"},
    {"contact": {"phone": "+7", "own": True}},
    {"location": {"latitude": 1, "longitude": 2}},
    {"venue": {"latitude": 1, "longitude": 2}},
    {"dice": True},
    {"poll": {"question": "q", "options": ["a", "b"]}},
    {"story": True},
    {"raw": {"giveaway_created": {}}},
    {"text": "link", "entities": [{"type": "text_link", "offset": 0, "length": 4, "url": "http://a.example/"}]},
    {"text": "p", "protected": True},
    {"text": "c", "forward_from": {"channel": "News", "signature": "Editor"}},
    {"text": "h", "forward_from": "Hidden"},
)


async def customers_acts(stand: Stand) -> int:
    """Everything a person can do in a private chat, and the bot's words between."""
    bot = stand.bot
    user = int(await stand.user("Anna Sidorova", username="anna", lang="ru"))
    said = await stand.say(user, "hi /start")
    for words in (*SAYINGS, {"text": "f", "forward_from": user}, {"text": "r", "reply_to": said, "quote": "hi"}):
        await stand.ctl("/user/say", {"user": user, **words})
    await stand.ctl("/user/edit", {"user": user, "message_id": said, "text": "hi!"})
    markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="A", callback_data="a")]])
    sent = await bot.send_message(
        user, "<b>x</b>", parse_mode="HTML", reply_markup=markup, reply_parameters=ReplyParameters(message_id=said)
    )
    await stand.ctl("/user/press", {"user": user, "message_id": sent.message_id, "data": "a"})
    await stand.ctl("/user/react", {"user": user, "message_id": sent.message_id, "emoji": "👍"})
    await bot.send_message(user, "q", reply_parameters=ReplyParameters(message_id=said, quote="hi"))
    await bot.edit_message_text("y", chat_id=user, message_id=sent.message_id)
    await bot.send_media_group(user, [InputMediaPhoto(media=BufferedInputFile(png(n), f"{n}.png")) for n in "12"])
    await bot.send_poll(user, "q", [InputPollOption(text="a"), InputPollOption(text="b")])
    await bot.get_file((await bot.send_photo(user, BufferedInputFile(png("3"), "3.png"))).photo[-1].file_id)
    await bot.get_chat(user)
    await changes(stand, user, said)
    return user


async def changes(stand: Stand, user: int, said: int) -> None:
    """Everything a bot can do to what stands there."""
    bot = stand.bot
    photo = await bot.send_photo(user, BufferedInputFile(png("4"), "4.png"), caption="c", protect_content=True)
    await bot.edit_message_caption(chat_id=user, message_id=photo.message_id, caption="d")
    other = InputMediaPhoto(media=BufferedInputFile(png("5"), "5.png"), caption="e")
    await bot.edit_message_media(other, chat_id=user, message_id=photo.message_id)
    await bot.set_message_reaction(user, said, [ReactionTypeEmoji(emoji="👍")])
    await bot.copy_messages(user, user, [said])
    located = await bot.send_location(user, 1.5, 2.5)
    await bot.send_contact(user, "+79990000000", "Anna")
    await bot.send_dice(user)
    await bot.delete_messages(user, [photo.message_id, located.message_id])
    await bot.set_my_commands([BotCommand(command="help", description="h")])
    await bot.get_my_commands()


async def staff_acts(stand: Stand, user: int) -> None:
    """Everything that happens in a forum."""
    bot, group = stand.bot, stand.group
    topic = (await bot.create_forum_topic(group, "T")).message_thread_id
    await bot.edit_forum_topic(group, topic, name="T2")
    await bot.close_forum_topic(group, topic)
    await bot.reopen_forum_topic(group, topic)
    await stand.ctl("/operator/say", {"operator": 5001, "group": group, "topic": topic, "text": "a"})
    await bot.copy_message(group, user, 1, message_thread_id=topic)
    await bot.forward_messages(group, user, [1, 2], message_thread_id=topic)
    await bot.pin_chat_message(group, topic)
    await bot.hide_general_forum_topic(group)
    await bot.get_chat(group)
    await bot.get_chat_member(group, 5001)
    await bot.get_chat_administrators(group)
    await bot.get_forum_topic_icon_stickers()
    await bot.create_chat_invite_link(group)


async def exercise(stand: Stand) -> None:
    """Make the emulator say as much as possible."""
    kinds = ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"]
    await stand.bot.get_updates(allowed_updates=kinds)
    user = await customers_acts(stand)
    await staff_acts(stand, user)
    await stand.bot.get_me()
    await stand.bot.get_webhook_info()
    await stand.ctl("/user/block", {"user": user})
    await stand.ctl("/faults", {"fault": "migrate"})
    await stand.raw("sendMessage", {"chat_id": stand.group, "text": "x"})


@pytest.mark.skipif(not SPEC.exists(), reason="the description is not part of the project")
async def test_answers_and_updates_fit_the_description(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    from bots.emulators.telegram import calling

    answers: list[tuple[str, Any]] = []
    perform = calling.perform

    async def noted(emu: Any, bot: Any, name: str, params: Any) -> calling.Answer:
        answer = await perform(emu, bot, name, params)
        if answer.body is not None and answer.body["ok"]:
            answers.append((name, json.loads(answer.payload())["result"]))
        return answer

    monkeypatch.setattr(calling, "perform", noted)
    await exercise(stand)
    queue = stand.emulator.emulation.world.bots[stand.bot.id].queue
    updates = [json.loads(json.dumps(pending.as_update())) for pending in queue.values()]
    assert len(updates) > 25
    assert {key for update in updates for key in update} >= {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "message_reaction",
    }
    wrong = []
    for update in updates:
        Update.model_validate(update)
        wrong += faults(update, "Update", "update")
    assert len({name for name, _ in answers}) >= 20
    for name, result in answers:
        method = next(m for key, m in spec()["methods"].items() if key.lower() == name.lower())
        wrong += best(result, method["returns"], name)
    assert wrong == []
