"""The settings a team changes on its Settings tab: what each is called, does and may be, and how it is read back."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from mapseg_xl.errors import BadCells
from mapseg_xl.repairs import REPAIRS
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.layout.entries import expectation
from mapseg_xl.report.parts.names import SETTINGS, VALUE
from mapseg_xl.report.spec import Input, Scalar
from mapseg_xl.report.typed import understood
from mapseg_xl.report.verbs import Key
from mapseg_xl.settings import MODELS

EVERYBODY = "all"
DAY_FIRST = {"day first": True, "month first": False}
_FIRST_SERIAL, _LAST_SERIAL = 18_000, 80_000  # days of 1949 to 2119 as a spreadsheet counts them
_SERIAL_ZERO = date(1899, 12, 30)
_WRITTEN_DAYS = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y")
_LONGEST_WINDOW, _LONGEST_SYMBOL = 3650, 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A setting: `default` says in words what holds while its cell is empty, or is the figure itself.

    `read` makes a setting of what was typed where a number or one of the choices is not all it takes.
    """

    name: str  # of the setting; window_days may also set window_all
    title: str
    kind: str
    says: str  # what it does
    default: str | float
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    expects: str = ""  # what may be typed, of a text
    read: Callable[[Scalar], dict[str, Any] | None] | None = None

    @property
    def key(self) -> Key:
        """Where it is typed."""
        return (SETTINGS, _BLOCKS[self.name], self.name, VALUE)

    @property
    def entry(self) -> Input:
        """Its yellow cell, empty."""
        message = f"{self.says} {self.expects}".strip()
        return Input(None, self.kind, message, self.low, self.high, self.choices)


def _day(typed: Scalar) -> dict[str, Any] | None:
    """The last day that counts: a date, or one written so that no two days can be meant."""
    if isinstance(typed, date):
        return {"as_of": typed}
    if isinstance(typed, int | float) and _FIRST_SERIAL <= typed <= _LAST_SERIAL:
        return {"as_of": _SERIAL_ZERO + timedelta(days=int(typed))}
    for form in _WRITTEN_DAYS:
        try:
            return {"as_of": datetime.strptime(str(typed).strip(), form).date()}  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _window(typed: Scalar) -> dict[str, Any] | None:
    """Days to convert in, or everybody so far."""
    text = str(typed).strip().casefold()
    if text == EVERYBODY:
        return {"window_all": True}
    found = re.fullmatch(r"(\d{1,4})(?:\.0+)?(?: ?days?)?", text)
    if found is None or not 1 <= int(found[1]) <= _LONGEST_WINDOW:
        return None
    return {"window_days": int(found[1])}


def _date_order(typed: Scalar) -> dict[str, Any] | None:
    first = DAY_FIRST.get(str(typed).strip().casefold())
    return None if first is None else {"day_first": first}


def _model(typed: Scalar) -> dict[str, Any] | None:
    text = "-".join(str(typed).casefold().split())
    return {"model": text} if text in MODELS else None


def _symbol(typed: Scalar) -> dict[str, Any] | None:
    text = str(typed).strip()
    return {"currency": text} if 0 < len(text) <= _LONGEST_SYMBOL and not text.isdigit() else None


BUSINESS = (
    Asked("model", "Business model", "choice",
          "Decides which figures lead, and what counts as winning a customer.",
          "told from your columns", choices=MODELS, read=_model),
    Asked("as_of", "Count up to", "text",
          "The last day that counts. What happened later is left out.",
          "the latest day in your data", expects="A day, such as 2026-06-30.", read=_day),
    Asked("window_days", "Days to convert in", "text",
          "What a lead or trial has to become a customer; younger ones wait.",
          "told from your conversions", expects="Days, such as 30; or: all.", read=_window),
    Asked("day_first", "Dates like 03/04/2026", "choice",
          "Which number is the day, where a column does not tell by itself.",
          "told from each column", choices=tuple(DAY_FIRST), read=_date_order),
    Asked("currency", "Currency", "text",
          "The sign before amounts of money. Nothing is converted.",
          "told from your cells", expects="A sign, such as $ or €.", read=_symbol),
)  # fmt: skip
WORTH = (
    Asked("gross_margin", "Gross margin", "share",
          "Share of revenue kept after direct costs; without it value is revenue.",
          "not known", -10, 1),
    Asked("annual_discount", "Discount a year", "share",
          "How much less money counts that comes a year later.", 0.10, 0, 10),
    Asked("horizon_months", "Months looked ahead", "months",
          "How far lifetime value looks; shorter where your data does not reach that far.", 36, 1, 240),
    Asked("rmst_months", "Limit of average months", "months",
          "Average months as a customer are counted up to here, the same for all.",
          "the longest seen in your data", 0.5, 600),
)  # fmt: skip
JUDGED = (
    Asked("min_units", "Fewest to judge", "count",
          "Under so many trials or customers no verdict is given on a share or mean.", 30, 5, 100_000),
    Asked("min_decided", "Fewest decided deals", "count",
          "Under so many deals won or lost, the share won gets no verdict.", 10, 5, 100_000),
    Asked("min_new_customers", "Fewest new customers", "count",
          "Under so many, the cost to win a customer gets no verdict.", 10, 5, 100_000),
    Asked("proposal_most", "Most proposals", "count",
          "So many segments Suggest segments may propose.", 5, 0, 20),
    Asked("most_segments", "Segments we can serve", "count",
          "So many segments may be called Focus at once, and be decided.", 3, 1, 3),
)  # fmt: skip
ON, OFF = "on", "off"


