"""Second factors and tokens of the people of the desk."""

from dataclasses import replace

from bridge.errors import Conflict
from bridge.model.credentials import SecondFactor
from bridge.model.ids import OperatorId
from bridge.model.operators import ApiToken
from storage.documents import Documents, P
from storage.repositories.base import Rows
from storage.schema import SECOND_FACTORS, TOKENS

#: Tokens of one person that are listed.
MOST = 200


class CredentialRows:
    """Proofs of who somebody is, as bridge.ports.credentials.Credentials says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._factors = Rows(documents, SECOND_FACTORS, SecondFactor)
        self._tokens = Rows(documents, TOKENS, ApiToken)

    async def factor(self, operator: OperatorId) -> SecondFactor | None:
        return await self._factors.find(operator)

    async def begin_factor(self, factor: SecondFactor) -> SecondFactor:
        there, new = await self._factors.insert_once(factor)
        if new:
            return there
        if there.confirmed_at is not None:
            raise Conflict("taken", "a second factor is there already")
        return await self._factors.replace(replace(factor, version=there.version))

    async def replace_factor(self, factor: SecondFactor) -> SecondFactor:
        return await self._factors.replace(factor)

    async def drop_factor(self, operator: OperatorId) -> bool:
        return await self._documents.delete(SECOND_FACTORS, operator)

    async def tokens(self, operator: OperatorId) -> list[ApiToken]:
        found = await self._tokens.list(P("operator", "eq", operator), limit=MOST)
        return sorted(found, key=lambda token: token.created_at, reverse=True)

    async def replace_token(self, token: ApiToken) -> ApiToken:
        return await self._tokens.replace(token)

    async def drop_token(self, id: str) -> bool:
        return await self._documents.delete(TOKENS, id)
