"""One metric as a table: a row a segment, live from counts, with range, everyone else, index and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.analyze.performance import HELD_OUT, PerformanceRow
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.counts import Counts, counts_of
from mapseg_xl.report.parts.names import BASE, FIGURES, PERFORMANCE, SURVIVAL, more
from mapseg_xl.report.parts.selection import Member, Shown
from mapseg_xl.report.parts.staying import payback
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Table
from mapseg_xl.tally.tally import Tally

WIDTHS = {1: 72, 2: 76, 3: 74, 4: 74, 5: 80, 6: 80, 7: 80, 8: 82, 9: 66, 10: 116}  # 800 in all
PANEL = (5, 7)  # grid columns
_COUNT_HEADS = {
    "share": ("of them", "share"),
    "rate": ("left", "rate"),
    "mean": ("sum", "mean"),
    "cost": ("spend", "cost"),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """A metric's figures of one group as contents: live where counts or other tabs give them."""

    value: Content
    low: Content
    high: Content
    rest: Content = None


def table_of(shown: Shown, metric: Metric, members: Sequence[Member], block: str) -> Table:
    """The table of a metric over some segments; the first one closes with the company average."""
    first = block == metric.id
    rows = [row for group in _groups(shown, members) for row in _group_rows(shown, metric, *group)]
    if first:
        rows.append(_base_row(shown, metric))
    return Table(block, _columns(shown, metric, first=first), tuple(rows))


def value_ref(shown: Shown, metric: str, key: str, column: str = "value") -> Ref:
    """Where a segment's figure stands: the cell that every other tab copies."""
    block = more(metric) if key in {m.key for m in shown.without_panel} else metric
    return Ref(block, key, column, PERFORMANCE)


def _groups(shown: Shown, members: Sequence[Member]) -> list[tuple[str, list[Member]]]:
    names = words.grouped((m.segmentation, "") for m in members)
    return [(name, [m for m in members if m.segmentation == name]) for name in names]


def _group_rows(shown: Shown, metric: Metric, name: str, members: list[Member]) -> list[Row]:
    """Rows of one segmentation, under its name where several are shown."""
    several = len(shown.groups) > 1
    rows = [_member_row(shown, metric, member, several=several) for member in members]
    if several:
        head = Row(group_key(name), {"segment": words.segmentation_title(name)}, "sub")
        rows.insert(0, head)
    return rows


def group_key(segmentation: str) -> str:
    """The row key of a sub-head; no segment_id looks like it."""
    return f"head of {segmentation}"


def _member_row(shown: Shown, metric: Metric, member: Member, *, several: bool) -> Row:
    row = shown.row(member, metric.id)
    counts = counts_of(metric.id, member.measured.tally)
    others = counts_of(metric.id, member.measured.rest) if row.basis == HELD_OUT else None
    figures = _figures(shown, metric, row, (counts, others))
    index = _index(row)
    if metric.id == payback.METRIC:
        figures, index = _owned_payback(shown, row, (member.measured.tally, member.measured.rest))
    cells: dict[str, Content | Cell] = {
        "segment": member.value if several else member.label,
        "n": counts.n if counts else row.n,
        "value": figures.value,
        "low": figures.low,
        "high": figures.high,
        "rest": figures.rest,
        "index": index,
        "verdict": words.chip(row),
        **_count_cells(shown, metric, row, counts),
    }
    if others:
        cells |= {"rest_events": others.events, "rest_n": others.n}
    return Row(member.key, cells)


def _base_row(shown: Shown, metric: Metric) -> Row:
    """The company average: value and range, nothing to compare with."""
    row = shown.findings.base(metric.id)
    counts = counts_of(metric.id, shown.findings.whole)
    figures = _figures(shown, metric, row, (counts, None))
    if metric.id == payback.METRIC:
        figures, _ = _owned_payback(shown, row, (shown.findings.whole, None))
    cells: dict[str, Content | Cell] = {
        "segment": words.COMPANY,
        "n": counts.n if counts else row.n,
        "value": figures.value,
        "low": figures.low,
        "high": figures.high,
        **_count_cells(shown, metric, row, counts),
    }
    return Row(BASE, cells, "total")


def _count_cells(
    shown: Shown, metric: Metric, row: PerformanceRow, counts: Counts | None
) -> dict[str, Content | Cell]:
    cells: dict[str, Content | Cell] = {}
    if counts:
        cells["events"] = counts.events
    if metric.id == "ltv_to_cac" and row.value:
        cells["low_ratio"] = None if row.ci_low is None else row.ci_low / row.value
        cells["high_ratio"] = None if row.ci_high is None else row.ci_high / row.value
    if metric.id == payback.METRIC and row.value is not None:
        cells |= {"run": row.value, "low_run": row.ci_low, "high_run": row.ci_high}
    return cells


def _index(row: PerformanceRow) -> Content | Cell:
    """Index with everyone else at 100; bold with an arrow where the difference is clear."""
    content = native.index(row.index)
    if content is None or not words.is_clear(row):
        return content
    way = {"▲": "index.up", "▼": "index.down"}.get(words.arrow(row), "")
    return Cell(content, "bold", way)


def _figures(
    shown: Shown, metric: Metric, row: PerformanceRow, sides: tuple[Counts | None, Counts | None]
) -> _Figures:
    """`sides`: the segment's counts, and everyone else's where they are not the base less the segment."""
    counts, others = sides
    if row.value is None:
        return _Figures(None, None, None, row.rest_value)
    if metric.id == "ltv":
        return _owned_by_survival(row)
    if metric.id == "ltv_to_cac":
        return _ratio(shown, row)
    if counts is None:
        return _Figures(row.value, row.ci_low, row.ci_high, row.rest_value)
    return _from_counts(shown, metric, row, counts, on_half=others is not None)


