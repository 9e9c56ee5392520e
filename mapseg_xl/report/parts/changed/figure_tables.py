"""A leading figure of the chosen segments then and now: live change, range of now, who came since, how clear it is."""

from __future__ import annotations

import math

from mapseg_xl.analyze import changes
from mapseg_xl.analyze.changes import Change
from mapseg_xl.analyze.performance import ALL
from mapseg_xl.analyze.recount import CONVERSION
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.changed.compared import Compared, day_of
from mapseg_xl.report.parts.changed.spoken_changes import said, setting_title, setting_value
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.names import BASE, SETTINGS
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Part, Row, Section, Table, Text

CHANGE_FORMATS = {
    "share": "pp",
    "share2": "pp2",
    "money": "money.change",
    "months": "months.change",
    "days": "days.change",
    "ratio": "ratio.change",
    "decimal": "decimal.change",
}
NO_CLEAR_CHANGE = "no clear change"
_UNSURE, _NOT_COMPARED = words.VERDICTS["cant_tell"], words.VERDICTS["not_available"]
CAREFULLY = "compared carefully: see the foot of the tab"
_APART = "those counted since against those before"
_GROUP = (6, 7)  # grid columns of those counted since
_DECIMALS = {"share": 1, "share2": 2, "money": 2, "months": 1, "days": 0, "ratio": 2, "decimal": 1}


def figure_sections(what: Compared) -> list[Section]:
    """A section a leading figure that both runs know."""
    return [_section(what, metric) for metric in what.metrics if _in_both(what, metric)]


def only_in_one(what: Compared) -> str:
    """The leading figures that only one of the runs knows; "" for none."""
    names = [words.say(m, what.findings) for m in what.metrics if not _in_both(what, m)]
    return f"Only in one of the two runs, so not shown: {words.listing(names)}." if names else ""


def _in_both(what: Compared, metric: Metric) -> bool:
    return any(c.then and c.now for c in what.changes.figures if c.metric == metric.id)


def _section(what: Compared, metric: Metric) -> Section:
    found = [c for key in (*what.keys, ALL) if (c := what.changes.of(key, metric.id))]
    apart = any(c.since is not None for c in found)
    parts: list[Part] = [_table(what, metric, found, apart)]
    lines = _remarks(what, metric, found)
    if lines:
        parts.append(Text(tuple(lines), "note"))
    how = _APART if apart else CAREFULLY
    title = words.title(metric, what.findings)
    return Section(title, tuple(parts), f"{how} · {words.better_is(metric)}")


def _table(what: Compared, metric: Metric, found: list[Change], apart: bool) -> Table:
    unit = words.figure(metric, what.findings)
    columns = [
        Column("segment", "Segment", 0, "label"),
        Column("then", "Then", 1, unit),
        Column("now", "Now", 2, unit, bold=True),
        Column("low", f"{words.sentence_case(words.RANGE)} now", 3, "low", unit),
        Column("high", "", 4, "high", unit),
        Column("change", "Change", 5, CHANGE_FORMATS.get(unit, "change")),
        Column("verdict", "How clear", 10, "chip"),
    ]
    heads: tuple[tuple[str, int, int], ...] = ()
    if apart:
        n = "Trials" if metric.id == CONVERSION else "Customer months"
        columns[6:6] = [
            Column("n", n, 6, "count"),
            Column("since", "Figure", 7, unit),
            Column("before", "Those before", 8, unit),
        ]
        columns += [
            Column("since_events", "of the new", 13, "count"),
            Column("before_events", "of those before", 14, "count"),
            Column("before_n", "those before", 15, "count"),
        ]
        heads = ((f"counted since {day_of(what.changes.then)}", *_GROUP),)
    rows = tuple(_row(what, metric, change, unit) for change in found)
    return Table(metric.id, tuple(columns), rows, group_heads=heads)


def _row(what: Compared, metric: Metric, change: Change, unit: str) -> Row:
    then = change.then.value if change.then else None
    now = change.now
    cells: dict[str, Content | Cell] = {
        "segment": what.name(change.segment_id),
        "then": then,
        "now": _now(what, metric, change),
        "low": now.low if now else None,
        "high": now.high if now else None,
        "change": None if change.other else difference(then, now.value if now else None, unit),
        "verdict": _chip(change),
        **_since_cells(change),
    }
    if change.segment_id == ALL:
        return Row(BASE, cells, "total")
    chosen = change.segment_id in what.changes.now.decided
    return Row(change.segment_id, cells, "chosen" if chosen else "body")


