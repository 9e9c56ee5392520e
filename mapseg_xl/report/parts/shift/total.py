"""The chosen segment of What if: what it is made of, and what shifting the mix towards it does to each figure."""

from __future__ import annotations

from mapseg_xl.analyze.what_if import RATIO, SCENARIOS
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.names import BASE, PERFORMANCE
from mapseg_xl.report.parts.shift.each_candidate import EACH, PLACE
from mapseg_xl.report.parts.shift.more_of import MoreOf
from mapseg_xl.report.parts.shift.rows import (
    INPUT_REFS,
    PARTS,
    RESULT,
    SHARE,
    Figures,
    figures_row,
    own_scale,
    result_columns,
)
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Span, Table
from mapseg_xl.report.spoken import fixed
from mapseg_xl.stats.intervals import normal_quantile
from mapseg_xl.stats.mix import new_share

_ROUNDING = "1E-12"


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
    unit = own_scale(unit, made.findings.base(name).value)
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
    rows += [figures_row(made, _blended(made, metric)) for metric in made.metrics]
    return Table(RESULT, result_columns(made), tuple(rows))


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
            INPUT_REFS,
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
    return Formula(text, value, INPUT_REFS)


def _blended(made: MoreOf, metric: Metric) -> Figures:
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
    return Figures(
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
    return {**INPUT_REFS, **{key: Ref(PARTS, name, column) for key, column in columns.items()}}


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
