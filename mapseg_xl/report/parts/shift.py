"""The chosen segment of What if: what it is made of, what shifting the mix towards it does, in rates and in money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mapseg_xl.analyze.what_if import RATIO, SCENARIOS
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.each_candidate import EACH, EFFECTS, NEW, PLACE, QUALITY, STEP, looked
from mapseg_xl.report.parts.more_of import MoreOf
from mapseg_xl.report.parts.names import BASE, PERFORMANCE
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Span, Table
from mapseg_xl.report.spoken import fixed
from mapseg_xl.stats.intervals import normal_quantile
from mapseg_xl.stats.mix import new_share

PARTS, RESULT, MONEY, LOOK = "parts", "result", "money", "look back"
SHARE = "share"  # the first row of RESULT
_REFS: Mapping[str, Ref | Span] = {"step": STEP, "quality": QUALITY, "new": NEW}
_CHANGES = {
    "share": "pp2",
    "share2": "pp2",
    "money": "cents.change",
    "sum": "money.change",
    "ratio": "ratio.change",
    "count": "more",
}
_MONEY_OF = {"monthly": "arpu", "ltv": "ltv", "cost": "cac"}  # rows of MONEY -> figure a customer
_ROUNDING = "1E-12"
_SMALL, _THOUSANDS, _MILLION = 20.0, 9_999.5, 999_500.0  # where the format of money changes


@dataclass(frozen=True, slots=True)
class _Figures:
    """One row of a result: what it is today, under the three meanings, and around the change of the first."""

    key: str
    label: str
    unit: str
    today: Content
    after: tuple[Formula, Formula, Formula]
    low: Formula | None
    high: Formula | None
    good_high: bool


def picked(made: MoreOf, column: str, value: float | str | None) -> Formula:
    """The chosen segment's cell in a column of the table of candidates; "" where nothing is chosen."""
    text = 'IF({place}=0,"",INDEX({column},{place}))'
    return Formula(text, value, {"place": PLACE, "column": Span(EACH, column)})


def table_of_parts(made: MoreOf) -> Table:
    """By metric: the segment's share of what it counts, its figure and everyone else's."""
    columns = (
        Column("name", "", 0, "label"),
        Column("today", words.COMPANY, 1, "share"),
        Column("rate", "The segment", 2, "share", bold=True),
        Column("rest", words.OTHERS, 3, "share"),
        Column("weight", "Its share", 4, "share"),
        Column("of", "of", 5, "text"),
        Column("v", "error²", 13, "number"),
        Column("w", "others²", 14, "number"),
    )
    return Table(PARTS, columns, tuple(_part_row(made, metric) for metric in made.metrics))


def _part_row(made: MoreOf, metric: Metric) -> Row:
    name, unit = metric.id, words.figure(metric, made.findings)
    unit = _own_scale(unit, made.findings.base(name).value)
    part = made.chosen.parts.get(name) if made.chosen else None
    base = made.findings.base(name).value
    cells: dict[str, Content | Cell] = {
        "name": words.sentence_case(words.say(metric, made.findings)),
        "today": Cell(native.copy(Ref(name, BASE, "value", PERFORMANCE), base), format=unit),
        "rate": Cell(picked(made, f"{name}_r", _shown(made, name, "rate")), format=unit),
        "rest": Cell(picked(made, f"{name}_o", _shown(made, name, "rest_rate")), format=unit),
    }
    if name == RATIO:
        return Row(name, {**cells, "of": "value over cost, both as above"})
    of = metric.counted.removeprefix("matured ")
    text = 'IF({place}=0,"",IF(ISNUMBER(INDEX({n},{place})),INDEX({n},{place})/INDEX({all},{place}),""))'
    refs: dict[str, Ref | Span] = {
        "place": PLACE,
        "n": Span(EACH, f"{name}_n"),
        "all": Span(EACH, f"{name}_all"),
    }
    cells |= {
        "weight": Formula(text, part.weight if part else None, refs),
        "of": f"of {of}",
        "v": picked(made, f"{name}_v", _shown(made, name, "variance")),
        "w": picked(made, f"{name}_w", _shown(made, name, "rest_variance")),
    }
    return Row(name, cells)


def _shown(made: MoreOf, name: str, field: str) -> float | str | None:
    """What the chosen row of the table of candidates shows: a dash where there is no figure; None: no row."""
    if made.chosen is None:
        return None
    value: float | None = getattr(made.chosen.parts.get(name), field, None)
    return "–" if value is None else value


