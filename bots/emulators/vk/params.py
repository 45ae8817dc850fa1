"""Reading the parameters of a call: query, form, multipart or JSON, every value as text."""

import json
import mimetypes
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bots.emulators.control import Json
from bots.emulators.samples import Upload
from bots.emulators.vk.errors import VkError, wrong

MAX_UPLOAD = 210 << 20
HIDDEN = ("access_token",)
PLAIN_BYTES = "application/octet-stream"


@dataclass(slots=True)
class Params:
    """The parameters of one call by name."""

    values: Json = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as text; lists become words between commas."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        if isinstance(value, list):
            return ",".join(str(item) for item in value)
        return json.dumps(value, ensure_ascii=False)

    def has(self, name: str) -> bool:
        """Tell whether a parameter was given and is not empty."""
        return self.text(name).strip() != ""

    def integer(self, name: str, default: int = 0) -> int:
        """Return a parameter as a number; raises VkError 100 when it is none."""
        if not self.has(name):
            return default
        try:
            return int(self.text(name))
        except ValueError:
            raise wrong(f"{name} should be integer") from None

    def needed(self, name: str) -> int:
        """Return a number that has to be there; raises VkError 100."""
        if not self.has(name):
            raise wrong(f"{name} is undefined")
        return self.integer(name)

    def words(self, name: str) -> list[str]:
        """Return the words between a parameter's commas."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def integers(self, name: str) -> list[int]:
        """Return the numbers between a parameter's commas; raises VkError 100."""
        try:
            return [int(word) for word in self.words(name)]
        except ValueError:
            raise wrong(f"{name} should be a list of integers") from None

    def flag(self, name: str) -> bool:
        """Return a parameter as yes or no: VK takes 1 for yes, and Python's True by mistake is no."""
        return self.text(name) in ("1", "true")

    def json(self, name: str) -> Any:
        """Return a parameter that holds JSON, None when it was not given; raises VkError 100."""
        if not self.has(name):
            return None
        try:
            return json.loads(self.text(name))
        except ValueError:
            raise wrong(f"{name} is not a valid JSON") from None

    def shown(self) -> Json:
        """Return what was sent, for the journal: without the token."""
        return {name: value for name, value in self.values.items() if name not in HIDDEN}

    def echoed(self) -> list[Json]:
        """Return what was sent as an error shows it (request_params)."""
        return [{"key": name, "value": self.text(name)} for name in self.values if name not in HIDDEN]


async def read(request: web.Request) -> Params:
    """Read the parameters of a request; raises VkError 8 or 100."""
    params = Params(dict(request.query))
    token = request.headers.get("Authorization", "")
    if token.startswith("Bearer "):
        params.values.setdefault("access_token", token.removeprefix("Bearer ").strip())
    if request.method != "POST" or not request.body_exists:
        return params
    kind = request.content_type
    try:
        if kind == "multipart/form-data":
            form = await request.clone(client_max_size=MAX_UPLOAD).post()
            params.values.update({name: value for name, value in form.items() if isinstance(value, str)})
        else:
            body = await request.clone(client_max_size=MAX_UPLOAD).read()
            params.values.update(_flat(kind, body))
    except web.HTTPRequestEntityTooLarge:
        raise VkError(8, "request is too large") from None
    return params


def _flat(kind: str, body: bytes) -> Json:
    try:
        if kind == "application/json":
            given = json.loads(body) if body.strip() else {}
            return given if isinstance(given, dict) else {}
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        raise VkError(8, "the body could not be read") from None


async def uploads(request: web.Request) -> dict[str, Upload]:
    """Return the files of a multipart request by the names of their parts."""
    if request.content_type != "multipart/form-data":
        return {}
    found = {}
    form = await request.clone(client_max_size=MAX_UPLOAD).post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file as content:
                found[name] = Upload(value.filename, _kind(value), content.read())
    return found


def _kind(file: web.FileField) -> str:
    """Return a file's MIME type: as its part says, else by its name, for few programs say any."""
    told = file.content_type
    return (mimetypes.guess_type(file.filename)[0] if told in ("", PLAIN_BYTES) else None) or told or PLAIN_BYTES
