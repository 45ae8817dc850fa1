"""The methods of the Bot API that the emulator does, by lower-case name."""

from collections.abc import Callable
from typing import Any

from bots.emulators.telegram.emulation import Call
from bots.emulators.telegram.errors import BotApiError, bad_request
from bots.emulators.telegram.faults import UPLOADING
from bots.emulators.telegram.methods import chats, copying, editing, media, messages, topics, updates

HANDLERS: dict[str, Callable[[Call], Any]] = {
    "getme": chats.get_me,
    "logout": chats.log_out,
    "close": chats.yes,
    "setmycommands": chats.set_my_commands,
    "getmycommands": chats.get_my_commands,
    "deletemycommands": chats.delete_my_commands,
    "setmyname": chats.setter("name"),
    "getmyname": chats.getter("name"),
    "setmydescription": chats.setter("description"),
    "getmydescription": chats.getter("description"),
    "setmyshortdescription": chats.setter("short_description"),
    "getmyshortdescription": chats.getter("short_description"),
    "setchatmenubutton": chats.yes,
    "setmydefaultadministratorrights": chats.yes,
    "getchat": chats.get_chat,
    "getchatmember": chats.get_chat_member,
    "getchatadministrators": chats.get_chat_administrators,
    "getchatmembercount": chats.get_chat_member_count,
    "leavechat": chats.leave_chat,
    "exportchatinvitelink": chats.export_invite_link,
    "createchatinvitelink": chats.create_invite_link,
    "getuserprofilephotos": chats.get_user_profile_photos,
    "answercallbackquery": chats.answer_callback_query,
    "getupdates": updates.get_updates,
    "setwebhook": updates.set_webhook,
    "deletewebhook": updates.delete_webhook,
    "getwebhookinfo": updates.webhook_info,
    "sendmessage": messages.send_message,
    "sendmessagedraft": messages.send_message_draft,
    "sendchataction": messages.send_chat_action,
    "setmessagereaction": messages.set_message_reaction,
    "deletemessage": messages.delete_message,
    "deletemessages": messages.delete_messages,
    "pinchatmessage": messages.pin_chat_message,
    "unpinchatmessage": messages.unpin_chat_message,
    "unpinallchatmessages": messages.unpin_all_chat_messages,
    "editmessagetext": editing.edit_text,
    "editmessagecaption": editing.edit_caption,
    "editmessagereplymarkup": editing.edit_markup,
    "editmessagemedia": editing.edit_media,
    "sendphoto": media.sender("photo"),
    "senddocument": media.sender("document"),
    "sendvideo": media.sender("video"),
    "sendaudio": media.sender("audio"),
    "sendvoice": media.sender("voice"),
    "sendvideonote": media.sender("video_note"),
    "sendanimation": media.sender("animation"),
    "sendsticker": media.sender("sticker"),
    "sendmediagroup": media.send_media_group,
    "sendlocation": media.send_location,
    "sendvenue": media.send_venue,
    "sendcontact": media.send_contact,
    "sendpoll": media.send_poll,
    "senddice": media.send_dice,
    "getfile": media.get_file,
    "forwardmessage": copying.forward_message,
    "forwardmessages": copying.forward_messages,
    "copymessage": copying.copy_message,
    "copymessages": copying.copy_messages,
    "createforumtopic": topics.create_topic,
    "editforumtopic": topics.edit_topic,
    "closeforumtopic": topics.close_topic,
    "reopenforumtopic": topics.reopen_topic,
    "deleteforumtopic": topics.delete_topic,
    "unpinallforumtopicmessages": topics.unpin_topic,
    "unpinallgeneralforumtopicmessages": topics.unpin_topic,
    "getforumtopiciconstickers": topics.icon_stickers,
    "editgeneralforumtopic": topics.edit_general,
    "closegeneralforumtopic": topics.general_switch("general_closed", True, "forum_topic_closed"),
    "reopengeneralforumtopic": topics.general_switch("general_closed", False, "forum_topic_reopened"),
    "hidegeneralforumtopic": topics.general_switch("general_hidden", True, "general_forum_topic_hidden"),
    "unhidegeneralforumtopic": topics.general_switch("general_hidden", False, "general_forum_topic_unhidden"),
}


def damage(call: Call, chat_id: int | None) -> None:
    """Let the faults strike that change the world before a call fails on it; raises BotApiError."""
    emu = call.emu
    if _struck(call, "file_too_big", chat_id):
        raise (
            BotApiError(413, "Request Entity Too Large") if call.method in UPLOADING else bad_request("file is too big")
        )
    if _struck(call, "wrong_file", chat_id):
        raise bad_request("wrong file identifier/HTTP URL specified")
    group = emu.world.chats.get(str(chat_id)) if chat_id is not None and chat_id < 0 else None
    if group is None or group.migrated_to is not None:
        return
    if _struck(call, "migrate", chat_id):
        fresh = topics.migrate(emu, group)
        raise bad_request("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": fresh.id})
    if _struck(call, "no_rights", chat_id):
        raise bad_request("not enough rights to create a topic" if "topic" in call.method else "have no rights to send")
    if "topic" in call.method and _struck(call, "not_a_forum", chat_id):
        raise bad_request("the chat is not a forum")
    topic = group.topics.get(call.params.integer("message_thread_id"))
    if topic is None or topic.deleted:
        return
    if _struck(call, "topic_closed", chat_id):
        topic.closed = True
        raise bad_request("TOPIC_CLOSED")
    if _struck(call, "topic_deleted", chat_id):
        topics.remove_topic(emu, group, topic)
        raise bad_request("TOPIC_DELETED")


def _struck(call: Call, kind: str, chat_id: int | None) -> bool:
    if call.emu.faults.strike((kind,), call.method, chat_id) is None:
        return False
    call.emu.journal.faults[kind] += 1
    return True
