"""Settings of a Telegram bot: the table [bots.<name>] with kind = "telegram"."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class StaffGroup(BaseModel):
    """[bots.<name>.staff_group]: the forum group where operators work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chat: int = Field(lt=0, description="id of the forum supergroup, below zero")
    open_at: Literal["handoff", "first_message"] = "handoff"
    token: SecretStr | None = Field(None, description="token of a bot of its own; empty: the same bot")
    per_minute: int = Field(20, ge=1, le=1200, description="sends, edits and new topics a minute in the group")


class TelegramSettings(BaseModel):
    """[bots.<name>]: one bot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["telegram"] = "telegram"
    token: SecretStr
    api_base: str = "https://api.telegram.org"
    mode: Literal["webhook", "polling"] = "polling"
    webhook_secret: SecretStr | None = Field(
        None, description="1-256 characters A-Z a-z 0-9 _ -; empty: made from the token"
    )
    per_second: int = Field(30, ge=0, le=1000, description="messages a second over all chats; 0: no limit of ours")
    timeout: float = Field(20, gt=0, le=120, description="seconds to wait for Telegram's answer to a send")
    staff_group: StaffGroup | None = None
