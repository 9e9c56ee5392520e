"""Volume: who there are a lot of. Every trait with its values, bars beside the rows, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.tables import BLANK
from mapseg_xl.measure.volume import VolumeRow, VolumeTable
from mapseg_xl.report import words
from mapseg_xl.report.parts.names import VOLUME
from mapseg_xl.report.parts.selection import Shown, is_unclear, shown
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Ref,
    Row,
    RowBars,
    Section,
    Span,
    Tab,
    Table,
)

LONGEST = 15  # values; a trait with more ends in "other"
OTHER, TOTAL = "other", "total"
SHORT = "volume in short"
_BARS_FIRST = 4
_PAGE_POINTS = 600.0  # of rows, at the scale the tab is printed at
_TOP_POINTS, _HEAD_POINTS, _ROW_POINTS = 100.0, 65.0, 18.0
_MOST_PAGES = 4
_CLASSES = ("leads", "trials", "customers", "churned")
_BY_FAR = 1.5  # times the second largest
_LONGEST_NAME = 34


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = shown(findings)
    classes = tuple(name for name in _CLASSES if getattr(findings.whole, name))
    largest = max((row.n for table in findings.volumes for row in table.rows), default=1)
    ordered = [table for table in _ordered(what) if table.rows]
    whole, others = ordered[: in_full(ordered)], ordered[in_full(ordered) :]
    sections = [
        _section(table, _Frame(f"volume {at}", classes), largest) for at, table in enumerate(whole)
    ]
    if others:
        sections.append(_in_short(others, findings.whole.size))
    notes = _notes(findings, whole)
    return Tab(VOLUME, "MEASURE", _headline(what), _subline(findings), tuple(sections), notes)


def _ordered(what: Shown) -> Sequence[VolumeTable]:
    """Compared traits first, then the others as they stand on the sheet, results of buying last."""
    compared = [g.segmentation.name for g in what.groups]

    def place(table: VolumeTable) -> tuple[int, bool]:
        if table.attribute in compared:
            return compared.index(table.attribute), False
        return len(compared), table.outcome_like

    return sorted(what.findings.volumes, key=place)


def in_full(tables: Sequence[VolumeTable]) -> int:
    """How many of the tables, in their order, are shown whole on four pages with a list of the others.

    A table that does not fit on a page any more starts the next one. At least one is shown.
    """
    points = [_HEAD_POINTS + _ROW_POINTS * (min(len(t.rows), LONGEST + 1) + 1) for t in tables]
    page, used = 1, _TOP_POINTS
    fitting = 0
    for at, needed in enumerate(points):
        if used + needed > _PAGE_POINTS:
            page, used = page + 1, 0.0
        used += needed
        listed = _HEAD_POINTS + _ROW_POINTS * (len(tables) - at - 1)
        if page < _MOST_PAGES or (page == _MOST_PAGES and used + listed <= _PAGE_POINTS):
            fitting = at + 1
    if page <= _MOST_PAGES:
        return len(tables)
    return max(1, fitting)


_LONGEST_HEADER = 24  # characters; with a name of 40 the headline stays within two rows


def _headline(what: Shown) -> str:
    """The largest group, and that size alone does not make it the best."""
    tables = [t for t in _ordered(what) if t.rows]
    if not tables:
        return f"{words.counted(what.findings.whole.size, 'row')} were counted; no column describes them."
    rows = next((r for t in tables if not is_unclear((r := _by_size(t))[0].value)), None)
    rows = rows or _by_size(tables[0])
    first = rows[0]
    name = words.short(first.value, 40)
    if is_unclear(first.value):
        name = f"{name} ({words.short(words.header(first.attribute), 30)})"
    by_far = " by far" if len(rows) > 1 and first.n > _BY_FAR * rows[1].n else ""
    attribute = words.short(words.header(first.attribute), _LONGEST_HEADER)
    return (
        f"{words.sentence_case(name)} is the largest {attribute} group{by_far}, "
        f"{first.share:.0%} of all; {_best(what, first)}"
    )


def _by_size(table: VolumeTable) -> list[VolumeRow]:
    return sorted(table.rows, key=lambda row: -row.n)


def _best(what: Shown, first: VolumeRow) -> str:
    member = next(
        (m for m in what.members if (m.segmentation, m.name) == (first.attribute, first.value)),
        None,
    )
    if member is not None:
        worse = what.clear(member, "worse")
        if worse and not what.clear(member, "better"):
            measures = words.counted_word(len(what.metrics), "measure")
            count = words.number_word(len(worse))
            return f"it does worse than everyone else on {count} of {measures}."
    return "size alone does not make it the best."


def _subline(findings: Findings) -> str:
    rows = words.counted(findings.whole.size, "row")
    traits = words.counted(len(findings.volumes), "column")
    return f"{rows} by each of {traits} that describe them. Bars run from zero on one scale down the tab."


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a trait's table has besides its values: its id, life-cycle classes that occur, the converted share."""

    block: str
    classes: tuple[str, ...]

    @property
    def converted(self) -> bool:
        """Whether some could have become customers, and some have."""
        open_ones = {"leads", "trials"} & set(self.classes)
        return bool(open_ones) and bool(self.won)

    @property
    def first(self) -> int:
        """The grid column of the first class; bars end before it."""
        return 11 - len(self.classes) - self.converted

    @property
    def won(self) -> tuple[str, ...]:
        """The classes of those who became customers."""
        return tuple(name for name in ("customers", "churned") if name in self.classes)


