"""sendMessage, sendChatAction, drafts, reactions, pins and deletions."""

from bots.emulators.telegram.emulation import Call
from bots.emulators.telegram.errors import Json, bad_request
from bots.emulators.telegram.posting import chat_for, post_and_show, service, target, topic_for, writable
from bots.emulators.telegram.text import MAX_TEXT, checked, formatted, message_text
from bots.emulators.telegram.world import Chat, Post, now

ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)
ACTION_SECONDS = 5.0
DELETABLE_SECONDS = 48 * 3600
REACTIONS = frozenset(
    "👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
) | {"❤", "❤‍🔥", "👨‍💻", "🤷‍♂", "🤷‍♀", "❤️"}


def send_message(call: Call) -> Json:
    """Send a text."""
    found = target(call)
    return post_and_show(call, found, message_text(call.params))


def send_message_draft(call: Call) -> bool:
    """Show a draft for a moment in a private chat; only the journal keeps it."""
    chat = writable(call)
    if chat.type != "private":
        raise bad_request("drafts can be sent only to private chats")
    if not call.params.integer("draft_id"):
        raise bad_request("draft identifier must be non-zero")
    checked(formatted(call.params, "text", "parse_mode", "entities"), MAX_TEXT, "message is too long")
    return True


def send_chat_action(call: Call) -> bool:
    """Show that the bot is typing: until its next message, for five seconds at most."""
    chat = writable(call)
    topic_for(call, chat)
    if call.params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.emu.actions[chat.key] = (call.params.text("action"), now() + ACTION_SECONDS)
    call.emu.changes.touch(chat.id)
    return True


def set_message_reaction(call: Call) -> bool:
    """Set or take back the bot's reaction to a message."""
    chat = writable(call)
    post = chat.find(call.params.integer("message_id"))
    if post is None:
        raise bad_request("message to react not found")
    wanted = []
    for reaction in call.params.objects("reaction"):
        if reaction.get("type") == "emoji" and reaction.get("emoji") not in REACTIONS:
            raise bad_request("REACTION_INVALID")
        wanted.append(str(reaction.get("emoji") or reaction.get("custom_emoji_id") or ""))
    if len(wanted) > 1:
        raise bad_request("too many reactions")
    post.reactions.pop(str(call.bot.id), None)
    if wanted:
        post.reactions[str(call.bot.id)] = wanted
    call.emu.touch(chat)
    return True


def _deletable(call: Call, chat: Chat, post: Post) -> bool:
    if (now() - post.at) * call.emu.scale > DELETABLE_SECONDS:
        return False
    own = post.sender == call.bot.id
    return chat.type == "private" or own or chat.may(call.bot.id, "can_delete_messages")


def delete_message(call: Call) -> bool:
    """Delete a message not older than 48 hours."""
    chat = chat_for(call)
    post = chat.find(call.params.integer("message_id"))
    if post is None:
        raise bad_request("message to delete not found")
    if not _deletable(call, chat, post):
        raise bad_request("message can't be deleted for everyone")
    post.deleted = True
    call.emu.touch(chat)
    return True


def delete_messages(call: Call) -> bool:
    """Delete up to 100 messages, all or none; those that are gone are passed over."""
    chat = chat_for(call)
    posts = [post for message_id in message_ids(call) if (post := chat.find(message_id)) is not None]
    if not all(_deletable(call, chat, post) for post in posts):
        raise bad_request("message can't be deleted for everyone")
    for post in posts:
        post.deleted = True
    call.emu.touch(chat)
    return True


def message_ids(call: Call) -> list[int]:
    """Read `message_ids`: 1 to 100 numbers; raises BotApiError 400."""
    given = call.params.json("message_ids")
    if not isinstance(given, list) or not given:
        raise bad_request("message identifiers are not specified")
    if len(given) > 100:
        raise bad_request("too many message identifiers specified")
    return [int(number) for number in given]


def pin_chat_message(call: Call) -> bool:
    """Pin a message; the chat gets a service line."""
    chat = _pinning(call)
    post = chat.find(call.params.integer("message_id"))
    if post is None:
        raise bad_request("message to pin not found")
    if post.id in chat.pinned:
        chat.pinned.remove(post.id)
    chat.pinned.append(post.id)
    service(call.emu, chat, call.bot.id, {"pinned_message": post.id}, post.topic)
    return True


def unpin_chat_message(call: Call) -> bool:
    """Unpin a message, the newest pinned one without an id."""
    chat = _pinning(call)
    wanted = call.params.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    call.emu.touch(chat)
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    """Unpin every message of a chat."""
    chat = _pinning(call)
    chat.pinned.clear()
    call.emu.touch(chat)
    return True


def _pinning(call: Call) -> Chat:
    chat = writable(call)
    if chat.type != "private" and not chat.may(call.bot.id, "can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat
