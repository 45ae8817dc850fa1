"""docs/channels*.md, row by row: each cell is carried out through the real door and is what the table promises.

A case that nobody wrote, and a row that names no case, fail; so does a sentence that nobody would read.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import pytest_asyncio

from configs.phrases import load_phrases
from kb_matcher import KbMatcher
from tests.streets.coming import (
    AS_IS,
    CALLS,
    COMING,
    FILE,
    NO,
    PARTS,
    REFUSED,
    WORDS,
    Cannot,
    Case,
    Outcome,
    Stand,
)
from tests.streets.going import GOING
from tests.streets.knowledge import long_winded
from tests.streets.table import STREETS

pytestmark = pytest.mark.asyncio(loop_scope="module")

DOCS = Path(__file__).parents[2] / "docs"
#: The pages' names of outcomes, in the order of the English ones.
ENGLISH = (AS_IS, FILE, WORDS, PARTS, REFUSED, CALLS, NO)
RUSSIAN = ("как есть", "файлом", "словами", "частями", "отказ", "зовёт человека", NO)
#: Outcomes that come with words in the last table.
SPOKEN = (WORDS, REFUSED, CALLS)
PAGES = {"en": "channels.md", "ru": "channels.ru.md"}


@dataclass(frozen=True)
class Page:
    """One page: outcomes by (direction, case, kind), words by (case, kind), and the words of its legend."""

    cells: dict[tuple[str, str, str], str]
    words: dict[tuple[str, str], str]
    legend: tuple[str, ...]


@cache
def page(language: str) -> Page:
    """Return a page's tables; outcomes as the English page calls them."""
    text = (DOCS / PAGES[language]).read_text(encoding="utf-8")
    meaning = dict(zip(RUSSIAN if language == "ru" else ENGLISH, ENGLISH, strict=True))
    kinds = {getattr(row, language): kind for kind, row in STREETS.items()}
    _, *sections = re.split(r"^## .*\n", text, flags=re.MULTILINE)
    cells: dict[tuple[str, str, str], str] = {}
    for direction, section in zip(("in", "out"), sections, strict=False):
        head, *rows = rows_of(section)
        assert head[2:] == list(kinds), "a column for each channel, in the order of tests/streets/table.py"
        for row in rows:
            for name, cell in zip(head[2:], row[2:], strict=True):
                cells[direction, row[0].strip("`"), kinds[name]] = meaning[cell]
    words = {
        (row[0].strip("`"), kinds[name]): row[3].strip("`")
        for row in rows_of(sections[2])[1:]
        for name in row[1].split(", ")
    }
    legend = tuple(meaning[each] for each in re.findall(r"^- \*\*(.+?)\*\*: ", text, flags=re.MULTILINE))
    return Page(cells, words, legend)


def rows_of(section: str) -> list[list[str]]:
    """Return the rows of a section's table, its head first."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not line.startswith("|---")]


def phrase_of(language: str, words: str) -> str:
    """Return the key of the phrase that words are, empty when they are none of ours."""
    found = [
        (template.count("{"), key)
        for key, template in load_phrases()[language].items()
        if key.startswith(("customer.", "widget.", "reason."))
        and re.fullmatch(re.sub(r"\\\{\w+\\\}", ".+", re.escape(template)), words, re.IGNORECASE | re.DOTALL)
    ]
    return min(found, default=(0, ""))[1]


@pytest.fixture(scope="module")
def knowledge():
    return long_winded()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=list(STREETS))
async def stand(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, knowledge: tuple[object, KbMatcher]
) -> AsyncIterator[Stand]:
    """A street with somebody who waits for an answer."""
    async with STREETS[request.param].street(tmp_path_factory.mktemp(request.param), *knowledge) as street:  # type: ignore[arg-type]
        made = await Stand(street, await street.person()).fresh()
        yield made


async def carried(stand: Stand, case: Case) -> Outcome:
    try:
        return await case(stand)
    except Cannot:
        return Outcome(NO)


@pytest.mark.parametrize(
    ("direction", "name"), [*(("in", name) for name in COMING), *(("out", name) for name in GOING)]
)
async def test_a_row_is_carried_as_the_table_says(
    stand: Stand, direction: str, name: str, request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.params["stand"]
    outcome = await carried(stand, (COMING if direction == "in" else GOING)[name])
    assert outcome.how == page("en").cells[direction, name, kind]
    if outcome.how not in SPOKEN:
        assert not outcome.told
        return
    told, key = " ".join(outcome.told.split()), phrase_of("ru", outcome.told)
    assert told
    for language in PAGES:
        promised = page(language).words[name, kind]
        assert phrase_of(language, promised) == key, promised
        assert key or shape(promised) == shape(told)


def shape(words: str) -> str:
    """Return words whose numbers may be any: those of an address, of a die."""
    return re.sub(r"\d+", "0", words)


async def test_both_pages_say_the_same_and_name_every_case() -> None:
    english, russian = page("en"), page("ru")
    assert english.cells == russian.cells
    assert english.words.keys() == russian.words.keys()
    assert {(direction, name) for direction, name, _ in english.cells} == {
        *(("in", name) for name in COMING),
        *(("out", name) for name in GOING),
    }
    assert english.legend == russian.legend == ENGLISH
    assert set(english.cells.values()) == set(ENGLISH)


async def test_words_stand_for_every_cell_that_needs_them_and_no_other() -> None:
    for language in PAGES:
        cells = page(language).cells
        spoken = {(name, kind) for (_, name, kind), how in cells.items() if how in SPOKEN}
        assert page(language).words.keys() == spoken
