"""A way into the emulated world without a line: what was said and sent stands there at the time a clock tells.

It lets a shop's past be told through the hall's own verbs: each call of the bot is done in this process by the same
methods that serve the real door, and only its date is the past's.
"""

import asyncio
import json
import mimetypes
from collections.abc import AsyncGenerator, Sequence
from functools import cache
from typing import Any

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.methods import Response, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile

from bots.emulators.journal import Journal
from bots.emulators.telegram import calling
from bots.emulators.telegram.control.content import bodies
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.errors import Json
from bots.emulators.telegram.params import Params, Upload
from bots.emulators.telegram.world import BotAccount, Chat, Post
from bots.telegram.errors import funnel
from bots.telegram.group import StaffGroup
from bots.telegram.groups import Groups
from bots.telegram.keyboards import keyboard
from bridge.model import desk
from bridge.model.ids import ChannelName
from bridge.model.inbound import Inbound, Sender, Update
from bridge.ports import Clock
from bridge.ports.channels import Accept, Channel, ChannelState, DeskChannel, Outgoing, OutgoingFile, Receipt


@cache
def _answer_model(returning: Any) -> Any:
    """Hold on to the model of a method's answer: pydantic forgets those nobody holds, and makes them in 20 ms."""
    return Response[returning]


async def _upload(name: str, file: InputFile, bot: Bot) -> Upload:
    """Read a file as the form of a call would carry it."""
    content = b"".join([piece async for piece in file.read(bot)])
    called = file.filename or name
    return Upload(called, mimetypes.guess_type(called)[0] or "application/octet-stream", content)


class WorldSession(BaseSession):
    """aiogram's session that calls the emulator in this process and dates what it wrote by the clock."""

    def __init__(self, emu: Emulation, account: BotAccount, clock: Clock) -> None:
        super().__init__()
        self._emu = emu
        self._account = account
        self._clock = clock

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """Do one call; raises aiogram's errors as a session with a line does."""
        files: dict[str, Any] = {}
        values = {
            name: prepared
            for name, value in method.model_dump(warnings=False).items()
            if (prepared := self.prepare_value(value, bot=bot, files=files)) is not None
        }
        uploads = {name: await _upload(name, file, bot) for name, file in files.items()}
        chats = self._emu.world.chats
        lengths = {key: len(chat.posts) for key, chat in chats.items()}
        heard = set(self._account.queue)
        answer = await calling.perform(self._emu, self._account, method.__api_method__, Params(values, uploads))
        at = self._clock.now().timestamp()
        for key, chat in chats.items():
            for post in chat.posts[lengths.get(key, 0) :]:
                post.at = at
        # What the bot would have been told of this, it was told then.
        for update_id in [number for number in self._account.queue if number not in heard]:
            del self._account.queue[update_id]
        _answer_model(method.__returning__)
        response = self.check_response(bot, method, answer.status, json.dumps(answer.body))
        return response.result  # type: ignore[return-value]  # check_response raised for an answer without result

    async def close(self) -> None:
        """Nothing is open."""

    def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """aiogram asks for it of every session; what tells a past sends files and fetches none. Raises TypeError."""
        raise TypeError("a past fetches no files")


class TelegramHistory:
    """A bot's past with its customers and its staff group: a channel that only sends, and phones that write."""

    kind = "telegram"

    def __init__(self, name: str, emu: Emulation, token: str, clock: Clock, group: int, open_at: str) -> None:
        self.name = ChannelName(name)
        self.desk = ChannelName(f"{name}.staff")
        self.groups = (str(group),)
        self.rules = desk.DeskRules(open_at)
        self.state = ChannelState("ok")
        self._emu = emu
        self._clock = clock
        self._account = emu.world.bots[int(token.partition(":")[0])]
        session = WorldSession(emu, self._account, clock)
        self._bot = Bot(token, session=session, default=DefaultBotProperties(parse_mode=None))
        self._staff = StaffGroup(self._bot, Groups((group,)), 30, name)

    async def run(self, accept: Accept) -> None:
        """Nothing comes by itself: whoever tells the past says what came."""
        await asyncio.Event().wait()

    def parse(self, update: Update) -> Sequence[Inbound]:
        """There are no raw updates."""
        return ()

    async def send(self, message: Outgoing) -> Receipt:
        """Send to a customer; raises what the real channel raises, Unreachable for one who blocked the bot."""
        method = SendMessage(chat_id=int(message.chat), text=message.text, reply_markup=keyboard(message.choices))
        sent = await funnel(lambda: self._bot(method))
        return Receipt(str(sent.message_id))

    async def post(self, post: desk.Post, topic: desk.Topic, files: Sequence[OutgoingFile] = ()) -> Receipt:
        """Do what a post says in the staff group."""
        return await self._staff.post(post, topic, files)

    def open_account(self, sender: Sender) -> None:
        """See that a customer has an account and a chat with the bot; what is there is left as it is."""
        world = self._emu.world
        id = int(sender.id)
        if id not in world.people:
            world.add_person(sender.name, id, username=sender.username or None, lang=sender.language or None)
        chat = world.open_private(self._account.id, id)
        chat.started = True
        self._emu.dirty()

    async def known_as(self, sender: Sender) -> Sender:
        """Return a customer as Telegram names him: by his account."""
        return sender

    async def says(self, sender: Sender, words: Json) -> tuple[str, ...]:
        """Have a customer write, in the control API's words (text, album, voice …); returns the messages' ids."""
        chat = self._chat(sender)
        person = self._emu.world.people[int(sender.id)]
        ids = [
            chat.add(Post(chat.take_id(), self._clock.now().timestamp(), person.id, body)).id
            for body in bodies(self._emu, person, words)
        ]
        self._emu.touch(chat)
        return tuple(map(str, ids))

    def blocks(self, sender: Sender) -> str:
        """Have a customer block the bot."""
        chat = self._chat(sender)
        chat.blocked = True
        self._emu.touch(chat)
        return "blocked"

    async def reads(self, sender: Sender, word: str) -> None:
        """Telegram shows nobody what a bot has read."""

    def end(self) -> None:
        """End the telling: the journal of calls begins with the present."""
        self._emu.journal = Journal()

    def _chat(self, sender: Sender) -> Chat:
        return self._emu.world.open_private(self._account.id, int(sender.id))


_: type[Channel] = TelegramHistory
_desk: type[DeskChannel] = TelegramHistory
