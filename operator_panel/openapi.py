"""The OpenAPI 3.1 document, made from the route table and the models: nothing is written twice."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from operator_panel.api.shapes import ProblemBody
from operator_panel.signature import Route, Signature

_REF = "#/components/schemas/{model}"
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_WORDS = {
    "400": "The body is no JSON",
    "401": "No or an unknown proof of who calls",
    "403": "The caller's role does not allow it",
    "404": "There is no such thing",
    "409": "Somebody else was first",
    "413": "The body is too large",
    "422": "A field is wrong, or the idempotency key was used for another request",
    "503": "The store does not answer",
}


def document(routes: Sequence[Route], version: str) -> dict[str, Any]:
    """Return the whole document."""
    known = [(route, Signature.of(route)) for route in routes]
    answers, schemas = _schemas([signature for _, signature in known])
    paths: dict[str, dict[str, Any]] = {}
    for route, signature in known:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, signature, answers)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mostik",
            "version": version,
            "summary": "Conversations with customers of all messengers, and the knowledge base that answers them",
            "description": "Lists answer `items` and `next`; times are ISO 8601 in UTC; ids are opaque. "
            "Refusals are RFC 9457 problems with a `code` for programs.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "mostik_session"},
            },
        },
    }


def _schemas(signatures: Iterable[Signature]) -> tuple[dict[int, Any], dict[str, Any]]:
    """Return the answers' schemas by the adapter's identity, and the components they refer to."""
    known = list(signatures)
    inputs: list[tuple[int, JsonSchemaMode, TypeAdapter[Any]]] = []
    for signature in known:
        if signature.adapter is not None:
            inputs.append((id(signature.adapter), "serialization", signature.adapter))
    refs, answers = TypeAdapter.json_schemas(inputs, ref_template=_REF)
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (signature.body, "validation") for signature in known if signature.body is not None
    ]
    _, bodies = models_json_schema([*models, (ProblemBody, "serialization")], ref_template=_REF)
    components = {**answers.get("$defs", {}), **bodies.get("$defs", {})}
    components["Problem"] = components.pop("ProblemBody")
    return {key: schema for (key, _), schema in refs.items()}, dict(sorted(components.items()))


def _operation(route: Route, signature: Signature, answers: dict[int, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "tags": [route.path.split("/")[1]],
        "summary": signature.summary,
        "responses": {**_success(route, signature, answers), **_refusals(route, signature)},
    }
    if parameters := [*_path(signature), *_query(signature), *_headers(route)]:
        operation["parameters"] = parameters
    if route.takes_file:
        form = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    if signature.body is not None:
        schema = {"$ref": _REF.format(model=signature.body.__name__)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _success(route: Route, signature: Signature, answers: dict[int, Any]) -> dict[str, Any]:
    if signature.streams:
        words = "Events until one side ends" if route.sends == "text/event-stream" else "The bytes, or a range of them"
        return {str(route.status): {"description": words, "content": {route.sends: {"schema": {}}}}}
    if signature.adapter is None:
        return {str(route.status): {"description": "Done"}}
    schema = answers[id(signature.adapter)]
    return {str(route.status): {"description": "Done", "content": {"application/json": {"schema": schema}}}}


def _refusals(route: Route, signature: Signature) -> dict[str, Any]:
    codes = ["401", "403", "503"]
    if signature.path_names:
        codes.append("404")
    if signature.body is not None or route.takes_file:
        codes += ["400", "413"]
    if route.method != "GET":
        codes.append("409")
    if route.method != "GET" or signature.query is not None:
        codes.append("422")
    return {code: {"description": _WORDS[code], "content": _PROBLEM} for code in sorted(codes)}


def _path(signature: Signature) -> Iterable[dict[str, Any]]:
    for name in signature.path_names:
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query(signature: Signature) -> Iterable[dict[str, Any]]:
    if signature.query is None:
        return
    schema = signature.query.model_json_schema(ref_template=_REF)
    defs = schema.get("$defs", {})
    for name, each in schema["properties"].items():
        yield {"name": name, "in": "query", "required": False, "schema": _inlined(each, defs)}


def _inlined(schema: Any, defs: dict[str, Any]) -> Any:
    """Put referred schemas in their place: a parameter's enum needs no name of its own."""
    match schema:
        case {"$ref": str(ref)}:
            return _inlined(defs[ref.rpartition("/")[2]], defs)
        case dict():
            return {key: _inlined(value, defs) for key, value in schema.items()}
        case list():
            return [_inlined(each, defs) for each in schema]
    return schema


def _headers(route: Route) -> Iterable[dict[str, Any]]:
    if route.method == "POST":
        yield _header("Idempotency-Key", "The same key within 24 hours is the same request: it is done once")
    if route.method in ("PATCH", "PUT", "DELETE", "POST") and "{id}" in route.path:
        yield _header("If-Match", "Do it only at this version")
    if route.path == "/files/{id}":
        yield _header("Range", "One range of bytes, answered by 206")
    if route.path == "/events":
        yield _header("Last-Event-ID", "Resume after this event")


def _header(name: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": words, "schema": {"type": "string"}}
