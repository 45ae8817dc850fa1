"""aiogram's types are built when they are used, and are then what aiogram would have built."""

import subprocess
import sys

import pytest

UPDATE = """
import bots.telegram
from aiogram.types import Message, Update, User
assert not Message.__pydantic_complete__
update = Update.model_validate({"update_id": 7, "message": {
    "message_id": 1, "date": 0, "text": "words", "chat": {"id": 5, "type": "private"},
    "from": {"id": 5, "is_bot": False, "first_name": "Ada"},
    "reply_to_message": {"message_id": 2, "date": 0, "text": "before", "chat": {"id": 5, "type": "private"}},
}})
assert type(update.message) is Message, update
assert type(update.message.from_user) is User
assert update.message.reply_to_message.text == "before"
"""


CALL = """
import bots.telegram.receiving
from aiogram.methods import Response, SendMessage
from aiogram.types import Message
call = SendMessage(chat_id=5, text="words")
assert call.text == "words"
assert bots.telegram.receiving.RawGetUpdates(timeout=1).timeout == 1
answer = {"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}, "text": "words"}}
assert Response[Message].model_validate(answer).result.text == "words"
"""


def test_a_call_may_be_the_first_use() -> None:
    subprocess.run([sys.executable, "-c", CALL], check=True)


ALL = """
import bots.telegram
from aiogram import methods, types
from pydantic import BaseModel
models = [model for module in (types, methods) for name in module.__all__
          if isinstance(model := getattr(module, name), type) and issubclass(model, BaseModel)]
assert len(models) > 400
for model in models:
    model.model_rebuild()
    assert model.__pydantic_complete__, model
"""


@pytest.mark.slow
def test_types_are_built_at_their_first_use_and_every_one_can_be() -> None:
    subprocess.run([sys.executable, "-c", UPDATE + ALL], check=True)  # aiogram takes seconds to start: one process


BEFORE = """
from aiogram import types
assert types.Message.__pydantic_complete__
import bots.telegram
assert bots.telegram.check({"token": "1:a"}) == []
for name in ("Update", "Message", "CallbackQuery"):
    assert getattr(types, name).model_rebuild(force=True), name
"""


@pytest.mark.slow
def test_it_harms_nothing_when_aiogram_was_there_before() -> None:
    subprocess.run([sys.executable, "-c", BEFORE], check=True)
