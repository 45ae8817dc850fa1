"""Refusals as RFC 9457 problems, with a plain sentence in the visitor's language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

#: What every answer carries that says nothing else: nobody keeps it, it is nobody's page.
GUARDS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Refused(Exception):
    """A frame of a socket that is not taken: the phrase widget.<code> says why."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(slots=True, eq=False)
class Problem(Exception):
    """An answer that is a refusal: `code` is for programs, `words` (by default "widget.<code>") is a phrase's key."""

    status: int
    code: str
    words: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[tuple[str, str], ...] = ()

    def response(self, detail: str) -> web.Response:
        """Return it with its sentence."""
        body = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": detail,
        }
        if self.errors:
            body["errors"] = [{"field": name, "code": code} for name, code in self.errors]
        text = json.dumps(body, ensure_ascii=False)
        return web.Response(
            text=text, status=self.status, content_type="application/problem+json", headers=self.headers
        )
