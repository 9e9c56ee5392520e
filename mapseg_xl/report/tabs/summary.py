"""Summary: what a reader who opens one tab must know. Figures are copies of the cells that own them."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.layout.lettering import wrap
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.headlines import NOTHING_CLEAR, does, ends, name, summary_headline
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.names import (
    BASE,
    DATA_HEALTH,
    DEFINITIONS,
    PERFORMANCE,
    SUMMARY,
    SURVIVAL,
    VOLUME,
)
from mapseg_xl.report.parts.remarks import more_data, tab_remarks
from mapseg_xl.report.parts.selection import Member, Shown, shown
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Figure,
    Figures,
    Formula,
    Link,
    Part,
    Ref,
    Row,
    Section,
    Tab,
    Table,
    Text,
)

LONGEST = 6  # segments
FIGURES_SHOWN, COLUMNS_SHOWN, SENTENCES, UNSETTLED = 5, 5, 3, 3
_FIRST_COLUMN = 3
_PAGE_PX = 970
_WORTH_KNOWING = (  # the band and the table take the first of these that are known
    *("conversion", "win_rate", "arpu", "monthly_churn", "survival_24m", "survival_12m"),
    *("ltv", "cac", "ltv_to_cac", "payback_months", "rmst_months"),
)
_SPOKEN = {  # the sentence of a finding: subject, figure, everyone else
    "conversion": ("converts", "of its trials"),
    "win_rate": ("wins", "of its opportunities"),
    "arpu": ("pays", "a month"),
    "monthly_churn": ("loses", "of its customers a month"),
    "survival_12m": ("keeps", "of its customers for 12 months"),
    "survival_24m": ("keeps", "of its customers for 24 months"),
    "rmst_months": ("stays", "on average"),
    "ltv": ("brings", "over {months} months"),
    "cac": ("costs", "a new customer"),
    "ltv_to_cac": ("returns", "its cost"),
    "payback_months": ("pays its cost back in", ""),
}
WIDTHS = {1: 80, 2: 72, 3: 81, 4: 81, 5: 81, 6: 81, 7: 81, 8: 81, 9: 81, 10: 81}  # 800 in all


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = shown(findings)
    sections = [Section("", (_band(what),))]
    sections += _segments(what)
    sections += _words(what)
    sections.append(_contents())
    return Tab(
        SUMMARY, "", summary_headline(what), _subline(what), tuple(sections), _notes(what), WIDTHS
    )


def _subline(what: Shown) -> str:
    best = ends(what)[0] if what.members else None
    if best is None:
        return (
            "Every segment is compared with everyone else; what chance alone could do is not called "
            "a difference."
        )
    share = best.measured.tally.size / what.findings.whole.size
    size = f"{name(best)} is {share:.0%} of the base."
    group = next(g for g in what.groups if g.segmentation.name == best.segmentation)
    follows = ""
    if group.segmentation.outcome_like:
        attribute = words.sentence_case(words.short(words.header(best.segmentation), 40))
        follows = f" {attribute} may be a result rather than a cause."
    return f"{size}{follows} Every segment is compared with everyone else."


def _metrics(what: Shown, longest: int) -> list[Metric]:
    known = {m.id: m for m in what.metrics}
    ids = [m for m in _WORTH_KNOWING if m in known]
    if "survival_24m" in ids and "survival_12m" in ids:
        ids.remove("survival_12m")
    return [known[m] for m in ids[:longest]]


def _band(what: Shown) -> Figures:
    """The base in up to six big figures."""
    items = [_size(what)]
    for metric in _metrics(what, FIGURES_SHOWN):
        row = what.findings.base(metric.id)
        copy = native.copy(value_ref(what, metric.id, BASE), row.value)
        sub = _range_words(what, metric)
        title = words.brief(metric, what.findings)
        kind = words.figure(metric, what.findings)
        items.append(Figure(metric.id, title, copy, sub, kind))
    return Figures("base", tuple(items))


def _size(what: Shown) -> Figure:
    whole = what.findings.whole
    if not whole.paying:
        return Figure("size", "Leads and trials", whole.size, "nobody is a customer yet")
    sub = f"of {whole.size:,} rows" if whole.customers != whole.size else "all rows"
    churned = f", {whole.churned:,} have left" if whole.churned else ""
    return Figure("size", "Customers now", whole.customers, sub + churned)


def _range_words(what: Shown, metric: Metric) -> Content:
    row = what.findings.base(metric.id)
    if row.ci_low is None or row.ci_high is None:
        return ""
    low, high = (
        native.copy(value_ref(what, metric.id, BASE, side), value)
        for side, value in (("low", row.ci_low), ("high", row.ci_high))
    )
    kind = words.figure(metric, what.findings)
    return native.sentence(low, " – ", high, symbol=what.findings.currency, kinds=(kind, kind))


def _segments(what: Shown) -> list[Section]:
    chosen = what.chosen(LONGEST)
    if not chosen:
        return []
    metrics = _metrics(what, COLUMNS_SHOWN)
    columns = [
        Column("segment", "Segment", 0, "label", bold=True),
        Column("n", "Rows", 1, "count"),
        Column("share", "Share", 2, "share"),
    ]
    columns += [
        Column(m.id, words.brief(m, what.findings), at, words.figure(m, what.findings))
        for at, m in enumerate(metrics, _FIRST_COLUMN)
    ]
    if metrics:
        columns.append(Column("words", "In short", _FIRST_COLUMN + len(metrics), "text"))
    rows = [_segment(what, member, metrics) for member in chosen]
    rows.append(_company(what, metrics))
    table = Table("segments", tuple(columns), tuple(rows))
    help_text = "against everyone else: ▲▼ clear difference, colour good or bad; click a name"
    help_text = help_text if metrics else "size alone does not make a segment the best"
    hidden = len(what.members) - len(chosen)
    parts: list[Part] = [table]
    if hidden:
        parts.append(Text((f"{words.counted(hidden, 'more segment')} on {PERFORMANCE}.",), "note"))
    return [Section("Segments", tuple(parts), help_text)]


def _segment(what: Shown, member: Member, metrics: Sequence[Metric]) -> Row:
    size, whole = member.measured.tally.size, what.findings.whole.size
    cells: dict[str, Content | Cell] = {
        "segment": _link(what, member, words.short(member.label, 60)),
        "n": size,
        "share": Formula(
            'IF({whole}>0,{n}/{whole},"")', size / whole, {"whole": Ref("segments", BASE, "n")}
        ),
    }
    for metric in metrics:
        cells[metric.id] = _figure(what, member, metric)
    cells["words"] = Cell(_in_short(what, member), "note")
    return Row(member.key, cells)


def _in_short(what: Shown, member: Member) -> str | None:
    """The leading strength and weakness, or two of a kind."""
    good, bad = does(what, member)
    if good and bad:
        return f"{good[0]} but {bad[0]}"
    return words.listing((good or bad)[:2]) or None


def _link(what: Shown, member: Member, text: str) -> Link:
    """The name leads to the segment's first row on Performance."""
    if not what.metrics:
        return Link(PERFORMANCE, text)
    return Link(PERFORMANCE, text, value_ref(what, what.metrics[0].id, member.key, "segment"))


