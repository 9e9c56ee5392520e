"""What is not there: empty cells by column, columns that say the same everywhere, columns without anything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mapseg_xl.intake.checking.looks import Look
from mapseg_xl.intake.health import gathered
from mapseg_xl.intake.tables import Issue

_NEARLY_FULL = 0.01  # of the cells; where no more are empty, each of them is a slip
_REMARKS = 0.95  # of the cells are empty
_FEW, _MANY = 3, 25  # so many always are, so many never
_NEEDED_NEARLY_FULL = 0.05  # of the cells of a column that is counted with
_MAY_BE_EMPTY = frozenset(
    {"trial_on", "converted_on", "churned_on", "converted", "churned", "outcome"}
)
"""An empty cell of these says that it has not happened."""
_BLOCKS = {
    "customer_id": "such a row can be joined to nothing",
    "created_on": "how soon it converts, and its cohort, cannot be told",
    "revenue_monthly": "what it pays a month is not known",
    "revenue_total": "what it has paid is not known",
    "tenure_months": "how long it has stayed is not known",
    "status": "where it stands is told by its other columns",
}


def gaps(look: Look) -> tuple[Issue, ...]:
    """What is missing in a column, and what that blocks."""
    empty = look.empty()
    n, count = len(empty), int(empty.sum())
    if n and count == n:
        issue = look.issue(
            "note", "empty_column", "Left alone: it says nothing", "every cell is empty"
        )
        return (issue,)
    if count > _REMARKS * n and not look.role:
        return ()  # remarks beside the table
    if not count:
        return _constant(look)
    if look.role in _MAY_BE_EMPTY or look.role == "customer_id":
        return ()  # of ids, where they are read
    blocks = _BLOCKS.get(
        look.role, "shown as (blank)" if look.sort == "label" else "in no figure of this column"
    )
    issue = look.issue("note", "missing_value", f"Left empty: {blocks}")
    share = _NEEDED_NEARLY_FULL if look.role in _BLOCKS else _NEARLY_FULL
    if count <= min(max(_FEW, share * n), _MANY):
        return gathered(
            look.table,
            look.index,
            np.flatnonzero(empty),
            issue,
            "an empty cell in a column nearly full",
            lambda _: "",
        )
    text = f"{count:,} of {n:,} cells are empty ({count / n:.0%})"
    return (replace(issue, issue=text, count=count),)


def _constant(look: Look) -> tuple[Issue, ...]:
    codes = look.codes()
    if len(codes) < 2 or look.role or (codes != codes[0]).any():
        return ()
    said = (
        look.cells.cell_text(0)
        if look.cells is not None
        else look.seen.samples[0]
        if look.seen.samples
        else ""
    )
    text = f"the same in every row: {said}"
    return (look.issue("note", "constant_column", "Left alone: it tells nobody apart", text),)
