"""The ranges hold the truth as often as docs/coverage.md says, and the table is the benchmark's."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def load_benchmark():
    spec = importlib.util.spec_from_file_location(
        "coverage_benchmark", ROOT / "benchmarks/coverage.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


CASES = list(load_benchmark().cases())
LINES = (ROOT / "docs/coverage.md").read_text(encoding="utf-8").splitlines()


def test_the_table_lists_the_cases_of_the_benchmark():
    printed = [line.split(" | ")[0][2:] for line in LINES if line.startswith("| ")][1:]
    assert printed == [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_printed_coverage_lies_within_what_we_promise(case):
    (line,) = [line for line in LINES if line.startswith(f"| {case.name} |")]
    covered = float(line.split(" | ")[2])
    assert case.bounds[0] <= covered <= case.bounds[1]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_smaller_simulation_covers_within_what_we_promise(case):
    covered, error = case.share(max(100, case.runs // 10))
    assert case.bounds[0] - 3 * error <= covered <= case.bounds[1] + 3 * error