def _figure(what: Shown, member: Member, metric: Metric) -> Content | Cell:
    row = what.row(member, metric.id)
    copy = native.copy(value_ref(what, metric.id, member.key), row.value)
    if copy is None or not words.is_clear(row):
        return copy
    way = {words.UP: ".up", words.DOWN: ".down"}.get(words.arrow(row), "")
    return Cell(copy, row.verdict, f"{words.figure(metric, what.findings)}{way}")


def _company(what: Shown, metrics: Sequence[Metric]) -> Row:
    cells: dict[str, Content | Cell] = {
        "segment": words.COMPANY if metrics else "All",
        "n": what.findings.whole.size,
        "share": 1.0,
    }
    for metric in metrics:
        value = what.findings.base(metric.id).value
        cells[metric.id] = native.copy(value_ref(what, metric.id, BASE), value)
    return Row(BASE, cells, "total")


def _words(what: Shown) -> list[Section]:
    """What stands out, and below it what can't be told yet: as many rows whatever there is to say."""
    if not what.members or not what.metrics:
        return []
    found = _stands_out(what) or (NOTHING_CLEAR,)
    open_ones = _unsettled(what) or (
        "Nothing: every difference that matters is found or ruled out.",
    )
    return [
        Section("What stands out", (Text(_filled(found, SENTENCES)),)),
        Section("Can't tell yet", (Text(_filled(open_ones, UNSETTLED), "note"),), _open_help(what)),
    ]


def _filled(lines: tuple[Content, ...], rows: int) -> tuple[Content, ...]:
    """The lines on so many rows, for what is computed with an input must move no row."""
    return (*lines, *("" for _ in range(rows - len(lines))))


