"""Three kinds of change told apart: rows that are new, known ones that did something, entries of the past edited."""

from __future__ import annotations

from collections.abc import Iterator

from mapseg_xl.analyze.edits import Bound, Edits
from mapseg_xl.analyze.footprints import COST, LEFT, ORDERED, PRICE, STARTED, STATUS, WON
from mapseg_xl.analyze.since import Money, Since
from mapseg_xl.report import words
from mapseg_xl.report.parts.changed.compared import Compared, day_of
from mapseg_xl.report.parts.changed.target_chart import month_words
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Section, Table, Text

KINDS, MONEY, FLOWS = "kinds", "money", "flows"
_PAST = {
    STARTED: "Start date changed",
    WON: "Day of buying changed",
    LEFT: "Day of leaving changed",
    ORDERED: "Earlier orders changed",
}
_NOW = {
    STATUS: "Status changed, without a date",
    PRICE: "Pay another price",
    COST: "Cost to win changed",
}
_UNDATED = "undated: new behaviour, or a correction"
_MOST_TRAITS, _MOST_MONTHS, _MOST_ROWS = 6, 3, 5
_SMALL = 0.005  # of money: nothing


def kinds_sections(what: Compared) -> list[Section]:
    """What kind of change it is, the money by kind, and why each segment has another size."""
    since = what.since
    if since is None or (since.news is None and since.edits is None):
        return []
    lines = list(_news(what, since))
    if since.edits is not None:
        lines += _edits(what, since.edits)
    columns = (
        Column("what", "", 0, "label"),
        Column("rows", "Rows", 3, "count", bold=True),
        Column("about", "About", 4, "count"),
        Column("how", "", 5, "text"),
    )
    table = Table(KINDS, columns, tuple(lines))
    notes = tuple(_notes(what, since))
    parts = (table, Text(notes, "note")) if notes else (table,)
    found = [Section("New, changed or edited", parts, "a row may stand in several lines")]
    if since.money is not None:
        found.append(Section("Monthly revenue, by kind of change", (_money(what, since.money),)))
    flows = _flows(what, since)
    return [*found, flows] if flows else found


def _head(key: str, title: str) -> Row:
    return Row(key, {"what": Cell(title, "bold")}, "muted")


def _line(key: str, title: str, n: int, how: str = "", about: float | None = None) -> Row:
    cells: dict[str, Content | Cell] = {"what": f"   {title}", "rows": n, "how": Cell(how, "note")}
    cells["about"] = Cell("", "muted") if about is None else about
    return Row(key, cells)


def _news(what: Compared, since: Since) -> Iterator[Row]:
    news, day = since.news, day_of(what.changes.then)
    if news is None:
        return
    yield _head("new", f"New since {day}")
    yield _line("new rows", "New rows", news.new, "by their dates")
    yield _line("new bought", "of them have bought", news.new_bought)
    if news.new_left:
        yield _line("new left", "and left again", news.new_left)
    if news.bought is not None or news.left is not None:
        yield _head("known", f"Known on {day}, and since then")
    if news.bought is not None:
        yield _line("bought since", "Bought", news.bought, "by their dates")
    if news.left is not None:
        yield _line("left since", "Left", news.left, "by their dates")


def _edits(what: Compared, edits: Edits) -> Iterator[Row]:
    """First what only holds now, then the past; nothing is said once."""
    now = [(key, title, edits.layers[key]) for key, title in _NOW.items() if key in edits.layers]
    now += [
        (f"trait {name}", f"Another “{words.short(words.header(name), 24)}”", bound)
        for name, bound in sorted(edits.traits.items(), key=lambda item: -item[1].least)
        if not bound.none
    ][:_MOST_TRAITS]
    told = [(key, title, bound) for key, title, bound in now if not bound.none]
    if told:
        yield _head("undated", "Known, and something else is written now")
        yield from (_bounded(key, title, bound, _UNDATED) for key, title, bound in told)
    yield _head("past", "Earlier entries edited")
    past = [
        ("gone", "Not in the data any more", edits.gone),
        ("came", _came_title(what), edits.came),
        *((key, title, edits.layers[key]) for key, title in _PAST.items() if key in edits.layers),
    ]
    found = [_bounded(key, title, bound) for key, title, bound in past if not bound.none]
    yield from found
    if not found:
        text = "None: what was dated then says the same today."
        if not edits.keyed and not edits.is_none:
            text = "Not known: without a customer id nobody can tell."
        yield Row("no edits", {"what": Cell(f"   {text}", "muted")})


