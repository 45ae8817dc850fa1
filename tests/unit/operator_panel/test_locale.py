"""The words of the panel: both languages say the same, nothing is missing, nothing is left over."""

import json
import re
from pathlib import Path

from bridge.composing.filling import NAMES
from bridge.model.canned import Deed, Shared
from bridge.model.conversations import DeskState, Stage
from bridge.model.credentials import SCOPES
from bridge.model.imports import ImportState
from bridge.model.messages import DeliveryState
from bridge.model.notices import TONES, Kind
from bridge.model.notices import Way as NoticeWay
from bridge.model.operators import Role, WorkState
from bridge.model.teams import StepTo, Way
from bridge.people.importing import CHANGES
from bridge.people.listing import By
from bridge.people.table import COLUMNS
from bridge.teamwork import habits
from operator_panel.boot import VIEWS

PANEL = Path(__file__).resolve().parents[3] / "operator_panel"
WORDS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((PANEL / "locale").glob("*.json"))}
FORMS = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
GROUPS = {key.partition(".")[0] for key in WORDS["ru"]}

#: Keys put together from a beginning and a value: the values there are, None where the server may send any.
#: Why a table of customers, or a row of it, is refused.
CODES = {
    *(
        "empty",
        "not_text",
        "no_headings",
        "bad_csv",
        "too_large",
        "unknown_heading",
        "unknown_column",
        "twice",
        "bad_json",
    ),
    *("required", "unknown", "invalid", "too_long", "too_many", "too_many_cells", "unknown_value"),
}
MADE: dict[str, set[str] | None] = {
    "error.": None,
    "kb.against.": {"before", "now"},
    "kb.button.": {"person", "article", "article_hint", "url", "url_hint"},
    "kb.board.": {"channel", "language"},
    "kb.board.any_": {"channel", "language"},
    "kb.board.reason.": {"unsure", "not_helped", "not_picked"},
    "kb.bulk.": {"add", "remove", "team", "teams", "state"},
    "kb.bulk.team_": {"set", "none"},
    "kb.by.": {"tag", "team"},
    "kb.change.": {"new", "changed", "unchanged", "broken"},
    "kb.change_n.": {"new", "changed", "unchanged", "broken"},
    "kb.code.": None,
    "kb.console.decision.": {"answer", "offer", "none"},
    "kb.console.effect.": {"breaks", "changes", "heals"},
    "kb.console.got_": {"answer", "offer", "none"},
    "kb.console.held.": {"nothing", "cold", "below", "several"},
    "kb.console.judged.": {"yes", "no", "none"},
    "kb.console.says_": {"answer", "offer", "none"},
    "kb.field.": None,
    "kb.fields.": {"buttons", "questions", "text", "variants"},
    "kb.format.": {"jsonl", "csv", "markdown"},
    "kb.health.": {
        f"{name}{part}" for name in ("contradictions", "twins", "stale", "unseen") for part in ("", "_hint", "_none")
    },
    "kb.health.of_": {"language", "team"},
    "kb.health.why.": {"helped", "untouched"},
    "kb.how.": {"draft", "review", "archived", "live", "next", "review_next", "before", "over"},
    "kb.import_fault.": {"mixed", "unknown"},
    "kb.only.": {"all", "work", "review", "published", "archived"},
    "kb.propose.": {"title", "question", "answer"},
    "kb.proposal.": {"taken", "sure"},
    "kb.section.": None,
    "kb.stale.": {"helped", "untouched"},
    "kb.state.": {"draft", "review", "published", "archived"},
    "login.error.": {"credentials", "throttled", "expired", "code"},
    "join.error.": None,
    "settings.error.": None,
    "settings.notify.kind.": {kind.value for kind in Kind},
    "settings.notify.no_": {"telegram", "email", "sound"},
    "settings.notify.tone_": set(TONES),
    "settings.notify.quiet_": {"begin", "end", "hint"},
    "settings.notify.way.": {way.value for way in NoticeWay},
    "settings.people.": None,
    "settings.people.col_": {"person", "role", "teams", "state", "seen"},
    "settings.people.mailed.": {"sent", "refused", "unreachable", "off"},
    "settings.people.state.": {*(state.value for state in WorkState), "invited", "disabled", "expired", "apart"},
    "settings.reach.": {"all", "only", "except"},
    "settings.teams.to.": {step.value for step in StepTo},
    "settings.teams.way.": {way.value for way in Way},
    "settings.kept.place_": {shared.value for shared in Shared},
    "settings.lead.": None,
    "settings.macros.deed_": {deed.value for deed in Deed},
    "settings.macros.priority_": {"urgent", "high", "normal", "low"},
    "settings.macros.snooze_": {"30", "60", "180", "1440", "4320", "10080"},
    "settings.macros.value_": {deed.value for deed in Deed} - {"close"},
    "settings.me.scope.": {scope.replace(":", "_") for scope in SCOPES},
    "settings.me.theme_": {"system", "light", "dark"},
    "settings.section.": None,
    "shell.role_": {role.value for role in Role},
    "shell.state_": {state.value for state in WorkState},
    "shell.theme_": {"system", "light", "dark"},
    "ui.amend.": {
        *("delete_channel_cannot", "delete_not_sent", "edit_channel_cannot", "edit_not_sent", "react_channel_cannot"),
    },
    "ui.author.says_": {"customer", "operator", "bot", "note"},
    "customers.code.": CODES,
    "customers.column.": {*COLUMNS, "row"},
    "customers.count.": set(CHANGES),
    "customers.report.": {"line", "column", "why"},
    "customers.sort.": set(By),
    "customers.state.": {*(state.value for state in ImportState), "interrupted"},
    "ui.found.": {"company", "contact", "file", "login", "remark", "tag"},
    "ui.filters.": {
        *("statuses", "priorities", "channel", "team", "assignee", "tags", "key", "value", "since", "until", "days"),
        *("name", "me", "none"),
    },
    "ui.filters.name_": {"empty", "too_many"},
    "ui.filters.priority_": {"urgent", "high", "usual", "low"},
    "ui.filters.status_": {"due", "answered", "snoozed", "bot", "closed"},
    "keys.": set(habits.KEYS),
    "settings.keys.rows_": set(habits.ROWS),
    "ui.column.": set(habits.COLUMNS),
    "ui.rows.": set(habits.ROWS),
    "ui.palette.": {f"page_{name}" for name in ("customers", "kb", "tasks", "settings", "me")},
    "ui.picks.": {"assign", "team", "snooze", "hour", "tomorrow"},
    "ui.picks.done_": {"assign", "claim", "close", "read", "reopen", "snooze", "tag", "transfer"}
    | {"prioritize", "ban", "unban", "unread"},
    "ui.panes.": {f"{pane}{part}" for pane in habits.PANES for part in ("", "_hint")},
    "ui.sort.": set(habits.SORTS),
    "ui.picks.why_": {"taken", "closed", "forbidden", "not_found", "not_free", "other"},
    "ui.because.": {"email", "phone", "user_id"},
    "ui.channel.": {"telegram", "vk", "web", "custom"},
    "ui.channels.": {"ok", "partly", "broken", "starting"},
    "ui.channels.can_": {"edit", "delete", "react"},
    "ui.contact.": {"email_invalid", "phone_invalid"},
    "ui.compare.": {
        *("name", "since", "channels", "email", "phone", "user_id", "company", "tags", "note", "time_zone"),
    },
    "ui.compare.clash_": {"email", "phone", "user_id"},
    "ui.composer.": {"reply", "note"},
    "ui.conflict.": {"email", "phone", "user_id"},
    "ui.delivery.": {state.value for state in DeliveryState},
    "ui.done.released_": {"queue", "bot"},
    "ui.held.failed_": {"forbidden", "other"},
    "ui.macro.step_": {deed.value for deed in Deed},
    "ui.send.plan_": {"hour", "evening", "tomorrow", "monday"},
    "ui.send.snooze_": {"hour", "evening", "tomorrow", "monday"},
    "ui.variable.": set(NAMES),
    "ui.empty.": {f"{view}{part}" for view in VIEWS for part in ("", "_hint")},
    "ui.event.": None,
    "ui.fault.": {f"{state}{part}" for state in ("failed", "unknown", "cancelled") for part in ("", "_bare")},
    "ui.file_problem.": None,
    "ui.identity.": {"here", "linked", "proved", "claimed"},
    "ui.kind.": None,
    "ui.notice.": {*(kind.value for kind in Kind), "task_due", "task_given", "task_unsent", "task_woken"},
    "ui.priority.": {"urgent", "high", "normal", "low"},
    "ui.problem.": None,
    "ui.profile.fault.": None,
    "ui.passing.do_": {"one", "all", "share"},
    "ui.passing.done_": {"one", "share"},
    "ui.passing.title_": {"one", "all", "share"},
    "ui.replan.": {"past", "too_far", "too_long"},
    "ui.row.": {"failed", "unknown"},
    "ui.section.": {state.value for state in DeskState},
    "ui.shop.fault.": None,
    "ui.state.": {"away", "busy", "dnd"},
    "ui.size.": {"b", "kb", "mb"},
    "ui.stage.": {stage.value for stage in Stage},
    "ui.task.error.": None,
    "work.": {f"{page}.title" for page in ("tasks", "starred", "notifications")},
    "work.tasks.": {"overdue", "today", "later", "someday", "open", "done"},
    "ui.view.": {*VIEWS, "mentions", "unread", "awaiting", "live", "answered", "snoozed", "spam"},
    "ui.way.": {
        *("not_connected", "broken", "broken_because", "empty", "closed", "closed_because"),
    },
}


