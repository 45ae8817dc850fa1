"""Which words a page starts without: those that only its late parts say."""

import json

from operator_panel.i18n import Texts
from operator_panel.late_words import late_keys, late_words
from operator_panel.office import _groups, _pages
from operator_panel.options import HERE

#: Bytes of one script that comes on demand, packed.
HEAVIEST = 15 * 1024
KEYS = ("ui.a.one_thing", "ui.a.other", "ui.b.made", "ui.c.n.one", "ui.c.n.few", "ui.d.unsaid")


def test_words_of_late_parts_alone_come_late() -> None:
    late = "t('ui.a.one_thing') + t(`ui.b.${name}`) + t('ui.c.n', {n})"
    assert late_keys(KEYS, "", late) == {"ui.a.one_thing", "ui.b.made", "ui.c.n.one", "ui.c.n.few"}


def test_what_the_page_itself_may_say_comes_with_it() -> None:
    late = "t('ui.a.one_thing') + t('ui.a.other') + t('ui.b.made') + t('ui.c.n', {n})"
    first = """t(`ui.a.${kind}`) + t("ui.b.made") + t('ui.c.n', {n: 1})"""
    assert late_keys(KEYS, first, late) == set()


def test_the_inbox_says_nothing_at_first_that_comes_late() -> None:
    statics, _, inbox = _pages(HERE)
    texts = Texts.load(HERE / "locale")
    groups = _groups(statics, inbox)
    late = late_words(statics, texts, "js/inbox/tried", groups, {"rest": {100: "/a.css", 130: "/b.css"}})
    assert len(late.keys) > 50
    assert not [key for key in late.keys if f"'{key}'" in inbox.first]
    words = {group: set(json.loads(statics.text(f"js/inbox/tried.{group}.ru.json"))) for group in ("soon", "rest")}
    assert "ui.suggestions.none" in words["soon"]
    assert "ui.lightbox.title" in words["rest"] or "ui.session.wrong" in words["rest"]
    assert not words["soon"] & words["rest"]
    assert words["soon"] | words["rest"] == late.keys
    assert late.urls("en", 100)["rest"]["sheet"] == "/a.css"
    assert late.urls("en", 130)["rest"]["sheet"] == "/b.css"


def test_no_part_that_comes_on_demand_is_heavy() -> None:
    statics, _, inbox = _pages(HERE)
    assert set(inbox.places) == set(inbox.late)
    assets = [statics.get(place) for place in inbox.places.values()]
    weights = {asset.path: len(asset.packed or asset.body) for asset in assets if asset}
    assert set(weights) == set(inbox.places.values())
    assert {path: weight for path, weight in weights.items() if weight > HEAVIEST} == {}
