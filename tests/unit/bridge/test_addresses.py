"""Whose turns are counted: what a caller writes into his headers himself is never believed."""

import pytest

from bridge.addresses import caller, network, place_of


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ([], 0, "10.0.0.9"),
        (["1.2.3.4"], 0, "10.0.0.9"),
        (["1.2.3.4"], 1, "1.2.3.4"),
        (["6.6.6.6, 1.2.3.4"], 1, "1.2.3.4"),
        (["6.6.6.6", "1.2.3.4"], 1, "1.2.3.4"),  # the caller's own header, then the proxy's
        (["6.6.6.6, 7.7.7.7", "1.2.3.4, 10.0.0.1"], 2, "1.2.3.4"),
        (["1.2.3.4"], 2, "10.0.0.9"),
        ([" , "], 1, "10.0.0.9"),
    ],
)
def test_the_outermost_trusted_proxy_tells_who_calls(forwarded: list[str], proxies: int, expected: str) -> None:
    assert caller(forwarded, proxies, "10.0.0.9") == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_one_household_is_counted_once(address: str, expected: str) -> None:
    assert network(address) == expected


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://Shop.example:8443", "shop.example:8443"),
        ("null", ""),
        ("http://[", ""),
        ("http://[::1", ""),
        ("http://[::1]:80", "[::1]:80"),
        ("file://", ""),
    ],
)
def test_the_place_of_an_origin(origin: str, expected: str) -> None:
    assert place_of(origin) == expected
