"""A Telegram bot whose operators work in staff groups, one or several."""

from collections.abc import Mapping, Sequence

from aiogram.exceptions import TelegramMigrateToChat
from aiogram.methods import DeleteForumTopic, GetMyCommands, SetMyCommands
from aiogram.types import BotCommand, BotCommandScopeChat

from bots.telegram.channel import Telegram
from bots.telegram.errors import AlreadyDone
from bots.telegram.group import StaffGroup
from bots.telegram.menu import same
from bots.telegram.settings import TelegramSettings
from bots.telegram.setup import BotSetup
from bridge.delivery.sharing import Installation
from bridge.errors import ChannelBroken, NotFound, RetryLater
from bridge.model.desk import DeskRules, Post, Topic
from bridge.model.ids import ChannelName
from bridge.ports.channels import DeskChannel, OutgoingFile, Receipt
from bridge.ports.desks import CommandedDesk, ForgettingDesk, MovingDesk

#: What a group lacks to be a desk, in words for who sets it up.
_LACKS = {
    "not_found": "there is none of this id, or the bot is not in it",
    "no_topics": "topics are off",
    "no_admin": "the bot is no administrator",
    "no_topic_right": "the bot has no right to manage topics",
}


class TelegramWithGroup(Telegram):
    """A bot whose operators work in staff groups."""

    def __init__(
        self, name: str, settings: TelegramSettings, public_url: str, installation: Installation | None = None
    ) -> None:
        super().__init__(name, settings, public_url, installation)
        group = settings.staff_group
        assert group is not None
        self.desk = ChannelName(f"{name}.staff")
        self.rules = DeskRules(group.open_at, group.sends, group.recall_seconds, f"bots.{name}.staff_group.chat")
        self._at_desk = self._account
        self._staff = StaffGroup(self._account.bot, self._groups, settings.timeout, name, self._budget.turn)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups' ids now; one changes when its group is upgraded."""
        return tuple(map(str, self._groups))

    @property
    def moves(self) -> Mapping[str, str]:
        """Old id -> new id of groups that were upgraded."""
        return {str(old): str(new) for old, new in self._groups.moves.items()}

    def adopt(self, moves: Mapping[str, str]) -> None:
        """Take over what is known of upgraded groups."""
        self._groups.adopt({int(old): int(new) for old, new in moves.items()})

    async def check(self) -> str:
        """Prove that the token works and the groups can be desks. Raises ChannelBroken, RetryLater."""
        return f"{await super().check()}, {await self._desks_fit()}"

    async def _desks_fit(self) -> str:
        """Name the groups that can be desks. Raises ChannelBroken for one that cannot, with what it lacks."""
        group = self._settings.staff_group
        assert group is not None
        async with BotSetup((group.token or self._settings.token).get_secret_value(), self._settings.api_base) as setup:
            for chat in group.chat:
                lacks = [_LACKS[fault] for fault in await setup.faults(chat)]
                if lacks:
                    raise ChannelBroken(f"staff group {chat}: {', '.join(lacks)}")
        return f"staff group {', '.join(map(str, group.chat))}"

    async def post(self, post: Post, topic: Topic, files: Sequence[OutgoingFile] = ()) -> Receipt:
        """Do what a post says in its topic."""
        try:
            return await self._staff.post(post, topic, files)
        except RetryLater as pause:
            if pause.reason == "flood":
                await self._budget.unturn(str(self._groups.now(int(topic.group))), pause.seconds)
            raise
        except AlreadyDone:
            return Receipt(None)

    async def forget(self, group: str, topic: str) -> None:
        """Delete a topic with all its messages, for everybody."""
        chat = self._groups.now(int(group))
        try:
            await self._at_desk.call(DeleteForumTopic(chat_id=chat, message_thread_id=int(topic)))
        except (NotFound, AlreadyDone):
            return
        except TelegramMigrateToChat as moved:
            self._groups.moved(chat, moved.migrate_to_chat_id)
            raise RetryLater(1, "migrated") from None

    async def offer(self, commands: Sequence[tuple[str, str]]) -> None:
        """Have Telegram list commands in the groups; they are compared before they are set."""
        wanted = [BotCommand(command=name, description=words[:256]) for name, words in commands]
        for chat in self._groups:
            scope = BotCommandScopeChat(chat_id=chat)
            try:
                there = await self._at_desk.call(GetMyCommands(scope=scope))
                if not same(there, wanted):
                    await self._at_desk.call(SetMyCommands(commands=wanted, scope=scope))
            except TelegramMigrateToChat as moved:
                self._groups.moved(chat, moved.migrate_to_chat_id)
                raise RetryLater(1, "migrated") from None


_desk: type[DeskChannel] = TelegramWithGroup
_moving: type[MovingDesk] = TelegramWithGroup
_commanded: type[CommandedDesk] = TelegramWithGroup
_forgetting: type[ForgettingDesk] = TelegramWithGroup