def _open_help(what: Shown) -> str:
    verdicts = [what.row(m, metric.id).verdict for m in what.members for metric in what.metrics]
    told = len(verdicts) - verdicts.count("cant_tell") - verdicts.count("not_available")
    return f"{told:,} of {words.counted(len(verdicts), 'comparison')} told so far"


def _stands_out(what: Shown) -> tuple[Content, ...]:
    """The largest clear differences as live sentences, one a metric and two a segment at most."""
    found = sorted(
        (
            (_size_of(what, m, metric), at, m, metric)
            for at, m in enumerate(what.chosen(LONGEST))
            for metric in _metrics(what, len(_WORTH_KNOWING))
            if words.is_clear(what.row(m, metric.id))
        ),
        key=lambda item: (-item[0], item[1]),
    )
    used: dict[str, int] = {}
    said_of: set[str] = set()
    lines: list[Content] = []
    for _, _, member, metric in found:
        if used.get(member.key, 0) >= 2 or metric.id in said_of or len(lines) >= SENTENCES:
            continue
        used[member.key] = used.get(member.key, 0) + 1
        said_of.add(metric.id)
        lines.append(_finding(what, member, metric))
    return tuple(lines)


def _size_of(what: Shown, member: Member, metric: Metric) -> float:
    """How far a figure is from everyone else's, as a ratio either way."""
    index = what.row(member, metric.id).index
    if not index or index <= 0:
        return 0.0
    return max(index, 1 / index)


def _finding(what: Shown, member: Member, metric: Metric) -> Formula:
    row = what.row(member, metric.id)
    verb, tail = _SPOKEN[metric.id]
    tail = tail.format(months=what.findings.context.horizon_months)
    value = native.copy(value_ref(what, metric.id, member.key), row.value)
    rest = native.copy(value_ref(what, metric.id, member.key, "rest"), row.rest_value)
    kind = words.figure(metric, what.findings)
    start = f"{words.sentence_case(name(member))} {verb} "
    middle = f" {tail}, against ".replace(" ,", ",")
    return native.sentence(
        start,
        value,
        middle,
        rest,
        " for everyone else.",
        symbol=what.findings.currency,
        kinds=(kind, kind),
    )


def _unsettled(what: Shown) -> tuple[str, ...]:
    """Where it can't be told yet, and how many more would settle it; a line a segment and reason."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for member, metric, reason in more_data(what, what.members):
        reasons.setdefault((name(member), reason), []).append(words.say(metric, what.findings))
    lines = [
        one_line(f"{words.sentence_case(who)}, {words.listing(metrics, 3)}: {why}.")
        for (who, why), metrics in reasons.items()
    ]
    if len(lines) > UNSETTLED:
        lines[UNSETTLED - 1 :] = [f"And {len(lines) - UNSETTLED + 1} more, on {PERFORMANCE}."]
    return tuple(lines)


def one_line(text: str) -> str:
    """The text cut where a row of the page ends.

    >>> one_line("Short.")
    'Short.'
    """
    lines = wrap(text, _PAGE_PX, 9)
    return lines[0] if len(lines) == 1 else f"{wrap(text, _PAGE_PX - 12, 9)[0].rstrip(' ,;:')} …"


def _contents() -> Section:
    """Where everything is."""
    places = (PERFORMANCE, DATA_HEALTH, VOLUME, SURVIVAL, DEFINITIONS)
    columns = [Column("words", "", 0, "label")]
    columns += [
        Column(place, "", at, "text") for place, at in zip(places, (1, 3, 5, 7, 9), strict=True)
    ]
    links: dict[str, Content | Cell] = {place: Link(place, place) for place in places}
    row = Row("links", {"words": Cell("In this workbook", "bold"), **links})
    return Section("", (Table("contents", tuple(columns), (row,), head=False),))


def _notes(what: Shown) -> tuple[str, ...]:
    findings = what.findings
    source = f"{findings.origin.source}, sheet {findings.origin.sheet}"
    dated = f"counted to {words.day(findings.as_of)}" if findings.as_of else "no dates in this data"
    how_sure = (
        f"How sure: ranges hold {findings.settings.confidence:.0%} of the time; a segment is called better or "
        "worse only if its difference stands after allowing for checking many segments."
    )
    lines = [f"Data: {source}; {dated}.", how_sure, *tab_remarks(what)]
    missing = [words.say(m, findings) for m in what.missing if m.id in _WORTH_KNOWING]
    if missing:
        lines.append(
            f"Not in this data: {words.listing(missing, 9)}. {DATA_HEALTH} says what each needs."
        )
    return tuple(lines)
