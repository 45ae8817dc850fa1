"""Every error of the hall has its status and code."""

import json

import pytest

from bridge.errors import (
    BridgeError,
    ChannelBroken,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RetryLater,
    StoreDown,
    Unreachable,
)
from operator_panel.problems import of
from operator_panel.wire import encode, script_safe


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Conflict("taken"), 409, "taken"),
        (Conflict("crossed"), 409, "crossed"),
        (Conflict("key_reused"), 422, "key_reused"),
        (NotFound("x"), 404, "not_found"),
        (Forbidden("x"), 403, "forbidden"),
        (Invalid(("text", "empty")), 422, "invalid"),
        (RetryLater(1.2, "busy"), 429, "retry_later"),
        (StoreDown("x"), 503, "store_down"),
        (Unreachable("blocked"), 409, "unreachable"),
        (ChannelBroken("x"), 409, "channel_broken"),
        (BridgeError("x"), 409, "error"),
    ],
)
def test_errors_of_the_hall(error, status, code) -> None:
    response = of(error).response()
    assert response.status == status
    assert response.content_type == "application/problem+json"
    body = json.loads(response.text)
    assert (body["status"], body["code"], body["type"]) == (status, code, "about:blank")
    assert body["title"]
    assert body["detail"]
    if status == 422 and code == "invalid":
        assert body["errors"] == [{"field": "text", "code": "empty"}]


def test_how_long_to_wait_is_told_in_whole_seconds() -> None:
    assert of(RetryLater(1.2, "busy")).response().headers["Retry-After"] == "2"
    assert of(RetryLater(0, "busy")).response().headers["Retry-After"] == "1"


def test_nothing_closes_the_script_element() -> None:
    hostile = encode("x", text="</script><!-- & \u2028\u2029")
    safe = script_safe(hostile)
    assert not set("<>&\u2028\u2029") & set(safe)
    assert json.loads(safe) == json.loads(hostile)
