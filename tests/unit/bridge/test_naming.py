"""Who is meant by "@Name", and what of an order names its due time."""

from datetime import UTC, datetime

import pytest

from bridge.model.ids import OperatorId
from bridge.model.operators import Operator, Role
from bridge.staff.tasking import until
from bridge.teamwork.mentioning import named

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
PEOPLE = [
    Operator(OperatorId(id), f"{id}@kedr.example", name, Role.OPERATOR, "", NOW)
    for id, name in {
        "mark": "Марк Климов",
        "mark.i": "Марк Иванов",
        "lena": "Алёна Ильина-Шац",
        "lena2": "İlke",
    }.items()
]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Марк Климов, взгляни", [("@Марк Климов", ["mark"])]),
        ("спроси @климов", [("@климов", ["mark"])]),
        ("спроси @Марк", [("@Марк", ["mark", "mark.i"])]),
        ("(@АЛЕНА) и @алёна ильина-шац.", [("@АЛЕНА", ["lena"]), ("@алёна ильина-шац", ["lena"])]),
        ("@mark.i и @lena2", [("@mark.i", ["mark.i"]), ("@lena2", ["lena2"])]),
        ("пишите на info@марк.рф", []),
        ("@Маркиза и @марк_второй", []),
        ("@ Марк, @@Марк, @", []),
        ("İİ @Алёна", [("@Алёна", ["lena"])]),
    ],
)
def test_names_after_an_at_sign_are_found(text: str, meant: list[tuple[str, list[str]]]) -> None:
    found = named(text, PEOPLE)
    assert [(text[each.start : each.end], [row.id for row in each.people]) for each in found] == meant


@pytest.mark.parametrize(
    ("text", "left", "due"),
    [
        ("перезвонить завтра 10:00", "перезвонить", datetime(2026, 3, 3, 10, 0, tzinfo=UTC)),
        ("перезвонить до пт", "перезвонить", datetime(2026, 3, 6, 10, 0, tzinfo=UTC)),
        ("выслать счёт через 2 часа", "выслать счёт", datetime(2026, 3, 2, 14, 0, tzinfo=UTC)),
        ("проверить заказ 15", "проверить заказ 15", None),
        ("завтра", "завтра", None),
        ("спросить, когда завтра придёт", "спросить, когда завтра придёт", None),
    ],
)
def test_the_due_time_stands_at_the_end(text: str, left: str, due: datetime | None) -> None:
    assert until(text, NOW) == (left, due)
