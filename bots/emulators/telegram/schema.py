"""Which methods and parameters the Bot API has, read from aiogram's method models at the first call."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache

from bots.emulators.telegram.errors import BotApiError, bad_request
from bots.emulators.telegram.params import Params

# The real server's words where a missing parameter has its own; the rest get one general sentence.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "from_chat_id": "chat_id is empty",
    "message_thread_id": "message thread identifier is not specified",
    "file_id": "file_id not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "action": "wrong parameter action in request",
}
FILES = ("photo", "document", "video", "audio", "voice", "video_note", "animation", "sticker")
# The real server counts these as given when they are empty.
MAY_BE_EMPTY = {"setwebhook": {"url"}, "sendmessagedraft": {"text"}}


@dataclass(frozen=True, slots=True)
class Signature:
    """A method's name and its parameters."""

    name: str
    known: frozenset[str]
    required: tuple[str, ...]


@lru_cache(maxsize=1)
def table() -> dict[str, Signature]:
    """Build the table of methods by lower-case name; the first call imports aiogram (seconds)."""
    from aiogram import methods

    found = {}
    for name in methods.__all__:
        model = getattr(methods, name)
        if name in ("TelegramMethod", "Request", "Response") or not hasattr(model, "__api_method__"):
            continue
        fields = {field.alias or key: field for key, field in model.model_fields.items()}
        required = tuple(key for key, field in fields.items() if field.is_required())
        api_name = str(model.__api_method__)
        found[api_name.lower()] = Signature(api_name, frozenset(fields), required)
    return found


_ready: dict[str, Signature] | None = None


async def load() -> dict[str, Signature]:
    """Return the table, built beside the event loop so that other calls go on."""
    global _ready
    if _ready is None:
        _ready = await asyncio.to_thread(table)
    return _ready


def check(signature: Signature, params: Params) -> None:
    """Refuse unknown parameters and the lack of required ones; raises BotApiError 400."""
    for name in params.values:
        if name not in signature.known:
            raise bad_request(f'unknown parameter "{name}" of {signature.name}')
    lenient = MAY_BE_EMPTY.get(signature.name.lower(), ())
    for name in signature.required:
        if name not in params.values and name not in params.files and name not in lenient:
            raise missing(name)


def missing(name: str) -> BotApiError:
    """Return the refusal for a required parameter that was not given."""
    if name in FILES:
        return bad_request(f"there is no {name.replace('_', ' ')} in the request")
    return bad_request(MISSING.get(name, f'parameter "{name}" is required'))
