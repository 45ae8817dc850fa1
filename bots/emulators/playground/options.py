"""What the playground is told by whoever mounts it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from yarl import URL


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who writes in the staff group, by their telegram_user_id."""

    name: str
    telegram_user_id: int


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer whose phone stands on the page; the page opens the account when the emulator has none of this name.

    `id` fixes the account's id, `lang` is the language of the customer's program.
    """

    name: str
    username: str = ""
    lang: str = ""
    id: int | None = None

    def shown(self) -> dict[str, Any]:
        """Return what the page is told of them."""
        return {"name": self.name, "username": self.username, "lang": self.lang, "id": self.id}


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demo staff, shown on the page in plain words."""

    name: str
    email: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlaygroundOptions:
    """Everything the page shows and where it reaches the emulator.

    `telegram_base` is the emulator's http address, with its control API at `/ctl` below it; `group` the id of the
    staff group; `bot` the bot the customers talk to (0: the emulator's first one); `questions` the samples a customer
    may send with one press (none: those of the page's own words). `widget` is the
    http address of the website's widget (empty: no shop page), `widget_secret` what the shop signs its customers
    with, `shop_customers` who can sign in there (none: the phones' customers). `letters` is the path that tells what
    was sent by e-mail (empty: no mail). `vk_base` is the emulated VK's http address (empty: the phones know Telegram
    alone), `vk_customers` are its people. Raises ValueError for an address that is not http, for fewer than two
    customers of a messenger and for no operator.
    """

    telegram_base: str
    group: int
    operators: Sequence[StaffMember]
    customers: Sequence[Customer]
    panel_url: str
    shop: str
    language: Literal["ru", "en"] = "ru"
    logins: Sequence[Login] = ()
    questions: Sequence[str] = ()
    bot: int = 0
    widget: str = ""
    vk_base: str = ""
    vk_customers: Sequence[Customer] = ()
    widget_secret: str = field(default="", repr=False)
    shop_customers: Sequence[Customer] = ()
    letters: str = ""

    def __post_init__(self) -> None:
        for name in ("telegram_base", "vk_base"):
            if URL(getattr(self, name)).scheme not in ("http", "https") and (name == "telegram_base" or self.vk_base):
                raise ValueError(f"{name} is an http address")
        if len(self.customers) < 2 or not self.operators:
            raise ValueError("the playground has two customers and at least one operator")
        if self.vk_base and len(self.vk_customers) < 2:
            raise ValueError("the playground has two customers in VK")

    @property
    def shoppers(self) -> Sequence[Customer]:
        """Who can sign in at the shop, in the order of its accounts."""
        return self.shop_customers or self.customers

    @property
    def controls(self) -> dict[str, str]:
        """Where the emulators' control APIs are, by messenger."""
        found = {"telegram": self.telegram_base, "vk": self.vk_base}
        return {name: base.rstrip("/") + "/ctl" for name, base in found.items() if base}

    def shown(self) -> dict[str, Any]:
        """Return what the page is told, ready for JSON; the emulator's address stays with the server."""
        return {
            "group": self.group,
            "bot": self.bot,
            "operators": [{"id": one.telegram_user_id, "name": one.name} for one in self.operators],
            "customers": [one.shown() for one in self.customers],
            "vk": [one.shown() for one in self.vk_customers] if self.vk_base else None,
            "panel": self.panel_url,
            "shop": self.shop,
            "site": "/playground/shop" if self.widget else "",
            "language": self.language,
            "logins": [{"name": one.name, "email": one.email, "password": one.password} for one in self.logins],
            "questions": list(self.questions),
            "letters": self.letters,
        }
