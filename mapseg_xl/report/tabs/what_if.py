"""What if: what winning more of one segment would do, live over four input cells; the same for every candidate."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.what_if import STEP as DEFAULT_STEP
from mapseg_xl.report import words
from mapseg_xl.report.parts.names import VALUE, WHAT_IF
from mapseg_xl.report.parts.shift.each_candidate import (
    CAVEAT,
    CHOICE,
    EACH,
    PLACE,
    QUALITY,
    STEP,
    STEPS,
    looked,
    table_of_each,
)
from mapseg_xl.report.parts.shift.history import table_of_look_back
from mapseg_xl.report.parts.shift.money import table_of_money
from mapseg_xl.report.parts.shift.more_of import LOWEST_QUALITY, MoreOf, more_of
from mapseg_xl.report.parts.shift.rows import MONEY, PARTS
from mapseg_xl.report.parts.shift.total import table_of_parts, table_of_results
from mapseg_xl.report.parts.shift.words import headline, meanings
from mapseg_xl.report.spec import (
    Bridge,
    ChartRow,
    Column,
    Formula,
    Input,
    Part,
    Ref,
    Row,
    Section,
    Span,
    Step,
    Tab,
    Table,
    Text,
)

INPUTS = {  # fields of `Asked` -> block, row key, kind of the cell that holds them
    "segment": (CHOICE, "segment", "choice"),
    "step": (STEPS, "step", "share"),
    "quality": (STEPS, "quality", "share"),
    "new_customers": (STEPS, "new_customers", "count"),
}
_LARGEST_STEP, _LARGEST_QUALITY = 10.0, 3.0
WIDTHS = {1: 84, 2: 84, 3: 84, 4: 84, 5: 84, 6: 84, 7: 72, 8: 76, 9: 74, 10: 74}  # 800 in all


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    made = more_of(findings)
    if made is None:
        return _nothing(findings)
    sections = [_assumptions(made), _result(made), *_bridge(made)]
    sections.append(_each(made))
    sections += _look_back(made)
    sections.append(_made_of(made))
    return Tab(
        WHAT_IF,
        "ANALYZE",
        headline(made),
        "Change the yellow cells; everything on this tab recalculates. The last run's figures of each "
        "segment stay as they are: only the mix moves.",
        tuple(sections),
        notes=_notes(made),
        widths=WIDTHS,
        has_inputs=True,
    )


def _nothing(findings: Findings) -> Tab:
    """A short tab where there is nothing to shift."""
    if findings.candidates:
        line = "What more of a segment would bring cannot be told from this data yet."
        needs = "Add columns that say who converts, what customers pay, or who has left."
    else:
        line = "There is no candidate segment yet, so there is no mix to shift."
        needs = 'Name segments with --segment "NAME: RULE" or --segment-by COLUMN.'
    subline = "What winning more of one segment would do to the company's figures."
    return Tab(WHAT_IF, "ANALYZE", line, subline, (Section("What is needed", (Text((needs,)),)),))


def _assumptions(made: MoreOf) -> Section:
    """The cells people may change. Beside them, grey, what the formulas take: cells that cannot be read take ours."""
    labels = tuple(choice.label for choice in made.choices)
    message = "The segment to win more of. Pick one from the list."
    place = "SUMPRODUCT(MAX(({labels}={value})*(ROW({labels})-ROW({first})+1)))"
    refs: dict[str, Ref | Span] = {
        "labels": Span(EACH, "segment"),
        "first": Ref(EACH, made.choices[0].key, "segment"),
    }
    now = 1 + made.choices.index(made.chosen) if made.chosen else 0
    choice = Table(
        CHOICE,
        (
            Column("name", "", 0, "label"),
            Column(VALUE, "", 1, "text"),
            Column("words", "", 5, "text"),
            Column("place", "place", 13, "number"),
        ),
        (
            Row(
                "segment",
                {
                    "name": "More of",
                    VALUE: Input(made.default.label, "choice", message, choices=labels),
                    "words": "one of the candidates in the table below",
                    "place": Formula(place, now, refs),
                },
            ),
        ),
        head=False,
    )
    columns = (
        Column("name", "", 0, "label"),
        Column(VALUE, "", 1, "input"),
        Column("words", "", 2, "text"),
        Column("used", "taken", 13, "number"),
    )
    table = Table(STEPS, columns, _step_rows(made), head=False)
    return Section("Assumptions", (choice, table), "yellow = yours to change")


def _step_rows(made: MoreOf) -> tuple[Row, ...]:
    found = made.findings.what_if
    step = Input(DEFAULT_STEP, "share", "How much more of the segment.", 0, _LARGEST_STEP)
    quality = Input(
        1.0,
        "share",
        "What an added customer is like, against the segment's average.",
        LOWEST_QUALITY,
        _LARGEST_QUALITY,
    )
    number = Input(found.new_customers, "count", "Customers you win in a year, all segments.", 0)
    taken = "IF(ISNUMBER({value}),{value},%s)"
    low = repr(LOWEST_QUALITY)
    return (
        Row(
            "step",
            {
                "name": "How much more",
                VALUE: step,
                "words": "10% more of them, or 10 points more of the whole: three meanings below",
                "used": Formula(taken % repr(DEFAULT_STEP), made.step),
            },
        ),
        Row(
            "quality",
            {
                "name": "Quality of the added",
                VALUE: quality,
                "words": "100%: like the segment's average. 80%: they convert, pay and are worth 80% of it",
                "used": Formula(f"MAX({low},{taken % 1})", made.quality),
            },
        ),
        Row(
            "new_customers",
            {
                "name": "New customers a year",
                VALUE: number,
                "words": f"all segments; {found.new_customers_said}",
                "used": Formula(taken % _literal(found.new_customers), made.new_customers),
            },
        ),
    )


def _literal(value: float | None) -> str:
    return '""' if value is None else repr(value)


def _result(made: MoreOf) -> Section:
    parts: list[Part] = [table_of_results(made)]
    if made.findings.whole.paying:
        parts.append(table_of_money(made))
    parts.append(Text(meanings(made), "note", "meanings"))
    help_text = "today = company average, as on Performance"
    return Section("Today and after", tuple(parts), help_text)


def _bridge(made: MoreOf) -> list[Section]:
    """From today's value of a year's new customers to the one after, live."""
    name, figure = ("ltv", "ltv") if made.has("ltv") else ("monthly", "arpu")
    base = made.findings.base(figure).value if made.has(figure) else None
    if base is None or made.new_customers is None:
        return []
    what = words.value_title(made.findings) if name == "ltv" else "revenue a month"
    title = f"A year's new customers: {what}"
    alt = (
        f"Bridge: {what} of a year's new customers today, what more customers add, what their "
        "own figure adds, after."
    )
    chart = Bridge("bridge", title, alt, _bridge_steps(made, name, figure, base), "money")
    return [Section("", (ChartRow((chart,), 11),))]


def _bridge_steps(made: MoreOf, name: str, figure: str, base: float) -> tuple[Step, ...]:
    """More customers at the company average, then what theirs differs from it; nothing moves where it is unknown."""
    refs = {
        "after": Ref(MONEY, "new", "count"),
        "today": Ref(MONEY, "new", "today"),
        "base": Ref(PARTS, figure, "today"),
        "change": Ref(MONEY, name, "change"),
    }
    today = (made.new_customers or 0.0) * base
    gap = made.worth(made.chosen, figure) if made.chosen else None
    more = base * ((made.added(made.chosen) or 0.0) if made.chosen and gap is not None else 0.0)
    after = 0.0 if gap is None else today + gap
    heads = "({after}-{today})*{base}"
    guard = "IF(ISNUMBER({change}),%s,0)"
    mix = Formula(guard % f"{{change}}-{heads}", (gap or 0.0) - more, refs)
    return (
        Step("Today", "total", Formula("N({it})", today, {"it": Ref(MONEY, name, "today")})),
        Step("More customers", "change", Formula(guard % heads, more, refs)),
        Step("Each worth more or less", "change", mix),
        Step(
            "After", "total", Formula("N({it})", after, {"it": Ref(MONEY, name, "count")}), "first"
        ),
    )


def _each(made: MoreOf) -> Section:
    title = "The same step for every candidate"
    lines = ["Added a year by the step above, with its quality; numbers up, the others untouched."]
    if any(c.basis == "held_out" for c in made.findings.candidates):
        lines.append(
            "Hypotheses: shares are of everybody, figures are those of the half that did not find them."
        )
    return Section(title, (table_of_each(made), Text(tuple(lines), "note")), "a year")


def _look_back(made: MoreOf) -> list[Section]:
    """Why the company's figures moved, by what the chosen segment did."""
    table = table_of_look_back(made)
    if table is None:
        return []
    least = made.findings.settings.min_units
    line = f"The lines between add up to the change exactly. – : fewer than {least} in one of the two years."
    if "conversion" in looked(made):
        days = made.findings.whole.question.window_days
        line += f" Conversion: trials whose {days} days were over."
    title = "Looking back: did its share move, or did it change?"
    return [Section(title, (table, Text((line,), "note")))]


def _made_of(made: MoreOf) -> Section:
    help_text = "figures as on Performance; shares counted on everybody"
    return Section("What it is made of", (table_of_parts(made),), help_text)


def _notes(made: MoreOf) -> tuple[str, ...]:
    sure = (
        "Plausible range: of the change in the first meaning, from how sure the segment's figure and everyone "
        "else's are; shares are taken as known."
    )
    worth = (
        "Lifetime value follows margin and discount on Survival & LTV." if made.has("ltv") else ""
    )
    return f"{CAVEAT} Quality says how much worse.", f"{sure} {worth}".strip()


__all__ = ["INPUTS", "PLACE", "QUALITY", "STEP", "tab"]
