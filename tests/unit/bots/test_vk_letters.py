"""Words as VK's messages: parts, numbers that make a repetition harmless, buttons, and what can be attached."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bots.vk import keyboards
from bots.vk.amending import delete, edit, react
from bots.vk.errors import Refused
from bots.vk.letters import Post, named, parts
from bots.vk.numbers import is_ours, payload, random_id
from bots.vk.reactions import EMOJI, emoji_of, number_of
from bots.vk.uploads import carries, sent_as
from bridge.errors import NotFound, Rejected, RetryLater, Unreachable
from bridge.model.files import Attachment
from bridge.model.ids import ChatId, FileId
from bridge.model.messages import Choice
from bridge.people.asking import SHARE, SKIP
from bridge.ports.channels import Outgoing, OutgoingFile

CHAT = ChatId("77")


def file(kind: str, mime: str, name: str = "a", **more: Any) -> OutgoingFile:
    async def read() -> AsyncIterator[bytes]:
        yield b"bytes"

    return OutgoingFile(Attachment(FileId(f"f-{kind}-{name}"), kind, name, mime, 5, **more), read)


def word(text: str = "Добрый день", **more: Any) -> Outgoing:
    return Outgoing("m1", CHAT, text, **more)


class Calls:
    """A VK that notes what it is asked, and answers as told."""

    def __init__(self, *answers: Any) -> None:
        self.made: list[tuple[str, dict[str, Any]]] = []
        self._answers = list(answers)

    async def __call__(self, method: str, **values: Any) -> Any:
        self.made.append((method, {key: value for key, value in values.items() if value is not None}))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def bring(self, each: OutgoingFile, peer: int) -> str:
        return f"{sent_as(each.attachment)}-1_{each.attachment.name}"

    async def turn(self) -> None:
        self.made.append(("turn", {}))

    def post(self) -> Post:
        return Post(self, self, self.turn)  # type: ignore[arg-type]  # uploads are of no interest here


def sent(number: int) -> list[dict[str, int]]:
    return [{"peer_id": 77, "message_id": 1000 + number, "conversation_message_id": number}]


def test_a_text_is_cut_and_files_go_with_the_first_part_voices_alone() -> None:
    files = (file("photo", "image/png", "p"), file("voice", "audio/ogg", "v"), file("document", "application/pdf", "d"))
    text, rest, voice = parts(word("слово " * 1000, files=files))
    assert [each.attachment.name for each in text.files] == ["p", "d"]
    assert len(text.text) <= 4096 < len(text.text) + len(rest.text)
    assert (rest.files, voice.text, [each.attachment.name for each in voice.files]) == ((), "", ["v"])
    (alone,) = parts(word("", files=files[:1]))
    assert (alone.text, len(alone.files)) == ("", 1)


def test_more_than_ten_files_take_more_messages() -> None:
    files = tuple(file("photo", "image/png", str(number)) for number in range(12))
    assert [len(part.files) for part in parts(word(files=files))] == [10, 2]


def test_the_random_id_follows_from_the_message_and_is_never_nought() -> None:
    ids = {random_id(f"message{number}", part) for number in range(200) for part in range(3)}
    assert len(ids) == 600
    assert all(0 < each < 2**31 for each in ids)
    assert random_id("m1", 0) == random_id("m1", 0)


def test_an_echo_is_ours_only_when_number_and_id_fit() -> None:
    assert is_ours({"random_id": random_id("m1", 2), "payload": payload("m1", 2)})
    assert not is_ours({"random_id": random_id("m1", 1), "payload": payload("m1", 2)})
    for odd in (None, "", "[]", "no json", '{"mostik": "m1"}', '{"mostik": "m1", "part": "x"}'):
        assert not is_ours({"random_id": 5, "payload": odd})


async def test_sending_names_peer_number_reply_and_buttons() -> None:
    calls = Calls(sent(12))
    receipt = await calls.post().deliver(word(choices=(Choice("Да", "ok:m1"),), reply_to="9.2"))
    assert (receipt.external_id, receipt.parts) == ("12", ())
    ((method, values),) = calls.made
    assert (method, values["peer_ids"], values["random_id"]) == ("messages.send", 77, random_id("m1", 0))
    assert json.loads(values["forward"]) == {"peer_id": 77, "conversation_message_ids": [9], "is_reply": 1}
    ((button,),) = json.loads(values["keyboard"])["buttons"]
    assert json.loads(button["action"]["payload"]) == {"data": "ok:m1", "label": "Да"}


async def test_a_word_of_several_messages_takes_a_turn_for_each_and_tells_all_ids() -> None:
    calls = Calls(sent(12), sent(13))
    receipt = await calls.post().deliver(word("слово " * 1000, choices=(Choice("Да", "x"),)))
    assert (receipt.external_id, receipt.parts) == ("13", ("12", "13"))
    assert [method for method, _ in calls.made] == ["messages.send", "turn", "messages.send"]
    assert "keyboard" not in calls.made[0][1]
    assert "keyboard" in calls.made[2][1]


async def test_a_part_that_must_wait_is_sent_again_with_all_before_it_under_the_same_numbers() -> None:
    calls = Calls(sent(12), RetryLater(1, "server"), sent(12), sent(13))
    long = word("слово " * 1000)
    with pytest.raises(RetryLater):
        await calls.post().deliver(long)
    assert (await calls.post().deliver(long)).parts == ("12", "13")
    numbers = [values["random_id"] for method, values in calls.made if method == "messages.send"]
    assert numbers[:2] == numbers[2:]


async def test_a_part_that_is_refused_after_others_are_out_says_so() -> None:
    with pytest.raises(Rejected, match="part_sent"):
        await Calls(sent(12), Refused("too_long", 914)).post().deliver(word("слово " * 1000))


async def test_what_vk_minds_beside_the_words_is_left_out() -> None:
    calls = Calls(Refused("bad_keyboard", 912), Refused("bad_reply", 921), sent(12))
    await calls.post().deliver(word(choices=(Choice("Да", "x"), Choice("Нет", "y")), reply_to="9"))
    last = calls.made[-1][1]
    assert ("keyboard" in last, "forward" in last) == (False, False)
    assert last["message"] == "Добрый день\n• Да\n• Нет"


async def test_a_refusal_inside_the_list_is_the_hall_s_error() -> None:
    with pytest.raises(Unreachable, match="messages_denied"):
        await Calls([{"peer_id": 77, "message_id": 0, "error": {"code": 901}}]).post().deliver(word())


async def test_an_answer_without_the_number_in_the_chat_is_asked_for_it() -> None:
    calls = Calls(1012, {"items": [{"id": 1012, "conversation_message_id": 12}]})
    assert (await calls.post().deliver(word())).external_id == "12"
    assert calls.made[-1] == ("messages.getById", {"message_ids": 1012})


async def test_a_random_id_that_another_chats_message_has_is_left_for_the_next() -> None:
    calls = Calls([{"peer_id": 78, "message_id": 5, "conversation_message_id": 3}], sent(12))
    assert (await calls.post().deliver(word())).external_id == "12"
    echo = calls.made[-1][1]
    assert calls.made[0][1]["random_id"] != echo["random_id"]
    assert is_ours(echo)


async def test_nothing_to_say_is_refused() -> None:
    with pytest.raises(Rejected, match="empty"):
        await Calls().post().deliver(word(" \n "))


def test_buttons_stand_one_a_row_then_two_and_ten_at_most() -> None:
    def rows(count: int) -> list[int]:
        offered = [Choice(f"Кнопка {number}", str(number)) for number in range(count)]
        return [len(row) for row in json.loads(keyboards.keyboard(offered) or "{}")["buttons"]]

    assert (rows(6), rows(7), rows(14)) == ([1] * 6, [2, 2, 2, 1], [2] * 5)
    assert keyboards.keyboard(()) is None
    many = word(choices=tuple(Choice(f"Кнопка {number}", str(number)) for number in range(12)))
    assert parts(many)[0].text.endswith("• Кнопка 10\n• Кнопка 11")


def test_labels_and_payloads_keep_to_vk_s_limits() -> None:
    board = keyboards.keyboard([Choice("Я" * 60, "d" * 64)]) or ""
    action = json.loads(board)["buttons"][0][0]["action"]
    assert len(action["label"]) == 40
    assert len(action["payload"]) <= 255
    assert keyboards.pressed(action["payload"]) == ("d" * 64, action["label"])


def test_a_phone_cannot_be_shared_by_a_button_so_only_the_skip_is_offered() -> None:
    asking = word(asks="contact", choices=(Choice("Отправить мой номер", SHARE), Choice("Пропустить", SKIP)))
    assert [choice.data for choice in keyboards.choices(asking)] == [SKIP]


@pytest.mark.parametrize(
    ("attachment", "way", "refused"),
    [
        (Attachment(FileId("f"), "photo", "a.png", "image/png", 9, 800, 600), "photo", None),
        (Attachment(FileId("f"), "photo", "a.webp", "image/webp", 9, 800, 600), "doc", None),
        (Attachment(FileId("f"), "photo", "a.png", "image/png", 9, 9000, 6000), "doc", None),
        (Attachment(FileId("f"), "photo", "a.png", "image/png", 9, 4000, 10), "doc", None),
        (Attachment(FileId("f"), "voice", "", "audio/ogg", 9), "voice", None),
        (Attachment(FileId("f"), "audio", "a.mp3", "audio/mpeg", 9), "voice", None),
        (Attachment(FileId("f"), "document", "a.exe", "application/octet-stream", 9), "doc", "file_type"),
        (Attachment(FileId("f"), "video", "a.mp4", "video/mp4", 10**9), "doc", "file_too_big"),
    ],
)
def test_how_a_file_goes_out(attachment: Attachment, way: str, refused: str | None) -> None:
    assert (sent_as(attachment), carries(attachment)) == (way, refused)


def test_attachments_are_named_anew() -> None:
    hanging = [
        {"type": "photo", "photo": {"owner_id": -1, "id": 5, "access_key": "k"}},
        {"type": "audio_message", "audio_message": {"owner_id": -1, "id": 6}},
        {"type": "link", "link": {"url": "https://a.example"}},
    ]
    assert named(hanging) == ["photo-1_5_k", "doc-1_6"]


async def test_an_edit_keeps_the_files_that_hang_on_the_message() -> None:
    hanging = {"items": [{"attachments": [{"type": "photo", "photo": {"owner_id": -1, "id": 5}}]}]}
    calls = Calls(hanging, 1)
    receipt = await edit(calls, calls.turn, word("Иначе", files=(file("photo", "image/png"),)), ["12"])
    assert receipt.external_id == "12"
    assert calls.made[-1][1]["attachment"] == ["photo-1_5"]
    assert (calls.made[-1][1]["cmid"], calls.made[-1][1]["message"]) == (12, "Иначе")


async def test_an_edit_to_fewer_messages_takes_the_others_away_and_to_more_is_refused() -> None:
    calls = Calls(1, [{"response": 1}])
    receipt = await edit(calls, calls.turn, word("Коротко"), ["12", "13"])
    assert (receipt.external_id, receipt.parts) == ("12", ())
    assert calls.made[-1][1]["cmids"] == [13]
    with pytest.raises(Rejected, match="edit_too_long"):
        await edit(Calls(), calls.turn, word("слово " * 1000), ["12"])


async def test_what_is_gone_cannot_be_edited_and_need_not_be_deleted() -> None:
    with pytest.raises(NotFound):
        await edit(Calls(Refused("VK 100", 100)), Calls().turn, word(), ["12"])
    await delete(Calls(Refused("VK 100", 100)), CHAT, ["12"])
    with pytest.raises(Rejected, match="delete_too_old"):
        await delete(Calls(Refused("delete_too_old", 924)), CHAT, ["12"])


async def test_reactions_are_those_vk_has() -> None:
    assert all(number_of(emoji_of(number)) == number for number in EMOJI)
    calls = Calls(1, 1)
    await react(calls, CHAT, "12", "❤️")
    await react(calls, CHAT, "12", "")
    assert [method for method, _ in calls.made] == ["messages.sendReaction", "messages.deleteReaction"]
    assert calls.made[0][1]["reaction_id"] == 1
    with pytest.raises(Rejected, match="reaction_unknown"):
        await react(calls, CHAT, "12", "🦄")
