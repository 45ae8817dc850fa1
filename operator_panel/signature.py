"""What a handler's signature says: the signature is the documentation, and the checks."""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_type_hints

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from bridge.model.credentials import Area
from operator_panel.reading import LARGEST

_PATH_NAME = re.compile(r"{(\w+)}")

#: What a path is about, by its first part; what is not listed is about the staff. Who one is any token may ask.
_AREAS: dict[str, Area | None] = {
    **dict.fromkeys(("conversations", "messages", "files", "events", "views", "search"), Area.CONVERSATIONS),
    **dict.fromkeys(("canned", "macros", "tasks", "stars", "notifications"), Area.CONVERSATIONS),
    "customers": Area.CUSTOMERS,
    **dict.fromkeys(("articles", "kb"), Area.KNOWLEDGE),
    "channels": Area.CHANNELS,
    "webhooks": Area.WEBHOOKS,
    "me": None,
}
#: Questions that are asked by POST and change nothing.
_ONLY_READ = frozenset({"/kb/match"})

Handler = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the route table; API paths stand below /api/v1.

    `sends` is the media type of what a handler that answers a stream sends; `takes_file`: its body is a form with a
    file, which the handler reads itself; `largest` is how many bytes of a body are read; `secret`: its answer shows
    what is shown once, and is kept nowhere, not even for a repeated request.
    """

    method: str
    path: str
    handler: Handler
    status: int = 200
    sends: str = "text/event-stream"
    takes_file: bool = False
    largest: int = LARGEST
    secret: bool = False

    @property
    def scope(self) -> str:
        """What a token with scopes needs for it (bridge.model.credentials); empty: nothing."""
        area = _AREAS.get(self.path.split("/")[1], Area.STAFF)
        reads = self.method == "GET" or self.path in _ONLY_READ
        return "" if area is None and reads else f"{area or Area.CONVERSATIONS}:{'read' if reads else 'write'}"


@dataclass(frozen=True, slots=True)
class Signature:
    """A handler's parts: names in its path, models of `query` and `body`, and what it answers (None: nothing)."""

    path_names: tuple[str, ...]
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    answer: Any
    summary: str
    streams: bool = False
    adapter: TypeAdapter[Any] | None = field(default=None, repr=False)

    @classmethod
    @cache
    def of(cls, route: Route) -> "Signature":
        """Read the signature of a route's handler, once; raises TypeError when it does not fit the path."""
        hints = get_type_hints(route.handler)
        names = tuple(_PATH_NAME.findall(route.path))
        asked = [name for name in inspect.signature(route.handler).parameters if name != "call"]
        if sorted(asked) != sorted([*names, *(name for name in ("query", "body") if name in hints)]):
            raise TypeError(f"{route.method} {route.path}: the handler asks for {asked}")
        answer = hints.get("return")
        if answer is type(None):
            answer = None
        streams = isinstance(answer, type) and issubclass(answer, web.StreamResponse)
        return cls(
            names,
            hints.get("query"),
            hints.get("body"),
            answer,
            (inspect.getdoc(route.handler) or "").partition("\n")[0].rstrip("."),
            streams,
            None if answer is None or streams else TypeAdapter(answer),
        )

    def written(self, answer: object) -> str:
        """Return an answer's JSON text, empty when there is none."""
        return "" if self.adapter is None else self.adapter.dump_json(answer).decode()
