"""The commands about Excel: `functions`, `addin`, `doctor`. Imports nothing heavy before a command runs."""

from __future__ import annotations

from typing import Any


def add_excel_parsers(commands: Any) -> None:
    """Add the commands about Excel to the command line's."""
