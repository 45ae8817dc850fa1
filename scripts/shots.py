"""The pages that are pictured, and what is particular about each."""

from collections.abc import Callable
from dataclasses import dataclass

import ways
from playwright.sync_api import Page
from seeded import Demo
from ways import inbox, room


@dataclass(frozen=True)
class Shot:
    """One page: its name, how to get there, and what is particular about it.

    The desk is pictured at its noon, whenever that is; a page of past days has the shop's own time. `chief`: as its
    administrator sees it. `after` puts away what the picture left behind.
    """

    name: str
    go: Callable[[Demo, Page], None]
    known: bool = True
    chief: bool = False
    sizes: tuple[str, ...] = ("wide", "narrow")
    refused: bool = False
    languages: tuple[str, ...] = ("ru",)
    shop_time: bool = False
    after: Callable[[Demo, Page], None] | None = None


BOTH = ("ru", "en")
SHOTS = (
    Shot("login", ways.login, known=False, languages=BOTH),
    Shot("inbox", inbox("mine", 0), languages=BOTH),
    Shot("list", inbox("mine"), sizes=("narrow",)),
    Shot("empty", inbox("mine"), sizes=("wide",)),
    Shot("note", inbox("mine", 0, ways.write_note)),
    Shot("bot", inbox("bot", 1)),
    Shot("closed", inbox("closed", 2), shop_time=True),
    Shot("failed", inbox("mine", 3)),
    Shot("all", inbox("all"), sizes=("wide",)),
    Shot("search", inbox("all", None, ways.search_in_vain)),
    Shot("card", inbox("mine", 0, ways.open_card), sizes=("narrow",)),
    Shot("keys", inbox("mine", 0, ways.show_keys), sizes=("wide",)),
    Shot("channels", inbox("mine", 0, ways.show_channels), sizes=("wide",)),
    Shot("palette", inbox("mine", 0, ways.open_palette), languages=BOTH),
    Shot("canned", inbox("mine", 0, ways.open_popup)),
    Shot("passing", inbox("mine", 0, ways.pass_on)),
    Shot("more", inbox("mine", 0, ways.show_more)),
    Shot("views", inbox("mine", None, ways.show_views)),
    Shot("bulk", inbox("all", None, ways.pick_rows), sizes=("wide",)),
    Shot("task", inbox("mine", 0, ways.begin_task)),
    Shot("bell", inbox("mine", 0, ways.show_bell), sizes=("wide",)),
    Shot("offline", inbox("mine", 0, ways.lose_connection), refused=True),
    Shot("tasks", room("/tasks")),
    Shot("notifications", room("/notifications")),
    Shot("starred", ways.starred),
    Shot("filters", inbox("all", None, ways.show_filters)),
    Shot("handover", inbox("mine", 0, ways.hand_over), sizes=("wide",)),
    Shot("replies", room("/settings/canned"), chief=True),
    Shot("macros", room("/settings/macros"), chief=True),
    Shot("actions", inbox("mine", 0, ways.show_actions)),
    Shot("kb", room("/kb/articles/delivery-cost"), chief=True, languages=BOTH),
    Shot("kb-list", room("/kb"), chief=True, sizes=("narrow",)),
    Shot("kb-history", room("/kb/articles/delivery-cost", ways.show_editions), chief=True),
    Shot("kb-import", room("/kb/import"), chief=True),
    Shot("kb-misses", room("/kb/misses"), chief=True),
    Shot("kb-review", room("/kb/review"), chief=True),
    Shot("kb-replies", room("/kb/replies"), chief=True),
    Shot("kb-health", room("/kb/health"), chief=True),
    Shot("customers", room("/customers"), chief=True, languages=BOTH),
    Shot("customers-import", room("/customers/import"), chief=True),
    Shot("profile", room("/settings/me"), languages=BOTH),
    Shot("people", room("/settings/people"), chief=True, languages=BOTH),
    Shot("people-invite", room("/settings/people/new"), chief=True),
    Shot("join", ways.join, known=False, languages=BOTH, after=ways.turn_away),
    Shot("team", room("/settings/teams/new"), chief=True),
    Shot("error", ways.nowhere, refused=True),
    Shot("playground", ways.playground, known=False),
    Shot("shop", ways.shop, known=False, sizes=("wide",)),
    Shot("widget-empty", ways.beginning, known=False, sizes=("narrow",)),
    Shot("widget", ways.widget, known=False, languages=BOTH, after=ways.put_away),
)
