"""A Telegram Bot API server on the loopback: `TelegramEmulator`, and `serve` for a process of its own."""

from bots.emulators.telegram.server import TelegramEmulator, serve
from bots.telegram_models import defer

__all__ = ["TelegramEmulator", "serve"]

defer()