def _section(table: VolumeTable, frame: _Frame, largest: int) -> Section:
    rows = (*_rows(table, frame), _total(table, frame))
    kept = Table(frame.block, tuple(_columns(frame)), rows)
    bars = RowBars(
        f"{frame.block} bars", frame.block, "n", _BARS_FIRST, frame.first - 1, float(largest)
    )
    follows = "may be a result rather than a cause" if table.outcome_like else ""
    help_text = " · ".join(part for part in (table.family, follows) if part)
    return Section(words.sentence_case(words.header(table.attribute)), (kept, bars), help_text)


def _columns(frame: _Frame) -> list[Column]:
    columns = [
        Column("value", "Value", 0, "label"),
        Column("n", "Rows", 1, "count"),
        Column("share", "Share of rows", 2, "share.small"),
        Column("running", "Added up", 3, "share"),
    ]
    columns += [
        Column(name, words.sentence_case(name), at, "count")
        for at, name in enumerate(frame.classes, frame.first)
    ]
    if frame.converted:
        columns.append(Column("converted", "Became customers", 10, "share"))
    return columns


def _rows(table: VolumeTable, frame: _Frame) -> list[Row]:
    """The values, largest first or in their own order; beyond fifteen the small ones as one."""
    if len(table.rows) <= LONGEST + 1:
        return _added_up(
            [_row(f"value {row.value}", row.value, [row], frame) for row in table.rows], frame
        )
    by_size = sorted(table.rows, key=lambda row: (-row.n, row.value))
    large = {row.value for row in by_size[:LONGEST]}
    kept = [row for row in table.rows if row.value in large]
    rest = [row for row in table.rows if row.value not in large]
    rows = [_row(f"value {row.value}", row.value, [row], frame) for row in kept]
    name = f"other ({words.counted(len(rest), 'value')})"
    return _added_up([*rows, _row(OTHER, name, rest, frame)], frame)


def _added_up(rows: Sequence[Row], frame: _Frame) -> list[Row]:
    """The rows with the share of all down to each of them."""
    made: list[Row] = []
    share = 0.0
    for row in rows:
        mine = row.cells["share"]
        share += float(mine.value or 0.0) if isinstance(mine, Formula) else 0.0  # type: ignore[arg-type]
        running = Formula("{share}", share)
        if made:
            running = Formula(
                "{before}+{share}", share, {"before": Ref(frame.block, made[-1].key, "running")}
            )
        made.append(Row(row.key, {**row.cells, "running": running}, row.look))
    return made


