"""The rows of What if: a figure today, under the three meanings of "more", its change, and what to make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mapseg_xl.analyze.what_if import SCENARIOS
from mapseg_xl.report import words
from mapseg_xl.report.parts.shift.each_candidate import NEW, QUALITY, STEP
from mapseg_xl.report.parts.shift.more_of import MoreOf
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Span
from mapseg_xl.report.spoken import fixed

PARTS, RESULT, MONEY, LOOK = "parts", "result", "money", "look back"  # the tables of the tab
SHARE = "share"  # the first row of RESULT
INPUT_REFS: Mapping[str, Ref | Span] = {"step": STEP, "quality": QUALITY, "new": NEW}
_CHANGES = {
    "share": "pp2",
    "share2": "pp2",
    "money": "cents.change",
    "sum": "money.change",
    "ratio": "ratio.change",
    "count": "more",
}
_SMALL, _THOUSANDS, _MILLION = 20.0, 9_999.5, 999_500.0  # where the format of money changes


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of a result: what it is today, under the three meanings, and around the change of the first."""

    key: str
    label: str
    unit: str
    today: Content
    after: tuple[Formula, Formula, Formula]
    low: Formula | None
    high: Formula | None
    good_high: bool


def result_columns(made: MoreOf) -> tuple[Column, ...]:
    """Today, the three meanings under live heads, the change under the first, its range, the reading."""
    refs = {"step": STEP}
    percent = f"{_plain(made.step * 100)}%"
    said = "FIXED({step}*100,IF(ROUND({step}*100,6)=ROUND({step}*100,0),0,1))"
    heads = (
        Formula(f'{said}&"% more"', f"{percent} more", refs),
        Formula(f'"+"&{said}&" points"', f"+{_plain(made.step * 100)} points", refs),
        Formula('"share × "&FIXED(1+{step},2)', f"share × {fixed(1 + made.step, 2)}", refs),
    )
    return (
        Column("name", "", 0, "label"),
        Column("today", "Today", 1, "share"),
        *(
            Column(key, head, at, "share", bold=key == "count")
            for at, (key, head) in enumerate(zip(SCENARIOS, heads, strict=True), start=2)
        ),
        Column(
            "change",
            Formula(f'"Change, "&{heads[0].text}', f"Change, {percent} more", refs),
            5,
            "pp",
        ),
        Column("low", words.sentence_case(words.RANGE), 6, "low", "number"),
        Column("high", "", 7, "high", "number"),
        Column("reading", "", 8, "text"),
    )


def _plain(percent: float) -> str:
    return fixed(percent, 0 if round(percent, 6) == round(percent) else 1)


def figures_row(made: MoreOf, f: Figures) -> Row:
    """A row of figures in its own unit, with the change under count and what to make of it."""
    unit = own_scale(f.unit, value_of(f.today), value_of(f.after[0]))
    factor = 100 if f.unit.startswith("share") else 1
    now, then = value_of(f.today), value_of(f.after[0])
    gap = None if now is None or then is None else factor * (then - now)
    times = "*100" if factor == 100 else ""
    text = f'IF(AND(ISNUMBER({{count}}),ISNUMBER({{today}})),({{count}}-{{today}}){times},"")'
    cells: dict[str, Content | Cell] = {
        "name": f.label,
        "today": Cell(f.today, format=unit),
        **{
            key: Cell(formula, format=unit) for key, formula in zip(SCENARIOS, f.after, strict=True)
        },
        "change": Cell(Formula(text, gap), format=_change_format(f.unit)),
        "reading": Cell(_reading(f, gap), "note"),
    }
    if f.low is not None and f.high is not None:
        unit = _change_format(f.unit)
        cells |= {
            "low": Cell(f.low, format=f"{unit}.low"),
            "high": Cell(f.high, format=unit),
        }
    return Row(f.key, cells)


def own_scale(unit: str, value: float | None, after: float | None = None) -> str:
    """The format of an amount by its own size, for a column holds many kinds of figures.

    Sums change units with the inputs; those that may lie below zero cannot, for such a format has no sign.
    """
    if unit not in ("money", "sum"):
        return unit
    size = abs(value or 0.0)
    if unit == "sum" and min(value or 0.0, after or 0.0) >= 0:
        return "money.live"
    if unit == "money" and size < _SMALL:
        return "cents" if size else "money.unit"
    if size >= _MILLION:
        return "money.M"
    return "money.k" if unit == "sum" and size >= _THOUSANDS else "money.unit"


def _change_format(unit: str) -> str:
    return _CHANGES.get(unit, unit)


def value_of(content: Content) -> float | None:
    """The figure a content shows now; None where it shows none."""
    value = content.value if isinstance(content, Formula) else content
    return float(value) if isinstance(value, int | float) else None


def _reading(f: Figures, gap: float | None) -> Formula:
    """Better or worse for the business, or that the change could be chance."""
    up, down = ("better", "worse") if f.good_high else ("worse", "better")
    low, high = (None if limit is None else value_of(limit) for limit in (f.low, f.high))
    said = f'IF({{change}}=0,"no change",IF({{change}}>0,"▲ {up}","▼ {down}"))'
    value: str | None = None
    if gap is not None:
        value = "no change" if gap == 0 else (f"▲ {up}" if gap > 0 else f"▼ {down}")
    if f.low is not None and f.high is not None:
        unsure = "could be no change at all"
        said = f'IF(AND(ISNUMBER({{low}}),{{low}}<0,{{high}}>0),"{unsure}",{said})'
        if gap is not None and low is not None and high is not None and low < 0 < high:
            value = unsure
    return Formula(f'IF(ISNUMBER({{change}}),{said},"")', value)
