"""A few simulated days: what people do with answers makes the bot answer more, and rightly; the month's short form."""

from dataclasses import replace
from pathlib import Path
from random import Random

from PIL import Image

from tests.learning.lives import spread, total
from tests.learning.month import month
from tests.learning.phrasing import varied
from tests.learning.picture import draw


async def test_a_base_of_one_wording_each_learns_from_its_people(tmp_path: Path) -> None:
    days = [day async for day in month(3, 36, languages=("ru",), articles=15, seed=6, every=3, most=120)]
    first, last = days[0], days[-1]
    assert (first.wordings, first.labels, first.threshold) == (15, 0, None), "cold: it suggests and does not answer"
    assert last.tomorrow >= first.tomorrow + 0.1, [day.tomorrow for day in days]
    assert last.accuracy >= first.accuracy - 0.15, [day.accuracy for day in days]
    assert last.wordings >= 3 * first.wordings
    assert last.labels >= 60
    assert last.given >= 5
    assert last.right >= 0.9 * last.given
    draw(tmp_path / "days.png", [days, [replace(day, tomorrow=day.tomorrow / 2) for day in days]])
    assert spread([days, days], lambda day: day.tomorrow)[-1] == (3, *[last.tomorrow] * 3)
    assert total([days, days]) == [(last.given, last.given - last.right)] * 2
    with Image.open(tmp_path / "days.png") as picture:
        assert picture.size == (960, 600)


def test_customers_vary_what_they_ask_and_always_alike_for_the_same_dice() -> None:
    text = "Сколько стоит доставка заказа в Самару?"
    said = [varied(text, "ru", Random(number)) for number in range(40)]
    assert said == [varied(text, "ru", Random(number)) for number in range(40)]
    assert text in said
    assert len(set(said)) > 15
