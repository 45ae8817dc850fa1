"""`execute`: the two shapes of VKScript that bots send, no language.

`return [API.a({...}), API.b({...})];` and a loop `var ... values = [...] ... API.m(values[i]) ... return result;`, as
vk_api's VkRequestsPool and its one-parameter pool write them; up to 25 calls.
"""

import json
import re
from typing import Any

from bots.emulators.control import Json
from bots.emulators.vk.calling import result_of
from bots.emulators.vk.emulation import Call
from bots.emulators.vk.errors import VkError
from bots.emulators.vk.params import Params

MAX_CALLS = 25
CALL = re.compile(r"\s*API\.([A-Za-z]+\.[A-Za-z]+)\s*\(\s*")
VALUES = re.compile(r"\bvalues\s*=\s*")
DEFAULTS = re.compile(r"\bdef_values\s*=\s*")
LOOP = re.compile(r"\.push\(\s*API\.([A-Za-z]+\.[A-Za-z]+)\s*\(\s*(values\[i\]|def_values)\s*\)\s*\)")
CHANGED = re.compile(r"def_values\.(\w+)\s*=\s*values\[i\]")
decoder = json.JSONDecoder()


async def execute(call: Call) -> Json:
    """Do the calls of a script: {"response": [...]}, False where one failed, and `execute_errors` in their order."""
    calls = read(call.params.text("code"))
    if len(calls) > MAX_CALLS:
        raise VkError(13, "too many api calls")
    results: list[Any] = []
    errors: list[Json] = []
    for method, values in calls:
        given = {name: value for name, value in values.items() if value is not None}
        try:
            results.append(await result_of(Call(call.emu, call.group, method, Params(given), call.by_admin)))
        except VkError as error:
            results.append(False)
            errors.append({"method": method, **error.as_json()})
    return {"response": results} | ({"execute_errors": errors} if errors else {})


def read(code: str) -> list[tuple[str, Json]]:
    """Return the calls a script makes; raises VkError 12 for a script of another shape."""
    code = code.strip()
    if not code:
        raise VkError(100, "code is undefined")
    return _list(code) if code.startswith("return") else _loop(code)


def _list(code: str) -> list[tuple[str, Json]]:
    start = code.find("[")
    if start < 0 or code[len("return") : start].strip():
        raise VkError(12, "unexpected token in line 1")
    calls, at = [], start + 1
    while True:
        found = CALL.match(code, at)
        if found is None:
            break
        values, at = _json(code, found.end())
        calls.append((found.group(1), values))
        at = _skip(code, at, ")")
        if code[at : at + 1] == ",":
            at += 1
    if re.fullmatch(r"\s*\]\s*;?\s*", code[at:]) is None:
        raise VkError(12, f"unexpected token at {at}")
    return calls


def _loop(code: str) -> list[tuple[str, Json]]:
    pushed, listed = LOOP.search(code), VALUES.search(code)
    if pushed is None or listed is None:
        raise VkError(12, "unexpected token in line 1")
    method, named = pushed.groups()
    defaults = DEFAULTS.search(code)
    if defaults is not None:
        # `def_values = {...}, values = [...]`: the search for values must not stop inside the first.
        base, after = _json(code, defaults.end())
        listed = VALUES.search(code, after)
    values = _value(code, listed.end())[0] if listed is not None else None
    if not isinstance(values, list):
        raise VkError(12, "values is not an array")
    if named == "values[i]":
        return [(method, dict(one)) for one in values]
    changed = CHANGED.search(code)
    if defaults is None or changed is None:
        raise VkError(12, "unexpected token in line 1")
    return [(method, {**base, changed.group(1): one}) for one in values]


def _value(code: str, at: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(code, at)
    except ValueError:
        raise VkError(12, f"unexpected token at {at}") from None


def _json(code: str, at: int) -> tuple[Json, int]:
    if code[at : at + 1] == ")":
        return {}, at
    value, end = _value(code, at)
    if not isinstance(value, dict):
        raise VkError(12, f"an object is expected at {at}")
    return value, end


def _skip(code: str, at: int, what: str) -> int:
    while code[at : at + 1].isspace():
        at += 1
    if code[at : at + 1] != what:
        raise VkError(12, f"{what} is expected at {at}")
    at += 1
    while code[at : at + 1].isspace():
        at += 1
    return at
