"""What else differs between two runs: counts, shares of customers, candidates and their calls, settings."""

from __future__ import annotations

from mapseg_xl.analyze import changes
from mapseg_xl.analyze.baselines import COUNTS, CUSTOMERS
from mapseg_xl.analyze.changes import Event, Share
from mapseg_xl.report import words
from mapseg_xl.report.parts.changed.compared import Compared, day_of
from mapseg_xl.report.parts.changed.figure_tables import (
    CAREFULLY,
    CHANGE_FORMATS,
    NO_CLEAR_CHANGE,
    difference,
    rounded,
)
from mapseg_xl.report.parts.changed.spoken_changes import history, setting_title, setting_value
from mapseg_xl.report.parts.names import BASE
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Part,
    Ref,
    Row,
    Section,
    Table,
    Text,
)
from mapseg_xl.report.words import CALLS

COUNTED, SHARES, EVENTS, SETTINGS, DECISION = "counts", "shares", "events", "settings", "decision"
_MOST_EVENTS = 12
_LONGEST_RULE = 60
_TITLES = {
    "rows": "Rows",
    "leads": "Leads",
    "trials": "Trials",
    "customers": "Customers now",
    "churned": "Have left",
}
_SHARE_WORDS = {
    changes.MORE: "▲ clearly more",
    changes.FEWER: "▼ clearly fewer",
    changes.CHANCE: NO_CLEAR_CHANGE,
}


def counts_section(what: Compared) -> Section:
    """How many there were of each, and are."""
    columns = (
        Column("what", "", 0, "label"),
        Column("then", "Then", 1, "count"),
        Column("now", "Now", 2, "count", bold=True),
        Column("change", "Change", 3, "change"),
    )
    then, now = what.changes.then.counts, what.changes.now.counts
    rows = tuple(
        Row(
            name,
            {
                "what": _TITLES[name],
                "then": then[name],
                "now": now[name],
                "change": Formula("{now}-{then}", now[name] - then[name]),
            },
        )
        for name in COUNTS
        if then[name] or now[name]
    )
    parts: list[Part] = [Table(COUNTED, columns, rows)]
    told = history(what)
    if told:
        parts.append(Text((told,), "note"))
    return Section("Who is in the data", tuple(parts), "counts on the last day of each run's data")


def shares_section(what: Compared) -> list[Section]:
    """Each segment's part of all customers."""
    if not what.changes.shares:
        return []
    everybody = "Customers" if what.changes.now.counts[CUSTOMERS] else "Rows"
    columns = (
        Column("segment", "Segment", 0, "label"),
        Column("then_n", f"{everybody} then", 1, "count"),
        Column("now_n", f"{everybody} now", 2, "count"),
        Column("then", "Share then", 3, "share"),
        Column("now", "Share now", 4, "share", bold=True),
        Column("change", "Change", 5, "pp"),
        Column("verdict", "How clear", 10, "chip"),
    )
    rows = [_share_row(what, share) for share in what.changes.shares]
    rows.append(_all_row(what))
    table = Table(SHARES, columns, tuple(rows))
    title = f"Share of all {everybody.lower()}"
    return [Section(title, (table,), CAREFULLY)]


def _share_row(what: Compared, share: Share) -> Row:
    then, now = share.then, share.now
    one, other = (c.rate if c else None for c in (then, now))
    cells: dict[str, Content | Cell] = {
        "segment": what.name(share.segment_id),
        "then_n": then.events if then else None,
        "now_n": now.events if now else None,
        "then": _of_all("then_n", one),
        "now": _of_all("now_n", other),
        "change": difference(one, other, "share"),
        "verdict": _SHARE_WORDS.get(share.verdict, words.VERDICTS["not_available"]),
    }
    chosen = share.segment_id in what.changes.now.decided
    return Row(share.segment_id, cells, "chosen" if chosen else "body")


def _of_all(column: str, rate: float | None) -> Formula | None:
    if rate is None:
        return None
    refs = {"all": Ref(SHARES, BASE, column)}
    return Formula(f'IF({{all}}>0,{{{column}}}/{{all}},"")', rate, refs)


def _all_row(what: Compared) -> Row:
    """Those that the shares are parts of."""
    one, other = (
        run.whole.customers or run.whole.size for run in (what.changes.then, what.changes.now)
    )
    return Row(BASE, {"segment": "All", "then_n": one, "now_n": other}, "total")


