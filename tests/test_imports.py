"""Reads every file of the package: who may import whom, and what the core may not do."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "mapseg_xl"
FILES = sorted(PACKAGE.rglob("*.py"))

# Each may import from its own line and the lines below it, never from one above.
ORDER = (
    ("excel", "cli", "__main__"),
    ("commands",),
    ("write_back",),
    ("runs", "merging", "checking"),
    ("pipeline", "hosts"),
    ("from_sheets",),
    ("compared",),
    ("request",),
    ("report",),
    ("measure", "analyze", "prioritize", "pricing", "rollout"),
    ("metrics",),
    ("stats", "tally"),
    ("intake",),
    ("settings", "options", "repairs"),
    ("errors", "__init__"),
)
RANK = {part: line for line, parts in enumerate(ORDER) for part in parts}
LIVE = {"hosts/live/host.py", "excel/udfs.py", "excel/ribbon.py"}
HEAVY = ("numpy", "pandas", "scipy", "xlsxwriter", "openpyxl", "pyarrow", "rich", "xlwings")
OUTSIDE_CORE = ("cli", "hosts", "excel", "__main__")
CLOCKS = {"now", "today", "utcnow", "time", "perf_counter", "monotonic", "localtime", "gmtime"}


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module):
    return [*module.split("."), "__init__"][1]


def imports_of(path):
    """Absolute names of everything a file imports, also inside functions and for type checkers."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            modules = {f"{node.module}.{alias.name}" for alias in node.names}
            inside = {m for m in modules if m in MODULES}
            found |= inside or {node.module}
    return found


MODULES = {module_of(path) for path in FILES}
IMPORTS = {path: imports_of(path) for path in FILES}


CORE = [path for path in FILES if part_of(module_of(path)) not in OUTSIDE_CORE]


def short(path):
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=short)
def test_imports_run_one_way(path):
    own = part_of(module_of(path))
    ours = [module for module in IMPORTS[path] if module.split(".")[0] == "mapseg_xl"]
    upward = [m for m in ours if RANK[part_of(m)] < RANK[own]]
    assert not upward, f"{own} imports {upward}"


def test_nothing_imports_in_a_circle():
    graph = {module_of(p): {m for m in found if m in MODULES} for p, found in IMPORTS.items()}
    TopologicalSorter(graph).prepare()


def test_every_part_has_its_place_in_the_order():
    assert {part_of(module) for module in MODULES} <= RANK.keys()


@pytest.mark.parametrize(
    ("library", "allowed"),
    [("xlsxwriter", {"hosts/file.py"}), ("xlwings", LIVE), ("pptx", {"hosts/slides.py"})],
)
def test_only_its_host_imports_a_spreadsheet_library(library, allowed):
    users = {
        short(path)
        for path, found in IMPORTS.items()
        if any(module.split(".")[0] == library for module in found)
    }
    assert users <= allowed


@pytest.mark.parametrize("path", CORE, ids=short)
def test_the_core_neither_prints_nor_reads_a_clock(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        assert not (isinstance(called, ast.Name) and called.id in ("print", "input"))
        if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
            owner = ast.unparse(called.value)
            assert owner not in ("date", "datetime", "datetime.datetime", "datetime.date", "time")


def test_the_command_line_starts_without_the_heavy_libraries():
    code = "import sys, mapseg_xl.cli; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not set(loaded.stdout.split()) & set(HEAVY)
