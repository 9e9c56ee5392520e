"""What if in customers and money: a year's new customers, what they pay, are worth and cost, today and after."""

from __future__ import annotations

from mapseg_xl.analyze.what_if import SCENARIOS
from mapseg_xl.report import words
from mapseg_xl.report.parts.shift.more_of import MoreOf
from mapseg_xl.report.parts.shift.rows import (
    INPUT_REFS,
    MONEY,
    PARTS,
    RESULT,
    SHARE,
    Figures,
    figures_row,
    result_columns,
    value_of,
)
from mapseg_xl.report.spec import Content, Formula, Ref, Row, Table
from mapseg_xl.stats.intervals import normal_quantile
from mapseg_xl.stats.mix import new_share

_MONEY_OF = {"monthly": "arpu", "ltv": "ltv", "cost": "cac"}  # rows of MONEY -> figure a customer


def table_of_money(made: MoreOf) -> Table:
    """A year's new customers, what they pay a month, what they are worth, what it costs to win them."""
    rows = [figures_row(made, _new_customers(made))]
    rows += [
        figures_row(made, _summed(made, key, name))
        for key, name in _MONEY_OF.items()
        if made.has(name)
    ]
    if made.nets:
        rows.append(figures_row(made, _left(made)))
    head = Row("head", {"name": "A year's new customers"}, "sub")
    return Table(MONEY, result_columns(made), (head, *rows), head=False)


def _new_customers(made: MoreOf) -> Figures:
    """Under count the step adds customers; the other meanings change who they are, not how many."""
    number = made.new_customers
    after = []
    for scenario in SCENARIOS:
        more = "*(1+{step}*{today_share})" if scenario == "count" else ""
        text = f'IF(AND(ISNUMBER({{new}}),ISNUMBER({{share}})),{{new}}{more},"")'
        refs = {"share": Ref(RESULT, SHARE, scenario), "today_share": Ref(RESULT, SHARE, "today")}
        after.append(Formula(text, _heads(made, scenario), {**INPUT_REFS, **refs}))
    today = Formula('IF(ISNUMBER({new}),{new},"")', number, INPUT_REFS)
    title = "New customers a year"
    return Figures("new", title, "count", today, (after[0], after[1], after[2]), None, None, True)


def _heads(made: MoreOf, scenario: str) -> float | None:
    """New customers a year after the step; None where the step is too large."""
    number, share = made.new_customers, made.chosen.share if made.chosen else None
    if number is None or share is None or new_share(share, scenario, made.step) is None:
        return None
    return number * (1 + made.step * share) if scenario == "count" else number


def _summed(made: MoreOf, key: str, name: str) -> Figures:
    """A year's new customers times a figure a customer; under count the added ones at their own figure."""
    number, base = made.new_customers, made.findings.base(name).value
    today = None if number is None or base is None else number * base
    product = 'IF(AND(ISNUMBER({heads}),ISNUMBER({each})),{heads}*{each},"")'
    by = "*" if key != "cost" else "/"
    gap = _money_gap(made, name)
    refs = {"heads": Ref(MONEY, "new", "count"), "rate": Ref(PARTS, name, "rate")}
    known = "AND(ISNUMBER({today}),ISNUMBER({heads}),ISNUMBER({rate}))"
    text = f'IF({known},{{today}}+({{heads}}-{{new}})*{{rate}}{by}{{quality}},"")'
    after = [
        Formula(text, None if today is None or gap is None else today + gap, {**INPUT_REFS, **refs})
    ]
    for scenario in SCENARIOS[1:]:
        heads = _heads(made, scenario)
        each = made.after(made.chosen, name, scenario) if made.chosen else None
        value = None if heads is None or each is None else heads * each
        refs = {"heads": Ref(MONEY, "new", scenario), "each": Ref(RESULT, name, scenario)}
        after.append(Formula(product, value, refs))
    refs = {"heads": Ref(MONEY, "new", "today"), "each": Ref(RESULT, name, "today")}
    return Figures(
        key,
        _money_label(made, key),
        "sum",
        Formula(product, today, refs),
        (after[0], after[1], after[2]),
        *_around_sum(made, name),
        key != "cost",
    )


def _left(made: MoreOf) -> Figures:
    """Value less cost, in each column."""
    value = {key: _summed(made, key, name) for key, name in _MONEY_OF.items() if key != "monthly"}

    def cell(column: str, worth: Content, cost: Content) -> Formula:
        refs = {"worth": Ref(MONEY, "ltv", column), "cost": Ref(MONEY, "cost", column)}
        text = 'IF(AND(ISNUMBER({worth}),ISNUMBER({cost})),{worth}-{cost},"")'
        a, b = value_of(worth), value_of(cost)
        return Formula(text, None if a is None or b is None else a - b, refs)

    after = [
        cell(scenario, value["ltv"].after[at], value["cost"].after[at])
        for at, scenario in enumerate(SCENARIOS)
    ]
    today = cell("today", value["ltv"].today, value["cost"].today)
    title = "Left after that cost"
    return Figures("left", title, "sum", today, (after[0], after[1], after[2]), None, None, True)


def _money_label(made: MoreOf, key: str) -> str:
    if key == "ltv":
        return f"Their {words.value_title(made.findings)}"
    return {"monthly": "What they pay a month", "cost": "Cost to win them"}[key]


def _around_sum(made: MoreOf, name: str) -> tuple[Formula | None, Formula | None]:
    """The range of what the added customers bring: their number is the step, their figure is measured."""
    chosen = made.chosen
    z = normal_quantile(made.findings.settings.confidence)
    good = name != "cac"
    refs = {**INPUT_REFS, "share": Ref(RESULT, SHARE, "today"), "v": Ref(PARTS, name, "v")}
    by = "*{quality}" if good else "/{quality}"
    error = f"{z!r}*{{step}}*{{share}}*{{new}}{by}*SQRT({{v}})"
    known = "AND(ISNUMBER({change}),ISNUMBER({v}))"
    part = chosen.parts.get(name) if chosen else None
    added = made.added(chosen) if chosen else None
    gap = _money_gap(made, name)
    half = None
    if part is not None and part.variance is not None and added is not None:
        half = z * added * made.quality_of(name) * part.variance**0.5
    shown = gap is not None and half is not None
    low = Formula(
        f'IF({known},{{change}}-{error},"")', (gap or 0.0) - (half or 0.0) if shown else None, refs
    )
    high = Formula(
        f'IF({known},{{change}}+{error},"")', (gap or 0.0) + (half or 0.0) if shown else None, refs
    )
    return low, high


def _money_gap(made: MoreOf, name: str) -> float | None:
    """What the step adds to a year's sum: the added customers at their own figure."""
    return made.worth(made.chosen, name) if made.chosen else None