def _since_cells(change: Change) -> dict[str, Content | Cell]:
    since, before = change.since, change.before
    if since is None or before is None:
        return {}
    return {
        "n": since.n,
        "since": native.quotient(since.rate, "since_events", "n"),
        "before": native.quotient(before.rate, "before_events", "before_n"),
        "since_events": since.events,
        "before_events": before.events,
        "before_n": before.n,
    }


def _now(what: Compared, metric: Metric, change: Change) -> Content:
    """Today's figure where Performance owns it."""
    value = change.now.value if change.now else None
    if change.segment_id == ALL:
        return native.copy(value_ref(what.board.what, metric.id, BASE), value)
    ref = what.board.ref(metric.id, change.segment_id)
    return value if ref is None else native.copy(ref, value)


def difference(then: float | None, now: float | None, unit: str) -> Formula | None:
    """Now less then, of the cells `now` and `then` of the row; shares in points.

    Rounded as it is shown, so that next to nothing has no sign.
    """
    if then is None or now is None:
        return None
    times, decimals = 100 if unit.startswith("share") else 1, _DECIMALS.get(unit, 0)
    gap = f"({{now}}-{{then}}){'*100' if times == 100 else ''}"
    text = f'IF(AND(ISNUMBER({{now}}),ISNUMBER({{then}})),ROUND({gap},{decimals}),"")'
    return Formula(text, rounded((now - then) * times, decimals))


def rounded(value: float, decimals: int) -> float:
    """A number as Excel's ROUND gives it: halves away from zero, and no zero with a sign.

    >>> rounded(-0.04, 1), rounded(2.25, 1), rounded(-2.25, 1)
    (0.0, 2.3, -2.3)
    """
    scale = 10.0**decimals
    return math.copysign(math.floor(abs(value) * scale + 0.5), value) / scale + 0.0


def _chip(change: Change) -> str:
    """What the change is, in three words: arrow = way the figure went, word = good or bad."""
    if change.is_clear:
        return f"{words.UP if change.rises else words.DOWN} {change.verdict}"
    said_of = {changes.CHANCE: NO_CLEAR_CHANGE, changes.UNSURE: _UNSURE}
    return said_of.get(change.verdict, _NOT_COMPARED)


def _remarks(what: Compared, metric: Metric, found: list[Change]) -> list[str]:
    """Why a figure is not compared, and where earlier rows say something else now."""
    lines = []
    lines += _counted_otherwise(what, found)
    few = [c for c in found if c.verdict == changes.UNSURE]
    if few:
        lines.append(f"Can’t tell yet: {_names(what, few)}. {_what_is_missing(metric, few)}")
    new = [c for c in found if c.then is None and c.now is not None]
    if new:
        lines.append(f"Not known then: {_names(what, new)}.")
    gone = [c for c in found if c.then is not None and c.now is None]
    if gone:
        lines.append(f"Not known now: {_names(what, gone)}.")
    lines += _edits(what, metric, [c for c in found if c.is_edited])
    return lines


def _counted_otherwise(what: Compared, found: list[Change]) -> list[str]:
    """Which settings are not the same, and what to write on Settings where that makes the figures comparable."""
    names = sorted({name for c in found for name in c.other})
    if not names:
        return []
    differ = {name: (then, now) for name, then, now in what.changes.settings}
    told = [setting_title(name) for name in names]
    back = [
        f"{setting_value(name, differ[name][0]).split()[0]} at “{setting_title(name)}”"
        for name in names
        if name in differ and differ[name][0] is not None
    ]
    how = f" Write {words.listing(back)} on {SETTINGS} to compare." if back else ""
    return [f"Not compared, for it was counted otherwise then: {words.listing(told)}.{how}"]


def _what_is_missing(metric: Metric, few: list[Change]) -> str:
    least = few[0].fewest
    if few[0].since is None:
        return f"Fewer than {least} {metric.counted} then or now."
    if metric.id == CONVERSION:
        return f"It takes {least} counted since, and {least} before."
    return "Too few have left since, or before."


def _edits(what: Compared, metric: Metric, edited: list[Change]) -> list[str]:
    """Where today's data tells another figure of the earlier day, as far as it shows."""
    day = day_of(what.changes.then)
    told = []
    for change in edited:
        then, again = change.then, change.before
        one = said(what, metric, then.value if then else None)
        other = said(what, metric, again.rate if again else None)
        if one != other:
            told.append(f"{what.name(change.segment_id)} {one} then, {other} in today’s data")
    if not told:
        return []
    more = f" and {len(told) - 2} more" if len(told) > 2 else ""
    return [f"Earlier rows were changed. Up to {day}: {'; '.join(told[:2])}{more}."]


def _names(what: Compared, found: list[Change]) -> str:
    return words.listing([what.name(c.segment_id) for c in found], 4)
