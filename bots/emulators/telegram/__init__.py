"""A Telegram Bot API server on the loopback: `TelegramEmulator`, its routes, and `serve` for a process of its own."""

from bots.emulators.telegram.server import TelegramEmulator, routes, serve
from bots.telegram_models import defer

__all__ = ["TelegramEmulator", "routes", "serve"]

defer()
