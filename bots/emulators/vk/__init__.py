"""A VK API server on the loopback: `VkEmulator`, its routes, and `serve` for a process of its own."""

from bots.emulators.vk.server import VkEmulator, routes, serve

__all__ = ["VkEmulator", "routes", "serve"]
