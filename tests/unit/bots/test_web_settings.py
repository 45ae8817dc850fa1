"""The table of a widget: what is a fault, and what an origin is."""

from typing import Any

import pytest

from bots.web import check
from bots.web.settings import WebSettings


@pytest.mark.parametrize(
    ("table", "key", "words"),
    [
        ({"origins": ["shop.example"]}, "origins", "is no origin"),
        ({"origins": ["https://shop.example/path"]}, "origins", "without a path"),
        ({"origins": ["https://*"]}, "origins", "is no origin"),
        ({"origins": ["https://a.example; script-src *"]}, "origins", "is no origin"),
        ({"color": "red"}, "color", "pattern"),
        ({"position": "top"}, "position", "left"),
        ({"greeting": {"de": "Hallo"}}, "greeting.de.[key]", "ru"),
        ({"required_identity": True}, "", "needs a secret"),
        ({"secrt": "x"}, "secrt", "is no known key"),
        ({"max_length": 0}, "max_length", "greater"),
    ],
)
def test_faults_are_named(table: dict[str, Any], key: str, words: str) -> None:
    ((found, fault),) = check({"kind": "web", **table})
    assert found == key
    assert words in fault


def test_a_port_browsers_leave_out_is_left_out() -> None:
    origins = ["https://shop.example:443", "http://shop.example:80", "https://shop.example:80"]
    assert WebSettings.model_validate({"origins": origins}).origins == (
        "https://shop.example",
        "http://shop.example",
        "https://shop.example:80",
    )


def test_origins_are_read_from_a_list_and_from_one_text() -> None:
    origins = ("https://shop.example", "http://127.0.0.1:8080", "https://*.kedr.example")
    assert WebSettings.model_validate({"origins": [f"{origin}/".upper() for origin in origins]}).origins == origins
    assert WebSettings.model_validate({"origins": " , ".join(origins)}).origins == origins
    assert not check({})


def test_a_host_in_russian_letters_is_what_browsers_send() -> None:
    origins = WebSettings.model_validate({"origins": ["https://магазин.рф", "https://*.Кедр.рф:8443"]}).origins
    assert origins[0] == "https://" + "магазин.рф".encode("idna").decode()
    assert all(origin.isascii() for origin in origins)
    assert origins[1].startswith("https://*.xn--")
    assert origins[1].endswith(".xn--p1ai:8443")
    assert check({"origins": ["https://" + "я" * 80 + ".рф"]})[0][0] == "origins"


def test_the_secret_is_never_shown() -> None:
    assert "hidden" not in repr(WebSettings.model_validate({"secret": "hidden"}))
    assert "hidden" not in str(check({"secret": ["hidden"]}))
