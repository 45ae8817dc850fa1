"""Settings of a Telegram bot: the table [bots.<name>] with kind = "telegram"."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

GroupId = Annotated[int, Field(lt=0)]


def _several(given: Any) -> Any:
    """Take one id, a list of them, or (from the environment) ids with commas between them."""
    if isinstance(given, str):
        given = [part.strip() for part in given.split(",") if part.strip()]
    return tuple(given) if isinstance(given, list | tuple) else (given,)


class StaffGroup(BaseModel):
    """[bots.<name>.staff_group]: the forum group where operators work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chat: Annotated[tuple[GroupId, ...], BeforeValidator(_several)] = Field(
        min_length=1, max_length=20, description="id of the forum supergroup, below zero, or several of them"
    )
    sends: Literal["all", "replies"] = Field(
        "all", description="what leaves a topic: every word of an operator, or only replies to the customer and > words"
    )
    recall_seconds: float = Field(60, ge=0, le=172_800, description="how long a sent word can be recalled")
    open_at: Literal["handoff", "first_message"] = "handoff"
    token: SecretStr | None = Field(None, description="token of a bot of its own; empty: the same bot")
    per_minute: int = Field(20, ge=1, le=1200, description="sends, edits and new topics a minute in the group")


class TelegramSettings(BaseModel):
    """[bots.<name>]: one bot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["telegram"] = "telegram"
    token: SecretStr
    api_base: str = "https://api.telegram.org"
    link_base: str = Field("https://t.me", pattern=r"^https?://[^\s?#]+$", description="where links to the bot lead")
    mode: Literal["webhook", "polling"] = "polling"
    webhook_secret: SecretStr | None = Field(
        None, description="1-256 characters A-Z a-z 0-9 _ -; empty: made from the token"
    )
    per_second: int = Field(30, ge=0, le=1000, description="messages a second over all chats; 0: no limit of ours")
    timeout: float = Field(20, gt=0, le=120, description="seconds to wait for Telegram's answer to a send")
    staff_group: StaffGroup | None = None