def table_of_results(made: MoreOf) -> Table:
    """The company's figures today and after, under the three meanings of "more"."""
    rows = [_share_row(made)]
    rows += [_row(made, _blended(made, metric)) for metric in made.metrics]
    return Table(RESULT, _columns(made), tuple(rows))


def table_of_money(made: MoreOf) -> Table:
    """A year's new customers, what they pay a month, what they are worth, what it costs to win them."""
    rows = [_row(made, _new_customers(made))]
    rows += [
        _row(made, _summed(made, key, name)) for key, name in _MONEY_OF.items() if made.has(name)
    ]
    if made.nets:
        rows.append(_row(made, _left(made)))
    head = Row("head", {"name": "A year's new customers"}, "sub")
    return Table(MONEY, _columns(made), (head, *rows), head=False)


def _columns(made: MoreOf) -> tuple[Column, ...]:
    refs = {"step": STEP}
    percent = f"{_plain(made.step * 100)}%"
    said = "FIXED({step}*100,IF(ROUND({step}*100,6)=ROUND({step}*100,0),0,1))"
    heads = (
        Formula(f'{said}&"% more"', f"{percent} more", refs),
        Formula(f'"+"&{said}&" points"', f"+{_plain(made.step * 100)} points", refs),
        Formula('"share × "&FIXED(1+{step},2)', f"share × {fixed(1 + made.step, 2)}", refs),
    )
    return (
        Column("name", "", 0, "label"),
        Column("today", "Today", 1, "share"),
        *(
            Column(key, head, at, "share", bold=key == "count")
            for at, (key, head) in enumerate(zip(SCENARIOS, heads, strict=True), start=2)
        ),
        Column(
            "change",
            Formula(f'"Change, "&{heads[0].text}', f"Change, {percent} more", refs),
            5,
            "pp",
        ),
        Column("low", words.sentence_case(words.RANGE), 6, "low", "number"),
        Column("high", "", 7, "high", "number"),
        Column("reading", "", 8, "text"),
    )


def _plain(percent: float) -> str:
    return fixed(percent, 0 if round(percent, 6) == round(percent) else 1)


def _row(made: MoreOf, f: _Figures) -> Row:
    """A row of figures in its own unit, with the change under count and what to make of it."""
    unit = _own_scale(f.unit, _value(f.today), _value(f.after[0]))
    factor = 100 if f.unit.startswith("share") else 1
    now, then = _value(f.today), _value(f.after[0])
    gap = None if now is None or then is None else factor * (then - now)
    times = "*100" if factor == 100 else ""
    text = f'IF(AND(ISNUMBER({{count}}),ISNUMBER({{today}})),({{count}}-{{today}}){times},"")'
    cells: dict[str, Content | Cell] = {
        "name": f.label,
        "today": Cell(f.today, format=unit),
        **{
            key: Cell(formula, format=unit) for key, formula in zip(SCENARIOS, f.after, strict=True)
        },
        "change": Cell(Formula(text, gap), format=_change_format(f.unit)),
        "reading": Cell(_reading(f, gap), "note"),
    }
    if f.low is not None and f.high is not None:
        unit = _change_format(f.unit)
        cells |= {
            "low": Cell(f.low, format=f"{unit}.low"),
            "high": Cell(f.high, format=unit),
        }
    return Row(f.key, cells)


def _own_scale(unit: str, value: float | None, after: float | None = None) -> str:
    """The format of an amount by its own size, for a column holds many kinds of figures.

    Sums change units with the inputs; those that may lie below zero cannot, for such a format has no sign.
    """
    if unit not in ("money", "sum"):
        return unit
    size = abs(value or 0.0)
    if unit == "sum" and min(value or 0.0, after or 0.0) >= 0:
        return "money.live"
    if unit == "money" and size < _SMALL:
        return "cents" if size else "money.unit"
    if size >= _MILLION:
        return "money.M"
    return "money.k" if unit == "sum" and size >= _THOUSANDS else "money.unit"


def _change_format(unit: str) -> str:
    return _CHANGES.get(unit, unit)


def _value(content: Content) -> float | None:
    value = content.value if isinstance(content, Formula) else content
    return float(value) if isinstance(value, int | float) else None