def _switch(name: str) -> Callable[[Scalar], dict[str, Any] | None]:
    """On or off of one repair, as a part of `repairs_off`."""

    def read(typed: Scalar) -> dict[str, Any] | None:
        text = str(typed).strip().casefold()
        return {"repairs_off": (name,) if text == OFF else ()} if text in (ON, OFF) else None

    return read


def _either(name: str, yes: str, no: str) -> Callable[[Scalar], dict[str, Any] | None]:
    def read(typed: Scalar) -> dict[str, Any] | None:
        text = str(typed).strip().casefold()
        return {name: text == yes} if text in (yes, no) else None

    return read


REPAIRED = (
    *(
        Asked(repair.name, repair.title, "choice", repair.says, ON, choices=(ON, OFF),
              read=_switch(repair.name))
        for repair in REPAIRS
    ),
    Asked("leave_out_test_accounts", "Test accounts", "choice",
          "Rows whose name or address speaks of a test or a demo.", "count", choices=("count", "leave out"),
          read=_either("leave_out_test_accounts", "leave out", "count")),
    Asked("merge_likely_typos", "Likely slips", "choice",
          "Helathcare beside many Healthcare: proposed, or merged at once.", "propose",
          choices=("propose", "merge"), read=_either("merge_likely_typos", "merge", "propose")),
)  # fmt: skip
GROUPS = (  # table, title
    ("business", "What you sell, and up to when", BUSINESS),
    ("worth", "What a customer is worth", WORTH),
    ("judged", "When a segment is judged", JUDGED),
    ("repaired", "What is repaired without asking", REPAIRED),
)
ASKED = tuple(asked for _, _, group in GROUPS for asked in group)
_BLOCKS = {asked.name: block for block, _, group in GROUPS for asked in group}
_WHOLE = ("count",)
_WHOLE_NAMES = frozenset({"horizon_months"})


def has_settings(earlier: Previous | None) -> bool:
    """Whether an earlier workbook has a Settings tab, which then alone says what was typed."""
    return earlier is not None and any(asked.key in earlier.typed for asked in ASKED)


def typed_settings_of(earlier: Previous | None) -> dict[str, Any]:
    """What the Settings tab of an earlier workbook says, by the names of `Settings`; empty cells say nothing.

    What cannot be used is a BadCells that names every such cell.
    """
    if earlier is None:
        return {}
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for asked in ASKED:
        typed = earlier.edits.get(asked.key)
        if typed is None or str(typed).strip() == "":
            continue
        read = read_setting(asked, typed)
        if read is None:
            cell = earlier.cell(asked.key)
            wrong[cell] = _refusal(asked, typed, cell)
        else:
            off = (*found.get("repairs_off", ()), *read.get("repairs_off", ()))
            found |= {**read, "repairs_off": off} if "repairs_off" in read else read
    if wrong:
        raise BadCells(" ".join(wrong.values()), tuple(wrong))
    return found


def read_setting(asked: Asked, typed: Scalar) -> dict[str, Any] | None:
    """The setting that was typed, None where it cannot be used.

    >>> read_setting(ASKED[2], "all"), read_setting(ASKED[5], "70%"), read_setting(ASKED[5], "lots")
    ({'window_all': True}, {'gross_margin': 0.7}, None)
    """
    if asked.read is not None:
        return asked.read(typed)
    value, why = understood(typed, asked.entry)
    if why or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if asked.kind in _WHOLE or asked.name in _WHOLE_NAMES:
        return {asked.name: int(value)} if math.isclose(value, round(value)) else None
    return {asked.name: float(value)}


def _refusal(asked: Asked, typed: Scalar, cell: str) -> str:
    if asked.choices:
        expects = f"Choose one of {', '.join(asked.choices)}, or empty it."
    else:
        expects = f"Write {_lowered(asked.expects or expectation(asked.entry))} Or empty it."
    return f"{cell or SETTINGS}: '{typed}' cannot be used for {asked.title}. {expects}"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def said(typed: Mapping[Key, object], asked: Asked) -> Scalar:
    """What stands in a setting's cell, as the next run will show it; None where it is empty."""
    value = typed.get(asked.key)
    if not isinstance(value, str | int | float | date) or str(value).strip() == "":
        return None
    return understood(value, asked.entry)[0]
