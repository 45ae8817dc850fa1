"""Settings of a VK community: the table [bots.<name>] with kind = "vk"."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

_SECRET = re.compile(r"[A-Za-z0-9]{1,50}")


def _for_callbacks(secret: SecretStr | None) -> SecretStr | None:
    """Pass a secret that VK takes. Raises ValueError for any other, without a word of it."""
    if secret is not None and secret.get_secret_value() and not _SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError("must be 1-50 characters A-Z a-z 0-9")
    return secret


class VkSettings(BaseModel):
    """[bots.<name>]: one community."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["vk"] = "vk"
    token: SecretStr = Field(description="key of the community with the rights messages, manage, photos, docs, wall")
    group_id: int = Field(0, ge=0, description="number of the community; 0: the key's own")
    api_base: str = Field("https://api.vk.ru", pattern=r"^https?://[^\s?#]+$")
    link_base: str = Field(
        "https://vk.me", pattern=r"^https?://[^\s?#]+$", description="where links to the community lead"
    )
    mode: Literal["callback", "longpoll"] = "longpoll"
    callback_secret: Annotated[SecretStr | None, AfterValidator(_for_callbacks)] = Field(
        None, description="1-50 characters A-Z a-z 0-9; empty: made from the token"
    )
    per_second: int = Field(
        18, ge=0, le=1000, description="calls a second; VK allows 20 to a community's key; 0: no limit of ours"
    )
    timeout: float = Field(15, gt=0, le=120, description="seconds to wait for VK's answer to a call")
    wall: bool = Field(False, description="comments under posts are conversations, too")
