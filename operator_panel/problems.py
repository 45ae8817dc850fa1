"""Refusals as RFC 9457 problems: one funnel from the hall's errors to status, code and words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from bridge.errors import BridgeError, Conflict, Forbidden, Invalid, NotFound, RetryLater, StoreDown

MEDIA_TYPE = "application/problem+json"


@dataclass(slots=True, eq=False)
class Problem(Exception):
    """An answer that is a refusal; `errors` are (field, code) pairs, `more` further members."""

    status: int
    code: str
    detail: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def response(self) -> web.Response:
        """Return it as RFC 9457 says, with the contract's code and field errors."""
        title = HTTPStatus(self.status).phrase
        body: dict[str, Any] = {"type": "about:blank", "title": title, "status": self.status, "code": self.code}
        body["detail"] = self.detail or title
        if self.errors:
            body["errors"] = [{"field": name, "code": code} for name, code in self.errors]
        body.update(self.more)
        return web.Response(
            text=json.dumps(body, ensure_ascii=False), status=self.status, content_type=MEDIA_TYPE, headers=self.headers
        )


def of(error: BridgeError) -> Problem:
    """Return the problem an error of the hall is."""
    detail = str(error)
    match error:
        case Conflict(code="key_reused"):
            return Problem(422, "key_reused", detail)
        case Conflict():
            return Problem(409, error.code, detail)
        case NotFound():
            return Problem(404, "not_found", detail)
        case Forbidden():
            return Problem(403, "forbidden", detail)
        case Invalid():
            return Problem(422, "invalid", detail, error.errors)
        case RetryLater():
            return Problem(429, "retry_later", error.reason, headers={"Retry-After": str(max(1, ceil(error.seconds)))})
        case StoreDown():
            return Problem(503, "store_down", "the store does not answer, try again", headers={"Retry-After": "2"})
    return Problem(409, error.code, detail)


def invalid(*errors: tuple[str, str]) -> Problem:
    """Return the problem of wrong input."""
    return of(Invalid(*errors))


#: pydantic's error types in the contract's short words; what is not listed keeps pydantic's own.
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_short",
    "too_long": "too_long",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_large",
    "less_than": "too_large",
    "literal_error": "unknown_value",
    "enum": "unknown_value",
    "string_type": "no_text",
    "int_type": "no_number",
    "int_parsing": "no_number",
    "int_from_float": "no_number",
    "bool_type": "no_boolean",
    "bool_parsing": "no_boolean",
    "list_type": "no_list",
    "model_type": "no_object",
    "datetime_type": "no_time",
    "datetime_parsing": "no_time",
    "datetime_from_date_parsing": "no_time",
    "timezone_aware": "no_timezone",
    "string_pattern_mismatch": "invalid",
    "value_error": "invalid",
}


def of_validation(error: ValidationError) -> Problem:
    """Return the problem a body or a query that does not fit its model is; the values themselves stay out of it."""
    return invalid(*_fields(error.errors(include_url=False, include_input=False)))


def _fields(errors: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for error in errors:
        where = ".".join(str(part) for part in error["loc"]) or "body"
        if error["type"] == "string_too_short" and error["ctx"]["min_length"] == 1:
            yield where, "empty"
        else:
            yield where, _CODES.get(error["type"], error["type"])
