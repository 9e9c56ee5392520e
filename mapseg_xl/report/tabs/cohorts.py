"""Cohorts: customers by the month or quarter they started, how many are kept and what they have paid since."""

from __future__ import annotations

from math import ceil

from mapseg_xl.analyze.cohorts import ORDERS, AverageAge
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.parts.case.story import story_of
from mapseg_xl.report.parts.names import BASE, COHORTS
from mapseg_xl.report.parts.selection import OWN_NAMES, Shown, label, shown
from mapseg_xl.report.parts.staying.cohort_headline import headline
from mapseg_xl.report.parts.staying.triangles import (
    AVERAGE,
    KEPT,
    Page,
    kept_table,
    money_table,
    page_of,
)
from mapseg_xl.report.spec import (
    Cell,
    ChartRow,
    Column,
    Content,
    Formula,
    Lines,
    Ref,
    Row,
    Section,
    Series,
    Tab,
    Table,
    Text,
)

NAME = COHORTS
COMPARED = "cohorts compared"
SEGMENTS = 3  # drawn against the base
_CHART_ROWS = 12
_LONGEST_NAME, _LONGEST_END = 32, 18  # in the table; at the end of a line
_FEWEST_AGES = 2  # for a line
_OPEN = (
    "° open: some customers of the cohort have not lived this long yet; the figure can still move. "
    "Empty: not reached by anybody. A month that is not over counts in no sum."
)
_Curve = dict[int, float | None]


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    cohorts = findings.cohorts
    page = page_of(cohorts)
    if not page.rows:
        return _nothing(findings)
    sections = [_kept(page)]
    if cohorts.value:
        sections.append(_money(page))
    sections += _compared(findings, page)
    return Tab(
        COHORTS,
        "ANALYZE",
        headline(page, findings.settings),
        _subline(page),
        tuple(sections),
        notes=_notes(findings, page),
    )


def _nothing(findings: Findings) -> Tab:
    """A short tab where no cohort can be followed."""
    needs = (
        "Add the date on which each customer started, and the date on which those who left did so.",
        "Or add a sheet of dated orders with the customer of each.",
        "This tab then shows, for customers who started together, how many are kept and what they pay.",
    )
    why = findings.cohorts.note or "no customer has started"
    return Tab(
        COHORTS,
        "ANALYZE",
        f"No cohort can be followed in this data: {why}.",
        "Customers by the month they started, and how many of them are still here.",
        (Section("What is needed", (Text(needs),)),),
    )


def _subline(page: Page) -> str:
    if page.cohorts.form == ORDERS:
        return (
            "Customers with an order in a month, by the time of their first order and months since. "
            "Showing: whole base."
        )
    return (
        "Customers still here at the end of a month, by the time of their start and months since. "
        "Showing: whole base."
    )


def _kept(page: Page) -> Section:
    title = "Share of customers kept" if page.is_chained else "Share of customers who order"
    help_text = "darker = more · grey italic ° = month not over for all of the cohort, kept out of the average"
    return Section(title, kept_table(page), help_text)


def _money(page: Page) -> Section:
    if page.cohorts.dated_money:
        help_text = "dated payments since the start, before costs · the same marking"
    else:
        help_text = "monthly price for the time each was here, before costs · the same marking"
    return Section("Cumulative revenue a customer", money_table(page), help_text)


def _compared(findings: Findings, page: Page) -> list[Section]:
    """The average by month of life of the leading candidates against the base: lines, and the figures."""
    what, curves = shown(findings), _curves(findings)
    names = _names(what, curves)
    ages = [age for age in page.ages if age in page.counted_ages]
    if not names or not ages:
        return []
    chart = _chart(page, curves, names, what.looks())
    table = _figures(page, curves, names, ages)
    return [Section("", (ChartRow((chart,), _CHART_ROWS), table))]


def _curves(findings: Findings) -> dict[str, _Curve]:
    """The average row of each segment, as far as enough customers are followed."""
    curves: dict[str, _Curve] = {}
    for point in findings.cohorts.average:
        curve = curves.setdefault(point.segment_id, {})
        if _is_followed(findings, point) and (point.age == 0 or point.age - 1 in curve):
            curve[point.age] = point.value
    return curves


def _is_followed(findings: Findings, point: AverageAge) -> bool:
    return point.value is not None and point.at_risk >= findings.settings.min_at_risk


def _names(what: Shown, curves: dict[str, _Curve]) -> dict[str, str]:
    """The candidates to compare, best first: those with a line, under the names that the tabs give them."""
    told = [t.candidate for t in story_of(what).told]
    order = dict.fromkeys((*told, *(c for c in what.findings.candidates if not c.twin_of)))
    kept = [c for c in order if len(curves.get(c.segment_id, {})) > _FEWEST_AGES][:SEGMENTS]
    return {
        c.segment_id: c.name if c.segmentation in OWN_NAMES else label(c.segmentation, c.name)
        for c in kept
    }


