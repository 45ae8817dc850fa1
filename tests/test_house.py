"""The house keeps its order: who imports whom, which room may use which library, sizes, names, docstrings.

ARCHITECTURE.md explains the rules; the tables here are what is enforced. An exception stands in EXCEPTIONS with its
reason and goes when it is no longer needed: the list may only shrink.
"""

import ast
import fnmatch
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = ("bots", "bridge", "kb_matcher", "operator_panel", "storage", "configs")
FRONT_DOOR = "mostik*.py"  # the command line, and what it starts
OUTSIDE = ("tests", "benchmarks", "scripts", "examples")  # may import any room, are no room

#: Room -> what it may import of the house; a name with a dot means that module alone.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "bridge": (),
    "kb_matcher": ("bridge.model", "bridge.ports", "bridge.errors"),
    **dict.fromkeys(("bots", "operator_panel", "storage", "configs"), ("bridge",)),
}

WEB = ("bots/*", "operator_panel/*", FRONT_DOOR)
TELEGRAM = ("bots/telegram*", "bots/staff_group*", "bots/emulators/*")
MODELS = ("configs/*", "bots/*", "operator_panel/*")

#: Library -> the files that may import it. A library that is not listed may be imported nowhere.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "aiogram": TELEGRAM,
    "aiohttp": WEB,
    "aiohttp_sse": WEB,
    "aiosmtplib": ("bots/smtp.py",),
    "brotli": ("operator_panel/packing.py", "bots/web/page.py"),
    "email_validator": ("bridge/*", FRONT_DOOR),
    **dict.fromkeys(("bson", "gridfs"), ("storage/*",)),
    "jinja2": ("operator_panel/*", "bots/*"),
    "joblib": ("kb_matcher/*",),
    "markupsafe": ("operator_panel/*", "bots/*"),
    "multidict": WEB,
    "numpy": ("kb_matcher/*",),
    "orjson": ("storage/*",),
    "phonenumbers": ("bridge/*",),
    "PIL": ("storage/*", "kb_matcher/plot.py"),
    "prometheus_client": ("operator_panel/*", FRONT_DOOR),
    "pydantic": MODELS,
    "pydantic_settings": ("configs/*",),
    "pymongo": ("storage/*",),
    "rapidfuzz": ("kb_matcher/*",),
    "redis": ("storage/*",),
    "requests": ("bots/vk*",),  # vk_api's own session
    "rich": (FRONT_DOOR,),
    **dict.fromkeys(("argon2", "pyotp", "segno"), ("operator_panel/*", FRONT_DOOR)),
    **dict.fromkeys(("scipy", "sklearn", "threadpoolctl"), ("kb_matcher/*",)),
    "sqlite3": ("storage/*",),
    "Stemmer": ("kb_matcher/*", "storage/*"),
    "vk_api": ("bots/vk*", "bots/emulators/*"),
    "yarl": WEB,
}

#: The hall does no input or output, not even with the standard library.
CLOSED_TO_BRIDGE = (
    *("ftplib", "http", "imaplib", "multiprocessing", "poplib", "smtplib", "socket", "socketserver"),
    *("sqlite3", "ssl", "subprocess", "urllib.request"),
)
ASYNCIO_IO = frozenset(
    {"create_subprocess_exec", "create_subprocess_shell", "open_connection", "open_unix_connection"}
    | {"start_server", "start_unix_server"}
)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
FILE_LINES = 300
FUNCTION_LINES = 40
FORBIDDEN_WORDS = frozenset({"manager", "helper", "helpers", "impl", "util", "utils"})

#: "rule path[:name]" -> why it is so.
EXCEPTIONS: dict[str, str] = {}

Fault = tuple[str, str]  # key as in EXCEPTIONS, what is wrong in words


@cache
def sources(suffix: str) -> tuple[Path, ...]:
    """Every file of ours with this suffix, vendored ones left out."""
    found = sorted(HOUSE.glob(FRONT_DOOR)) if suffix == ".py" else []
    for folder in (*ROOMS, *OUTSIDE):
        found += sorted(path for path in (HOUSE / folder).rglob(f"*{suffix}") if "vendor" not in path.parts)
    return tuple(found)


