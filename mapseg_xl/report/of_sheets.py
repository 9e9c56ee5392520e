"""What tabs say of rows, in the words of a run that has none: it counts what the team's own sheets have counted."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mapseg_xl.report.spec import Report
from mapseg_xl.report.subset import rebuilt

_WHY = "the sources hold no customer rows, only sheets that count them"
_WHOLE = {
    "Rows": "Counted",
    "Share of rows": "Share of all",
    "Rows used": "Counted",
    "one customer, lead or trial each": "customers, leads and trials",
    "Under 30 rows, or no other columns: too few to say what is typical.": "What else is typical of them takes "
    "customer rows: the sheets count one thing at a time.",
    "No column says by which channel they came, or too few rows do.": "By which channel they came takes customer rows.",
    "No candidate differs clearly from everyone else, so there is nothing to doubt yet.": "No difference can be taken "
    f"again without its doubts: {_WHY}.",
    "There is nothing to cross: it takes two columns that tell customers apart.": "Nothing more can be crossed: "
    f"{_WHY}.",
    "Columns with one value, or with a value of their own in every row, are not crossed.": "Pairs that a sheet counts "
    "itself are on Performance.",
    _WHY: "All of them: they take customer rows, and the sources hold only sheets that count customers.",
}
_PARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"^All ([\d,]+) rows are used"),
        r"\1 customers, leads and trials are counted on the sheets",
    ),
    (re.compile(r"\b([\d,]+) rows?\b(?=[,.:]| ·| by |$| were)"), r"\1 counted"),
    (re.compile(r"the share of all rows down to that one"), "the share of all down to that one"),
)


def of_sheets(text: str) -> str:
    """A sentence about rows as one about what sheets count; others stay as they are.

    >>> of_sheets("7,800 rows, 11.5% of all"), of_sheets("Rows"), of_sheets("3 rowing clubs")
    ('7,800 counted, 11.5% of all', 'Counted', '3 rowing clubs')
    """
    if text in _WHOLE:
        return _WHOLE[text]
    if "row" not in text:
        return text
    for pattern, words in _PARTS:
        text = pattern.sub(words, text)
    return text


def told_of_sheets(report: Report) -> Report:
    """The report of a run on sheets that count customers."""

    def swap(value: Any) -> Any:
        return of_sheets(value) if isinstance(value, str) else value

    return replace(
        report,
        tabs=tuple(rebuilt(tab, swap) for tab in report.tabs),
        right_header=of_sheets(report.right_header),
    )
