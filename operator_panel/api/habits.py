"""/me/habits: the caller's own keys, and how his list looks."""

from pydantic import Field

from bridge.teamwork import habits as kept
from operator_panel.api.bodies import Asked
from operator_panel.api.shapes import Shape
from operator_panel.serving import Call


class NewHabits(Asked):
    """What is left out stays as it is; of `keys` those that are not named stay the usual ones.

    `enter`: Enter alone sends a reply; `sort`: who stands first of those who wait; `panes`: widths of the list and of
    the card (`context`), pixels.
    """

    keys: dict[str, str] | None = Field(None, max_length=50)
    letters: bool | None = None
    rows: str | None = Field(None, max_length=20)
    columns: list[str] | None = Field(None, max_length=20)
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
    return shown(await kept.change(call.bridge, call.actor, **body.model_dump(exclude_none=True)))


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
