"""Words of commands: who is meant, which tags; and what waits together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.model.desk import Post, PostKind
from bridge.model.files import Attachment
from bridge.model.ids import ChannelName, ConversationId, FileId, LaneId, MessageId, OperatorId
from bridge.model.messages import Choice, Delivery, DeliveryState
from bridge.model.operators import Operator, Role
from bridge.staff.bursts import LENGTH, WORDS, burst, sections
from bridge.staff.commands import COMMAND, COMMANDS, colleague, tags
from bridge.staff.places import meant

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ELENA = Operator(OperatorId("1"), "elena@kedr.example", "Елена Соколова", Role.OPERATOR, "", NOW)
MARK = replace(ELENA, id=OperatorId("2"), email="m.klimov@kedr.example", name="Марк Климов")
MARA = replace(ELENA, id=OperatorId("3"), email="mara@kedr.example", name="Мара Елисеева")
PEOPLE = [ELENA, MARK, MARA]


@pytest.mark.parametrize(
    ("wanted", "who"),
    [
        ("@elena", ELENA),
        ("елена", ELENA),
        ("Елена  Соколова", ELENA),
        ("соко", ELENA),
        ("@марк", MARK),
        ("m.klimov@kedr.example", MARK),
        ("мар", None),
        ("ели", MARA),
        ("никто", None),
        ("@", None),
    ],
)
def test_a_colleague_is_found_by_what_is_unique(wanted: str, who: Operator | None) -> None:
    assert colleague(wanted, PEOPLE) == who


def test_tags_to_add_and_to_remove() -> None:
    assert tags("vip срочно") == (("vip", "срочно"), ())
    assert tags("очень важно, vip") == (("очень важно", "vip"), ())
    assert tags("add #vip") == (("vip",), ())
    assert tags("-vip новый") == (("новый",), ("vip",))
    assert tags("remove vip, срочно") == ((), ("vip", "срочно"))
    assert tags("убрать vip") == ((), ("vip",))
    assert tags("") == ((), ())


def test_a_command_ends_where_its_word_does() -> None:
    for text, name in (("/kb как вернуть", "kb"), ("/help@bot", "help"), ("/ban\nспам", "ban"), ("/", "")):
        found = COMMAND.match(text)
        assert found is not None
        assert found[1] == name
    assert COMMAND.match("/5 звёзд") is None
    assert len(COMMANDS) == len(set(COMMANDS))


def post(number: int, text: str = "слово", kind: PostKind = PostKind.TEXT, age: float = 10, **more: object) -> Post:
    made = Post(
        id=f"post{number}",
        channel=ChannelName("telegram.staff"),
        conversation=ConversationId("c"),
        kind=kind,
        text=text,
        at=NOW - timedelta(seconds=age),
        delivery=Delivery(LaneId("out:telegram.staff:c"), number),
        author=f"Автор {number}",
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of a post


def test_words_that_waited_go_together_over_what_is_less_urgent() -> None:
    posts = [post(1), post(2, kind=PostKind.SUGGESTION), post(3), post(4, age=0)]
    together = burst(posts, NOW)
    assert [each.id for each in together] == ["post1", "post3", "post4"]
    assert [section.author for section in sections(together)] == ["Автор 1", "Автор 3", "Автор 4"]


def test_a_word_that_did_not_wait_goes_alone() -> None:
    assert burst([post(1, age=0.2), post(2, age=0.1)], NOW) == (post(1, age=0.2),)


@pytest.mark.parametrize(
    "other",
    [
        post(2, attachments=(Attachment(FileId("f"), "photo", "x.jpg", "image/jpeg", 1),)),
        post(2, choices=(Choice("Отозвать", "recall:1"),)),
        post(2, quotes=MessageId("m")),
        post(2, reply_to="7"),
        post(2, kind=PostKind.NOTICE),
        post(2, text="я" * LENGTH),
        post(2, delivery=Delivery(LaneId("l"), 2, not_before=NOW + timedelta(seconds=5))),
        post(2, delivery=Delivery(LaneId("l"), 2, DeliveryState.SENT)),
    ],
)
def test_what_stands_for_itself_ends_a_burst(other: Post) -> None:
    assert [each.id for each in burst([post(1), other, post(3)], NOW)] == ["post1"]


def test_files_and_a_long_rush_are_not_merged_without_end() -> None:
    files = post(1, attachments=(Attachment(FileId("f"), "photo", "x.jpg", "image/jpeg", 1),))
    assert burst([files, post(2)], NOW) == (files,)
    assert len(burst([post(number) for number in range(100)], NOW)) == WORDS


def test_the_first_may_answer_a_word() -> None:
    assert len(burst([post(1, quotes=MessageId("m")), post(2)], NOW)) == 2


def test_nobody_is_meant_where_nothing_is_said() -> None:
    assert meant([]) is None
