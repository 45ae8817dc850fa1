"""/me/habits: the caller's own keys, and how his list looks."""

from pydantic import Field

from bridge.teamwork import habits as kept
from operator_panel.api.bodies import Asked
from operator_panel.api.shapes import Shape
from operator_panel.serving import Call


class NewHabits(Asked):
    """Keys by what they do (those that are not named stay the usual ones), and the list's look.

    `enter`: Enter alone sends a reply; `sort`: who stands first of those who wait; `panes`: widths of the list and of
    the card (`context`), pixels. Left out, these stay as they are.
    """

    keys: dict[str, str] = Field(default_factory=dict, max_length=50)
    letters: bool = True
    rows: str = Field("two", max_length=20)
    columns: list[str] = Field(default_factory=list, max_length=20)
    enter: bool | None = None
    sort: str | None = Field(None, max_length=20)
    panes: dict[str, int] | None = Field(None, max_length=2)


class Habits(Shape):
    """The caller's keys by what they do, the usual ones beside them, and how his list looks."""

    keys: dict[str, str]
    usual: dict[str, str]
    letters: bool
    rows: str
    columns: list[str]
    enter: bool
    sort: str
    panes: dict[str, int]


async def habits(call: Call) -> Habits:
    """Read how the caller works."""
    return shown(await kept.of(call.bridge, call.actor))


async def habits_put(call: Call, body: NewHabits) -> Habits:
    """Choose keys and the list's look."""
    before = await kept.of(call.bridge, call.actor)
    enter = before.enter if body.enter is None else body.enter
    columns, sort = tuple(body.columns), body.sort or before.sort
    panes = before.panes if body.panes is None else body.panes
    wanted = kept.Habits(dict(body.keys), body.letters, body.rows, columns, enter, sort, panes)
    return shown(await kept.change(call.bridge, call.actor, wanted))


def shown(row: kept.Habits) -> Habits:
    """Return them as they are told."""
    return Habits(
        keys=row.all_keys,
        usual=dict(kept.KEYS),
        letters=row.letters,
        rows=row.rows,
        columns=list(row.columns),
        enter=row.enter,
        sort=row.sort,
        panes=dict(row.panes),
    )
