"""What a page starts with, put into one script and few sheets: they pack better together, and one request fetches all.

Modules stay as they are written. Each becomes a function of its own in the joined script, in the order they would run,
so names never meet, but those that others import: they stand beside it, said once for all importers. What is only
imported on demand stays a file and takes what it shares from the joined script.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from operator_panel.static import Statics, digest

_TAKEN = re.compile(r"""\bimport\s*\{([^}]*)\}\s*from\s*(["'])([^"'\n]+)\2;?""")
_LATE = re.compile(r"""\bimport\s*\(\s*(["'])([^"'\n]+)\1\s*\)""")
_SAID = re.compile(r"^export (?=((?:async )?function|const|class) (\w+))", re.MULTILINE)
_LISTED = re.compile(r"\bexport\s*\{([^}]*)\};?")
_LEFT = re.compile(r"^\s*(?:import\s*[\w*{\"']|export\s).*$", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_REMARK = re.compile(r"^//.*\n", re.MULTILINE)
_BLANK = re.compile(r"\n\n+")
#: Names that mean something of the browser's to a module that does not import them.
_BROWSERS = frozenset(
    {
        *("alert", "blur", "close", "confirm", "event", "fetch", "find", "focus", "history", "length", "location"),
        *("menubar", "moveTo", "name", "navigator", "open", "origin", "parent", "performance", "print", "prompt"),
        *("screen", "scroll", "scrollBy", "scrollTo", "self", "status", "stop", "toolbar", "top"),
    }
)
#: A module by its name, in an import of any kind.
_NAMED = re.compile(r"""(["'])((?:mostik|lit-html)/[\w/.-]+)\1""")
#: What the names of our own modules begin with.
_ROOT = "mostik/"
_CSS_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Joined:
    """The joined script's URL, the import map of the page, its text; of what comes on demand text and place by path."""

    url: str
    import_map: str
    first: str
    late: Mapping[str, str]
    places: Mapping[str, str]

    def with_imports(self, statics: Statics, paths: Iterable[str]) -> str:
        """Return the texts of late modules and of all late ones they import."""
        waiting, found = list(paths), dict[str, str]()
        while waiting:
            path = waiting.pop()
            found[path] = self.late[path]
            waiting += [each for each in statics.imports(path) if each in self.late and each not in found]
        return "\n".join(found.values())


def join_scripts(statics: Statics, entry: str, soon: Iterable[str] = (), named: Iterable[str] = ()) -> Joined:
    """Join a page's module with all it imports, and what comes `soon` after; raises ValueError for what cannot be.

    `named`: modules a document asks for by itself; they come late like those that scripts ask for.
    """
    home = entry.replace(".js", ".joined.js")
    order = _in_order(statics, entry)
    # By name, not by number: an older page may fetch what a newer version has joined in another order.
    marks = {path: "$" + re.sub(r"\W", "_", _short(statics.names[path])) for path in order}
    shared = shared_names(statics, entry)
    together = list(dict.fromkeys(each for path in soon for each in _in_order(statics, path) if each not in order))
    beside = entry.replace("main.js", "soon.late.js")
    places = {
        path: beside if path in together else _late_path(statics, path, entry) for path in _later(statics, order, named)
    }
    renamed = {statics.names[path]: f"{_ROOT}{place.removeprefix('js/')}" for path, place in places.items()}
    parts = [_part(statics, path, marks, shared) for path in order[:-1]]
    body, _ = _inside(statics, order[-1], marks, shared)
    last = f"export {{{', '.join(marks[name] for name in order[:-1])}}};\n"
    text = _REMARK.sub("", _INDENT.sub("", f"{''.join(parts)}{{\n{body}}}\n"))
    script = statics.add(home, _renamed(_BLANK.sub("\n", text) + last, renamed))
    late, texts = dict[str, str](), dict[str, str]()
    for path, place in places.items():
        if path in together:
            late[path] = statics.text(path)
            texts[place] = texts.get(place) or _together(statics, together, marks, entry)
        else:
            late[path] = texts[place] = _TAKEN.sub(
                lambda found: _from_home(statics, found, marks, entry), statics.text(path)
            )
    names = {statics.names[entry]: script.url, **_served(statics, texts, renamed)}
    import_map = json.dumps({"imports": names}, separators=(",", ":"))
    return Joined(script.url, import_map, script.body.decode(), late, places)


def _renamed(text: str, renamed: Mapping[str, str]) -> str:
    """A script's text with the names by which what comes later is found in the one folder the import map names."""
    return _NAMED.sub(lambda found: f"{found[1]}{renamed.get(found[2], found[2])}{found[1]}", text)


def _served(statics: Statics, texts: Mapping[str, str], renamed: Mapping[str, str]) -> dict[str, str]:
    """Serve what comes later under one hash of all of it: one line of the import map tells where they all are."""
    ready = {place: _renamed(text, renamed) for place, text in texts.items()}
    mark = digest("".join(ready[place] for place in sorted(ready)).encode())
    for place, text in ready.items():
        statics.add(place, text, mark)
    return {_ROOT: f"/static/{mark}/js/"} if ready else {}


def _together(statics: Statics, paths: Sequence[str], marks: Mapping[str, str], entry: str) -> str:
    """Several late modules in one, which exports what each of them does; raises ValueError where two say one name."""
    known = dict(marks) | {path: "$" + re.sub(r"\W", "_", _short(statics.names[path])) for path in paths}
    said: dict[str, str] = {}
    for path in paths:
        for name in _inside(statics, path, known, {})[1]:
            if said.setdefault(name, path) != path:
                raise ValueError(f"{said[name]} and {path} cannot come together: both export {name}")
    parts = "".join(_part(statics, path, known, {}) for path in paths)
    given = "".join(
        f"export const {{{', '.join(name for name in said if said[name] == path)}}} = {known[path]};\n"
        for path in paths
    )
    taken = [marks[each] for each in marks if re.search(rf"{re.escape(marks[each])}\b", parts)]
    head = f'import {{{", ".join(taken)}}} from "{statics.names[entry]}";\n'
    return _BLANK.sub("\n", _REMARK.sub("", _INDENT.sub("", head + parts + given)))


def _late_path(statics: Statics, path: str, entry: str) -> str:
    """Where a late module is served: by a name of this page's own where another page's stands already."""
    late = path.replace(".js", ".late.js")
    if path.startswith("js/") and statics.get(late) is None:
        return late
    return f"{entry.rpartition('/')[0]}/of/{late}"


def shared_names(statics: Statics, entry: str) -> dict[str, str]:
    """Names that modules of a page import as they are called, each from one module alone -> its path."""
    found: dict[str, set[str]] = {}
    for path in _in_order(statics, entry):
        for names, _, specifier in _TAKEN.findall(statics.text(path)):
            for outer, inner in _pairs(names):
                if outer == inner and outer not in _BROWSERS:
                    found.setdefault(outer, set()).add(statics.paths[specifier])
    return {name: paths.pop() for name, paths in found.items() if len(paths) == 1}


def join_sheets(statics: Statics, home: str, paths: Iterable[str]) -> str:
    """Join style sheets in their order, without remarks and indents; return the URL."""
    text = "".join(_CSS_REMARK.sub("", statics.text(path)) for path in paths)
    return statics.add(home, _BLANK.sub("\n", _INDENT.sub("", text)).lstrip()).url


def join_sprites(statics: Statics, home: str, paths: Iterable[str]) -> str:
    """Join the symbols of several files of icons in one; return the URL."""
    texts = [statics.text(path) for path in paths]
    head = texts[0][: texts[0].index("<symbol")]
    symbols = "".join(text[text.index("<symbol") : text.rindex("</svg>")] for text in texts)
    return statics.add(home, f"{head}{symbols}</svg>\n").url


def _short(name: str) -> str:
    return name.removeprefix("mostik/").removeprefix("inbox/").removesuffix(".js")


def _in_order(statics: Statics, path: str) -> list[str]:
    """Paths in the order in which the modules run: each after all it imports."""
    done: dict[str, None] = {}

    def visit(path: str, chain: tuple[str, ...]) -> None:
        if path in chain:
            raise ValueError(f"modules import each other: {' -> '.join((*chain, path))}")
        if path not in done:
            for target in statics.imports(path):
                visit(target, (*chain, path))
            done[path] = None

    visit(path, ())
    return list(done)


def _later(statics: Statics, static: Iterable[str], named: Iterable[str]) -> Iterator[str]:
    """Paths of the modules that are fetched later: those asked for by import(), and what they need beside the page."""
    known, waiting = {*static, *named}, [*static, *named]
    yield from named
    while waiting:
        path = waiting.pop(0)
        late = [statics.paths[name] for _, name in _LATE.findall(statics.text(path)) if name in statics.paths]
        if here := set(late) & set(static):
            raise ValueError(f"{path} fetches on demand what the page starts with: {', '.join(sorted(here))}")
        for target in [*late, *statics.imports(path)]:
            if target not in known:
                known.add(target)
                waiting.append(target)
                yield target


def _part(statics: Statics, path: str, marks: Mapping[str, str], shared: Mapping[str, str]) -> str:
    body, names = _inside(statics, path, marks, shared)
    given = ", ".join(f"{outer}: {inner}" if outer != inner else inner for outer, inner in names.items())
    beside = ", ".join(name for name in names if shared.get(name) == path)
    said = f"const {{{beside}}} = {marks[path]};\n" if beside else ""
    return f"const {marks[path]} = (() => {{\n{body}\nreturn {{{given}}};\n}})();\n{said}"


def _inside(
    statics: Statics, path: str, marks: Mapping[str, str], shared: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """A module's text without its imports and exports, and what it exports: the name outside and the one inside."""
    names: dict[str, str] = {}

    def taken(found: re.Match[str]) -> str:
        home = statics.paths[found[3]]
        own = [pair for pair in _pairs(found[1]) if pair[0] != pair[1] or shared.get(pair[0]) != home]
        return _const(own, marks[home]) if own else ""

    def listed(found: re.Match[str]) -> str:
        for inner, outer in _pairs(found[1]):
            names[outer] = inner
        return ""

    text = _TAKEN.sub(taken, statics.text(path))
    text = _LISTED.sub(listed, text)
    for _, name in _SAID.findall(text):
        names[name] = name
    text = _SAID.sub("", text)
    if left := _LEFT.search(text):
        raise ValueError(f"{path}: cannot join: {left[0].strip()[:80]}")
    return text.strip("\n") + "\n", names


def _from_home(statics: Statics, found: re.Match[str], marks: Mapping[str, str], entry: str) -> str:
    mark = marks.get(statics.paths.get(found[3], ""))
    if mark is None:
        return found[0]
    return f'import {{{mark}}} from "{statics.names[entry]}"; {_const(_pairs(found[1]), mark)}'


def _const(pairs: Iterable[tuple[str, str]], mark: str) -> str:
    taken = ", ".join(f"{outer}: {inner}" if inner != outer else inner for outer, inner in pairs)
    return f"const {{{taken}}} = {mark};"


def _pairs(names: str) -> list[tuple[str, str]]:
    """`a, b as c` -> (a, a), (b, c)."""
    pairs = [re.split(r"\s+as\s+", name.strip()) for name in names.split(",") if name.strip()]
    return [(pair[0], pair[-1]) for pair in pairs]
