"""Every note that a figure may carry is known to the page: a changed wording shows here, not in a reader's workbook."""

from __future__ import annotations

import ast
import inspect
from types import ModuleType

import pytest

from mapseg_xl.analyze import performance, strata, verdicts
from mapseg_xl.metrics import (
    acquisition,
    churn,
    conversion,
    lifetime,
    lifetime_value,
    orders,
    revenue,
    shares,
)
from mapseg_xl.metrics.base import THIN
from mapseg_xl.report.parts.remarks import is_known
from mapseg_xl.stats.shrinkage import NO_MORE_THAN_CHANCE

SOURCES = (
    *(acquisition, churn, conversion, lifetime, lifetime_value, orders, revenue, shares),
    *(verdicts, strata, performance),
)
FRAGMENTS = {  # joined to other words, or no note
    "the as-of date",
    "can't tell",
    "start quarter",
    "unit has",
    "units have",
    "everyone else:",
    "(7 of them converted already, in neither part)",
    "(7 bought again already)",
    "(7 without both sides left out)",
    ", 7 for those still here",
    ", about 7 7 are needed",
    "7, 7 are needed there",
    "Kaplan & Meier 1958",
    "Greenwood 1926",
    "7",
    "everyone else: 7",
}
IN_FULL = {
    "7 too recent on 7, left out": "7 buyers too recent on 7, left out",
    "reverses within 7: 7 against 77": "reverses within channel: +0.1 against -0.2",
}
NOT_NOTES = {"id", "title", "plain_title", "needs", "definition", "formula", "source", "counted"}


def templates(module: ModuleType) -> list[str]:
    """The sentences in a module's functions and constants; figures in them as 7."""
    tree = ast.parse(inspect.getsource(module))
    skipped = {id(node) for parent in ast.walk(tree) for node in _no_notes(parent)}
    found = []
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        text = _text(node)
        if text is not None and " " in text.strip():
            found.append(text.strip())
    return found


def _no_notes(node: ast.AST) -> list[ast.AST]:
    """Docstrings, what an f-string is made of, descriptions of metrics, and texts of errors."""
    if isinstance(node, ast.JoinedStr):
        return list(ast.walk(node))[1:]
    if isinstance(node, ast.Expr | ast.Raise):
        return list(ast.walk(node))[1:] if isinstance(node, ast.Raise) else [node.value]
    if isinstance(node, ast.keyword) and node.arg in NOT_NOTES:
        return list(ast.walk(node))
    return []


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_part, node.values))
    return None


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    written = part.format_spec if isinstance(part, ast.FormattedValue) else None
    return "7%" if written is not None and "%" in ast.unparse(written) else "7"


@pytest.mark.parametrize("module", SOURCES, ids=lambda module: module.__name__.split(".")[-1])
def test_every_note_is_known_to_the_page(module):
    parts = [part.strip() for text in templates(module) for part in text.split("; ") if part]
    notes = [IN_FULL.get(part, part) for part in parts if part not in FRAGMENTS]
    assert not [note for note in notes if not is_known(note)]


def test_a_wording_nobody_knows_is_noticed():
    assert not is_known("the moon is too full to compare")
    assert not is_known("too few left to compare: 7")


@pytest.mark.parametrize("note", [THIN, NO_MORE_THAN_CHANCE])
def test_notes_made_elsewhere_are_known_too(note):
    assert is_known(note)
