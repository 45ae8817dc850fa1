"""The one route table of the panel: URL, file and function share a name."""

from functools import cache
from importlib import metadata
from typing import Any

from aiohttp import web

from operator_panel import health, login, openapi, openapi_inbound, pages
from operator_panel.api import (
    articles,
    channels,
    console,
    conversations,
    customer_list,
    customers,
    editions,
    events,
    files,
    imports,
    kb,
    kb_health,
    learning,
    messages,
    misses,
    operators,
    privacy,
    profiles,
    replies,
    shop_data,
    states,
    tables,
    teams,
    transfers,
    webhooks,
)
from operator_panel.assets import asset
from operator_panel.live import live
from operator_panel.office import Office
from operator_panel.problems import Problem
from operator_panel.serving import Serve, api, watched
from operator_panel.signature import Route
from operator_panel.wire import json_text

API = (
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
    Route("GET", "/customers", customers.customers),
    Route("GET", "/customers/list", customer_list.customers_list),
    Route("GET", "/customers/fields", customers.customer_fields),
    Route("GET", "/customers/tags", profiles.customer_tags),
    Route("POST", "/customers/import", tables.customers_import, takes_file=True),
    Route("POST", "/customers/imports/look", imports.customers_look, takes_file=True),
    Route("POST", "/customers/imports", imports.customers_import_post, 202, takes_file=True),
    Route("GET", "/customers/imports", imports.customers_imports),
    Route("GET", "/customers/imports/{id}", imports.customers_import_one),
    Route("POST", "/customers/imports/{id}/stop", imports.customers_import_stop),
    Route("POST", "/customers/imports/{id}/undo", imports.customers_import_undo, 202),
    Route("GET", "/customers/imports/{id}/report", imports.customers_import_report, sends="text/csv"),
    Route("GET", "/customers/export", tables.customers_export, sends="text/csv"),
    Route("GET", "/customers/{id}", customers.customer),
    Route("PATCH", "/customers/{id}", customers.customer_change),
    Route("DELETE", "/customers/{id}", privacy.customer_erase),
    Route("GET", "/customers/{id}/export", privacy.customer_export, sends="application/zip"),
    Route("GET", "/customers/{id}/messages", customers.customer_messages),
    Route("GET", "/customers/{id}/files", profiles.customer_files),
    Route("GET", "/customers/{id}/differences", profiles.customer_differences),
    Route("GET", "/customers/{id}/shop_data", shop_data.customer_shop_data),
    Route("POST", "/customers/{id}/link", customers.customer_link),
    Route("POST", "/customers/{id}/unlink", customers.customer_unlink),
    Route("POST", "/customers/{id}/ban", customers.customer_ban),
    Route("POST", "/customers/{id}/unban", customers.customer_unban),
    Route("GET", "/articles", articles.articles),
    Route("POST", "/articles", articles.article_post, 201),
    Route("GET", "/articles/counts", articles.article_counts),
    Route("POST", "/articles/bulk", articles.articles_bulk),
    Route("GET", "/articles/{id}", articles.article),
    Route("PATCH", "/articles/{id}", articles.article_change),
    Route("DELETE", "/articles/{id}", articles.article_delete, 204),
    Route("GET", "/articles/{id}/check", articles.article_check),
    Route("GET", "/articles/{id}/reply", articles.article_reply),
    Route("GET", "/articles/{id}/effects", console.article_effects),
    Route("GET", "/articles/{id}/usage", kb_health.article_usage),
    Route("GET", "/articles/{id}/misses", misses.article_misses),
    Route("POST", "/articles/{id}/misses", misses.article_misses_again),
    Route("GET", "/articles/{id}/proposals", learning.article_proposals),
    Route("POST", "/articles/{id}/proposals/accept", learning.proposals_accept),
    Route("POST", "/articles/{id}/proposals/refuse", learning.proposals_refuse),
    Route("PUT", "/articles/{id}/draft", editions.draft_put),
    Route("DELETE", "/articles/{id}/draft", editions.draft_delete),
    Route("GET", "/articles/{id}/draft/changes", editions.draft_changes),
    Route("POST", "/articles/{id}/review", editions.article_review),
    Route("POST", "/articles/{id}/send_back", editions.article_send_back),
    Route("POST", "/articles/{id}/publish", editions.article_publish),
    Route("POST", "/articles/{id}/archive", editions.article_archive),
    Route("POST", "/articles/{id}/restore", editions.article_restore),
    Route("GET", "/articles/{id}/editions", editions.editions),
    Route("GET", "/articles/{id}/editions/{number}", editions.edition),
    Route("GET", "/articles/{id}/editions/{number}/changes", editions.edition_changes),
    Route("POST", "/kb/match", console.kb_match),
    Route("POST", "/kb/labels", console.kb_label),
    Route("GET", "/kb/questions", console.kb_questions),
    Route("POST", "/kb/questions", console.kb_question_post, 201),
    Route("POST", "/kb/questions/run", console.kb_questions_run),
    Route("PATCH", "/kb/questions/{id}", console.kb_question_change),
    Route("DELETE", "/kb/questions/{id}", console.kb_question_delete, 204),
    Route("GET", "/kb/health", kb_health.kb_health),
    Route("GET", "/kb/health/threshold", kb_health.kb_threshold),
    Route("POST", "/kb/import", kb.kb_import, largest=kb.LARGEST),
    Route("GET", "/kb/export", kb.kb_export, sends="*/*"),
    Route("GET", "/kb/misses", misses.misses),
    Route("POST", "/kb/misses/article", misses.misses_article, 201),
    Route("POST", "/kb/misses/add", misses.misses_add),
    Route("POST", "/kb/misses/dismiss", misses.misses_dismiss),
    Route("POST", "/kb/misses/restore", misses.misses_restore),
    Route("POST", "/kb/misses/again", misses.misses_again),
    Route("GET", "/kb/replies", replies.replies),
    Route("POST", "/kb/replies/{id}/skip", replies.reply_skip, 204),
    Route("POST", "/kb/replies/{id}/unskip", replies.reply_unskip, 204),
    Route("GET", "/kb/proposals", learning.kb_proposals),
    Route("GET", "/kb/reviews", learning.kb_reviews),
    Route("POST", "/kb/reviews/{id}", learning.review_judge),
    Route("GET", "/kb/learning", learning.kb_learning),
    Route("GET", "/kb/imports", kb.kb_imports),
    Route("POST", "/kb/imports/{id}/undo", kb.kb_import_undo),
    Route("GET", "/webhooks", webhooks.webhooks),
    Route("POST", "/webhooks", webhooks.webhook_post, 201),
    Route("GET", "/webhooks/{id}", webhooks.webhook),
    Route("DELETE", "/webhooks/{id}", webhooks.webhook_delete, 204),
    Route("GET", "/webhooks/{id}/deliveries", webhooks.webhook_deliveries),
    Route("GET", "/channels", channels.channels),
    Route("GET", "/operators", operators.operators),
    Route("POST", "/operators", operators.operator_post, 201),
    Route("GET", "/operators/states", states.operator_states),
    Route("GET", "/operators/{id}", operators.operator),
    Route("PATCH", "/operators/{id}", operators.operator_change),
    Route("DELETE", "/operators/{id}", operators.operator_delete, 204),
    Route("GET", "/teams", teams.teams),
    Route("POST", "/teams", teams.team_post, 201),
    Route("GET", "/teams/{id}", teams.team),
    Route("PATCH", "/teams/{id}", teams.team_change),
    Route("DELETE", "/teams/{id}", teams.team_delete),
    Route("GET", "/me/state", states.me_state),
    Route("PUT", "/me/state", states.me_state_put),
    Route("POST", "/me/hand_over", transfers.hand_over),
    Route("GET", "/me", operators.me),
    Route("PATCH", "/me", operators.me_change),
    Route("GET", "/events", events.events),
)

