"""Settings of the whole suite, and a last line that says what could not be tested here and why."""

import os
import shutil
from pathlib import Path

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

VALIDATOR = Path(__file__).parents[1] / "build/npm/node_modules/.bin/ooxml-validator"
TOOLS = {
    "office": (
        "LibreOffice",
        "install libreoffice-calc",
        lambda: shutil.which("soffice"),
    ),
    "validator": (
        "the Open XML validator",
        "install Node.js 18 with npm, then `make setup`",
        lambda: os.environ.get("MAPSEG_VALIDATOR") or VALIDATOR.exists(),
    ),
}


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    for marker, (name, remedy, present) in TOOLS.items():
        count = sum(marker in report.keywords for report in skipped)
        if count and not present():
            terminalreporter.write_line(
                f"NOT TESTED: {count} tests skipped because {name} is missing here ({remedy}).",
                yellow=True,
            )
    for report in skipped:
        if not TOOLS.keys() & set(report.keywords):
            terminalreporter.write_line(
                f"skipped: {report.nodeid}: {report.longrepr[2]}", yellow=True
            )
