"""Where proofs of who somebody is are kept."""

from typing import Protocol

from bridge.model.credentials import SecondFactor
from bridge.model.ids import OperatorId
from bridge.model.operators import ApiToken


class Credentials(Protocol):
    """Second factors and tokens of the people of the desk."""

    async def factor(self, operator: OperatorId) -> SecondFactor | None:
        """A person's second factor, confirmed or not."""

    async def begin_factor(self, factor: SecondFactor) -> SecondFactor:
        """Keep a new one in place of one that was never confirmed; raises Conflict("taken") beside a confirmed one."""

    async def replace_factor(self, factor: SecondFactor) -> SecondFactor:
        """Compare and swap; raises Conflict("version")."""

    async def drop_factor(self, operator: OperatorId) -> bool:
        """Forget it; False: there was none."""

    async def tokens(self, operator: OperatorId) -> list[ApiToken]:
        """A person's tokens, the newest first."""

    async def replace_token(self, token: ApiToken) -> ApiToken:
        """Compare and swap; raises Conflict("version") or NotFound."""

    async def drop_token(self, id: str) -> bool:
        """Forget a token; False: there was none."""
