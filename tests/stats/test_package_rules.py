"""What the package may load, and when."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mapseg_xl.stats

FILES = sorted(Path(mapseg_xl.stats.__file__).parent.glob("*.py"))
LIGHT = ["proportions", "multiplicity", "rates", "means", "survival", "shrinkage", "resampling"]


@pytest.mark.parametrize("module", LIGHT)
def test_loading_a_module_does_not_load_scipy(module):
    program = (
        f"import sys, mapseg_xl.stats.{module}; print([m for m in sys.modules if 'scipy' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_module_imports_nothing_above_the_estimators(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    ours = {name for name in names if name.startswith("mapseg_xl")}
    assert all(name.startswith("mapseg_xl.stats.") for name in ours)
    assert {name.split(".")[0] for name in names} <= {
        "__future__", "collections", "dataclasses", "functools", "mapseg_xl", "math", "numpy",
        "scipy", "statistics", "typing",
    }  # fmt: skip
    assert {name for name in names if name.startswith("scipy")} <= {
        "scipy.special",
        "scipy.optimize",
    }
