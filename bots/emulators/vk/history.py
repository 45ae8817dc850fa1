"""A way into the emulated world without a line: what was said and sent stands there at the time a clock tells.

It lets a shop's past be told through the hall's own verbs: each call of the community is done in this process by the
same methods that serve the real door, and only its date is the past's.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from bots.emulators.control import Json
from bots.emulators.vk import calling
from bots.emulators.vk.control.content import words as content
from bots.emulators.vk.dialog import Dialog, Post
from bots.emulators.vk.emulation import Call, Emulation
from bots.emulators.vk.errors import VkError
from bots.emulators.vk.params import Params
from bots.vk import letters
from bots.vk.budget import SendBudget
from bots.vk.errors import refusal
from bots.vk.uploads import Uploads
from bridge.model.ids import ChannelName
from bridge.model.inbound import Inbound, Sender, Update
from bridge.ports import Clock
from bridge.ports.channels import Accept, Channel, ChannelState, Outgoing, Receipt


class VkHistory:
    """A community's past with its customers: a channel that only sends, and phones that write."""

    kind = "vk"

    def __init__(self, name: str, emu: Emulation, token: str, clock: Clock) -> None:
        self.name = ChannelName(name)
        self.state = ChannelState("ok")
        self._emu = emu
        self._clock = clock
        self._group = next(group for group in emu.world.groups.values() if group.token == token)
        free = SendBudget(token, 0)
        self._letters = letters.Post(self._call, Uploads(token, "", free), free.wait)

    async def run(self, accept: Accept) -> None:
        """Nothing comes by itself: whoever tells the past says what came."""
        await asyncio.Event().wait()

    def parse(self, update: Update) -> Sequence[Inbound]:
        """There are no raw updates."""
        return ()

    async def send(self, message: Outgoing) -> Receipt:
        """Send to a customer; raises what the real channel raises, Unreachable for one who forbade it."""
        return await self._letters.deliver(message)

    async def _call(self, method: str, **values: Any) -> Any:
        """Do one call and date what it wrote; raises the hall's errors as a call over a line does."""
        given = Params({name: value for name, value in values.items() if value is not None})
        dialogs = self._emu.world.dialogs
        lengths = {key: len(dialog.posts) for key, dialog in dialogs.items()}
        try:
            result = await calling.result_of(Call(self._emu, self._group, method, given))
        except VkError as refused:
            raise refusal(refused.code, str(refused)) from None
        at = self._clock.now().timestamp()
        for key, dialog in dialogs.items():
            for post in dialog.posts[lengths.get(key, 0) :]:
                post.at = at
        return result

    def open_account(self, sender: Sender) -> None:
        """See that a customer has an account and a dialog with the community; what is there is left as it is."""
        world = self._emu.world
        if int(sender.id) not in world.people:
            world.add_person(sender.name, int(sender.id), lang=sender.language)
        self._dialog(sender)
        self._emu.dirty()

    async def known_as(self, sender: Sender) -> Sender:
        """Return a customer as VK names him: by his account."""
        return sender

    async def says(self, sender: Sender, words: Json) -> tuple[str, ...]:
        """Have a customer write, in the control API's words; returns the message's number in the dialog."""
        dialog = self._dialog(sender)
        said = content(self._emu, self._emu.world.people[dialog.user], words)
        at = self._clock.now().timestamp()
        post = Post(self._group.take_message(), dialog.take_cmid(), at, dialog.user, said.text, said.attachments)
        dialog.add(post)
        # Whoever writes allows answers, and has read what stands above.
        dialog.allowed, dialog.out_read = True, post.cmid
        self._emu.touch(dialog)
        return (str(post.cmid),)

    def blocks(self, sender: Sender) -> str:
        """Have a customer forbid the community to write."""
        dialog = self._dialog(sender)
        dialog.allowed = False
        self._emu.touch(dialog)
        return "messages_denied"

    async def reads(self, sender: Sender, word: str) -> None:
        """Show a customer that he was read up to a message of his."""
        dialog = self._dialog(sender)
        dialog.in_read = max(dialog.in_read, int(word))
        self._emu.touch(dialog)

    def _dialog(self, sender: Sender) -> Dialog:
        return self._emu.world.open_dialog(self._group.id, int(sender.id))


_: type[Channel] = VkHistory
