"""What the core says to people at a command line, in the words of the ribbon: tabs and buttons instead of options."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mapseg_xl.report.parts.names import MY_SEGMENTS, SETTINGS
from mapseg_xl.report.spec import Report
from mapseg_xl.report.subset import rebuilt

_HERE = f"the tab {SETTINGS}"
_DATES = "“Dates like 03/04/2026”"
_QUOTED = r"(?:\"[^\"]*\"|[^\s\"']\S*?)"  # what follows an option, up to the sentence's end
_END = r"(?=[.;,]?(?:\s|$))"

# In this order: whole sentences first, single options last.
_SAID: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"Write day_first = true \(31/12/2025\) or day_first = false [^;]* --settings",
            f"On {_HERE}, at {_DATES}, say which number is the day",
        ),
        (
            r", or put add_up_both_ways = true in a file given with --settings: their rows [^.]*\.",
            ".",
        ),
        (
            r"put day_first = \w+ in a file given with --settings",
            f"change {_DATES} on {_HERE}",
        ),
        (r"Say which with --sheet, e\.g\. --sheet " + _QUOTED + _END, "Hide or rename the others"),
        (r"Put one on a sheet, or name the sheet with --sheet", "Put one on a sheet, or press Add files"),
        (r"; --sheet reads one of these tabs all the same", ""),
        (r"To read it, name it with --sheet", "To have it read, unhide it"),
        (r"To have the sheet read instead, name it with --sheet\.",
         "To have the sheet read instead, hide that of the customers."),
        (r"Name the sheets to read with --sheet, e\.g\. --sheet " + _QUOTED + ", or put",
         "Hide the one that is not, or put"),
        (r"; name the sheets to read with --sheet", "; a hidden sheet is not read"),
        (r"; `mapseg run --include-email` shows them", ""),
        (r", say --sheet [^.;]+" + _END, ", hide the other sheets"),
        (r"Say which column names the customer, e\.g\. --map \"customer_id=([^\"]*)\"",
         rf"Say on {_HERE} which column is the Customer ID, e.g. '\1'"),
        (r"Say which, e\.g\. --map " + _QUOTED + _END, f"Say which on {_HERE}"),
        (r"--map customer_id=COLUMN says which it is", f"the Customer ID on {_HERE} says which it is"),
        (r"say --map ROLE=COLUMN", f"say so on {SETTINGS}"),
        (r"--map \w+=([^:]+): none of the sheets", rf"{SETTINGS}, '\1': none of the sheets"),
        (r"--map \w+=([^:]+): the sheets", rf"{SETTINGS}, '\1': the sheets"),
        (r"say --map \w+=" + _QUOTED + _END, f"say so on {_HERE}"),
        (r"with --map \w+=" + _QUOTED + _END, f"on {_HERE}"),
        (r"give a later --as-of", f"give a later day at “Count up to” on {_HERE}"),
        (r" in data_health\.csv \(mapseg check --tables\)", ""),
        (r"Name segments with --segment \"NAME: RULE\" or --segment-by COLUMN",
         f"Add the segments your team believes in on the tab {MY_SEGMENTS}"),
        (r"your team believes in \(--segment, or a sheet My segments\), what the run proposes, .* --segment-by",
         f"your team believes in (the tab {MY_SEGMENTS}) and what the run proposes"),
        (r"run again and name their column: --segment-by \"([^\"]*)\"",
         rf"add them on the tab {MY_SEGMENTS}, by their \1"),
        (r"; --map ROLE=SHEET!COLUMN uses another", f"; {SETTINGS} can name another"),
        (r"with --segment-by " + _QUOTED + _END, f"on the tab {MY_SEGMENTS}"),
        (r"^--(?:window|model)$", f"tab {SETTINGS}"),
        (r"or with --out|Name another file with --out, or move this one; ", ""),
    )
)  # fmt: skip


def in_excel(text: str) -> str:
    """A sentence of the core as somebody at the ribbon needs it; others stay as they are.

    >>> in_excel("Give another column with --map churned_on=COLUMN.")
    'Give another column on the tab Settings.'
    >>> in_excel("Left sheet 'Old': it is hidden. To read it, name it with --sheet.")
    "Left sheet 'Old': it is hidden. To have it read, unhide it."
    """
    if "--" not in text:
        return text
    for pattern, words in _SAID:
        text = pattern.sub(words, text)
    return text


def told_in_excel(report: Report) -> Report:
    """The report with every sentence in the words of the ribbon, for the team's own workbook."""

    def swap(value: Any) -> Any:
        return in_excel(value) if isinstance(value, str) and "--" in value else value

    return replace(report, tabs=tuple(rebuilt(tab, swap) for tab in report.tabs))
