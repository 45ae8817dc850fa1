"""VK's codes, its network and its library into the hall's few errors."""

from types import SimpleNamespace

import aiohttp
import pytest
import requests
import vk_api

from bots.vk.errors import Refused, doubtful, funnel, refusal, translated
from bridge.errors import BridgeError, ChannelBroken, NotFound, OutcomeUnknown, Rejected, RetryLater, Unreachable


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        (1, RetryLater, "server"),
        (6, RetryLater, "flood"),
        (9, RetryLater, "flood"),
        (10, RetryLater, "server"),
        (14, RetryLater, "captcha"),
        (29, RetryLater, "daily_limit"),
        (18, Unreachable, "deactivated"),
        (900, Unreachable, "blacklisted"),
        (901, Unreachable, "messages_denied"),
        (902, Unreachable, "privacy"),
        (936, Unreachable, "chat_not_found"),
        (5, ChannelBroken, "unauthorized"),
        (17, ChannelBroken, "validation"),
        (27, ChannelBroken, "unauthorized"),
        (104, NotFound, "message_gone"),
        (15, Rejected, "no_rights"),
        (909, Rejected, "edit_too_old"),
        (911, Rejected, "bad_keyboard"),
        (914, Rejected, "too_long"),
        (924, Rejected, "delete_too_old"),
    ],
)
def test_what_a_code_means(code: int, kind: type[BridgeError], reason: str) -> None:
    error = refusal(code, "words of VK")
    assert isinstance(error, kind)
    assert str(error) == reason


def test_a_code_nobody_knows_says_what_vk_said() -> None:
    error = refusal(100, "One of the parameters is wrong: message")
    assert isinstance(error, Refused)
    assert (error.vk, error.reason) == (100, "VK 100: One of the parameters is wrong: message")


def test_minutes_are_waited_for_where_vk_means_minutes() -> None:
    seconds = {code: error.seconds for code in (6, 9, 29) if isinstance(error := refusal(code, ""), RetryLater)}
    assert seconds[6] < 1 < 30 < seconds[9] < seconds[29]


@pytest.mark.parametrize(
    "fault",
    [
        TimeoutError(),
        ConnectionResetError(),
        aiohttp.ServerDisconnectedError(),
        requests.ReadTimeout("https://api.vk.ru/?access_token=hush"),
        ValueError("<html>"),
        vk_api.ApiHttpError(None, "m", {}, False, None),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_nothing_is_in_doubt_for_doing_it_again_is_harmless(fault: Exception) -> None:
    async def call() -> None:
        raise fault

    with pytest.raises(RetryLater) as caught:
        await funnel(call)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_only_a_word_says_that_it_may_be_there_and_only_when_the_line_stood() -> None:
    async def broken() -> None:
        raise aiohttp.ServerDisconnectedError

    async def refused() -> None:
        raise aiohttp.ClientConnectorError(SimpleNamespace(), OSError(111, "refused"))  # type: ignore[arg-type]

    with pytest.raises(OutcomeUnknown):
        await doubtful(funnel(broken))
    with pytest.raises(RetryLater):
        await doubtful(funnel(refused))


async def test_a_fault_of_our_own_stays_one() -> None:
    async def call() -> None:
        raise ZeroDivisionError

    assert translated(ZeroDivisionError()) is None
    with pytest.raises(ZeroDivisionError):
        await funnel(call)


def test_errors_of_vk_api_are_told_by_their_code() -> None:
    error = vk_api.ApiError(None, "messages.send", {}, False, {"error_code": 901, "error_msg": "no permission"})
    found = translated(error)
    assert isinstance(found, Unreachable)
