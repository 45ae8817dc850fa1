"""POST /api/v1/channels/{name}/inbound: proof, meaning, files, made durable, acknowledged."""

import json
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from bots.custom import facts
from bots.custom.attachments import REFUSED, is_allowed, kind_of, name_of
from bots.custom.place import Place
from bots.custom.problems import GUARDS, Problem, invalid, of_validation
from bots.custom.shapes import ANONYMOUS, File, Kept, Message, Press, Typing, shape_of
from bridge import files, signatures, writing
from bridge.context import log
from bridge.errors import BridgeError, Invalid, StoreDown
from bridge.model.files import Remote
from bridge.model.ids import ChatId, FileId, MessageId, derive
from bridge.model.lanes import in_lane
from bridge.model.messages import Message as Line
from bridge.ports.channels import Raw
from bridge.receive import word_id

Work = Callable[[Place, web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]

_WORDS = {
    "no_signature": f"a call carries {signatures.HEADER}: t=UNIX,v1=HEX",
    "bad_signature": "the signature does not fit the body and the channel's secret",
    "stale_signature": f"the signature's time is more than {signatures.TOLERANCE} s off",
}


def serving(place: Place, work: Work) -> Serve:
    """Return what aiohttp calls for a route: refusals become problems."""

    async def serve(request: web.Request) -> web.StreamResponse:
        try:
            response = await work(place, request)
        except Problem as problem:
            return problem.response()
        except StoreDown:
            return Problem(503, "store_down", "the store does not answer, try again", (), _SOON).response()
        except BridgeError as error:
            return Problem(409, error.code, str(error)).response()
        except web.HTTPException:
            raise
        except Exception as error:
            # Lines of code alone: values may be somebody's words.
            where = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            log.error("%s failed: %s\n%s", request.method, type(error).__name__, where)
            return Problem(500, "internal", "something went wrong here, it was logged").response()
        return response

    return serve


_SOON = {"Retry-After": "2"}


async def inbound(place: Place, request: web.Request) -> web.Response:
    """Take what the program tells; once it is durable, the answer is 200, also when it was told before."""
    raw = await _proved(place, request)
    event = _event(raw)
    if place.accept is None:
        raise Problem(503, "unavailable", "this process takes nothing in at the moment", (), _SOON)
    if isinstance(event, Typing):
        await _typing(place, ChatId(event.customer.id))
        return web.json_response({}, headers=GUARDS)
    return web.json_response(await _kept(place, event), headers=GUARDS)


async def _proved(place: Place, request: web.Request) -> bytes:
    """Return the body once its signature fits. Raises Problem 401, 413."""
    header = request.headers.get(signatures.HEADER, "")
    largest = place.settings.max_body_mb << 20
    too_large = Problem(413, "too_large", f"a body of at most {largest} bytes is read; larger files go by their url")
    if not header:
        raise _refused("no_signature")
    if (request.content_length or 0) > largest:
        raise too_large
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > largest:
            raise too_large
    raw = bytes(body)
    fault = signatures.fault(place.secret, header, raw, time.time())
    if fault is not None:
        raise _refused(fault)
    return raw


def _refused(code: str) -> Problem:
    return Problem(401, code, _WORDS[code], (), {"WWW-Authenticate": "Mostik-Signature"})


def _event(raw: bytes) -> Kept | Typing:
    try:
        body: Any = json.loads(raw)
    except (ValueError, RecursionError):
        raise Problem(400, "bad_json", "the body is no JSON in UTF-8") from None
    if not isinstance(body, dict):
        raise invalid(("body", "no_object"))
    shape = shape_of(body)
    if shape is None:
        raise invalid(("type", "unknown_value"))
    try:
        return shape.model_validate(body)
    except ValidationError as error:
        raise of_validation(error) from None


async def _kept(place: Place, event: Kept) -> dict[str, Any]:
    """Make an event durable; returns what the program is told of it."""
    chat, accept = ChatId(event.customer.id), place.accept
    assert accept is not None
    more = await _about(place, chat, event)
    found = await _files(place, chat, event) if isinstance(event, Message) else ()
    at = event.at or place.bridge.clock.now()
    key = facts.key_of(event.type, chat, event.external_id)
    known = bool(await place.bridge.store.updates.known(place.name, [key]))
    body = facts.written(event, at, place.settings.vouches, found, **more)
    await accept(place.name, Raw(key, in_lane(place.name, chat), place.next_order(), body))
    told: dict[str, Any] = {"known": known}
    if isinstance(event, Message) and event.author == "customer":
        told["message_id"] = word_id(place.name, chat, event.external_id)
    return told


async def _about(place: Place, chat: ChatId, event: Kept) -> dict[str, str]:
    """Return the fields that name other messages as the history knows them: a program may name ours by our ids."""
    more: dict[str, str] = {}
    for name in ("message_id", "reply_to"):
        given = getattr(event, name, None)
        line = await _line(place, chat, given) if given else None
        external = (line.delivery.external_id if line.delivery else line.external_id) if line else None
        if external:
            more[name] = external
        if isinstance(event, Press) and name == "message_id":
            more["label"] = _label(event, line)
    return more


def _label(press: Press, line: Line | None) -> str:
    """Return what stands on a button, as the program says it where it names our word by an id of its own."""
    if line is None:
        return press.text or press.data
    label = next((choice.text for choice in line.choices if choice.data == press.data), None)
    if label is None:
        raise invalid(("data", "unknown_value"))
    return label


async def _line(place: Place, chat: ChatId, id: str) -> Line | None:
    """Return the line of this chat that has an id of ours."""
    found = await place.bridge.store.messages.find(MessageId(id)) if len(id) <= 64 and id.isalnum() else None
    return found if found is not None and (found.channel, found.chat) == (place.name, chat) else None


async def _files(place: Place, chat: ChatId, event: Message) -> Sequence[Remote]:
    for number, file in enumerate(event.attachments):
        if file.url and not is_allowed(place.settings, file.url):
            raise invalid((f"attachments.{number}.url", "address_not_allowed"))
    return [await _file(place, chat, event, number, file) for number, file in enumerate(event.attachments)]


async def _file(place: Place, chat: ChatId, event: Message, number: int, file: File) -> Remote:
    """Return a file as the inbox names it; one that stands in the call is kept before, under an id that follows.

    One that cannot be kept leaves its place with the reason: the words it came with go on.
    """
    name, kind = file.name or name_of(file.url), file.kind or kind_of(file.url, file.name, file.mime)
    if file.url:
        return Remote(file.url, kind, name, file.mime)
    body = file.bytes()
    try:
        stored = await files.take(
            place.bridge,
            _pieces(body),
            name=name,
            mime=file.mime,
            by=_owner(place, chat, event),
            id=FileId(derive("file", place.name, chat, event.external_id, number)),
            kind=file.kind or None,
        )
    except Invalid as refusal:
        return Remote(f"{REFUSED}{refusal.errors[0][1]}", kind, name, file.mime, len(body))
    return Remote(f"{files.STORED}{stored.id}", stored.kind, stored.name, stored.mime, stored.size)


def _owner(place: Place, chat: ChatId, event: Message) -> str:
    """Return whose a file is, as bridge.files and bridge.changes.answered name them."""
    if event.author == "operator":
        return f"operator:{place.name}:{event.operator.id if event.operator else ANONYMOUS}"
    return f"chat:{place.name}:{chat}"


async def _pieces(body: bytes) -> Any:
    yield body


async def _typing(place: Place, chat: ChatId) -> None:
    known = await place.bridge.store.people.chat(place.name, chat)
    if known is not None and known.conversation is not None:
        await writing.customer(place.bridge, known.conversation, place.name, chat)
