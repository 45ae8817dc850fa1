"""Small pieces of the page, tested where they run: links in hostile text, plurals, keys, waits."""

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Js = Callable[[str], Any]


HOSTILE = '<img src=x onerror=alert(1)> javascript:alert(1) https://shop.example/a?b=1&c=(d). "https://x.example"'


def test_text_stays_text_and_only_web_addresses_become_links(js: Js) -> None:
    got = js(
        f"""const place = document.createElement('p');
        render(dom.linkify({json.dumps(HOSTILE)}), place);
        const links = [...place.querySelectorAll('a')];
        return [place.textContent, place.querySelectorAll('img').length, links.map((link) => link.href),
          links[0].rel]""",
    )
    assert got == [
        HOSTILE,
        0,
        ["https://shop.example/a?b=1&c=(d)", "https://x.example/"],
        "noopener noreferrer",
    ]


def test_words_take_the_plural_of_their_language(js: Js) -> None:
    got = js(
        """i18n.setWords({'x.one': '{n} день', 'x.few': '{n} дня', 'x.many': '{n} дней', 'y': '{a} и {b}'}, 'ru');
        const counted = [1, 2, 5, 21].map((n) => i18n.t('x', {n}));
        return [...counted, i18n.t('y', {a: 1}), i18n.t('z'), i18n.rich('y', {a: 'A', b: 'B'}).join('|')]""",
    )
    assert got == ["1 день", "2 дня", "5 дней", "21 день", "1 и {b}", "z", "|A| и |B|"]


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ({"code": "KeyJ", "key": "j"}, "j"),
        ({"code": "KeyJ", "key": "о"}, "j"),
        ({"code": "KeyC", "key": "j"}, "j"),
        ({"code": "KeyE", "key": "У", "shiftKey": True}, "shift+e"),
        ({"code": "Digit1", "key": "¡", "altKey": True}, "alt+1"),
        ({"code": "Slash", "key": "."}, "/"),
        ({"code": "Digit7", "key": "?", "shiftKey": True}, "?"),
        ({"code": "Enter", "key": "Enter", "metaKey": True}, "ctrl+enter"),
        ({"code": "BracketRight", "key": "ъ"}, "]"),
    ],
    ids=[
        "Latin",
        "Russian",
        "Dvorak",
        "Russian shift",
        "Option on a Mac",
        "Russian slash",
        "question mark",
        "Mac",
        "bracket",
    ],
)
def test_keys_are_known_by_their_place(js: Js, event: dict[str, Any], name: str) -> None:
    assert js(f"return keyName(new KeyboardEvent('keydown', {json.dumps(event)}))") == name


def test_short_words_for_people_and_waits(js: Js) -> None:
    got = js(
        """return [format.initials('Анна Ковалёва'), format.initials('Гость · Казань'), format.initials('😀'),
          ...[14, 15, 30].map((minutes) => format.waitLevel(minutes, {warn: 15, late: 30})),
          format.hue('abc', 7) === format.hue('abc', 7)]""",
    )
    assert got == ["АК", "ГК", "?", "ok", "warn", "late", True]