def _chart(
    page: Page, curves: dict[str, _Curve], names: dict[str, str], looks: dict[str, str]
) -> Lines:
    first = 0 if page.is_chained else 1  # everybody orders in the month of the first order
    last = max(max(curves[key], default=0) for key in names)
    ages = range(last + 1)

    def values(key: str) -> tuple[Content, ...]:
        return tuple(curves[key].get(age) if age >= first else None for age in ages)

    series = [Series("Average", "base", values(BASE))]
    series += [
        Series(words.short(name, _LONGEST_END), looks.get(key, "other"), values(key))
        for key, name in reversed(names.items())
    ]
    largest = max(v for s in series for v in s.values if isinstance(v, float))
    what = "kept" if page.is_chained else "ordering"
    return Lines(
        id="cohorts lines",
        title=f"Share {what} by month since the start, segments against the average",
        alt=f"Line chart: share of customers {what} by month since the start. "
        f"{words.listing(list(names.values()))} against the company average.",
        x=tuple(float(age) for age in ages),
        series=tuple(series),
        x_max=float(max(last, 1)),
        x_unit=float(next((u for u in (1, 2, 3, 6, 12, 24) if last / u <= 8), 36)),
        y_max=1.0 if page.is_chained else _round_up(largest),
        y_format="share0",
    )


def _round_up(share: float) -> float:
    """A share as the end of an axis of four whole steps."""
    return min(max(ceil(share * 25 - 1e-9), 1) / 25, 1.0)


def _figures(
    page: Page, curves: dict[str, _Curve], names: dict[str, str], ages: list[int]
) -> Table:
    columns = [Column("segment", "Segment", 0, "label"), Column("n", "Customers", 1, "count")]
    columns += [
        Column(f"m{age}", f"month {age}", at, "share0") for at, age in enumerate(ages, start=2)
    ]
    starters = _starters(page)
    rows = [
        _figures_row(key, words.short(name, _LONGEST_NAME), starters[key], curves[key], ages)
        for key, name in names.items()
    ]
    return Table(COMPARED, tuple(columns), (*rows, _base_row(page, curves[BASE], ages)))


def _figures_row(key: str, name: str, n: int, curve: _Curve, ages: list[int]) -> Row:
    cells: dict[str, Content | Cell] = {"segment": name, "n": n}
    cells |= {f"m{age}": curve.get(age) for age in ages}
    return Row(key, cells)


def _starters(page: Page) -> dict[str, int]:
    """Customers in the cohorts of each segment."""
    found: dict[str, int] = {}
    for cell in page.cohorts.retention:
        if cell.age == 0:
            found[cell.segment_id] = found.get(cell.segment_id, 0) + cell.at_risk
    return found


def _base_row(page: Page, curve: _Curve, ages: list[int]) -> Row:
    """The average row of the triangle above, copied."""

    def copied(column: str, value: float) -> Formula:
        return Formula("{it}", value, {"it": Ref(KEPT, AVERAGE, column)})

    cells: dict[str, Content | Cell] = {"segment": words.COMPANY}
    cells["n"] = copied("n", sum(p.starters for p in page.rows))
    for age in ages:
        value = page.average.get(age)
        cells[f"m{age}"] = None if value is None else copied(f"m{age}", value)
    return Row(BASE, cells, "total")


def _notes(findings: Findings, page: Page) -> tuple[str, ...]:
    cohorts = page.cohorts
    open_cells = any(share is not None for p in page.rows for share in p.kept_open)
    lines = [_OPEN] if open_cells else []
    if page.is_chained:
        lines.append(
            "All closed cohorts: each month's share kept, over the cohorts closed that far, times the months "
            "before it. It is not the mean of the column, from which newer cohorts are missing."
        )
    else:
        lines.append(
            "All closed cohorts: customers with an order in that month over all who started in the cohorts "
            "closed that far. Refunds count in the money, not as orders."
        )
    if not cohorts.value:
        lines.append(f"Revenue by cohort: {cohorts.note}.")
    if cohorts.left_out:
        lines.append(f"In no cohort: {words.listing(cohorts.left_out)}.")
    enough = findings.settings.min_at_risk
    lines.append(
        f"Segments: closed cells only; – where fewer than {enough} customers are followed."
    )
    if any(c.basis == "held_out" and not c.twin_of for c in findings.candidates):
        lines.append("Hypotheses are followed on the customers they were not found on.")
    return tuple(lines)
