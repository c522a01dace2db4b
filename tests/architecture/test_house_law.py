"""The law of the house, as far as a machine can read it. The layers are import-linter's."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SOURCE = REPOSITORY / "src" / "gongdao"
LONGEST_FILE_LINES = 400
LONGEST_FUNCTION_LINES = 50
NAMES_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "common",
    "service",
    "misc",
}
CLOCK = re.compile(r"\b(date|datetime)\.(now|utcnow|today)$|^time\.(time|time_ns|monotonic|sleep)$")
CHANCE = {"random", "secrets", "uuid", "uuid_utils"}
OUTSIDE = {"os", "io", "socket", "subprocess", "pathlib", "shutil", "tempfile", "urllib", "http"}

FILES = sorted(SOURCE.rglob("*.py"))
OWN_TESTS = sorted((REPOSITORY / "tests").rglob("*.py"))
CORE = [path for path in FILES if "core" in path.relative_to(SOURCE).parts[:1]]


def name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), name(path))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", [*FILES, *OWN_TESTS], ids=name)
def test_a_file_fits_in_the_head(path: Path) -> None:
    if "migrations" in path.parts:
        return  # written by Django
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE_LINES, f"{lines} lines: split it by what it is about"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    if "migrations" in path.parts:
        return
    long = {
        f"{node.name}:{node.lineno}": length
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION_LINES
    }
    assert not long


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_name_says_what_is_inside(path: Path) -> None:
    said = {path.stem, *path.relative_to(SOURCE).parts[:-1]}
    assert not said & NAMES_THAT_SAY_NOTHING


@pytest.mark.parametrize("path", CORE, ids=name)
def test_core_is_standard_library_alone(path: Path) -> None:
    assert imports(path) <= sys.stdlib_module_names | {"gongdao"}


@pytest.mark.parametrize("path", CORE, ids=name)
def test_core_touches_nothing_outside(path: Path) -> None:
    """No files, no network, no chance, no clock: the same input gives the same answer forever."""
    assert not imports(path) & (OUTSIDE | CHANCE)
    read = [
        f"{called}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and CLOCK.search(called := ast.unparse(node.func))
    ]
    assert not read


@pytest.mark.parametrize("path", CORE, ids=name)
def test_core_knows_no_floats(path: Path) -> None:
    floats = [
        f"{ast.unparse(node)}:{node.lineno}"
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "float")
    ]
    assert not floats


@pytest.mark.parametrize(
    "path", [p for p in FILES if "cli" not in p.relative_to(SOURCE).parts[:1]], ids=name
)
def test_imports_stand_at_the_top(path: Path) -> None:
    inside = [
        node.lineno
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not inside


@pytest.mark.parametrize("path", FILES, ids=name)
def test_sql_stays_where_it_belongs(path: Path) -> None:
    """Whoever wants rows asks store for them."""
    room = path.relative_to(SOURCE).parts[0]
    if room in {"core", "library", "prove", "analytics", "connectors", "web"}:
        assert "psycopg" not in imports(path)


def test_the_walk_found_the_house() -> None:
    assert len(FILES) > 40
    assert len(CORE) > 10
