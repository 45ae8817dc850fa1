"""What the commands do that do not serve: staff accounts, migrations, emulators; and what those of a store share."""

import argparse
import getpass
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bridge.errors import BridgeError, Invalid, NotFound
from bridge.model.ids import OperatorId, fresh
from bridge.model.operators import ApiToken, Operator, Role
from storage.documents import StoreError
from storage.repositories import Repositories

#: Faults of settings in words, by code of the hall's Invalid.
_WORDS = {"taken": "is taken already", "empty": "must not be empty", "invalid": "is invalid"}


def lines_of(fault: Exception) -> list[str] | None:
    """Return the lines a person is told of a fault; None for a fault of the program itself."""
    if type(fault).__name__ == "SettingsError":
        return [f"{key}: {words}" for key, words in fault.faults]  # type: ignore[attr-defined]
    if isinstance(fault, Invalid):
        return [f"{field}: {_WORDS.get(code, code)}" for field, code in fault.errors]
    if isinstance(fault, BridgeError | StoreError | ValueError | OSError):
        return [str(fault)]
    if isinstance(fault, ExceptionGroup):
        found = [lines_of(inner) for inner in fault.exceptions]
        return [line for lines in found if lines for line in lines] if all(found) else None
    return None


@asynccontextmanager
async def store_of(arguments: argparse.Namespace, migrates: bool = False) -> AsyncIterator[Repositories]:
    """Open the store that --config or --data names."""
    from bridge.clock import SystemClock
    from mostik_house import open_store

    async with open_store(url_of(arguments), SystemClock(), migrates) as (_, store):
        yield store


def url_of(arguments: argparse.Namespace) -> str:
    """Return the address of the store that --config or --data names. Raises ValueError, SettingsError."""
    if arguments.data is not None:
        path: Path = arguments.data / "mostik.sqlite3"
        if not path.exists():
            raise ValueError(f"{arguments.data}: no store in this folder")
        return f"sqlite:///{path}"
    from configs.settings import load

    return load(arguments.config, os.environ).store.url


async def migrate(arguments: argparse.Namespace) -> int:
    """Bring the store to the current schema."""
    from storage.connect import documents_of
    from storage.migrations import migrate as run_migrations
    from storage.schema import ALL

    documents = documents_of(url_of(arguments))
    await documents.open(ALL)
    try:
        done = await run_migrations(documents)
    finally:
        await documents.close()
    for name in done:
        print(f"done: {name}")
    print("the store is at the current schema")
    return 0


async def emulate(arguments: argparse.Namespace) -> int:
    """Serve one emulated messenger until ended."""
    from importlib import import_module

    # Only the one that is asked for: Telegram's brings all of aiogram.
    emulator = import_module(f"bots.emulators.{arguments.messenger}")
    await emulator.serve(arguments.host, arguments.port, arguments.state, arguments.ready_file)
    return 0


async def operator_add(arguments: argparse.Namespace) -> int:
    """Make an account; the password is asked for, or made and printed once."""
    password = getpass.getpass("Password: ") if arguments.password else secrets.token_urlsafe(12)
    email = email_of(arguments.email)
    async with store_of(arguments) as store:
        await add_operator(store, email, arguments.name, arguments.role, password, arguments.telegram_id)
    if not arguments.password:
        print(password)
    return 0


async def add_operator(
    store: Repositories, email: str, name: str, role: str, password: str, telegram_id: int | None
) -> None:
    """Store a new account. Raises Invalid for an e-mail or a Telegram account that is taken."""
    from bridge.clock import SystemClock
    from operator_panel.passwords import hash_in_thread

    name = name.strip()
    if not name:
        raise Invalid(("name", "empty"))
    await store.staff.add(
        Operator(
            id=OperatorId(fresh()),
            email=email,
            name=name,
            role=Role(role),
            password=await hash_in_thread(password),
            created_at=SystemClock().now(),
            telegram_user_id=telegram_id,
        )
    )


async def operator_list(arguments: argparse.Namespace) -> int:
    """Print all accounts, a line each."""
    async with store_of(arguments) as store:
        for row in await store.staff.all():
            state = "disabled" if row.disabled else "active"
            print("\t".join([row.email, row.name, row.role.value, state, str(row.telegram_user_id or "-")]))
    return 0


async def operator_disable(arguments: argparse.Namespace) -> int:
    """Close an account: it is out at once, its sessions end."""
    async with store_of(arguments) as store:
        operator = await _known(store, arguments.email)
        await store.staff.replace(replace(operator, disabled=True))
        for session in await store.staff.sessions(operator.id):
            await store.staff.close_session(session.id)
    return 0


async def operator_password(arguments: argparse.Namespace) -> int:
    """Set a new password (asked for on a terminal, else made and printed); old sessions end."""
    from operator_panel.passwords import hash_in_thread

    asked = sys.stdin.isatty()
    password = getpass.getpass("New password: ") if asked else secrets.token_urlsafe(12)
    async with store_of(arguments) as store:
        operator = await _known(store, arguments.email)
        await store.staff.replace(replace(operator, password=await hash_in_thread(password)))
        for session in await store.staff.sessions(operator.id):
            await store.staff.close_session(session.id)
    if not asked:
        print(password)
    return 0


async def operator_token(arguments: argparse.Namespace) -> int:
    """Make an API token and print it alone."""
    from bridge.clock import SystemClock
    from operator_panel.passwords import new_token

    async with store_of(arguments) as store:
        operator = await _known(store, arguments.email)
        token, id = new_token()
        await store.staff.add_token(ApiToken(id, operator.id, SystemClock().now(), "command line"))
    print(token)
    return 0


async def _known(store: Repositories, email: str) -> Operator:
    operator = await store.staff.by_email(email)
    if operator is None:
        raise NotFound(f"{email}: no such account")
    return operator


def email_of(text: str) -> str:
    """Return an e-mail address in its usual form. Raises ValueError for what is none."""
    from email_validator import EmailNotValidError, validate_email

    try:
        # Addresses of a company's own network have no public domain: only the form is checked.
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as fault:
        raise ValueError(f"{text}: {fault}") from None
