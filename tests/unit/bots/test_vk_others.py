"""VK's events that are no words of a customer: echoes, doors, marks, signs, the wall."""

from typing import Any

import pytest

from bots.vk.events import people
from bots.vk.numbers import payload, random_id
from bridge.model.inbound import Answered, Deleted, Edited, Reachable, Reacted, Read, Said
from tests.vk_payloads import ANNA, GROUP, event, facts, message


def echo(**parts: Any) -> dict[str, Any]:
    return event("message_reply", message(from_id=-GROUP, out=1, text="Здравствуйте", **parts))


def test_a_human_answer_typed_in_vk_itself_is_told_with_who_it_was() -> None:
    (fact,) = facts(echo(admin_author_id=5, random_id=0))
    assert isinstance(fact, Answered)
    assert (fact.chat, fact.external_id, fact.text, fact.sender.name) == ("77", "12", "Здравствуйте", "Мария Админ")
    assert people(echo(admin_author_id=5)) == {5}


def test_our_own_echo_is_known_by_its_random_id_whoever_sent_it() -> None:
    ours = {"random_id": random_id("m1", 0), "payload": payload("m1", 0)}
    assert facts(echo(**ours)) == []
    assert facts(echo(**ours, admin_author_id=5)) == []
    forged = {"random_id": 4, "payload": payload("m1", 0)}
    assert isinstance(facts(echo(**forged, admin_author_id=5))[0], Answered)


def test_a_human_answer_changed_in_vk_is_told_anew() -> None:
    changed = message(from_id=-GROUP, out=1, text="Добрый день", admin_author_id=5, update_time=1_790_000_500)
    (fact,) = facts(event("message_edit", changed))
    assert isinstance(fact, Answered)
    assert (fact.external_id, fact.text) == ("12", "Добрый день")
    ours = {"random_id": random_id("m1", 0), "payload": payload("m1", 0), "update_time": 5}
    assert facts(event("message_edit", message(from_id=-GROUP, out=1, **ours))) == []


def test_another_programs_message_is_no_human_answer() -> None:
    assert facts(echo(random_id=9)) == []


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("message_allow", None),
        ("message_deny", "messages_denied"),
        ("user_block", "blacklisted"),
        ("user_unblock", None),
    ],
)
def test_doors_open_and_shut(kind: str, reason: str | None) -> None:
    (fact,) = facts(event(kind, {"user_id": ANNA, "key": "x", "admin_id": 5}))
    assert isinstance(fact, Reachable)
    assert (fact.chat, fact.reason) == ("77", reason)


def test_read_marks_and_reactions() -> None:
    about = {"from_id": ANNA, "peer_id": ANNA, "read_message_id": 500, "conversation_message_id": 11}
    (read,) = facts(event("message_read", about))
    assert isinstance(read, Read)
    assert read.message_external_id == "11"
    about = {"reacted_id": ANNA, "peer_id": ANNA, "cmid": 11, "reaction_id": 4}
    (sign,) = facts(event("message_reaction_event", about))
    assert isinstance(sign, Reacted)
    assert (sign.message_external_id, sign.emoji) == ("11", "👍")
    (gone,) = facts(event("message_reaction_event", {"reacted_id": ANNA, "peer_id": ANNA, "cmid": 11}))
    assert isinstance(gone, Reacted)
    assert gone.emoji == ""
    assert facts(event("message_reaction_event", {"reacted_id": -GROUP, "peer_id": ANNA, "cmid": 11})) == []


def comment(**parts: Any) -> dict[str, Any]:
    return {
        "id": 31,
        "from_id": ANNA,
        "post_id": 8,
        "owner_id": -GROUP,
        "date": 1_790_000_000,
        "text": "Сколько?",
        **parts,
    }


def test_comments_are_a_conversation_of_their_author_under_the_post() -> None:
    (said,) = facts(event("wall_reply_new", comment(reply_to_comment=30)))
    assert isinstance(said, Said)
    assert (said.chat, said.external_id, said.reply_to, said.sender.id) == ("wall:8:77", "31", "30", "77")
    (edited,) = facts(event("wall_reply_edit", comment(text="Почём?")))
    assert isinstance(edited, Edited)
    assert (edited.chat, edited.message_external_id) == ("wall:8:77", "31")
    (gone,) = facts(event("wall_reply_delete", {"owner_id": -GROUP, "id": 31, "deleter_id": ANNA, "post_id": 8}))
    assert isinstance(gone, Deleted)
    assert gone.message_external_id == "31"
    (again,) = facts(event("wall_reply_restore", comment()))
    assert isinstance(again, Said)
    assert (again.chat, again.reply_to, again.text) == ("wall:8:77", "31", "Сколько?")
    assert again.external_id == "31.restored:k"
    assert facts(event("wall_post_new", {"id": 8, "from_id": -GROUP, "owner_id": -GROUP, "text": "Новость"})) == []
    assert facts(event("wall_reply_restore", comment(from_id=-GROUP))) == []


def test_a_gift_below_a_comment_is_told_beside_its_words() -> None:
    gift = {"type": "gift", "gift": {"id": 6}}
    said = facts(event("wall_reply_new", comment(attachments=[gift])))
    assert [(fact.external_id, fact.kind, fact.text) for fact in said if isinstance(fact, Said)] == [
        ("31", "text", "Сколько?"),
        ("31.a1", "gift", ""),
    ]


def test_a_comment_of_the_community_is_an_answer_unless_it_is_ours() -> None:
    ours = event("wall_reply_new", comment(from_id=-GROUP, reply_to_user=ANNA, text="500 ₽"))
    (answered,) = facts(ours)
    assert isinstance(answered, Answered)
    assert answered.chat == "wall:8:77"
    assert facts(ours, own=True) == []


def test_a_post_on_the_wall() -> None:
    (said,) = facts(event("wall_post_new", {"id": 8, "from_id": ANNA, "owner_id": -GROUP, "text": "Спасибо!"}))
    assert isinstance(said, Said)
    assert (said.chat, said.external_id) == ("wall:8:77", "post")
    assert facts(event("wall_post_new", {"id": 8, "from_id": -GROUP, "owner_id": -GROUP, "text": "Новость"})) == []
