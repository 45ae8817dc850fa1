"""The OpenAPI words for the call that is no panel's: programs at custom channels, which sign instead of logging in."""

from typing import Any

_ID = {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 200}, {"type": "integer"}]}
_WORD = {"type": "string", "maxLength": 255}
_PERSON = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": _ID, "name": _WORD, "email": _WORD, "phone": _WORD, "language": _WORD},
    "additionalProperties": False,
}
_COLLEAGUE = {"type": "object", "properties": {"id": _ID, "name": _WORD}, "additionalProperties": False}
_FILE = {
    "type": "object",
    "description": "By its address, or in the call itself as base64",
    "properties": {
        "url": {"type": "string", "format": "uri"},
        "data": {"type": "string", "contentEncoding": "base64"},
        "name": _WORD,
        "mime": _WORD,
        "kind": _WORD,
    },
    "additionalProperties": False,
}
_TYPES = ["message", "edit", "delete", "reaction", "read", "press", "blocked", "unblocked", "typing"]
_EVENT = {
    "type": "object",
    "required": ["customer"],
    "description": "What happened; which fields go with which type says docs/custom.md",
    "properties": {
        "type": {"enum": _TYPES, "default": "message"},
        "external_id": {**_ID, "description": "The program's id of this call: the same again does nothing"},
        "customer": _PERSON,
        "at": {"type": "string", "format": "date-time"},
        "text": {"type": "string", "maxLength": 20_000},
        "attachments": {"type": "array", "maxItems": 10, "items": _FILE},
        "author": {"enum": ["customer", "operator"], "default": "customer"},
        "operator": _COLLEAGUE,
        "reply_to": _ID,
        "forwarded": _WORD,
        "message_id": _ID,
        "emoji": {"type": "string", "maxLength": 32},
        "data": {"type": "string", "maxLength": 64},
    },
    "additionalProperties": False,
}
_TAKEN = {"type": "object", "properties": {"known": {"type": "boolean"}, "message_id": {"type": "string"}}}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_REFUSALS = {
    "400": "The body is no JSON",
    "401": "No signature, a wrong one or one out of time",
    "404": "No custom channel has this name",
    "413": "The body is too large",
    "422": "A field is wrong",
    "503": "It cannot be kept now",
}

SCHEME = {"signature": {"type": "apiKey", "in": "header", "name": "X-Mostik-Signature"}}
PATHS: dict[str, dict[str, Any]] = {
    "/channels/{name}/inbound": {
        "post": {
            "operationId": "channel_inbound",
            "tags": ["channels"],
            "summary": "Tell what happened in a program at a custom channel",
            "security": [{"signature": []}],
            "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": _EVENT}}},
            "responses": {
                "200": {
                    "description": "It is kept, now or before",
                    "content": {"application/json": {"schema": _TAKEN}},
                },
                **{code: {"description": words, "content": _PROBLEM} for code, words in _REFUSALS.items()},
            },
        }
    }
}
