"""The Open XML validator for tests: what Microsoft's own schema finds wrong with a workbook."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

_IN_REPOSITORY = (
    Path(__file__).parents[2] / "build" / "npm" / "node_modules" / ".bin" / "ooxml-validator"
)


def program() -> str | None:
    """The validator: MAPSEG_VALIDATOR, the repository's own, or one on PATH; None without any."""
    for candidate in (os.environ.get("MAPSEG_VALIDATOR"), str(_IN_REPOSITORY)):
        if candidate and Path(candidate).exists():
            return candidate
    return shutil.which("ooxml-validator")


def need_validator() -> None:
    """Skips the test where there is no validator."""
    if program() is None:
        pytest.skip(
            "The Open XML validator is missing: run `make test`, or point MAPSEG_VALIDATOR at it"
        )


def complaints(book: Path) -> list[str]:
    """What the validator says against a workbook; empty for a valid one."""
    done = subprocess.run(
        [str(program()), str(book)], capture_output=True, text=True, timeout=120, check=False
    )
    try:
        answer = json.loads(done.stdout)
    except json.JSONDecodeError:
        return [f"the validator gave no answer: {done.stdout[:300]}{done.stderr[:300]}"]
    found = answer if isinstance(answer, list) else answer.get("errors", answer)
    return [json.dumps(one) for one in found] if found else []
