"""The playground: two customers' phones and the staff group on one page, on top of the emulated Telegram and VK."""

from bots.emulators.playground.options import Customer, Login, PlaygroundOptions, StaffMember
from bots.emulators.playground.page import routes

__all__ = ["Customer", "Login", "PlaygroundOptions", "StaffMember", "routes"]