def _row(key: str, name: str, rows: Sequence[VolumeRow], frame: _Frame) -> Row:
    cells: dict[str, Content | Cell] = {"value": name, "n": sum(r.n for r in rows)}
    cells |= {c: sum(getattr(r, c) for r in rows) for c in frame.classes}
    if name == BLANK or key == OTHER:
        cells["value"] = Cell(name, "muted")
    total: dict[str, Ref | Span] = {"total": Ref(frame.block, TOTAL, "n")}
    cells["share"] = Formula('IF({total}>0,{n}/{total},"")', sum(r.share for r in rows), total)
    return Row(key, cells | _converted(rows, frame))


def _converted(rows: Sequence[VolumeRow], frame: _Frame) -> dict[str, Content]:
    """Customers and churned ones over all rows, so far."""
    n = sum(row.n for row in rows)
    if not frame.converted or not n:
        return {}
    won = sum(row.customers + row.churned for row in rows)
    text = "+".join(f"{{{name}}}" for name in frame.won)
    return {"converted": Formula(f'IF({{n}}>0,({text})/{{n}},"")', won / n)}


def _total(table: VolumeTable, frame: _Frame) -> Row:
    """All rows, summed live."""
    keys = [row.key for row in _rows(table, frame)]
    cells: dict[str, Content | Cell] = {"value": "All"}
    for name in ("n", *frame.classes):
        span = Span(frame.block, name, rows=(keys[0], keys[-1]))
        value = sum(getattr(row, name) for row in table.rows)
        cells[name] = Formula("SUM({cells})", value, {"cells": span})
    cells["share"] = Formula('IF({n}>0,{n}/{n},"")', 1.0)
    return Row(TOTAL, cells | _converted(table.rows, frame), "total")


def _in_short(tables: Sequence[VolumeTable], base: int) -> Section:
    """The columns there is no room for, a row each: how many values, the largest, how many are empty."""
    columns = (
        Column("name", "Column", 0, "label"),
        Column("values", "Values", 1, "count"),
        Column("largest", "Largest", 2, "text"),
        Column("n", "Rows", 5, "count"),
        Column("share", "Share of rows", 6, "share.small"),
        Column("blank", "Empty", 7, "count"),
        Column("blank_share", "Share empty", 8, "share.small"),
    )
    rows = [_short_row(at, table, base) for at, table in enumerate(tables)]
    return Section("More columns, in short", (Table(SHORT, columns, tuple(rows)),))


def _short_row(at: int, table: VolumeTable, base: int) -> Row:
    named = [row for row in table.rows if row.value != BLANK]
    largest = max(named, key=lambda row: row.n, default=None)
    blank = sum(row.n for row in table.rows if row.value == BLANK)
    everybody: dict[str, Ref | Span] = {"total": Ref("volume 0", TOTAL, "n")}
    cells: dict[str, Content | Cell] = {
        "name": words.sentence_case(words.header(table.attribute)),
        "values": len(named),
        "largest": words.short(largest.value, _LONGEST_NAME) if largest else "",
        "n": largest.n if largest else 0,
        "share": Formula(
            'IF({total}>0,{n}/{total},"")', largest.share if largest else 0.0, everybody
        ),
        "blank": blank,
        "blank_share": Formula(
            'IF({total}>0,{blank}/{total},"")', blank / base if base else 0.0, everybody
        ),
    }
    return Row(f"column {at}", cells)


def _notes(findings: Findings, whole: Sequence[VolumeTable]) -> tuple[str, ...]:
    lines = ["Added up: the share of all rows down to that one."] if whole else []
    blank = any(row.value == BLANK for table in whole for row in table.rows)
    if blank:
        lines.append("(blank): the cell is empty in the source.")
    absent = [name for name in _CLASSES if not getattr(findings.whole, name)]
    if absent:
        lines.append(f"No {words.listing(absent).replace(' and ', ' and no ')} in this data.")
    if len(whole) < len(findings.volumes):
        lines.append("Every value of the columns in short is in the result table volume.csv.")
    if any(len(table.rows) > LONGEST + 1 for table in whole):
        lines.append(f"Columns with many values show the {LONGEST} largest, and the others as one.")
    return tuple(lines)
