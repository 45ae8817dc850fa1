"""Conversations, their words and files, and what happens to them."""

from operator_panel.api import conversations, events, files, learning, messages, replies, transfers
from operator_panel.signature import Route

ROUTES = (
    Route("GET", "/conversations", conversations.conversations),
    Route("GET", "/conversations/counts", conversations.counts),
    Route("GET", "/conversations/{id}", conversations.conversation),
    Route("POST", "/conversations/{id}/claim", conversations.claim),
    Route("POST", "/conversations/{id}/release", conversations.release),
    Route("POST", "/conversations/{id}/assign", conversations.assign),
    Route("POST", "/conversations/{id}/transfer", transfers.transfer),
    Route("POST", "/conversations/{id}/share", transfers.share),
    Route("POST", "/conversations/{id}/unshare", transfers.unshare),
    Route("POST", "/conversations/{id}/close", conversations.close),
    Route("POST", "/conversations/{id}/reopen", conversations.reopen),
    Route("POST", "/conversations/{id}/snooze", conversations.snooze),
    Route("POST", "/conversations/{id}/tags", conversations.tags),
    Route("POST", "/conversations/{id}/ask_contact", conversations.ask_contact),
    Route("POST", "/conversations/{id}/read", conversations.read),
    Route("GET", "/conversations/{id}/suggestions", conversations.suggestions),
    Route("POST", "/conversations/{id}/suggestions/refuse", learning.suggestions_refuse),
    Route("POST", "/conversations/{id}/suggestions/unrefuse", learning.suggestions_unrefuse),
    Route("GET", "/conversations/{id}/messages", messages.messages),
    Route("POST", "/conversations/{id}/messages", messages.message_post, 201),
    Route("POST", "/messages/{id}/retry", messages.message_retry),
    Route("GET", "/messages/{id}/article", replies.message_article),
    Route("POST", "/messages/{id}/article", replies.message_article_post, 201),
    Route("PATCH", "/messages/{id}", messages.message_change),
    Route("DELETE", "/messages/{id}", messages.message_delete),
    Route("PUT", "/messages/{id}/reaction", messages.message_react),
    Route("DELETE", "/messages/{id}/reaction", messages.message_unreact),
    Route("POST", "/files", files.file_post, 201, takes_file=True),
    Route("GET", "/files/{id}", files.file, sends="*/*"),
    Route("GET", "/events", events.events),
)
