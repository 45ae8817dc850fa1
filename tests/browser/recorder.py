"""What a browser complains of while a test runs, and the evidence a failed test leaves behind."""

import re
from pathlib import Path

from playwright.async_api import BrowserContext, ConsoleMessage, WebError

EVIDENCE = Path(__file__).parents[2] / "build" / "browser"
#: A refusal by the Content-Security-Policy becomes a line of the console, whatever it refused.
_REPORT = """addEventListener('securitypolicyviolation', (event) => console.error(
  `Content-Security-Policy: ${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`));"""


class Recorder:
    """Whoever sits at a browser context; `tolerated` are complaints the test provokes on purpose, as patterns."""

    context: BrowserContext
    complaints: list[str]
    tolerated: list[str]

    async def record(self) -> None:
        """Note from now on what the browser complains of."""
        await self.context.add_init_script(_REPORT)
        self.context.on("console", self._heard)
        self.context.on("weberror", self._broke)

    def _heard(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.complaints.append(f"{line.text} ({line.location.get('url', '')})")

    def _broke(self, error: WebError) -> None:
        self.complaints.append(f"pageerror: {error.error}")

    @property
    def faults(self) -> list[str]:
        """What the browser complained of and nobody asked for."""
        return [line for line in self.complaints if not any(re.search(part, line) for part in self.tolerated)]

    async def keep(self, test: str, who: str) -> Path:
        """Keep pictures of all pages and the console's lines; returns the file's name without an ending."""
        EVIDENCE.mkdir(parents=True, exist_ok=True)
        stem = EVIDENCE / f"{re.sub(r'[^0-9A-Za-z_-]+', '-', test)[:80]}-{who}"
        for number, page in enumerate(self.context.pages):
            await page.screenshot(path=f"{stem}-{number}.png")
        stem.with_suffix(".console.txt").write_text("\n".join(self.complaints), "utf-8")
        return stem
