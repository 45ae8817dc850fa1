"""The fifteen scenarios of README.md beside this file are there, each under the tests the table names."""

import ast
import re
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)


def number_of(mark: ast.expr) -> int | None:
    """Return the number in `@pytest.mark.scenario(number=…)`, None for any other decorator."""
    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "scenario":
        return int(ast.literal_eval(mark.keywords[0].value))
    return None


def test_every_scenario_has_the_tests_the_table_names() -> None:
    marked: dict[int, set[str]] = defaultdict(set)
    for path in sorted(HERE.glob("test_*.py")):
        for one in ast.parse(path.read_text("utf-8")).body:
            if isinstance(one, ast.AsyncFunctionDef):
                for number in filter(None, map(number_of, one.decorator_list)):
                    marked[number].add(f"{path.name}::{one.name}")
    rows = ROW.findall((HERE / "README.md").read_text("utf-8"))
    named = {int(number): set(re.findall(r"`([^`]+)`", tests)) for number, tests in rows}
    assert sorted(named) == list(range(1, 16))
    assert named == marked
