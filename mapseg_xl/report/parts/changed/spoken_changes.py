"""Changes in sentences: the headline of What changed, and what of it is more than chance. Every sentence is true."""

from __future__ import annotations

from datetime import date

from mapseg_xl.analyze.baselines import ROWS
from mapseg_xl.analyze.changes import Change
from mapseg_xl.analyze.footprints import HISTORY, PRICE
from mapseg_xl.analyze.performance import ALL
from mapseg_xl.analyze.recount import CONVERSION
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.parts.changed.compared import Compared, day_of
from mapseg_xl.report.parts.home.run_settings import ASKED
from mapseg_xl.report.spoken import spoken

_TITLES = {asked.name: asked.title for asked in ASKED} | {"repeat_days": "Days to buy again in"}
_UNITS = {
    "gross_margin": "share",
    "annual_discount": "share",
    "window_days": "days",
    "repeat_days": "days",
    "horizon_months": "months",
    "rmst_months": "months",
}
_NONE = {"window_days": "every conversion so far", "as_of": "the latest day in the data"}
_MOST_CLEAR = 6  # sentences


def first_run(as_of: date | None) -> str:
    """That all runs so far saw the same data."""
    until = f", up to {words.day(as_of)}" if as_of else ""
    return f"One set of data so far{until}: nothing to compare with yet."


def headline(what: Compared) -> str:
    """What came, then the change that matters most: a clear one of a chosen segment, of a segment, of the base."""
    changes = what.changes
    if changes.same_data:
        return _same(what)
    first = rows_clause(what)
    told = next(iter(_by_weight(what)), None) or _leading(what)
    return f"{first}; {_clause(what, told)}." if told else f"{first}."


def _same(what: Compared) -> str:
    day = day_of(what.changes.then)
    if what.changes.settings:
        titles = [setting_title(name) for name, _, _ in what.changes.settings]
        return f"The same data, counted with other settings: {words.listing(titles, 3)}."
    return f"Nothing changed: the same data as {f'on {day}' if day else 'in the last run'}."


def rows_clause(what: Compared) -> str:
    """How many rows more or fewer, or that cells were changed."""
    changes = what.changes
    then, now = changes.then.counts[ROWS], changes.now.counts[ROWS]
    day = day_of(changes.then)
    if what.since is not None and what.since.news is not None and day:
        return _news_and_edits(what, what.since.news.new)
    later = bool(day) and changes.then.as_of != changes.now.as_of
    if now > then:
        since = f"since {day}" if later else "since the run before"
        return (
            f"{words.counted(now - then, 'new row')} {since}"
            if _only_new(what)
            else (
                f"{words.counted(now - then, 'row')} more than {f'on {day}' if later else 'in the run before'}"
            )
        )
    than = f"on {day}" if later else "in the run before"
    if now < then:
        return f"{words.counted(then - now, 'row')} fewer than {than}"
    return f"{words.counted(now, 'row')} as {than}, with other contents"


def _news_and_edits(what: Compared, new: int) -> str:
    """New rows since, and how many earlier entries are not what they were."""
    day = day_of(what.changes.then)
    some = words.counted(new, "new row") if new else "No new row"
    edited = past_edits(what)
    if edited:
        entry = words.counted(edited, "earlier entry", "earlier entries")
        return f"{some} since {day}, at least {entry} edited"
    repriced = _least(what, PRICE)
    if repriced and not new:
        pay = "customer pays" if repriced == 1 else "customers pay"
        return f"{some} since {day}; at least {repriced:,} {pay} another price"
    return f"{some} since {day}"


def _least(what: Compared, layer: str) -> int:
    found = what.since.edits if what.since else None
    return found.layers[layer].least if found and layer in found.layers else 0


def past_edits(what: Compared) -> int:
    """Entries of the past that are not what they were: gone, put in since, or of another day. At least so many."""
    found = what.since.edits if what.since else None
    if found is None:
        return 0
    moved = max((_least(what, layer) for layer in HISTORY), default=0)
    came = found.came.least if what.since and what.since.news is not None else 0
    return found.gone.least + came + moved


def _only_new(what: Compared) -> bool:
    """Whether the rows that were there are there still, as far as their number tells."""
    again = what.changes.recount
    return again is not None and again.size == what.changes.then.counts[ROWS]


def _by_weight(what: Compared) -> list[Change]:
    """The clear changes, the most important first."""
    decided = what.changes.now.decided
    clear = [c for c in what.changes.figures if c.is_clear]
    order = list(dict.fromkeys((*decided, ALL, *what.keys)))
    ranked = [m.id for m in what.metrics]
    clear.sort(key=lambda c: (order.index(c.segment_id), ranked.index(c.metric)))
    return clear


