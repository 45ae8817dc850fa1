"""Who is who: rules alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from bridge.model.articles import Ranked
from bridge.model.conversations import Conversation, Stage
from bridge.model.customers import Customer, Identity, Link
from bridge.model.ids import ArticleId, ChannelName, ChatId, ConversationId, CustomerId, IdentityId
from bridge.people.identity import CLAIMED_BY_MANY, candidates, conflicts, may_be_asked, one_person, parted, standing
from bridge.policy import Answer, AskContact, Greet, Handoff, with_question

T0 = datetime(2025, 3, 1, tzinfo=UTC)
ANNA = Customer(CustomerId("a"), "Анна", T0)
HERE = Conversation(
    ConversationId("here"), 1, ChannelName("tg"), ChatId("1"), ANNA.id, "Анна", Stage.BOT, created_at=T0, updated_at=T0
)


def has(customer: str, kind: str, value: str, *, proved: bool = True) -> Identity:
    return Identity(IdentityId(f"{customer}{kind}{value}"), CustomerId(customer), kind, value, proved)


def test_the_question_is_put_once_and_not_to_whom_we_can_reach() -> None:
    account = has("a", "tg", "1")
    assert may_be_asked(ANNA, [account], HERE)
    assert not may_be_asked(ANNA, [account, has("a", "phone", "+7", proved=False)], HERE)
    assert not may_be_asked(ANNA, [account, has("a", "email", "a@b.ru")], HERE)
    asked = replace(ANNA, contact_asked_at=T0, contact_asked_in=ConversationId("there"))
    assert not may_be_asked(asked, [account], HERE)
    # The process died between noting it on the customer and putting the question.
    promised = replace(asked, contact_asked_in=HERE.id)
    assert may_be_asked(promised, [account], HERE)
    assert not may_be_asked(promised, [account], replace(HERE, asked=True))


def test_the_question_stands_behind_the_words_of_its_moment() -> None:
    handoff, answer = Handoff("unsure"), Answer(Ranked(ArticleId("x"), "x", 1.0))
    assert with_question((Greet(), handoff), "handoff") == (Greet(), handoff, AskContact())
    assert with_question((Greet(), handoff), "") == (Greet(), handoff)
    assert with_question((answer,), "article") == (answer, AskContact("article"))


def test_who_stands_for_two_has_a_name_then_wrote_first_and_the_choice_is_steady() -> None:
    young = replace(ANNA, id=CustomerId("0"), created_at=T0 + timedelta(seconds=1))
    twin = replace(ANNA, id=CustomerId("b"))
    for one, other in permutations((ANNA, young), 2):
        assert standing(one, other) == (ANNA, young)
    for one, other in permutations((ANNA, twin), 2):
        assert standing(one, other) == (ANNA, twin)
    guest = replace(ANNA, name="Гость ABCD", named=False)
    for one, other in permutations((guest, young), 2):
        assert standing(one, other) == (young, guest)


@pytest.mark.parametrize(
    ("mine", "theirs", "kind"),
    [
        ([("phone", "+7", True)], [("phone", "+7", True)], "phone"),
        ([("phone", "+7", True)], [("phone", "+7", False)], None),
        ([("phone", "+7", False)], [("phone", "+7", False)], None),
        ([("phone", "+7", True)], [("phone", "+8", True)], None),
        ([("phone", "+7", True)], [("email", "+7", True)], None),
        ([("user_id", "1", True)], [("user_id", "1", True)], "user_id"),
        ([("user_id", "1", True), ("phone", "+7", True)], [("user_id", "2", True), ("phone", "+7", True)], None),
        ([("user_id", "1", True), ("phone", "+7", True)], [("phone", "+7", True)], "phone"),
        ([("user_id", "1", True), ("user_id", "2", True)], [("user_id", "1", True)], None),
        ([("email", "a", True), ("phone", "+7", True)], [("email", "a", True), ("phone", "+8", True)], "email"),
    ],
)
def test_what_makes_two_customers_one(
    mine: list[tuple[str, str, bool]], theirs: list[tuple[str, str, bool]], kind: str | None
) -> None:
    ours = [has("a", each, value, proved=proved) for each, value, proved in mine]
    others = [has("b", each, value, proved=proved) for each, value, proved in theirs]
    assert one_person(ours, others) == one_person(others, ours) == kind


def test_several_proofs_of_one_kind_are_shown() -> None:
    known = [
        has("a", "email", "b@b.ru"),
        has("a", "email", "a@b.ru"),
        has("a", "email", "c@b.ru", proved=False),
        has("a", "phone", "+7"),
        has("a", "tg", "1"),
        has("a", "tg", "2"),
    ]
    assert conflicts(known) == {"email": ("a@b.ru", "b@b.ru")}


def test_who_may_be_the_same_the_surest_first() -> None:
    mine = [has("a", "phone", "+7"), has("a", "email", "a@b.ru", proved=False)]
    owners = {
        ("phone", "+7"): [has("a", "phone", "+7"), has("b", "phone", "+7", proved=False)],
        ("email", "a@b.ru"): [has("c", "email", "a@b.ru"), has("b", "email", "a@b.ru")],
    }
    found = candidates(mine, owners)
    assert [(each.customer, each.kind, each.proved) for each in found] == [("b", "email", True), ("c", "email", True)]


def test_what_many_claim_says_nothing() -> None:
    def named_by(count: int) -> list[Identity]:
        return [has(f"c{number}", "email", "help@shop.example", proved=False) for number in range(count)]

    mine = [has("a", "email", "help@shop.example", proved=False)]
    key = ("email", "help@shop.example")
    assert len(candidates(mine, {key: named_by(CLAIMED_BY_MANY)})) == CLAIMED_BY_MANY
    assert candidates(mine, {key: named_by(CLAIMED_BY_MANY + 1)}) == []


def test_parted_by_hand_whoever_left_whom() -> None:
    def step(child: str, parent: str, *, joins: bool) -> Link:
        return Link("1", 1, CustomerId(child), CustomerId(parent), joins, "olga", T0)

    a, b, c = (CustomerId(name) for name in "abc")
    assert parted([a], [b], [step("a", "b", joins=False)])
    assert parted([a], [b], [step("b", "a", joins=False)])
    assert parted([a, c], [b], [step("c", "b", joins=False)])
    assert not parted([a], [b], [step("a", "b", joins=True), step("a", "c", joins=False)])
    assert not parted([a, c], [b], [step("a", "c", joins=False)])
