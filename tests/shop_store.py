"""What a new shop of the tests has in its store: a library and the staff."""

import asyncio
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bridge.clock import SystemClock
from bridge.model.articles import Library
from bridge.model.ids import OperatorId
from bridge.model.operators import ApiToken, Operator, Role
from mostik_house import open_store
from operator_panel.passwords import digest, hash_password
from storage.repositories import Repositories

STAFF = {"elena": ("Елена Соколова", 5002), "mark": ("Марк Климов", 5003)}
PEOPLE = {"admin": ("Ирина Орлова", 5001), **STAFF}
#: Everybody's password; addresses are <name>@kedr.example.
PASSWORD = "tests-only"
#: Files of new shops by what their library is.
_NEW: dict[Library, bytes] = {}


@cache
def password_hash() -> str:
    """Return the hash of everybody's password, made once: it is slow on purpose."""
    return hash_password(PASSWORD)


async def new_file(library: Library) -> bytes:
    """Return the store of a new shop with a library and the staff in it.

    Filled once, then copied: half of what opening a shop took was to write the same again, document by document.
    """
    if library not in _NEW:
        with TemporaryDirectory() as folder:
            file = Path(folder, "mostik.sqlite3")
            async with open_store(f"sqlite:///{file}", SystemClock(), migrates=True) as (_, store):
                await fill(store, library)
            _NEW[library] = await asyncio.to_thread(file.read_bytes)
    return _NEW[library]


def lay(url: str, content: bytes) -> bool:
    """Lay the file of a store; False: there is one, or the store is no file."""
    file = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or file.exists():
        return False
    file.touch(0o600)
    file.write_bytes(content)
    return True


async def fill(store: Repositories, library: Library) -> None:
    """Write a library and the staff; who is there already stays."""
    now, password = SystemClock().now(), password_hash()
    for article in library.articles:
        await store.articles.put(article)
    for name, (full, telegram_id) in PEOPLE.items():
        id = OperatorId(f"op-{name}")
        if await store.staff.by_email(f"{name}@kedr.example") is None:
            role = Role.ADMIN if name == "admin" else Role.OPERATOR
            await store.staff.add(Operator(id, f"{name}@kedr.example", full, role, password, now, telegram_id))
        await store.staff.add_token(ApiToken(digest(f"token-of-{name}"), id, now))