def name_of(path: Path) -> str:
    """Return the path inside the house, with slashes."""
    return path.relative_to(HOUSE).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def rooms_files() -> Iterator[tuple[str, str, ast.Module]]:
    """Yield (room, file, tree) of everything that ships."""
    for path in sources(".py"):
        name = name_of(path)
        room = name.split("/")[0]
        if room not in OUTSIDE:
            yield room, name, tree_of(path)


@cache
def nodes_of(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Return the nodes of a tree that rules ask for."""
    wanted = (ast.Import, ast.ImportFrom, ast.ClassDef, *FUNCTIONS)
    return tuple(node for node in ast.walk(tree) if isinstance(node, wanted))


def imports(name: str, tree: ast.Module) -> Iterator[str]:
    """Yield every imported module's full name; for `from a import b` both a and a.b."""
    package = name.removesuffix(".py").split("/")[:-1]
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def inside(module: str, parents: tuple[str, ...]) -> bool:
    """Tell whether a module is one of the parents or lies below one."""
    return any(module == parent or module.startswith(parent + ".") for parent in parents)


def is_ours(module: str) -> bool:
    """Tell whether a module stands in this house."""
    top = module.split(".")[0]
    return top in (*ROOMS, *OUTSIDE) or fnmatch.fnmatch(f"{top}.py", FRONT_DOOR)


def wrong_neighbours() -> Iterator[Fault]:
    """Yield imports of one room by another that may not."""
    for room, name, tree in rooms_files():
        if fnmatch.fnmatch(name, FRONT_DOOR):
            continue
        allowed = (room, *MAY_IMPORT[room])
        for module in set(imports(name, tree)):
            # `from bridge import model` first names bridge alone; the fuller name beside it decides.
            narrower = any(inside(parent, (module,)) for parent in allowed)
            if is_ours(module) and not inside(module, allowed) and not narrower:
                yield f"import {name}:{module}", f"{name} imports {module}; {room} may import {allowed}"


def wrong_libraries() -> Iterator[Fault]:
    """Yield imports of libraries outside the files that may use them."""
    for _room, name, tree in rooms_files():
        for library in {module.split(".")[0] for module in imports(name, tree)}:
            if is_ours(library) or (library in sys.stdlib_module_names and library not in LIBRARIES):
                continue
            places = LIBRARIES.get(library)
            if places is None:
                yield f"library {name}:{library}", f"{name} imports {library}, which no table allows anywhere"
            elif not any(fnmatch.fnmatch(name, place) for place in places):
                yield f"library {name}:{library}", f"{name} imports {library}, allowed in {', '.join(places)}"


def io_in_the_hall() -> Iterator[Fault]:
    """Yield doors to the outside in bridge/."""
    for room, name, tree in rooms_files():
        if room != "bridge":
            continue
        for module in set(imports(name, tree)):
            if inside(module, CLOSED_TO_BRIDGE) or module.split(".")[-1] in ASYNCIO_IO:
                yield f"io {name}:{module}", f"{name} imports {module}: the hall does no input or output"
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ASYNCIO_IO:
                yield f"io {name}:{node.attr}", f"{name}:{node.lineno} uses {node.attr}: the hall opens no connection"


def long_files() -> Iterator[Fault]:
    """Yield files that outgrew their subject."""
    for suffix in (".py", ".js", ".css"):
        for path in sources(suffix):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > FILE_LINES:
                yield f"lines {name_of(path)}", f"{name_of(path)} has {lines} lines, {FILE_LINES} are allowed"


def code_lines(text: list[str], node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a long function's lines from def on, without docstring, blank lines and comments."""
    if (node.end_lineno or 0) - node.lineno < FUNCTION_LINES:
        return 0  # short enough with all it has
    first = node.body[0]
    has_doc = ast.get_docstring(node, clean=False) is not None
    doc = range(first.lineno, (first.end_lineno or 0) + 1) if has_doc else range(0)
    numbers = (number for number in range(node.lineno, (node.end_lineno or 0) + 1) if number not in doc)
    return sum(1 for number in numbers if (line := text[number - 1].strip()) and not line.startswith("#"))


def long_functions() -> Iterator[Fault]:
    """Yield functions that do too much at once."""
    for path in sources(".py"):
        text = path.read_text(encoding="utf-8").splitlines()
        for node in nodes_of(tree_of(path)):
            if isinstance(node, FUNCTIONS) and (n := code_lines(text, node)) > FUNCTION_LINES:
                where = f"{name_of(path)}:{node.name}"
                yield f"function {where}", f"{where} has {n} lines of code, {FUNCTION_LINES} are allowed"


def words_in(identifier: str) -> set[str]:
    """Split a name into its lower-case words, CamelCase and snake_case alike."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)}


def empty_names() -> Iterator[Fault]:
    """Yield names that say nothing of their subject."""
    for path in sources(".py"):
        names = [path.stem, path.parent.name]
        names += [node.name for node in nodes_of(tree_of(path)) if isinstance(node, (ast.ClassDef, *FUNCTIONS))]
        for name in names:
            if bad := words_in(name) & FORBIDDEN_WORDS:
                where = name_of(path)
                yield f"name {where}:{name}", f"{where}: {name} says {', '.join(bad)}, which says nothing"


@cache
def port_words() -> frozenset[str]:
    """Methods that a port (a Protocol) documents: whoever fulfils the port need not say it again."""
    found: set[str] = set()
    for room, _name, tree in rooms_files():
        for port in nodes_of(tree) if room in ("bridge", "storage") else ():
            if isinstance(port, ast.ClassDef) and any(getattr(base, "id", "") == "Protocol" for base in port.bases):
                found |= {node.name for node in port.body if isinstance(node, FUNCTIONS) and ast.get_docstring(node)}
    return frozenset(found)


def is_bare(node: ast.stmt) -> bool:
    """Tell whether a function's body is `...` alone: an attribute of a port, named by its type."""
    body = getattr(node, "body", [])
    return len(body) == 1 and isinstance(body[0], ast.Expr) and getattr(body[0].value, "value", None) is Ellipsis


def unspoken(name: str, body: list[ast.stmt], owner: str = "") -> Iterator[Fault]:
    """Yield public definitions of a module's or class's body without a docstring."""
    for node in body:
        if not isinstance(node, (ast.ClassDef, *FUNCTIONS)) or node.name.startswith("_"):
            continue
        told_elsewhere = owner and (node.name in port_words() or is_bare(node))
        if not ast.get_docstring(node) and not told_elsewhere:
            where = f"{name}:{owner}{node.name}"
            yield f"docstring {where}", f"{where} (line {node.lineno}) is public and has no docstring"
        if isinstance(node, ast.ClassDef):
            yield from unspoken(name, node.body, f"{node.name}.")


def missing_docstrings() -> Iterator[Fault]:
    """Yield public things of the rooms that do not say what they are."""
    for _room, name, tree in rooms_files():
        if not ast.get_docstring(tree):
            yield f"docstring {name}", f"{name} has no docstring"
        yield from unspoken(name, tree.body)


RULES = (
    wrong_neighbours,
    wrong_libraries,
    io_in_the_hall,
    long_files,
    long_functions,
    empty_names,
    missing_docstrings,
)


@cache
def faults_of(rule: Callable[[], Iterator[Fault]]) -> tuple[Fault, ...]:
    """Return what a rule finds; two tests ask."""
    return tuple(rule())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_is_in_order(rule) -> None:
    faults = sorted({words for key, words in faults_of(rule) if key not in EXCEPTIONS})
    assert not faults, "\n" + "\n".join(faults)


def test_every_exception_is_still_needed_and_has_a_reason() -> None:
    keys = {key for rule in RULES for key, _words in faults_of(rule)}
    assert not [key for key in EXCEPTIONS if key not in keys], "no longer needed: take them off the list"
    assert all(len(reason) > 10 for reason in EXCEPTIONS.values())


def test_the_rooms_are_there() -> None:
    assert all((HOUSE / room / "__init__.py").exists() for room in ROOMS)
