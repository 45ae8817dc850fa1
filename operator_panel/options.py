"""What the panel is told at start."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class PanelOptions:
    """`public_url` is where browsers reach the panel (https there makes cookies Secure).

    `undo_seconds`: how long a reply is held so that it can be taken back; 0: it goes at once. `proxies` counts reverse
    proxies in front that set X-Forwarded-For; 0 trusts no header. `folder` holds templates/, static/ and locale/.
    """

    public_url: str = ""
    language: str = "ru"
    proxies: int = 0
    undo_seconds: float = 0.0
    folder: Path = HERE

    @property
    def secure(self) -> bool:
        """Do browsers come by https?"""
        return self.public_url.startswith("https://")
