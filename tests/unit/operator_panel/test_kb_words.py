"""Every code by which an article or a file is refused or flagged has its phrase in both languages."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from bridge.library.files import importing
from bridge.library.files.formats import lines, markdown, records, table
from bridge.library.writing import articles, checks, drafts, many, overview
from bridge.model.articles import Content
from operator_panel import problems, reading
from operator_panel.api import article_views, kb
from operator_panel.api import articles as articles_api
from operator_panel.options import HERE

CODE = re.compile(r"[a-z][a-z0-9_]+")
MODULES = (
    *(articles, checks, drafts, importing, many, overview, lines, markdown, records, table),
    *(reading, article_views, articles_api, kb),
)
WORDS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((HERE / "locale").glob("*.json"))}


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _said(node: ast.AST) -> Iterator[str]:
    """Codes a piece of source names: Flag(field, code), row.fault(field, code), _Wrong(code), (field, code)."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("Flag", "fault") and len(node.args) > 1:
            yield from (_text(each) for each in ast.walk(node.args[1]) if isinstance(each, ast.Constant))
        elif name == "_Wrong":
            yield _text(node.args[0])
        elif name in ("Invalid", "invalid"):
            tuples = [each for each in ast.walk(node) if isinstance(each, ast.Tuple) and len(each.elts) == 2]
            yield from (_text(each.elts[1]) for each in tuples)
    elif isinstance(node, ast.Yield | ast.List | ast.Return) and node is not None:
        pairs = node.elts if isinstance(node, ast.List) else [node.value]
        yield from (_text(each.elts[1]) for each in pairs if isinstance(each, ast.Tuple) and len(each.elts) == 2)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield from (_text(each.elts[1]) for each in node.value.args if isinstance(each, ast.Tuple))


def codes(module: ModuleType) -> set[str]:
    """Return the codes a module can answer with."""
    tree = ast.parse(inspect.getsource(module))
    return {code for node in ast.walk(tree) for code in _said(node) if CODE.fullmatch(code)}


def every_code() -> set[str]:
    text = "<b>" + "**x** \x01" + "a" * checks.MESSAGE
    by_text = {flag.code for flag in checks.flags(Content("t", text))}
    return set().union(*map(codes, MODULES)) | set(problems._CODES.values()) | {"empty"} | by_text


def test_codes_are_found_where_they_are_said() -> None:
    assert {"required", "for_nobody", "before_begin", "twice", "in_another"} <= codes(checks)
    assert {"no_time", "unknown_value", "broken_text"} <= codes(records)
    assert {"bad_csv", "no_heading", "too_many_cells"} <= codes(table)
    assert {"never_published", "not_in_review"} <= codes(drafts)
    assert {"not_utf8", "one_of", "too_large"} <= codes(kb)
    assert {"html", "markup", "control", "over_channel_limit"} <= every_code()


@pytest.mark.parametrize("language", sorted(WORDS))
def test_every_code_has_its_phrase(language: str) -> None:
    found = every_code()
    assert len(found) >= 44
    assert sorted(code for code in found if f"kb.code.{code}" not in WORDS[language]) == []
