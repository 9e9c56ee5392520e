"""Which problems of messy workbooks data health names at their place. `python -m tests.messy.recall 1 40`."""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from mapseg_xl.errors import BadCells, MapsegError
from mapseg_xl.intake.customers import read_sources
from mapseg_xl.intake.health import each_cell, health
from mapseg_xl.intake.tables import Issue

from .damage import HARMLESS, HURTING
from .truth import Problem
from .workbook import make_workbook

_CELL = re.compile(r"([A-Z]+)(\d*)")


def named(problem: Problem, issues: tuple[Issue, ...]) -> bool:
    """Whether an issue stands at the problem's cell, its row, or is one of its whole column with its kind counted."""
    return any(i.sheet == problem.sheet and _covers(i.cell, problem.cell) for i in issues)


def _covers(area: str, cell: str) -> bool:
    """Whether `A7:F7` or `C:C` or `C7` holds `C7`."""
    ends = [_CELL.fullmatch(end) for end in area.split(":")]
    place = _CELL.fullmatch(cell)
    if place is None or any(end is None for end in ends):
        return False
    columns = [_number(end[1]) for end in ends if end]
    rows = [int(end[2]) for end in ends if end and end[2]]
    inside = min(columns) <= _number(place[1]) <= max(columns)
    return inside and bool(rows) and min(rows) <= int(place[2]) <= max(rows)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def main() -> None:
    """Seeds FROM to TO, every kind of damage in each."""
    found: Counter[str] = Counter()
    there: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(int(sys.argv[1]), int(sys.argv[2])):
            for problems in (
                [*HARMLESS],
                [k for k in HURTING if k != "damaged_ids"],
                ["damaged_ids"],
            ):
                content, truth = make_workbook(seed, problems=problems)
                path = Path(folder) / "team.xlsx"
                path.write_bytes(content)
                try:
                    sources = read_sources([path])
                    issues = tuple(each_cell(health(sources.issues, sources.customers.n).issues))
                    cells = frozenset[str]()
                except BadCells as error:
                    issues, cells = (), frozenset(error.cells)
                except MapsegError as error:
                    sys.stdout.write(f"{seed} stopped: {error}\n")
                    continue
                for problem in truth.problems:
                    there[problem.kind] += 1
                    if problem.cell in cells or named(problem, issues):
                        found[problem.kind] += 1
                    elif "-v" in sys.argv:
                        sys.stdout.write(f"{seed} {truth.language} {truth.layout}: {problem}\n")
    for kind, n in there.items():
        sys.stdout.write(f"{kind}: {found[kind]} of {n} named\n")


if __name__ == "__main__":
    main()
