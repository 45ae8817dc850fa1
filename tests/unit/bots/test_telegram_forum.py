"""Raw updates of topics, albums and signs into facts."""

from typing import Any

import pytest

from bots.telegram.wording import point
from bridge.errors import Unreadable
from bridge.model.inbound import (
    Reacted,
    Said,
    StaffEdited,
    StaffPressed,
    StaffReacted,
    StaffSaid,
)
from tests.telegram_payloads import ANNA, FORUM, GROUP, PRIVATE, emoji, facts, message


def test_messages_of_one_album_know_each_other() -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    (fact,) = facts(message=message(photo=photo, media_group_id="130"))
    assert isinstance(fact, Said)
    assert (fact.album, fact.files[0].ref) == ("130", "f")
    (staff,) = facts(message=message(chat=FORUM, photo=photo, media_group_id="131"))
    assert staff.album == "131"


@pytest.mark.parametrize(
    ("before", "after", "sign"),
    [
        ([], emoji("👍"), "👍"),
        (emoji("👍"), [], ""),
        (emoji("👍"), emoji("👍", "🔥"), "🔥"),
        (emoji("👍", "🔥"), emoji("👍"), "👍"),
        ([], [{"type": "custom_emoji", "custom_emoji_id": "5"}], "✨"),
        ([], [{"type": "paid"}], "⭐"),
    ],
)
def test_a_sign_on_a_message(before: list[Any], after: list[Any], sign: str) -> None:
    change = {"message_id": 4, "date": 1_790_000_000, "old_reaction": before, "new_reaction": after, "user": ANNA}
    (fact,) = facts(message_reaction={**change, "chat": PRIVATE})
    assert isinstance(fact, Reacted)
    assert (fact.chat, fact.message_external_id, fact.emoji, fact.sender.id) == ("77", "4", sign, "77")
    (staff,) = facts(message_reaction={**change, "chat": FORUM})
    assert isinstance(staff, StaffReacted)
    assert (staff.group, staff.message_external_id, staff.emoji, staff.user_id) == (str(GROUP), "4", sign, 77)


def test_an_anonymous_sign_is_nobodys() -> None:
    change = {"message_id": 4, "date": 1, "old_reaction": [], "new_reaction": emoji("👍"), "actor_chat": FORUM}
    assert facts(message_reaction={**change, "chat": FORUM}) == []


def test_staff_change_and_answer_what_they_wrote() -> None:
    topic = {"chat": FORUM, "message_thread_id": 42, "is_topic_message": True}
    (edit,) = facts(edited_message=message(**topic, text="новое", edit_date=1_790_000_009))
    assert isinstance(edit, StaffEdited)
    assert (edit.topic, edit.message_external_id, edit.text, edit.user_id) == ("42", "5", "новое", 77)
    assert edit.at.timestamp() == 1_790_000_009
    opened = message(chat=FORUM, message_id=42, forum_topic_created={"name": "T", "icon_color": 7322096})
    (plain,) = facts(message=message(**topic, text="слово", reply_to_message=opened))
    answered = message(chat=FORUM, message_id=43, text="x")
    (answer,) = facts(message=message(**topic, text="слово", reply_to_message=answered))
    assert (plain.reply_to, answer.reply_to) == (None, "43")


def test_places_of_staff_go_in_words() -> None:
    (said,) = facts(message=message(chat=FORUM, location={"latitude": 55.75, "longitude": 37.62}))
    assert (said.kind, said.text) == ("text", point(55.75, 37.62))
    (poll,) = facts(message=message(chat=FORUM, dice={"emoji": "🎲", "value": 3}))
    assert poll.kind == "dice"


def test_staff_in_a_topic_and_in_general() -> None:
    topic = message(chat=FORUM, text="ответ", message_thread_id=42, is_topic_message=True)
    (said,) = facts(message=topic)
    assert isinstance(said, StaffSaid)
    assert (said.topic, said.text, said.user_id, said.anonymous) == ("42", "ответ", 77, False)
    # A reply in General carries a thread id that is no topic.
    (general,) = facts(message=message(chat=FORUM, text="болтовня", message_thread_id=42))
    assert general.topic is None
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    (hidden,) = facts(message={**topic, "from": anonymous, "sender_chat": FORUM})
    assert hidden.anonymous
    query = {"id": "q", "from": ANNA, "chat_instance": "i", "data": "claim:c", "message": topic}
    (press,) = facts(callback_query=query)
    assert isinstance(press, StaffPressed)


def test_an_unreadable_word_of_staff_never_goes_to_a_customer() -> None:
    with pytest.raises(Unreadable) as caught:
        facts(message=message(chat=FORUM, text="смотри", forward_origin={"type": "tomorrow", "date": 1}))
    (rescued,) = caught.value.rescued
    assert isinstance(rescued, StaffSaid)
    assert (rescued.kind, rescued.files) == ("other", ())


@pytest.mark.parametrize(("service", "kind"), [("closed", "topic_closed"), ("reopened", "topic_reopened")])
def test_a_topic_closed_or_opened_by_hand_is_told(service: str, kind: str) -> None:
    more = {f"forum_topic_{service}": {}, "message_thread_id": 4, "is_topic_message": True}
    (said,) = facts(message=message(chat=FORUM, **more))
    assert (said.kind, said.topic, said.user_id) == (kind, "4", 77)