def base(key: str) -> str:
    """The key without its plural form."""
    head, _, form = key.rpartition(".")
    return head if form in FORMS["ru"] and f"{head}.one" in WORDS["ru"] else key


def sources() -> str:
    """Everything that may name a key: templates, our scripts, the panel's Python."""
    files = [*(PANEL / "templates").glob("*.html"), *(PANEL / "static/js").rglob("*.js"), *PANEL.rglob("*.py")]
    return "\n".join(path.read_text("utf-8") for path in sorted(files))


def named() -> tuple[set[str], set[str]]:
    """Whole keys and beginnings of keys that stand in the sources."""
    groups = "|".join(sorted(GROUPS))
    text = sources()
    whole = set(re.findall(rf"""["'`]((?:{groups})(?:\.[a-z0-9_]+)+)["'`]""", text))
    begun = set(re.findall(rf"""["'`]((?:{groups})\.[a-z0-9_.]*)(?:["']\s*~|\$?\{{)""", text))
    return {key for key in whole if not key.endswith((".html", ".css", ".csv"))} - begun | {"brand"}, begun


def test_both_languages_have_the_same_keys() -> None:
    assert set(WORDS) == set(FORMS)
    assert {base(key) for key in WORDS["ru"]} == {base(key) for key in WORDS["en"]}


