"""From one total to another by its parts: stacked columns that stay right when their cells change. Internal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.report.layout.draft import Draft, number
from mapseg_xl.report.layout.panels import BAR_FILLS, column_cells, head_cell, x_cells
from mapseg_xl.report.spec import Bridge, Content, Formula, Step, quoted
from mapseg_xl.report.spoken import KINDS, fixed
from mapseg_xl.report.verbs import Axis, Chart, ChartSeries, Frame, Label, Mark, Rect

_TITLE_PX, _NAMES_PX, _EDGE_PX = 34, 24, 10
_AIR = 0.1  # of the height: room for a figure above its column
_MINUS = "−"
_UNITS = (  # of money, so that small changes beside large totals still say something
    (9.95e9, 1e-9, 1, "B"),
    (9.95e6, 1e-6, 1, "M"),
    (99_950.0, 1e-3, 0, "k"),
    (9_995.0, 1e-3, 1, "k"),
)
_PARTS = ("better", "worse")


@dataclass(frozen=True, slots=True)
class _Level:
    """A step between two heights: its value cell, and where the column starts and ends."""

    step: Step
    value: str  # addresses
    start: str
    end: str
    change: float  # what they show now
    low: float
    high: float


def draw_bridge(draft: Draft, part: Bridge, frame: Frame) -> None:
    """Columns on an invisible base, each figure in words above its column.

    A column that crosses zero is drawn in two pieces, one above and one below. Figures stand above, not
    inside: a change that is small beside its totals has no room for them. Each is the name of a series
    that only holds its air, so it follows its cells in every program.
    """
    if not part.steps:
        return
    levels = _levels(draft, part)
    looks = sorted({step.look or "other" for step in part.steps if step.kind == "total"})
    free = part.below_zero or min(level.low for level in levels) < 0
    block = draft.helper(_rows(draft, part, levels, looks))
    width, height = frame.width_px, frame.height_px
    draft.charts.append(
        Chart(
            name=f"{draft.sheet} {part.id}",
            kind="column",
            block=block,
            series=_series(block, looks, len(levels)),
            x_axis=Axis(line=True),
            y_axis=Axis(None if free else 0.0, visible=False),
            frame=frame,
            plot=(
                _EDGE_PX / width,
                _TITLE_PX / height,
                1 - 2 * _EDGE_PX / width,
                1 - (_TITLE_PX + _NAMES_PX) / height,
            ),
            title=part.title,
            alt=part.alt,
            gap=45,
        )
    )


def _levels(draft: Draft, part: Bridge) -> list[_Level]:
    """Writes step, value, start and end of every column; a total starts at zero, a change where it is."""
    top, left = draft.next_helper
    rows: list[list[Content]] = [["Step", "Value", "Starts", "Ends"]]
    levels: list[_Level] = []
    before = 0.0
    for at, step in enumerate(part.steps, start=1):
        value, start, end = (Rect.cell(top + at, left + across).absolute for across in (1, 2, 3))
        now = number(step.value) or 0.0
        first = 0.0 if step.kind == "total" else before
        starts: Content = 0.0
        if step.kind != "total" and levels:
            starts = Formula(levels[-1].end, first)
        before = first + now
        rows.append([step.name, step.value, starts, Formula(f"{start}+N({value})", before)])
        ends = sorted((first, before))
        levels.append(_Level(step, value, start, end, now, *ends))
    draft.helper(rows)
    return levels


def _rows(
    draft: Draft, part: Bridge, levels: Sequence[_Level], looks: Sequence[str]
) -> list[list[Content]]:
    """Heads, then a row a step: base, totals by look, better and worse above and below zero, airs."""
    largest = max((abs(number(step.value) or 0.0) for step in part.steps), default=0.0)
    least = min((abs(level.change) for level in levels if level.change), default=largest)
    unit = _unit(part.format, (least, largest), draft.symbol)
    figures = [_figure(level, unit) for level in levels]
    heads: list[Content] = [part.title, "Base", *(f"Total: {look}" for look in looks)]
    heads += [f"{kind.capitalize()} {side}" for kind in _PARTS for side in ("above", "below")]
    rows: list[list[Content]] = [[*heads, *figures]]
    air = _air(levels)
    for at, level in enumerate(levels):
        airs: list[Content] = [None] * len(levels)
        airs[at] = _signed_air(level, air)
        rows.append([level.step.name, *_columns(level, looks), *airs])
    if part.below_zero:  # a free axis starts at zero where a column shows that
        rows.append([" ", 0.0, *(None for _ in rows[0][2:])])
    return rows


def _columns(level: _Level, looks: Sequence[str]) -> list[Content]:
    """The pieces of one column; those of other kinds stay empty."""
    a, b, low, high = level.start, level.end, level.low, level.high
    above = Formula(f"MAX(0,{a},{b})-MAX(0,MIN({a},{b}))", max(0.0, high) - max(0.0, low))
    below = Formula(f"MIN(0,{a},{b})-MIN(0,MAX({a},{b}))", min(0.0, low) - min(0.0, high))
    if level.step.kind == "total":
        mine = level.step.look or "other"
        total = Formula(level.end, level.change)
        return [None, *(total if look == mine else None for look in looks), *([None] * 4)]
    base = Formula(f"MAX(0,MIN({a},{b}))+MIN(0,MAX({a},{b}))", max(0.0, low) + min(0.0, high))
    return [base, *(None for _ in looks), *_judged(level, above, below)]


def _judged(level: _Level, above: Formula, below: Formula) -> list[Content]:
    """The two pieces under better and worse, by a sign that can change: zero where it is the other."""
    upward_is_good = not level.step.low_is_good
    cells: list[Content] = []
    for kind in _PARTS:
        wants_up = (kind == "better") is upward_is_good
        test = f"{level.end}{'>' if wants_up else '<'}{level.start}"
        holds = level.change > 0 if wants_up else level.change < 0
        cells += [
            Formula(f"IF({test},{piece.text},0)", piece.value if holds else 0.0)
            for piece in (above, below)
        ]
    return cells


def _air(levels: Sequence[_Level]) -> Formula:
    """The room of a figure: a tenth of what the columns span."""
    first, last = levels[0].start, levels[-1].end
    ends = f"{first}:{last}"
    high = max(0.0, *(level.high for level in levels))
    low = min(0.0, *(level.low for level in levels))
    return Formula(f"{_AIR}*(MAX(0,{ends})-MIN(0,{ends}))", _AIR * (high - low))


def _signed_air(level: _Level, air: Formula) -> Formula:
    """Above the column, or below one that lies below zero."""
    assert isinstance(air.value, float)  # noqa: S101  # a number by construction
    a, b = level.start, level.end
    text = f"IF(AND(MAX({a},{b})<=0,MIN({a},{b})<0),-1,1)*{air.text}"
    return Formula(text, -air.value if level.high <= 0 and level.low < 0 else air.value)


def _unit(name: str, ends: tuple[float, float], symbol: str) -> tuple[float, int, str, str]:
    """Factor, decimals, words before and after the figures of this bridge, one unit for all.

    `ends`: the least and the largest figure; a decimal more where the least would read as nothing.
    """
    least, largest = ends
    factor, decimals, before, after = KINDS[name]
    if name == "money":
        for bound, scale, places, letter in _UNITS:
            if largest >= bound:
                return scale, max(places, int(least * scale < 0.5)), symbol, letter
    return factor, decimals, before.format(symbol), after


def _figure(level: _Level, unit: tuple[float, int, str, str]) -> Formula:
    """The figure of a column as live text, a change with its sign."""
    factor, decimals, before, after = unit
    value = f"N({level.value})"
    change = level.step.kind != "total"
    plus = f'IF({value}>0,"+","")' if change else '""'
    sign = f'IF({value}<0,"{_MINUS}",{plus})'
    scaled = f"ABS({value})" if factor == 1 else f"ABS({value})*{factor!r}"
    text = f"{sign}&{quoted(before)}&FIXED({scaled},{decimals})&{quoted(after)}"
    shown_sign = _MINUS if level.change < 0 else ("+" if change and level.change > 0 else "")
    shown = shown_sign + before + fixed(abs(level.change) * factor, decimals) + after
    return Formula(text, shown)


def _series(block: Rect, looks: Sequence[str], count: int) -> tuple[ChartSeries, ...]:
    """Base first, so that it stands lowest; then what is seen; then the airs with their names."""
    fills = ["", *(BAR_FILLS.get(look, look) for look in looks)]
    fills += [kind for kind in _PARTS for _ in ("above", "below")]
    label = Label("name", "inside_base", "ink", bold=True)
    marks: list[tuple[str, Label | None]] = [(fill, None) for fill in fills]
    marks += [("", label)] * count
    return tuple(
        ChartSeries(
            head_cell(block, at), x_cells(block), column_cells(block, at), Mark(fill=fill), words
        )
        for at, (fill, words) in enumerate(marks, start=1)
    )
