"""A VK API server on the loopback: `VkEmulator`, and `serve` for a process of its own."""

from bots.emulators.vk.server import VkEmulator, serve

__all__ = ["VkEmulator", "serve"]