def _from_counts(
    shown: Shown, metric: Metric, row: PerformanceRow, counts: Counts, *, on_half: bool
) -> _Figures:
    confidence = shown.findings.settings.confidence
    low, high = row.ci_low, row.ci_high
    limits: dict[str, tuple[Content, Content]] = {
        "share": (native.wilson_low(low, confidence), native.wilson_high(high, confidence)),
        "rate": (native.poisson_low(low, confidence), native.poisson_high(high, confidence)),
        "cost": (native.cost_low(low, confidence), native.cost_high(high, confidence)),
        "mean": (low, high),
    }
    rest = native.everyone_else(row.rest_value, metric.id, BASE)
    if on_half:
        rest = native.others_on_half(row.rest_value)
    return _Figures(native.quotient(row.value), *limits[counts.kind], rest=rest)


def _owned_by_survival(row: PerformanceRow) -> _Figures:
    def from_there(column: str, value: float | None) -> Content:
        return native.copy(Ref(FIGURES, row.segment_id, column, SURVIVAL), value)

    return _Figures(
        from_there("ltv", row.value),
        from_there("ltv_low", row.ci_low),
        from_there("ltv_high", row.ci_high),
        from_there("rest_ltv", row.rest_value),
    )


def _owned_payback(
    shown: Shown, row: PerformanceRow, tallies: tuple[Tally, Tally | None]
) -> tuple[_Figures, Content | Cell]:
    """Payback where Survival & LTV computes it; its range holds for the inputs of the last run only."""
    cost = shown.lines[row.segment_id, "cac"]
    part, rest = (
        payback.is_live(shown, tally, known)
        for tally, known in zip(tallies, (cost.value, cost.rest_value), strict=True)
    )
    value: Content = row.value
    low, high = (None if row.value is None else limit for limit in (row.ci_low, row.ci_high))
    limits: tuple[Content, Content] = (low, high)
    index = _index(row)
    if part:
        value = payback.copied(row.segment_id, payback.METRIC, row.value)
        limits = (native.as_run(low, "low_run"), native.as_run(high, "high_run"))
    others: Content = row.rest_value
    if rest:
        others = payback.copied(row.segment_id, "rest_payback", row.rest_value)
    if part and rest and index is None:
        index = native.live_index(None)
    return _Figures(value, *limits, rest=others), index


def _ratio(shown: Shown, row: PerformanceRow) -> _Figures:
    """Lifetime value over acquisition cost, both where they are owned; its range as in the last run."""

    def over(worth: str, cost: str, value: float | None) -> Content:
        refs = {
            "ltv": Ref(FIGURES, row.segment_id, worth, SURVIVAL),
            "cac": value_ref(shown, "cac", row.segment_id, cost),
        }
        text = 'IF(OR({ltv}="",{cac}="",{cac}=0),"",{ltv}/{cac})'
        text, margin = payback.needs_margin(text, shown)
        return None if value is None else Formula(text, value, {**refs, **margin})

    return _Figures(
        over("ltv", "value", row.value),
        native.scaled(row.ci_low, "low_ratio"),
        native.scaled(row.ci_high, "high_ratio"),
        over("rest_ltv", "rest", row.rest_value),
    )


def _columns(shown: Shown, metric: Metric, *, first: bool) -> tuple[Column, ...]:
    unit, kind = words.figure(metric, shown.findings), _kind(shown.findings.whole, metric)
    columns = [
        Column("segment", "Segment", 0, "label"),
        Column("n", words.head_of_n(metric), 1, "count"),
        Column("value", "Value", 2, unit, bold=True),
        Column("low", words.sentence_case(words.RANGE), 3, "low", unit),
        Column("high", "", 4, "high", unit),
        Column("rest", words.OTHERS, 8, unit),
        Column("index", "Index", 9, "index"),
        Column("verdict", "Verdict", 10, "chip"),
    ]
    if not shown.members:
        del columns[5:]
    elif first:
        columns.insert(5, Column("panel", _panel_head(shown, metric), PANEL[0], "text"))
    if kind:
        columns.append(Column("events", _COUNT_HEADS[kind][0], 13, "count"))
        if any(g.basis == HELD_OUT for g in shown.groups):
            columns += [
                Column("rest_events", f"others, {_COUNT_HEADS[kind][0]}", 14, "count"),
                Column("rest_n", "others, all", 15, "count"),
            ]
    if metric.id == "ltv_to_cac":
        columns += [
            Column("low_ratio", "low / value", 13, "number"),
            Column("high_ratio", "high / value", 14, "number"),
        ]
    if metric.id == payback.METRIC:
        heads = (("run", "last run"), ("low_run", "its low"), ("high_run", "its high"))
        columns += [Column(key, head, at, "number") for at, (key, head) in enumerate(heads, 13)]
    return tuple(columns)


def _kind(whole: Tally, metric: Metric) -> str:
    counts = counts_of(metric.id, whole)
    return counts.kind if counts else ""


def _panel_head(shown: Shown, metric: Metric) -> Formula | str:
    """The grey line's name and figure, live."""
    value = shown.findings.base(metric.id).value
    if value is None:
        return words.COMPANY
    ref = Formula("{base}", value, {"base": Ref(metric.id, BASE, "value")})
    symbol = shown.findings.currency
    kind = words.figure(metric, shown.findings)
    return native.sentence(f"{words.COMPANY} ", ref, symbol=symbol, kinds=(kind,))