def test_a_plural_has_every_form_of_its_language() -> None:
    for language, forms in FORMS.items():
        plurals = {base(key) for key in WORDS[language] if base(key) != key}
        assert plurals, language
        for key in plurals:
            assert {form for form in FORMS["ru"] if f"{key}.{form}" in WORDS[language]} == forms, key


def test_placeholders_are_the_same_everywhere() -> None:
    wanted: dict[str, set[str]] = {}
    for language, words in WORDS.items():
        for key, text in words.items():
            found = set(re.findall(r"\{(\w+)\}", text))
            assert wanted.setdefault(base(key), found) == found, f"{language}: {key}"


def test_no_text_is_empty_and_keys_are_in_order() -> None:
    for language, words in WORDS.items():
        assert [key for key, text in words.items() if not text.strip()] == [], language
        assert list(words) == sorted(words), language


def test_every_key_that_is_used_exists() -> None:
    whole, begun = named()
    there = {base(key) for key in WORDS["ru"]}
    made = {f"{head}{tail}" for head, tails in MADE.items() for tail in tails or ()}
    assert sorted(begun - set(MADE)) == [], "say in MADE which keys these make"
    assert sorted(whole - there) == []
    assert sorted(made - there) == []


def test_every_key_that_exists_is_used() -> None:
    whole, _ = named()
    made = {f"{head}{tail}" for head, tails in MADE.items() for tail in tails or ()}
    open_heads = tuple(head for head, tails in MADE.items() if tails is None)
    left = {base(key) for key in WORDS["ru"]} - whole - made
    assert sorted(key for key in left if not key.startswith(open_heads)) == []