def events_section(what: Compared) -> Section:
    """Candidates that came, went, or are called otherwise; decided ones first."""
    found = sorted(what.changes.events, key=lambda e: not e.decided)
    if not found:
        some = len(what.changes.now.segments) > 1
        same = "The same candidates, with the same names, rules and calls."
        text = Text((same if some else "There is no candidate in either run.",))
        return Section("Candidates", (text,))
    columns = (Column("segment", "Segment", 0, "label"), Column("what", "What happened", 1, "text"))
    rows = tuple(
        Row(
            f"{event.kind} {event.segment_id}",
            {"segment": what.name(event.segment_id), "what": _told(what, event)},
            "chosen" if event.decided else "body",
        )
        for event in found[:_MOST_EVENTS]
    )
    parts: list[Part] = [Table(EVENTS, columns, rows)]
    if len(found) > _MOST_EVENTS:
        parts.append(Text((f"And {len(found) - _MOST_EVENTS} more.",), "note"))
    return Section("Candidates", tuple(parts), "decided segments keep their name and rule")


def _told(what: Compared, event: Event) -> str:
    then, now = (CALLS.get(call, call) for call in (event.then, event.now))
    told = {
        changes.CAME: f"A new candidate: {now}." if now else "A new candidate.",
        changes.GONE: f"No candidate any more; it was {then}."
        if then
        else "No candidate any more.",
        changes.RENAMED: f"Was called “{words.short(event.then, _LONGEST_RULE)}”.",
        changes.RECUT: f"Its rule was: {words.short(event.then, _LONGEST_RULE)}",
        changes.CALLED: f"Was {then or 'without a call'}, is {now or 'without a call'} now.",
    }[event.kind]
    if event.kind == changes.GONE and event.decided:
        told = f"Decided, and not in the data any more. {_why_gone(what, event)}"
    return told.strip()


def _why_gone(what: Compared, event: Event) -> str:
    name = what.name(event.segment_id).casefold()
    why = next((r.why for r in what.findings.refused if r.name.casefold() == name), "")
    return words.sentence_case(why) if why else "Its figures are those of the earlier run."


def settings_section(what: Compared) -> list[Section]:
    """The settings that are not the same in both runs."""
    differ = what.changes.settings
    if not differ:
        return []
    columns = (
        Column("name", "Setting", 0, "label"),
        Column("then", "Then", 3, "text"),
        Column("now", "Now", 6, "text"),
    )
    rows = tuple(
        Row(
            name,
            {
                "name": setting_title(name),
                "then": setting_value(name, a),
                "now": setting_value(name, b),
            },
        )
        for name, a, b in differ
    )
    help_text = "figures that rest on them are not compared"
    return [Section("Settings that differ", (Table(SETTINGS, columns, rows),), help_text)]


def decision_section(since: Compared | None) -> list[Section]:
    """The decided segments since the decision: their part of all customers, and the leading figure."""
    if since is None:
        return []
    metric = since.metrics[0] if since.metrics else None
    columns = [
        Column("segment", "Segment", 0, "label"),
        Column("then_share", "Share then", 1, "share"),
        Column("now_share", "Share now", 2, "share", bold=True),
        Column("share_change", "Change", 3, "pp"),
    ]
    heads = [("share of all customers", 1, 3)]
    if metric is not None:
        unit = words.figure(metric, since.findings)
        columns += [
            Column("then", "Then", 5, unit),
            Column("now", "Now", 6, unit, bold=True),
            Column("change", "Change", 7, CHANGE_FORMATS.get(unit, "change")),
        ]
        heads.append((words.say(metric, since.findings), 5, 7))
    rows = []
    for share in since.changes.shares:
        if share.segment_id not in since.changes.now.decided:
            continue
        one, other = (c.rate if c else None for c in (share.then, share.now))
        cells: dict[str, Content | Cell] = {
            "segment": since.name(share.segment_id),
            "then_share": one,
            "now_share": other,
            "share_change": _share_change(one, other),
        }
        found = since.changes.of(share.segment_id, metric.id) if metric else None
        if metric is not None and found is not None:
            a, b = (s.value if s else None for s in (found.then, found.now))
            comparable = (
                None if found.other else difference(a, b, words.figure(metric, since.findings))
            )
            cells |= {"then": a, "now": b, "change": comparable}
        rows.append(Row(share.segment_id, cells, "chosen"))
    day = day_of(since.changes.then)
    title = f"Since the decision, taken on data to {day}" if day else "Since the decision"
    table = Table(DECISION, tuple(columns), tuple(rows), group_heads=tuple(heads))
    return [Section(title, (table,))] if rows else []


def _share_change(then: float | None, now: float | None) -> Formula | None:
    if then is None or now is None:
        return None
    return Formula("ROUND(({now_share}-{then_share})*100,1)", rounded((now - then) * 100, 1))
