"""What every request of the panel works with: the hall, the words, the files, the counters."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from bridge.context import Bridge
from bridge.model.lanes import IDLE
from operator_panel.i18n import Texts
from operator_panel.idempotency import Once
from operator_panel.joining import Joined, join_scripts, join_sprites
from operator_panel.late_words import LateWords, late_words
from operator_panel.lines import Lines
from operator_panel.metrics import ChannelStates, Metrics
from operator_panel.options import PanelOptions
from operator_panel.passwords import new_token
from operator_panel.render import Renderer
from operator_panel.sizes import join_sizes
from operator_panel.static import Statics
from operator_panel.throttle import Throttle
from operator_panel.wire import script_safe
from operator_panel.works import Works

_SEAL = "panel:seal"
#: Style sheets of every page, and those of the inbox, in the order in which they win.
BASE = ("tokens", "base", "controls", "marks")
INBOX = (
    *("layers", "layout", "inbox", "thread", "message", "amend", "presence", "files"),
    *("composer", "context", "customer", "mobile"),
)
#: What the inbox fetches with the first part that is asked for on demand; each holds its rules for small screens too.
INBOX_LATE = (
    *("hands", "notices", "lightbox", "tray", "profile", "views", "palette", "writing", "passing", "timeline", "first"),
)
#: What comes by itself as soon as the inbox stands, with all it imports; other late parts when somebody needs them.
SOON = tuple(f"js/inbox/{name}.js" for name in ("context", "cardFiles", "gone", "kin", "others", "shopData"))
#: Of these what is beside every open conversation: with all it imports one script.
BESIDE = tuple(f"js/inbox/{name}.js" for name in ("context", "cardFiles", "gone"))
#: What a page of the inbox names where it is needed.
FIRST = "js/inbox/first.js"
#: The style of what comes as soon as the inbox stands.
INBOX_SOON = ("tasks",)
#: Those of one's own work.
WORK = ("layers", "layout", "mobile", "tasks", "notices", "work")
#: Those of the knowledge base.
KB = (
    *("layers", "layout", "mobile", "search", "kb", "kb-list", "kb-editor", "kb-more", "kb-files", "kb-board"),
    *("kb-console", "propose"),
)

#: Those of the page of customers.
CUSTOMERS = ("layers", "layout", "mobile", "search", "customers", "customers-import", "customers-more")
#: Sprites of pages that draw more than the inbox does.
KB_ICONS = ("icons", "icons-kb")
SETTINGS_ICONS = (*KB_ICONS, "icons-settings")
#: Those of the settings: the frame, then what a section or a card of one's own has beside it.
SETTINGS = (
    *("layers", "layout", "mobile", "settings", "settings-staff", "settings-keys", "settings-doors", "settings-kept"),
    "settings-notices",
)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Office:
    """The room's context: made once, handed to every handler."""

    bridge: Bridge
    options: PanelOptions
    texts: Texts
    statics: Statics
    templates: jinja2.Environment
    metrics: Metrics
    late: LateWords
    renderer: Renderer
    lines: Lines
    once: Once
    by_pair: Throttle  # wrong passwords by address and e-mail
    by_address: Throttle  # wrong passwords by address alone: one guesser, many e-mails
    works: Works = field(default_factory=Works)

    @classmethod
    def open(cls, bridge: Bridge, options: PanelOptions) -> "Office":
        """Furnish the room: reads templates, static files and words."""
        metrics = Metrics.new()
        metrics.registry.register(
            ChannelStates(lambda: [(name, each.state.state) for name, each in bridge.channels.by_name.items()])
        )
        statics, templates, _ = _pages(options.folder)
        texts, late = _words(options.folder, options.language)
        renderer = Renderer(bridge)
        return cls(
            bridge,
            options,
            texts,
            statics,
            templates,
            metrics,
            late,
            renderer,
            Lines(bridge, renderer, metrics),
            Once(bridge.store, bridge.clock),
            Throttle(),
            Throttle(free=50),
        )

    async def sign(self, word: str) -> str:
        """Return the seal of a word, the same in every process of this installation."""
        wished = {"value": new_token()[0]}
        stored = await self.bridge.store.journal.put_value_once(_SEAL, wished, IDLE)
        secret = str((stored or wished)["value"])
        return hmac.new(secret.encode(), word.encode(), hashlib.sha256).hexdigest()


def _sheets(statics: Statics) -> dict[str, dict[int, str]]:
    """Style sheets of what the inbox fetches later, by group and size."""
    return {
        "soon": join_sizes(statics, "css/inbox.soon.late.css", [f"css/{name}.css" for name in INBOX_SOON]),
        "rest": join_sizes(statics, "css/inbox.late.css", [f"css/{name}.css" for name in INBOX_LATE]),
    }


def _groups(statics: Statics, inbox: Joined) -> dict[str, str]:
    """Scripts of the inbox in the order they come: with the page, as soon as it stands, on demand."""
    return {
        "first": inbox.first,
        "soon": inbox.with_imports(statics, SOON),
        "rest": "\n".join(inbox.late.values()),
    }


@cache
def _pages(folder: Path) -> tuple[Statics, jinja2.Environment, Joined]:
    """Read what pages are made of: it stays as it was when a process first opened a room on this folder."""
    statics = Statics(folder / "static")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    inbox = join_scripts(statics, "js/inbox/main.js", BESIDE, (FIRST,))
    environment.globals.update(
        static=statics.url,
        base_sheet=join_sizes(statics, "css/base.joined.css", [f"css/{name}.css" for name in BASE]),
        inbox_sheet=join_sizes(statics, "css/inbox.joined.css", [f"css/{name}.css" for name in INBOX]),
        inbox_script=inbox.url,
        first_script=statics.url(inbox.places[FIRST]),
        inbox_map=Markup(script_safe(inbox.import_map)),  # noqa: S704 - made of our own file names
        kb_icons=join_sprites(statics, "img/icons.kb.joined.svg", [f"img/{name}.svg" for name in KB_ICONS]),
        settings_icons=join_sprites(
            statics, "img/icons.settings.joined.svg", [f"img/{name}.svg" for name in SETTINGS_ICONS]
        ),
        import_map=Markup(script_safe(statics.import_map)),  # noqa: S704
    )
    for name, sheets in (("kb", KB), ("work", WORK), ("customers", CUSTOMERS), ("settings", SETTINGS)):
        environment.globals.update(_page(statics, name, sheets))
    return statics, environment, inbox


@cache
def _words(folder: Path, language: str) -> tuple[Texts, LateWords]:
    """Read the words, which stay as they were likewise, and serve those that come later."""
    statics, _, inbox = _pages(folder)
    texts = Texts.load(folder / "locale", language)
    return texts, late_words(statics, texts, "js/inbox/late", _groups(statics, inbox), _sheets(statics))


def _page(statics: Statics, name: str, sheets: Iterable[str]) -> dict[str, Any]:
    """Return what the template of a page beside the inbox is given: its script, the import map, its style."""
    joined = join_scripts(statics, f"js/{name}/main.js")
    return {
        f"{name}_script": joined.url,
        f"{name}_map": Markup(script_safe(joined.import_map)),  # noqa: S704 - made of our own file names
        f"{name}_sheet": join_sizes(statics, f"css/{name}.joined.css", [f"css/{each}.css" for each in sheets]),
    }
