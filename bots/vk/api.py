"""VK's API: vk_api's builder of calls and its errors, over aiohttp; its own HTTP would stop the event loop."""

from typing import Any

import aiohttp
import requests
import vk_api
from vk_api.vk_api import VkApiMethod

from bots.vk.errors import funnel
from bridge.errors import RetryLater

#: The version of the API we speak; events are asked in it, too.
VERSION = "5.199"
#: Where vk_api posts whatever it is told.
HOME = "https://api.vk.ru"
#: Connections to VK at most.
CONNECTIONS = 100
#: Seconds to connect, then to wait for each piece of an answer, in the thread of an upload.
UPLOAD_TIMEOUT = (5, 60)


def _no_config(login: str | None, filename: str) -> dict[str, Any]:
    """Stand in for vk_api's configuration: a community's key needs none, and it would be a file in the folder."""
    return {}


class VkApi(vk_api.VkApiGroup):  # type: ignore[misc]  # vk_api has no types
    """The calls of one community's key; one object serves a whole event loop."""

    def __init__(self, token: str, base: str, timeout: float) -> None:
        super().__init__(token=token, api_version=VERSION, config=_no_config)
        self._base = base.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    @property
    def web(self) -> aiohttp.ClientSession:
        """The connections, made at first use: a loop must run."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS)
            self._session = aiohttp.ClientSession(connector=connector, timeout=self._timeout)
        return self._session

    async def close(self) -> None:
        """Give the connections up."""
        if self._session is not None:
            await self._session.close()
        self.http.close()

    async def call(self, method: str, **values: Any) -> Any:
        """Call a method; lists become comma-separated, None is left out. Raises as bots.vk.errors.funnel."""
        return await funnel(lambda: VkApiMethod(self, method)(**values))

    async def method(self, method: str, values: dict[str, Any] | None = None, raw: bool = False, **_: Any) -> Any:
        """Post a call as vk_api would; error 6 and captchas are left to the outbox, which waits."""
        form = {
            key: str(int(value) if isinstance(value, bool) else value)
            for key, value in (values or {}).items()
            if value is not None
        }
        form |= {"v": VERSION, "access_token": self.token["access_token"]}
        async with self.web.post(f"{self._base}/method/{method}", data=form) as answer:
            if answer.status != 200:
                raise RetryLater(1, "server")
            told = await answer.json(content_type=None)
        if not isinstance(told, dict) or not ("error" in told or "response" in told):
            raise RetryLater(1, "server")
        if "error" in told:
            raise vk_api.ApiError(self, method, form, raw, told["error"])
        return told if raw else told["response"]


class Patient(requests.Session):
    """A session that does not wait for ever, and finds VK where the settings say."""

    def __init__(self, base: str = HOME) -> None:
        super().__init__()
        self._base = base.rstrip("/")

    def request(self, method: str, url: str, **more: Any) -> requests.Response:  # type: ignore[override]
        """Send a request; vk_api's own address becomes that of the settings."""
        more.setdefault("timeout", UPLOAD_TIMEOUT)
        if url.startswith(f"{HOME}/"):
            url = self._base + url.removeprefix(HOME)
        return super().request(method, url, **more)


class BlockingVkApi(vk_api.VkApiGroup):  # type: ignore[misc]  # vk_api has no types
    """The whole vk_api for one thread at a time: what VkUpload needs."""

    RPS_DELAY = 0.0  # the send budget spaces calls

    def __init__(self, token: str, base: str) -> None:
        super().__init__(token=token, api_version=VERSION, config=_no_config, session=Patient(base))

    def too_many_rps_handler(self, error: Any) -> None:
        """Let error 6 be raised: the library would sleep and call itself without an end."""