def _reading(f: _Figures, gap: float | None) -> Formula:
    """Better or worse for the business, or that the change could be chance."""
    up, down = ("better", "worse") if f.good_high else ("worse", "better")
    low, high = (None if limit is None else _value(limit) for limit in (f.low, f.high))
    said = f'IF({{change}}=0,"no change",IF({{change}}>0,"▲ {up}","▼ {down}"))'
    value: str | None = None
    if gap is not None:
        value = "no change" if gap == 0 else (f"▲ {up}" if gap > 0 else f"▼ {down}")
    if f.low is not None and f.high is not None:
        unsure = "could be no change at all"
        said = f'IF(AND(ISNUMBER({{low}}),{{low}}<0,{{high}}>0),"{unsure}",{said})'
        if gap is not None and low is not None and high is not None and low < 0 < high:
            value = unsure
    return Formula(f'IF(ISNUMBER({{change}}),{said},"")', value)


def _share_row(made: MoreOf) -> Row:
    """The segment's share of customers: the shift itself, and what is wrong with a step that is too large."""
    share = made.chosen.share if made.chosen else None
    today = picked(made, "share", share)
    texts = (
        "{today}*(1+{step})/(1+{step}*{today})",
        f'IF({{today}}+{{step}}>1+{_ROUNDING},"",{{today}}+{{step}})',
        f'IF({{today}}*(1+{{step}})>1+{_ROUNDING},"",{{today}}*(1+{{step}}))',
    )
    after = tuple(
        Formula(
            f'IF(ISNUMBER({{today}}),{text},"")',
            None if share is None else new_share(share, scenario, made.step),
            _REFS,
        )
        for scenario, text in zip(SCENARIOS, texts, strict=True)
    )
    gap = None if share is None else 100 * ((new_share(share, "count", made.step) or 0.0) - share)
    change = Formula('IF(ISNUMBER({count}),100*({count}-{today}),"")', gap)
    cells: dict[str, Content | Cell] = {
        "name": "Its share of customers",
        "today": today,
        **dict(zip(SCENARIOS, after, strict=True)),
        "change": change,
        "reading": Cell(_limits(made, share), "note"),
    }
    return Row(SHARE, cells)


def _limits(made: MoreOf, share: float | None) -> Formula:
    """That the other meanings cannot be had, and the largest step that can."""
    text = (
        'IF(ISNUMBER({today}),IF({today}>=1,"everybody is in it: nothing to shift",'
        'IF({today}=0,"nobody is in it: nothing grows but by points",'
        f'IF({{today}}+{{step}}>1+{_ROUNDING},"at most "&FIXED(100*(1-{{today}}),1)&" points can be added",'
        f'IF({{today}}*(1+{{step}})>1+{_ROUNDING},"at most × "&FIXED(1/{{today}},2),"")))),"")'
    )
    value: str | None = None
    if share is not None:
        if share >= 1:
            value = "everybody is in it: nothing to shift"
        elif share == 0:
            value = "nobody is in it: nothing grows but by points"
        elif new_share(share, "absolute", made.step) is None:
            value = f"at most {fixed(100 * (1 - share), 1)} points can be added"
        elif new_share(share, "relative", made.step) is None:
            value = f"at most × {fixed(1 / share, 2)}"
    return Formula(text, value, _REFS)


def _blended(made: MoreOf, metric: Metric) -> _Figures:
    """One metric of the company: its rates weighed anew."""
    name, good = metric.id, metric.direction == "good_high"
    base = made.findings.base(name).value
    after = tuple(
        Formula(
            _text(name, scenario, good=good),
            made.after(made.chosen, name, scenario) if made.chosen else None,
            _blend_refs(name),
        )
        for scenario in SCENARIOS
    )
    low, high = _around(made, metric)
    return _Figures(
        name,
        words.sentence_case(words.say(metric, made.findings)),
        words.figure(metric, made.findings),
        native.copy(Ref(PARTS, name, "today"), base),
        (after[0], after[1], after[2]),
        low,
        high,
        good,
    )


def _blend_refs(name: str) -> dict[str, Ref | Span]:
    columns = {"share": "weight", "rate": "rate", "rest": "rest", "v": "v", "w": "w"}
    if name == RATIO:
        return {f"{n}_{s}": Ref(RESULT, n, s) for n in ("ltv", "cac") for s in SCENARIOS}
    return {**_REFS, **{key: Ref(PARTS, name, column) for key, column in columns.items()}}


