"""What helps to write: canned replies, macros, drafts, replies that are held."""

from operator_panel.api import canned, held
from operator_panel.signature import Route

ROUTES = (
    Route("GET", "/canned", canned.canned),
    Route("POST", "/canned", canned.canned_post, 201),
    Route("GET", "/canned/{id}", canned.canned_one),
    Route("PATCH", "/canned/{id}", canned.canned_change),
    Route("DELETE", "/canned/{id}", canned.canned_delete, 204),
    Route("POST", "/canned/{id}/insert", canned.canned_insert),
    Route("GET", "/macros", canned.macros_list),
    Route("POST", "/macros", canned.macro_post, 201),
    Route("GET", "/macros/{id}", canned.macro),
    Route("PATCH", "/macros/{id}", canned.macro_change),
    Route("DELETE", "/macros/{id}", canned.macro_delete, 204),
    Route("POST", "/conversations/{id}/macro", canned.macro_run),
    Route("GET", "/conversations/{id}/draft", held.own_drafts),
    Route("PUT", "/conversations/{id}/draft", held.own_draft_put),
    Route("DELETE", "/conversations/{id}/draft", held.own_draft_delete, 204),
    Route("POST", "/conversations/{id}/held", held.held_post, 201),
    Route("PATCH", "/conversations/{id}/held/{message}", held.held_change),
    Route("DELETE", "/conversations/{id}/held/{message}", held.held_delete),
    Route("POST", "/conversations/{id}/held/{message}/send", held.held_send),
)
