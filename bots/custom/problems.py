"""Refusals as RFC 9457 problems, in words for programmers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web
from pydantic import ValidationError

#: What every answer carries: nobody keeps it, it is nobody's page.
GUARDS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(slots=True, eq=False)
class Problem(Exception):
    """An answer that is a refusal: `code` is for programs, `errors` are (field, code) pairs."""

    status: int
    code: str
    detail: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        """Return it as RFC 9457 says, with code and field errors."""
        title = HTTPStatus(self.status).phrase
        body: dict[str, object] = {"type": "about:blank", "title": title, "status": self.status, "code": self.code}
        body["detail"] = self.detail or title
        if self.errors:
            body["errors"] = [{"field": name, "code": code} for name, code in self.errors]
        return web.Response(
            text=json.dumps(body, ensure_ascii=False),
            status=self.status,
            content_type="application/problem+json",
            headers={**GUARDS, **self.headers},
        )


def invalid(*errors: tuple[str, str]) -> Problem:
    """Return the problem of fields that are wrong."""
    return Problem(422, "invalid", ", ".join(f"{name}: {code}" for name, code in errors), errors)


#: pydantic's error types in the API's short words; what is not listed keeps pydantic's own.
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown",
    "string_too_short": "empty",
    "string_too_long": "too_long",
    "too_short": "empty",
    "too_long": "too_long",
    "literal_error": "unknown_value",
    "string_type": "no_text",
    "string_pattern_mismatch": "invalid",
    "list_type": "no_list",
    "tuple_type": "no_list",
    "model_type": "no_object",
    "datetime_type": "no_time",
    "datetime_parsing": "no_time",
    "datetime_from_date_parsing": "no_time",
    "timezone_aware": "no_timezone",
}


def of_validation(error: ValidationError) -> Problem:
    """Return the problem of a body that does not fit its model; the values themselves stay out of it."""
    found = error.errors(include_url=False, include_input=False)
    return invalid(*((".".join(map(str, item["loc"])) or "body", _code(item["type"], item["msg"])) for item in found))


def _code(kind: str, words: str) -> str:
    return words.removeprefix("Value error, ") if kind == "value_error" else _CODES.get(kind, kind)
