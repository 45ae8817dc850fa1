"""How one person works at the panel: keys he chose instead of the usual ones, and how his list looks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from bridge.context import Bridge
from bridge.errors import Invalid
from bridge.model.operators import Operator
from bridge.rights import require

#: What keys do -> the usual key. Digits and letters are places of a keyboard, whatever its layout.
KEYS = {
    "next": "j",
    "previous": "k",
    "open": "o",
    "reply": "r",
    "note": "n",
    "claim": "i",
    "close": "e",
    "reopen": "shift+e",
    "snooze": "s",
    "pass": "t",
    "assign": "a",
    "next_due": "u",
    "unread": "m",
    "pick": "x",
    "list": "[",
    "card": "]",
    "go": "g",
    "search": "/",
    "palette": "ctrl+k",
}
ROWS = ("two", "dense", "table")
PANES = ("list", "context")
#: The narrowest and the widest pane, pixels.
NARROWEST, WIDEST = 260, 560
#: Whose turn is first among those who wait: who waits longest, or who wrote last.
SORTS = ("wait", "newest")
COLUMNS = ("number", "channel", "team", "priority", "tags", "created")
_KEY = re.compile(r"(ctrl\+)?(alt\+)?(shift\+)?([a-z0-9]|[\[\]/.,;'-])")
#: Keys without a modifier that the panel needs for itself, or the browser takes away.
_NOT_FREE = frozenset({"ctrl+t", "ctrl+w", "ctrl+n", "ctrl+r", "ctrl+c", "ctrl+v", "ctrl+x", "ctrl+a", "z", "shift+x"})


@dataclass(frozen=True, slots=True)
class Habits:
    """`keys` holds those he chose; `letters`: keys without Ctrl or Alt work; `columns` stand in a table of `rows`.

    `enter`: Enter alone sends a reply; `sort`: in which order those stand who wait; `panes`: widths he gave to the
    panes beside the thread, pixels.
    """

    keys: dict[str, str] = field(default_factory=dict)
    letters: bool = True
    rows: str = "two"
    columns: tuple[str, ...] = ("number", "tags", "team")
    enter: bool = False
    sort: str = "wait"
    panes: dict[str, int] = field(default_factory=dict)

    @property
    def all_keys(self) -> dict[str, str]:
        """What keys do -> the key that does it for him."""
        return KEYS | self.keys


async def of(bridge: Bridge, actor: Operator) -> Habits:
    """Read a person's own. Raises Forbidden."""
    require(actor, "read")
    kept = await bridge.store.journal.value(_key(actor)) or {}
    keys = {does: key for does, key in kept.get("keys", {}).items() if does in KEYS}
    columns = tuple(name for name in kept.get("columns", Habits().columns) if name in COLUMNS)
    rows = kept.get("rows", "two")
    looks = rows if rows in ROWS else "two"
    sort = kept.get("sort", "wait")
    letters, enter = bool(kept.get("letters", True)), bool(kept.get("enter", False))
    panes = {name: width for name, width in kept.get("panes", {}).items() if _fits(name, width)}
    return Habits(keys, letters, looks, columns, enter, sort if sort in SORTS else "wait", panes)


async def change(
    bridge: Bridge,
    actor: Operator,
    *,
    keys: Mapping[str, str] | None = None,
    letters: bool | None = None,
    rows: str | None = None,
    columns: Sequence[str] | None = None,
    enter: bool | None = None,
    sort: str | None = None,
    panes: Mapping[str, int] | None = None,
) -> Habits:
    """Keep how a person works; what is not given stays, and of `keys` those that are not named are the usual ones.

    Raises Invalid(("keys.<what>", unknown|invalid|taken|not_free)) and such for the others, Forbidden.
    """
    require(actor, "read")
    _check(keys or {}, rows, columns or (), sort, panes or {})
    before = await of(bridge, actor)
    kept = Habits(
        keys=before.keys if keys is None else _own(keys),
        letters=before.letters if letters is None else letters,
        rows=before.rows if rows is None else rows,
        columns=before.columns if columns is None else tuple(dict.fromkeys(columns)),
        enter=before.enter if enter is None else enter,
        sort=before.sort if sort is None else sort,
        panes=before.panes if panes is None else dict(panes),
    )
    await bridge.store.journal.put_value(_key(actor), {**asdict(kept), "columns": list(kept.columns)})
    return kept


def _own(keys: Mapping[str, str]) -> dict[str, str]:
    return {does: key for does, key in keys.items() if key != KEYS.get(does)}


def _check(
    keys: Mapping[str, str], rows: str | None, columns: Iterable[str], sort: str | None, panes: Mapping[str, int]
) -> None:
    own = _own(keys)
    faults = [(f"keys.{does}", "unknown") for does in own if does not in KEYS]
    faults += [(f"keys.{does}", "invalid") for does, key in own.items() if not _KEY.fullmatch(key)]
    faults += [(f"keys.{does}", "not_free") for does, key in own.items() if key in _NOT_FREE]
    used = list((KEYS | own).values())
    faults += [(f"keys.{does}", "taken") for does, key in own.items() if used.count(key) > 1]
    if rows not in (None, *ROWS):
        faults.append(("rows", "unknown"))
    if sort not in (None, *SORTS):
        faults.append(("sort", "unknown"))
    faults += [(f"panes.{name}", "invalid") for name, width in panes.items() if not _fits(name, width)]
    if set(columns) - set(COLUMNS):
        faults.append(("columns", "unknown"))
    if faults:
        raise Invalid(*faults)


def _fits(name: str, width: int) -> bool:
    return name in PANES and NARROWEST <= width <= WIDEST


def _key(actor: Operator) -> str:
    return f"habits:{actor.id}"
