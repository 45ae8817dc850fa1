"""Which pages the loader shows its button on: those `frame-ancestors` would let show the frame."""

import re

import pytest

from bots.web.page import origins_pattern


@pytest.mark.parametrize(
    ("origins", "page", "shown"),
    [
        (("https://shop.example",), "https://shop.example", True),
        (("https://shop.example",), "https://www.shop.example", False),
        (("https://shop.example",), "http://shop.example", False),
        (("http://shop.example",), "https://shop.example", True),
        (("https://shop.example",), "https://shopxexample", False),
        (("https://shop.example",), "https://shop.example.evil.example", False),
        (("https://shop.example",), "https://shop.example:8443", False),
        (("https://*.shop.example:8443",), "https://a.b.shop.example:8443", True),
        (("https://*.shop.example",), "https://shop.example", False),
        (("https://a.example", "http://[::1]:8080"), "http://[::1]:8080", True),
        (("https://a.example",), "null", False),
    ],
)
def test_a_page_is_shown_the_button_as_the_settings_say(origins: tuple[str, ...], page: str, shown: bool) -> None:
    assert bool(re.search(origins_pattern(origins), page)) is shown


def test_without_origins_any_page_is() -> None:
    assert origins_pattern(()) == ""
