"""POST /widget/{channel}/continue and GET …/articles/{id}: on in another messenger, or to the whole of an answer."""

import json
from typing import Any

from aiohttp import web

from bots.web.access import bearer, check_origin
from bots.web.problems import Problem
from bots.web.shapes import is_shown
from bots.web.site import ASKED, Site
from bots.web.visitors import Visitor, holder
from bridge.errors import NotFound
from bridge.library.writing.replies import reply_in
from bridge.model.ids import ArticleId, ChannelName, ConversationId
from bridge.people import continuing

#: Bytes of a request's body.
LARGEST = 1024
#: Links a visitor may make in an hour: each is a code in the store for some minutes.
LINKS = 20
#: Lines of a conversation that are looked through for an article.
LOOKED_AT = 200


def ways(site: Site, language: str) -> list[dict[str, str]]:
    """Return the messengers a visitor may go on in, as pages are told them."""
    say = site.bridge.phrases
    return [
        {"channel": way.channel, "kind": way.kind, "name": say.channel(language, way.kind)}
        for way in continuing.ways(site.bridge, site.name)
    ]


async def go_on(site: Site, request: web.Request) -> web.Response:
    """Make a one-time link into another messenger, {to: channel} -> {url}; whoever enters it is this visitor."""
    check_origin(site, request)
    visitor = await holder(site, bearer(request))
    await site.turn("continue", visitor.chat, LINKS, 3600)
    to = await _wanted(request)
    url = await continuing.way(site.bridge, site.name, visitor.chat, ChannelName(to))
    if url is None:
        raise Problem(404, "not_found")
    return web.json_response({"url": url})


async def _wanted(request: web.Request) -> str:
    if (request.content_length or 0) > LARGEST:
        raise Problem(413, "too_large")
    raw = await request.content.read(LARGEST)
    try:
        asked: Any = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        raise Problem(400, "bad_json") from None
    to = asked.get("to") if isinstance(asked, dict) else None
    if not isinstance(to, str) or not to:
        raise Problem(422, "invalid", errors=(("to", "missing"),))
    return to


async def article(site: Site, request: web.Request) -> web.Response:
    """Return the article behind an answer in this visitor's conversation, {id, title, text}; 404 for any other."""
    visitor = await holder(site, bearer(request))
    await site.turn("ask", visitor.chat, ASKED, 60)
    id = ArticleId(request.match_info["id"])
    try:
        found = await site.bridge.store.articles.get(id)
    except NotFound:
        raise Problem(404, "not_found") from None
    where = await _answered_with(site, visitor, id) if found.state == "published" else None
    if where is None:
        raise Problem(404, "not_found")
    text = reply_in(site.bridge, found, await site.bridge.store.conversations.get(where)).text
    return web.json_response({"id": found.id, "title": found.title, "text": text}, dumps=_json)


async def _answered_with(site: Site, visitor: Visitor, article: ArticleId) -> ConversationId | None:
    """Return the visitor's conversation if he was answered with an article there."""
    chat = await site.bridge.store.people.chat(site.name, visitor.chat)
    conversation: ConversationId | None = chat.conversation if chat else None
    if conversation is None:
        return None
    rows = await site.bridge.store.messages.page(conversation, None, None, LOOKED_AT)
    told = any(is_shown(row) and article in {one.article_id for one in (row.source, *row.also) if one} for row in rows)
    return conversation if told else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