def _came_title(what: Compared) -> str:
    dated = what.changes.then.as_of is not None and what.since and what.since.news is not None
    return "Came in with an earlier date" if dated else "Were not in the data then"


def _bounded(key: str, title: str, bound: Bound, how: str = "") -> Row:
    about = bound.about
    if about is None:
        return _line(key, title, bound.least, f"at least; most rows{_and(how)}")
    if round(about) > bound.least:
        return _line(key, title, bound.least, f"at least{_and(how)}", float(round(about)))
    return _line(key, title, bound.least, f"at least{_and(how)}")


def _and(how: str) -> str:
    return f" · {how}" if how else ""


def _notes(what: Compared, since: Since) -> Iterator[str]:
    edits = since.edits
    if edits is None:
        return
    if edits.came_rows and since.news is not None:
        shown = ", ".join(map(str, edits.came_rows[:_MOST_ROWS]))
        more = len(edits.came_rows) - _MOST_ROWS
        tail = f" and {more} more" if more > 0 else ""
        yield f"Came in with an earlier date: row {shown}{tail} of “{what.findings.origin.sheet}”."
    for then, now in edits.renamed.items():
        yield (
            f"The column “{then}” is called “{now}” now: it holds the same for the same customers. Rules that name "
            "the old one need its name back, or a change."
        )
    if edits.missing:
        yield f"Columns that are not there any more: {words.listing(list(edits.missing))}."
    new = [name for name in edits.added if name not in edits.renamed.values()]
    if new:
        yield f"New columns: {words.listing(new)}."
    months = list(_months(what, since))
    if months:
        yield f"Start months that differ most: {'; '.join(months[:_MOST_MONTHS])}."
    if not edits.is_none:
        yield (
            "At least: counted in groups of about ten customers, of which the workbook keeps sums and no customer; "
            "several edits in one group count once."
        )


def _months(what: Compared, since: Since) -> Iterator[str]:
    """Months whose rows are not as many as then, the largest difference first."""
    then = {m.month: m for m in what.changes.then.census.months}
    now = {m.month: m for m in since.months}
    gaps = []
    for month in then.keys() & now.keys():
        for field, said in (("rows", "rows"), ("won", "bought"), ("left", "left")):
            a, b = getattr(then[month], field), getattr(now[month], field)
            gaps.append((abs(b - a), month, f"{month_words(month)}, {said}: {a:,} then, {b:,} now"))
    gaps.sort(key=lambda gap: (-gap[0], gap[1]))
    return (text for size, _, text in gaps if size)


def _money(what: Compared, money: Money) -> Table:
    columns = (Column("what", "", 0, "label"), Column("value", "A month", 3, "money", bold=True))
    left = 0.0 if money.left is None else money.left
    prices = "Prices and entries changed" if money.left is not None else "Left, and prices changed"
    lines = [
        ("then", f"On {day_of(what.changes.then)}", money.then),
        ("new", "New rows", money.new),
        ("bought", "Known ones that bought", money.bought),
        *((("left", "Left", -left),) if money.left is not None else ()),
        ("repriced", prices, money.repriced if abs(money.repriced) >= _SMALL else 0.0),
    ]
    rows = [Row(key, {"what": title, "value": value}) for key, title, value in lines]
    refs = {key: Ref(MONEY, key, "value") for key, _, _ in lines}
    total = Formula("+".join(f"{{{key}}}" for key in refs), sum(v for _, _, v in lines), refs)
    rows.append(Row("now", {"what": "Now", "value": total}, "total"))
    return Table(MONEY, columns, tuple(rows))


def _flows(what: Compared, since: Since) -> Section | None:
    """Each segment's rows then, new, moved and now."""
    rows = []
    for key in what.keys:
        flow, then = since.flows.get(key), what.changes.then.of(key)
        if flow is None or then is None:
            continue
        rows.append(
            Row(
                key,
                {
                    "segment": what.name(key),
                    "then": then.size,
                    "new": flow.new,
                    "moved": Formula("{now}-{new}-{then}", flow.known - then.size),
                    "now": flow.new + flow.known,
                },
                "chosen" if key in what.changes.now.decided else "body",
            )
        )
    if not rows:
        return None
    columns = (
        Column("segment", "Segment", 0, "label"),
        Column("then", "Rows then", 3, "count"),
        Column("new", "New since", 4, "count"),
        Column("moved", "In or out", 5, "change"),
        Column("now", "Rows now", 6, "count", bold=True),
    )
    help_text = "in or out: known rows that fit the rule now, less those that fitted then"
    return Section(
        "Why segments have another size", (Table(FLOWS, columns, tuple(rows)),), help_text
    )
