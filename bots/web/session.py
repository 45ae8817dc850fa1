"""POST /widget/{channel}/session and GET …/history: who comes, and what was said in his chat."""

import json
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bots.web import history, shapes
from bots.web.access import address_of, bearer, check_origin, language_of
from bots.web.incoming import Person
from bots.web.problems import Problem
from bots.web.site import ASKED, Site
from bots.web.visitors import Visitor, guest, holder, known, signed
from bridge.model.ids import ConversationId
from bridge.people.contacts import email_of, phone_of

#: Bytes of a request's body.
LARGEST = 16 * 1024
#: Lines of history in one answer.
PAGE, LONGEST_PAGE = 50, 100


def _word(value: object) -> object:
    """Read a number as the text the shop signed; refuse what no store can hold."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("not text") from None
        if "\0" in value:
            raise ValueError("not text")
        return value.strip()
    return "" if value is None else value


Word = Annotated[str, BeforeValidator(_word)]


class Identify(BaseModel):
    """The shop's word for who a visitor is."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    user_id: Word = Field(min_length=1, max_length=200)
    hash: Word = Field(max_length=200)
    email: Word = Field("", max_length=254)
    phone: Word = Field("", max_length=40)
    name: Word = Field("", max_length=120)


class Session(BaseModel):
    """The body of a request for a session."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    token: str | None = Field(None, max_length=400)
    identify: Identify | None = None


async def session(site: Site, request: web.Request) -> web.Response:
    """Let a visitor in: on with a known token, anew without one; a right signature proves who it is."""
    check_origin(site, request)
    site.taken()
    asked = await _body(request)
    signs_as = asked.identify.user_id if asked.identify else ""
    visitor = await known(site, asked.token, signs_as) if asked.token else None
    if visitor is None:
        await site.turn("session", address_of(site, request), site.settings.sessions_per_minute, 60)
    else:
        await site.turn("ask", visitor.chat, ASKED, 60)
    if asked.identify is not None:
        person = Person(asked.identify.user_id, asked.identify.email, asked.identify.phone, asked.identify.name)
        visitor = await signed(site, visitor, person, asked.identify.hash, language_of(site, request))
    visitor = visitor or await guest(site)
    answer: dict[str, Any] = {
        "token": visitor.token,
        "conversation_id": await _conversation(site, visitor),
        "visitor": {"proved": bool(visitor.user)},
    }
    ignored = _ignored(asked.identify)
    if ignored:
        answer["visitor"]["ignored"] = ignored
    return web.json_response(answer, dumps=_json)


def _ignored(person: Identify | None) -> list[str]:
    """Name what the shop told of its customer and what is none: its programmer should know."""
    if person is None:
        return []
    email = bool(person.email) and email_of(person.email) is None
    phone = bool(person.phone) and phone_of(person.phone) is None
    return [name for name, wrong in (("email", email), ("phone", phone)) if wrong]


async def past(site: Site, request: web.Request) -> web.Response:
    """Return lines of the visitor's conversation before a seq, the oldest first."""
    visitor = await holder(site, bearer(request))
    await site.turn("ask", visitor.chat, ASKED, 60)
    before = _number(request, "before", 1 << 53)
    limit = min(_number(request, "limit", PAGE), LONGEST_PAGE)
    id = await _conversation(site, visitor)
    if id is None:
        return web.json_response({"items": [], "more": False, "conversation_id": None})
    if "before" in request.query:
        stretch = await history.before(site.bridge, id, before, limit)
    else:
        stretch = await history.newest(site.bridge, id, limit)
    language = language_of(site, request)
    items = [shapes.message(site, row, language) for row in stretch.shown]
    return web.json_response({"items": items, "more": stretch.more, "conversation_id": id}, dumps=_json)


async def _conversation(site: Site, visitor: Visitor) -> ConversationId | None:
    chat = await site.bridge.store.people.chat(site.name, visitor.chat)
    return chat.conversation if chat else None


async def _body(request: web.Request) -> Session:
    if (request.content_length or 0) > LARGEST:
        raise Problem(413, "too_large")
    raw = await request.read()
    if len(raw) > LARGEST:
        raise Problem(413, "too_large")
    try:
        return Session.model_validate(json.loads(raw or b"{}"))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        fields = tuple((".".join(map(str, item["loc"])) or "body", item["type"]) for item in found)
        raise Problem(422, "invalid", errors=fields) from None
    except (ValueError, RecursionError):
        raise Problem(400, "bad_json") from None


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 15 or int(text) < 1:
        raise Problem(422, "invalid", errors=((name, "no_number"),))
    return int(text)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
