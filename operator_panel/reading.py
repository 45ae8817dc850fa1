"""Reads what a request carries: its body, its query, its preconditions."""

from collections.abc import Mapping
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from operator_panel.problems import Problem, invalid, of_validation

M = TypeVar("M", bound=BaseModel)

#: No call of the API needs more.
LARGEST = 1_000_000


async def raw_body(request: web.Request, largest: int = LARGEST) -> bytes:
    """Return the body; raises Problem 413 as soon as it is known to be too large."""
    too_large = Problem(413, "too_large", f"a body of at most {largest} bytes is read")
    if (request.content_length or 0) > largest:
        raise too_large
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > largest:
            raise too_large
    return bytes(body)


def body_of(model: type[M], raw: bytes) -> M:
    """Return the body as its model, an empty body as an empty object; raises Problem 400 or 422."""
    try:
        return model.model_validate_json(raw if raw.strip() else b"{}", strict=True)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
            raise Problem(400, "bad_json", "the body is no JSON in UTF-8") from None
        raise of_validation(error) from None


def query_of(model: type[M], query: Mapping[str, str]) -> M:
    """Return the query as its model; an empty value counts as absent. Raises Problem 422."""
    try:
        return model.model_validate({name: value for name, value in query.items() if value != ""})
    except ValidationError as error:
        raise of_validation(error) from None


def expected_version(request: web.Request) -> int | None:
    """Return the version an If-Match header names; raises Problem 422."""
    text = request.headers.get("If-Match", "").strip()
    if text in ("", "*"):
        return None
    text = text.removeprefix("W/").strip('"')
    if not text.isdecimal():
        raise invalid(("If-Match", "no_number"))
    return int(text)
