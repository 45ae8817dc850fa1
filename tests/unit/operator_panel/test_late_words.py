"""Which words a page starts without: those that only its late parts say."""

from operator_panel.i18n import Texts
from operator_panel.late_words import late_keys
from operator_panel.office import _pages
from operator_panel.options import HERE

KEYS = ("ui.a.one_thing", "ui.a.other", "ui.b.made", "ui.c.n.one", "ui.c.n.few", "ui.d.unsaid")


def test_words_of_late_parts_alone_come_late() -> None:
    late = "t('ui.a.one_thing') + t(`ui.b.${name}`) + t('ui.c.n', {n})"
    assert late_keys(KEYS, "", late) == {"ui.a.one_thing", "ui.b.made", "ui.c.n.one", "ui.c.n.few"}


def test_what_the_page_itself_may_say_comes_with_it() -> None:
    late = "t('ui.a.one_thing') + t('ui.a.other') + t('ui.b.made') + t('ui.c.n', {n})"
    first = """t(`ui.a.${kind}`) + t("ui.b.made") + t('ui.c.n', {n: 1})"""
    assert late_keys(KEYS, first, late) == set()


def test_the_inbox_says_nothing_at_first_that_comes_late() -> None:
    _, _, inbox = _pages(HERE)
    keys = Texts.load(HERE / "locale").strings("ru", "ui.")
    late = late_keys(keys, inbox.first, inbox.late)
    assert len(late) > 50
    assert not [key for key in late if f"'{key}'" in inbox.first]