def _text(name: str, scenario: str, *, good: bool) -> str:
    """The formula of a blended figure after the step (statistics.md, section 11)."""
    if name == RATIO:
        worth, cost = (f"{{{n}_{scenario}}}" for n in ("ltv", "cac"))
        return f'IF(AND(ISNUMBER({worth}),ISNUMBER({cost})),IF({cost}=0,"",{worth}/{cost}),"")'
    added = "{rate}*{quality}" if good else "{rate}/{quality}"
    if scenario == "count":
        made = f"({{today}}+{{step}}*{{share}}*{added})/(1+{{step}}*{{share}})"
        made = f'IF({{share}}=0,{{today}},IF(ISNUMBER({{rate}}),{made},""))'
    else:
        more = "{step}" if scenario == "absolute" else "{step}*{share}"
        made = f"{{today}}+{more}*({added}-{{rest}})"
        made = f'IF(AND(ISNUMBER({{rate}}),ISNUMBER({{rest}})),{made},"")'
        made = f'IF({{share}}+{more}>1+{_ROUNDING},"",{made})'
        if scenario == "relative":
            made = f"IF({{share}}=0,{{today}},{made})"
    return f'IF(AND(ISNUMBER({{today}}),ISNUMBER({{share}})),{made},"")'


def _around(made: MoreOf, metric: Metric) -> tuple[Formula | None, Formula | None]:
    """The plausible range of the change under count, from the errors of both rates; shares taken as known."""
    if metric.id == RATIO:
        return None, None
    good = metric.direction == "good_high"
    z = normal_quantile(made.findings.settings.confidence)
    factor = 100 if metric.unit == "share" else 1
    quality = "{quality}" if good else "1/{quality}"
    more = "{step}*{share}/(1+{step}*{share})"
    error = f"{factor}*{z!r}*{more}*SQRT(({quality}-{{share}})^2*{{v}}+(1-{{share}})^2*{{w}})"
    known = "AND(ISNUMBER({change}),ISNUMBER({v}),ISNUMBER({w}),ISNUMBER({share}))"
    half, gap = None, None
    if made.chosen is not None:
        half = made.error(made.chosen, metric.id)
        after, base = made.after(made.chosen, metric.id, "count"), made.findings.base(metric.id)
        gap = None if after is None or base.value is None else factor * (after - base.value)
    shown = half is not None and gap is not None
    width = factor * z * (half or 0.0)
    refs = _blend_refs(metric.id)
    low = Formula(
        f'IF({known},{{change}}-{error},"")', (gap or 0.0) - width if shown else None, refs
    )
    high = Formula(
        f'IF({known},{{change}}+{error},"")', (gap or 0.0) + width if shown else None, refs
    )
    return low, high


def _new_customers(made: MoreOf) -> _Figures:
    """Under count the step adds customers; the other meanings change who they are, not how many."""
    number = made.new_customers
    after = []
    for scenario in SCENARIOS:
        more = "*(1+{step}*{today_share})" if scenario == "count" else ""
        text = f'IF(AND(ISNUMBER({{new}}),ISNUMBER({{share}})),{{new}}{more},"")'
        refs = {"share": Ref(RESULT, SHARE, scenario), "today_share": Ref(RESULT, SHARE, "today")}
        after.append(Formula(text, _heads(made, scenario), {**_REFS, **refs}))
    today = Formula('IF(ISNUMBER({new}),{new},"")', number, _REFS)
    title = "New customers a year"
    return _Figures("new", title, "count", today, (after[0], after[1], after[2]), None, None, True)


def _heads(made: MoreOf, scenario: str) -> float | None:
    """New customers a year after the step; None where the step is too large."""
    number, share = made.new_customers, made.chosen.share if made.chosen else None
    if number is None or share is None or new_share(share, scenario, made.step) is None:
        return None
    return number * (1 + made.step * share) if scenario == "count" else number