#: method, path, function, must somebody be logged in?
PAGES = (
    ("GET", "/", pages.root, True),
    ("GET", "/inbox", pages.root, True),
    ("GET", "/inbox/{view}", pages.inbox, True),
    ("GET", "/inbox/{view}/{conversation}", pages.inbox, True),
    ("GET", "/customers", pages.customers, True),
    ("GET", "/customers/import", pages.customers, True),
    ("GET", "/kb", pages.kb, True),
    ("GET", "/kb/{section}", pages.kb, True),
    ("GET", "/kb/{section}/{id}", pages.kb, True),
    ("GET", "/login", login.login, False),
    ("POST", "/login", login.login_post, False),
    ("POST", "/logout", login.logout, False),
)

HEALTH = (
    ("/healthz", health.healthz),
    ("/readyz", health.readyz),
    ("/metrics", health.metrics),
)

_BASE = "/api/v1"


def routes(office: Office) -> list[web.RouteDef]:
    """Return everything the panel serves, to be added to a server's router."""
    return [
        *(web.route(route.method, _BASE + route.path, api(office, route)) for route in API),
        web.get(f"{_BASE}/openapi.json", _openapi(office), allow_head=False),
        web.route("*", f"{_BASE}{{rest:(/.*)?}}", _elsewhere(office)),
        *(web.route(method, path, pages.page(office, path, show, known)) for method, path, show, known in PAGES),
        web.get("/live", live(office), allow_head=False),
        web.get("/static/{hash}/{path:.+}", asset(office)),
        *health_routes(office),
    ]


def health_routes(office: Office) -> list[web.RouteDef]:
    """Return what every process of an installation serves, the panel or not."""
    return [web.get(path, _open(office, path, look)) for path, look in HEALTH]


def _open(office: Office, path: str, look: health.Look) -> Serve:
    async def serve(request: web.Request) -> web.StreamResponse:
        return await watched(office, path, request, lambda: look(office, request))

    return serve


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document of the table."""
    try:
        version = metadata.version("mostik")
    except metadata.PackageNotFoundError:
        version = "0"
    made = openapi.document(API, version)
    made["paths"] |= openapi_inbound.PATHS
    made["components"]["securitySchemes"] |= openapi_inbound.SCHEME
    return made


def _openapi(office: Office) -> Serve:
    async def answer() -> web.Response:
        return web.Response(text=json_text(document()), content_type="application/json")

    async def serve(request: web.Request) -> web.StreamResponse:
        return await watched(office, f"{_BASE}/openapi.json", request, answer)

    return serve


def _elsewhere(office: Office) -> Serve:
    """Answer for everything below /api/v1 that no line of the table serves: 405 with what is allowed, or 404."""
    known = web.UrlDispatcher()
    for route in API:
        known.add_route(route.method, _BASE + route.path, _nothing)

    async def serve(request: web.Request) -> web.StreamResponse:
        async def answer() -> web.Response:
            found = await known.resolve(request)
            if isinstance(found.http_exception, web.HTTPMethodNotAllowed):
                allowed = ", ".join(sorted(found.http_exception.allowed_methods))
                raise Problem(405, "method_not_allowed", f"allowed here: {allowed}", headers={"Allow": allowed})
            raise Problem(404, "not_found", "there is no such resource")

        return await watched(office, f"{_BASE}/*", request, answer)

    return serve


async def _nothing(request: web.Request) -> web.StreamResponse:
    raise Problem(404, "not_found")
