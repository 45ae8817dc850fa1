"""The methods the emulated VK knows: what does them, and the right a community's token needs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bots.emulators.vk.emulation import Call
from bots.emulators.vk.methods import changing, communities, dialogs, files, people, sending, servers, wall


@dataclass(frozen=True, slots=True)
class Method:
    """How a method is done; `scope` is the right it needs, `admin_only` that no community's token will do."""

    handler: Callable[[Call], Any | Awaitable[Any]]
    scope: str = ""
    admin_only: bool = False


_TABLE = {
    "messages.send": Method(sending.send, "messages"),
    "messages.edit": Method(changing.edit, "messages"),
    "messages.delete": Method(changing.delete, "messages"),
    "messages.sendReaction": Method(changing.send_reaction, "messages"),
    "messages.deleteReaction": Method(changing.delete_reaction, "messages"),
    "messages.sendMessageEventAnswer": Method(changing.answer_press, "messages"),
    "messages.markAsRead": Method(dialogs.mark_as_read, "messages"),
    "messages.setActivity": Method(dialogs.set_activity, "messages"),
    "messages.getById": Method(dialogs.get_by_id, "messages"),
    "messages.getByConversationMessageId": Method(dialogs.get_by_cmid, "messages"),
    "messages.getConversationsById": Method(dialogs.get_conversations_by_id, "messages"),
    "messages.getConversations": Method(dialogs.get_conversations, "messages"),
    "messages.getHistory": Method(dialogs.get_history, "messages"),
    "messages.isMessagesFromGroupAllowed": Method(dialogs.is_allowed, "messages"),
    "users.get": Method(people.get_users),
    "groups.getById": Method(people.get_groups),
    "groups.isMember": Method(people.is_member),
    "groups.getTokenPermissions": Method(people.token_permissions),
    "utils.resolveScreenName": Method(people.resolve_screen_name),
    "photos.getMessagesUploadServer": Method(files.photo_server, "photos"),
    "photos.saveMessagesPhoto": Method(files.save_photos, "photos"),
    "docs.getMessagesUploadServer": Method(files.doc_server, "docs"),
    "docs.save": Method(files.save_doc, "docs"),
    "groups.getLongPollServer": Method(communities.long_poll_server, "manage"),
    "groups.getLongPollSettings": Method(communities.long_poll_settings, "manage"),
    "groups.setLongPollSettings": Method(communities.set_long_poll_settings, "manage"),
    "groups.getCallbackConfirmationCode": Method(servers.confirmation_code, "manage"),
    "groups.addCallbackServer": Method(servers.add, "manage"),
    "groups.editCallbackServer": Method(servers.edit, "manage"),
    "groups.deleteCallbackServer": Method(servers.delete, "manage"),
    "groups.getCallbackServers": Method(servers.listed, "manage"),
    "groups.getCallbackSettings": Method(servers.settings, "manage"),
    "groups.setCallbackSettings": Method(servers.set_settings, "manage"),
    "wall.createComment": Method(wall.create_comment, "wall"),
    "wall.editComment": Method(wall.edit_comment, admin_only=True),
    "wall.deleteComment": Method(wall.delete_comment, admin_only=True),
    "wall.getComments": Method(wall.get_comments, admin_only=True),
    "wall.getById": Method(wall.get_by_id, admin_only=True),
}
#: Names are the same in any case, as at VK.
METHODS = {name.lower(): method for name, method in _TABLE.items()}