def _summed(made: MoreOf, key: str, name: str) -> _Figures:
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
        Formula(text, None if today is None or gap is None else today + gap, {**_REFS, **refs})
    ]
    for scenario in SCENARIOS[1:]:
        heads = _heads(made, scenario)
        each = made.after(made.chosen, name, scenario) if made.chosen else None
        value = None if heads is None or each is None else heads * each
        refs = {"heads": Ref(MONEY, "new", scenario), "each": Ref(RESULT, name, scenario)}
        after.append(Formula(product, value, refs))
    refs = {"heads": Ref(MONEY, "new", "today"), "each": Ref(RESULT, name, "today")}
    return _Figures(
        key,
        _money_label(made, key),
        "sum",
        Formula(product, today, refs),
        (after[0], after[1], after[2]),
        *_around_sum(made, name),
        key != "cost",
    )


def _left(made: MoreOf) -> _Figures:
    """Value less cost, in each column."""
    value = {key: _summed(made, key, name) for key, name in _MONEY_OF.items() if key != "monthly"}

    def cell(column: str, worth: Content, cost: Content) -> Formula:
        refs = {"worth": Ref(MONEY, "ltv", column), "cost": Ref(MONEY, "cost", column)}
        text = 'IF(AND(ISNUMBER({worth}),ISNUMBER({cost})),{worth}-{cost},"")'
        a, b = _value(worth), _value(cost)
        return Formula(text, None if a is None or b is None else a - b, refs)

    after = [
        cell(scenario, value["ltv"].after[at], value["cost"].after[at])
        for at, scenario in enumerate(SCENARIOS)
    ]
    today = cell("today", value["ltv"].today, value["cost"].today)
    title = "Left after that cost"
    return _Figures("left", title, "sum", today, (after[0], after[1], after[2]), None, None, True)


def _money_label(made: MoreOf, key: str) -> str:
    if key == "ltv":
        return f"Their {words.value_title(made.findings)}"
    return {"monthly": "What they pay a month", "cost": "Cost to win them"}[key]


def _around_sum(made: MoreOf, name: str) -> tuple[Formula | None, Formula | None]:
    """The range of what the added customers bring: their number is the step, their figure is measured."""
    chosen = made.chosen
    z = normal_quantile(made.findings.settings.confidence)
    good = name != "cac"
    refs = {**_REFS, "share": Ref(RESULT, SHARE, "today"), "v": Ref(PARTS, name, "v")}
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


def table_of_look_back(made: MoreOf) -> Table | None:
    """Two years of starters: did the segment's share move, or did the segment itself change?"""
    names = looked(made)
    if not names:
        return None
    labels = {
        "before": "Those who started in the 12 months before",
        "moved": "because the segment's share moved",
        "segment": "because the segment itself changed",
        "others": "because everyone else changed",
        "now": "Those who started in the last 12 months",
    }
    units = {m.id: words.figure(m, made.findings) for m in made.metrics}
    columns = [Column("name", "", 0, "label")]
    columns += [
        Column(name, words.sentence_case(words.SAY[name]), 4 + 2 * at, "share")
        for at, name in enumerate(names)
    ]
    rows = []
    for effect in EFFECTS:
        total = effect in ("before", "now")
        cells: dict[str, Content | Cell] = {
            "name": labels[effect] if total else Cell(f"   {labels[effect]}", "muted")
        }
        for name in names:
            cells[name] = _effect(made, name, effect, units[name], total=total)
        rows.append(Row(effect, cells, "total" if effect == "now" else "body"))
    return Table(LOOK, tuple(columns), tuple(rows))


def _effect(made: MoreOf, name: str, effect: str, unit: str, *, total: bool) -> Cell:
    back = made.chosen.look_backs.get(name) if made.chosen else None
    value: float | None = None
    found = back.effects if back is not None and back.enough else None
    if back is not None and found is not None:
        a, b = back.segment, back.rest
        ends = ((a.sum0 + b.sum0) / (a.n0 + b.n0), (a.sum1 + b.sum1) / (a.n1 + b.n1))
        value = dict(zip(EFFECTS, (ends[0], *found, ends[1]), strict=True))[effect]
    share = unit.startswith("share")
    points = share and not total
    text = 'IF({place}=0,"",IF(ISNUMBER(INDEX({column},{place})),INDEX({column},{place})%s,""))'
    refs: dict[str, Ref | Span] = {"place": PLACE, "column": Span(EACH, f"{name}_{effect}")}
    shown = value * 100 if points and value is not None else value
    formula = Formula(text % ("*100" if points else ""), shown, refs)
    if total:
        return Cell(formula, format=_own_scale(unit, value))
    return Cell(formula, format="pp" if share else "cents.change")
