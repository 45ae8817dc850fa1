"""Reading the parameters of a call: query, form, multipart or JSON, values as text or as JSON."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bots.emulators.samples import Upload as Upload
from bots.emulators.telegram.errors import BotApiError, Json, bad_request

MAX_UPLOAD = 52 * 1024 * 1024


@dataclass(slots=True)
class Params:
    """The parameters of one call by name; `files` are uploads by the name of their part."""

    values: Json = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as text."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a parameter as a number; raises BotApiError 400 when it is none."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f'invalid parameter "{name}": integer expected') from None

    def number(self, name: str) -> float | None:
        """Return a parameter as a decimal number, None when it was not given."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return float(value)
        except (TypeError, ValueError):
            raise bad_request(f'invalid parameter "{name}": number expected') from None

    def flag(self, name: str) -> bool:
        """Return a parameter as yes or no."""
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def json(self, name: str, what: str | None = None) -> Any:
        """Return a parameter that holds JSON, None when it was not given; `what` names it in the refusal."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what or name.replace('_', ' ')} JSON object") from None

    def objects(self, name: str) -> list[Json]:
        """Return a parameter that holds a JSON list of objects, empty when it was not given."""
        value = self.json(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: expected an array of objects")
        return value

    def raw(self) -> Json:
        """Return what was sent, for the journal; files as name, size and sha256."""
        if not self.files:
            return self.values
        shown = {
            name: {"name": up.name, "size": len(up.content), "sha256": hashlib.sha256(up.content).hexdigest()}
            for name, up in self.files.items()
        }
        return {**self.values, **shown}


async def read(request: web.BaseRequest) -> Params:
    """Read the parameters of a request; raises BotApiError 400 or 413."""
    params = Params(dict(request.query))
    if request.method != "POST" or not request.body_exists:
        return params
    kind = request.content_type
    try:
        if kind == "multipart/form-data":
            await _multipart(request, params)
        else:
            body = await request.clone(client_max_size=MAX_UPLOAD).read()
            params.values.update(_flat(kind, body))
    except web.HTTPRequestEntityTooLarge:
        raise BotApiError(413, "Request Entity Too Large") from None
    return params


def _flat(kind: str, body: bytes) -> Json:
    if kind == "application/json":
        try:
            given = json.loads(body) if body.strip() else {}
        except ValueError:
            raise bad_request("can't parse request body as JSON") from None
        if not isinstance(given, dict):
            raise bad_request("can't parse request body as JSON: object expected")
        return {name: value for name, value in given.items() if value is not None}
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        raise bad_request("strings must be encoded in UTF-8") from None


async def _multipart(request: web.BaseRequest, params: Params) -> None:
    form = await request.clone(client_max_size=MAX_UPLOAD).post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file as content:
                params.files[name] = Upload(value.filename, value.content_type, content.read())
        elif isinstance(value, str):
            params.values[name] = value
        else:
            params.files[name] = Upload(name, "application/octet-stream", bytes(value))