def _leading(what: Compared) -> Change | None:
    """The first figure of the whole base that is the same kind of figure in both runs."""
    for metric in what.metrics:
        change = what.changes.of(ALL, metric.id)
        if change and change.then and change.now and not change.other:
            return change
    return None


def _clause(what: Compared, change: Change) -> str:
    """One change as part of a sentence: “conversion fell from 22.8% to 20.1%”."""
    metric = _metric(what, change.metric)
    then, now = (said(what, metric, s.value if s else None) for s in (change.then, change.now))
    subject = words.say(metric, what.findings)
    if change.segment_id != ALL:
        subject = f"{what.quoted(change.segment_id)}: {subject}"
    if then == now:
        return f"{subject} stayed at {now}"
    moved = "rose" if _gap(change) > 0 else "fell"
    if not change.is_clear:
        return f"{subject} went from {then} to {now}, no clear change"
    return f"{subject} {moved} from {then} to {now}"


def _gap(change: Change) -> float:
    then, now = change.then, change.now
    return 0.0 if then is None or now is None else (now.value or 0.0) - (then.value or 0.0)


def _apart(what: Compared, change: Change) -> str:
    """The figure of those who came since, beside that of those before; "" where they are not told apart."""
    if change.before is None or change.since is None:
        return ""
    metric = _metric(what, change.metric)
    since, before = (said(what, metric, c.rate) for c in (change.since, change.before))
    if change.metric == CONVERSION:
        return f": {since} of the {change.since.n:,.0f} counted since, {before} of those before"
    return f": {since} since, {before} before"


def clear_changes(what: Compared) -> list[str]:
    """The clear changes as parts of a sentence, the most important first."""
    return [_clause(what, change) for change in _by_weight(what)]


def clear_lines(what: Compared) -> tuple[str, ...]:
    """What is more than chance, a sentence each; that nothing is, where nothing is."""
    told = _by_weight(what)
    if not told:
        return ("No figure below moved more than chance does.",)
    lines = [
        f"{words.sentence_case(_clause(what, change))}{_apart(what, change)}."
        for change in told[:_MOST_CLEAR]
    ]
    if len(told) > _MOST_CLEAR:
        lines.append(f"{len(told) - _MOST_CLEAR} more clear changes are marked below.")
    if is_edited(what):
        lines.append("Earlier rows were changed as well, so part of this may be that: see below.")
    return tuple(lines)


def is_edited(what: Compared) -> bool:
    """Whether today's data tells the earlier day otherwise than it was counted then."""
    again = what.changes.recount
    moved = again is not None and again.size not in (None, what.changes.then.counts[ROWS])
    return moved or past_edits(what) > 0 or any(c.is_edited for c in what.changes.figures)


def history(what: Compared) -> str:
    """Whether the rows of the earlier day are still those that were counted then; "" where nobody can tell."""
    changes = what.changes
    if changes.recount is None or changes.recount.size is None:
        return ""
    day, counted, now = day_of(changes.then), changes.then.counts[ROWS], changes.recount.size
    if now != counted:
        way = "added" if now > counted else "taken out"
        return (
            f"Today’s data holds {words.counted(now, 'row')} up to {day}; {counted:,} were counted then. "
            f"Earlier rows were {way}, or dated anew."
        )
    same = f"Today’s data holds as many rows up to {day} as were counted then: {counted:,}."
    return f"{same} Some of them say something else now." if is_edited(what) else same


def said(what: Compared, metric: Metric, value: float | None) -> str:
    """A figure inside a sentence."""
    if value is None:
        return "–"
    kind = words.figure(metric, what.findings)
    made = spoken(value, kind, what.findings.currency)
    return str(getattr(made, "value", made))


def setting_title(name: str) -> str:
    """A setting as the tab Settings calls it."""
    return "which customers are counted" if name == "basis" else _TITLES.get(name, name)


def setting_value(name: str, value: str | float | None) -> str:
    """What a setting was, in words."""
    if value is None:
        return _NONE.get(name, "not set")
    if isinstance(value, str):
        return value
    unit = _UNITS.get(name, "")
    return f"{100 * value:g}%" if unit == "share" else f"{words.months(value)} {unit}".strip()


def _metric(what: Compared, name: str) -> Metric:
    return next(m for m in what.metrics if m.id == name)
