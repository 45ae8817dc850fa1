"""Who may do what, and ids that follow from ids."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import Forbidden
from bridge.model.ids import OperatorId, derive, fresh
from bridge.model.operators import Operator, Role
from bridge.rights import TABLE, may, require

SOMEBODY = Operator(OperatorId("o"), "o@shop.example", "О", Role.OPERATOR, "", datetime(2025, 1, 1, tzinfo=UTC))
DESK = "reply note amend react ban claim release assign close reopen retry tag snooze customer ask_contact contacts"
DESK += " propose transfer share prioritize task canned macro"
CHIEF = f"{DESK} amend_others suggest article publish teams audit canned_shared views_shared"
#: Role -> verbs beyond reading, which everybody may.
RIGHTS = {
    Role.ADMIN: f"{CHIEF} staff webhooks customers erase delete",
    Role.SUPERVISOR: CHIEF,
    Role.OPERATOR: f"{DESK} suggest",
    Role.OBSERVER: "suggest",
    Role.EDITOR: "suggest article propose",
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_exactly_this(role: Role) -> None:
    person = replace(SOMEBODY, role=role)
    allowed = {verb for verb in TABLE if may(person, verb)}
    assert allowed == {"read", "channels", "follow", "star", *RIGHTS[role].split()}
    for verb in TABLE:
        if verb in allowed:
            require(person, verb)
        else:
            with pytest.raises(Forbidden, match=role.value):
                require(person, verb)


@pytest.mark.parametrize("role", Role)
def test_a_disabled_person_may_nothing(role: Role) -> None:
    assert not any(may(replace(SOMEBODY, role=role, disabled=True), verb) for verb in TABLE)


def test_an_unknown_verb_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        may(SOMEBODY, "fly")


parts = st.lists(st.text(st.characters(exclude_characters="\x1f"), max_size=8), min_size=1, max_size=4)


@given(parts, parts)
def test_ids_follow_from_their_parts_and_from_nothing_else(one: list[str], other: list[str]) -> None:
    assert derive(*one) == derive(*one)
    assert (derive(*one) == derive(*other)) == (one == other)


def test_an_id_is_the_same_in_every_process_and_safe_everywhere() -> None:
    assert derive("in", "telegram", "5", "77") == "g3b55xwzregb4fj6"
    assert derive("a", "bc") != derive("ab", "c")
    assert derive(1) == derive("1")
    ids = {fresh() for _ in range(200)} | {derive(n) for n in range(200)}
    assert len(ids) == 400
    assert all(len(id) == 16 and set(id) <= set("0123456789abcdefghjkmnpqrstvwxyz") for id in ids)
