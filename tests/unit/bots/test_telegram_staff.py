"""What stands in a staff group on Telegram: composed words, groups that move, settings of one group or several."""

import pytest
from pydantic import ValidationError

from bots.telegram.groups import Groups
from bots.telegram.settings import StaffGroup
from bots.telegram.shown import composed
from bridge.model.desk import Section


def test_words_of_several_are_composed_in_utf16() -> None:
    text, looks = composed([Section("😀 Анна", "привет"), Section("", "строки до этого"), Section("Бот", "нет", True)])
    assert text == "😀 Анна\nпривет\n\nстроки до этого\n\nБот\nнет"
    units = text.encode("utf-16-le")
    found = [
        (look.type, units[look.offset * 2 : (look.offset + look.length) * 2].decode("utf-16-le")) for look in looks
    ]
    assert found == [("bold", "😀 Анна"), ("bold", "Бот"), ("strikethrough", "нет")]


def test_a_group_that_moves_is_known_by_both_ids() -> None:
    groups = Groups((-1, -2))
    assert groups.moved(-1, -100)
    assert not groups.moved(-1, -100)
    assert not groups.moved(-7, -8)
    assert list(groups) == [-100, -2]
    assert -1 in groups
    assert -100 in groups
    assert -8 not in groups
    assert groups.moved(-100, -200)
    assert groups.now(-1) == -200
    other = Groups((-1, -2))
    other.adopt(groups.moves)
    assert list(other) == [-200, -2]


def test_a_ring_of_moves_ends() -> None:
    groups = Groups((-1,))
    groups.adopt({-1: -2, -2: -1})
    assert list(groups)


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"message": None},
        {"message": {"migrate_to_chat_id": -5}},
        {"message": {"chat": {}, "migrate_to_chat_id": "x"}},
    ],
)
def test_a_strange_notice_of_a_move_is_passed_over(update: dict[str, object]) -> None:
    groups = Groups((-1,))
    groups.hear(update)
    assert groups.moves == {}


@pytest.mark.parametrize(
    ("given", "chats"),
    [(-5, (-5,)), ("-5", (-5,)), ("-5, -6", (-5, -6)), ([-5, -6], (-5, -6))],
)
def test_one_group_or_several_are_read(given: object, chats: tuple[int, ...]) -> None:
    assert StaffGroup.model_validate({"chat": given}).chat == chats


@pytest.mark.parametrize("given", [5, 0, [], "", "x", [-5, 5], None, {"a": 1}])
def test_what_is_no_group_is_refused(given: object) -> None:
    with pytest.raises(ValidationError):
        StaffGroup.model_validate({"chat": given})
