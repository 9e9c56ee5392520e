"""The table of What if with a row a candidate: what a step more of each would bring, live, and what that starts from.

For other tabs: `worth_of` copies a candidate's figures. They stand on tab What if, block `each`, row the
segment_id, columns `customers` (added a year), `monthly` (revenue a month from them), `ltv` (their value over the
horizon), `cost` (to win them), `left` (value less cost), `share` (of all
customers). Right of the page, a column a figure, stand the parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.look_back import LookBack
from mapseg_xl.analyze.what_if import RATIO
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.names import BASE, PERFORMANCE, WHAT_IF
from mapseg_xl.report.parts.selection import FOLLOWS_INPUTS
from mapseg_xl.report.parts.shift.more_of import Choice, MoreOf, more_of
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Span, Table
from mapseg_xl.stats.intervals import normal_quantile

CAVEAT = "The extra customers may be worse than the average of the segment."
EACH, CHOICE, STEPS = "each", "choice", "steps"
STEP, QUALITY, NEW = (Ref(STEPS, row, "used") for row in ("step", "quality", "new_customers"))
PLACE = Ref(CHOICE, "segment", "place")
LOOKED = ("conversion", "arpu")
EFFECTS = ("before", "moved", "segment", "others", "now")
_HELPER = 13
_SIDES = ("n0", "sum0", "n1", "sum1")
_REFS: Mapping[str, Ref | Span] = {"step": STEP, "quality": QUALITY, "new": NEW}


@dataclass(frozen=True, slots=True)
class Worth:
    """What a step more of a candidate would bring a year, as copies of the cells that own it; None: not known."""

    step: Formula  # the share more that all of this is about
    customers: Formula | None
    monthly: Formula | None
    ltv: Formula | None
    cost: Formula | None
    left: Formula | None  # value less cost; only where a margin is known


def worth_of(findings: Findings, segment_id: str) -> Worth | None:
    """What more of a candidate is worth, live; None where What if does not have it. A twin has its twin's."""
    made = more_of(findings)
    twin = next((c.twin_of for c in findings.candidates if c.segment_id == segment_id), "")
    key = twin or segment_id
    choice = next((c for c in made.choices if c.key == key), None) if made else None
    if made is None or choice is None:
        return None
    values = _values(made, choice)
    copies = (
        native.copy(Ref(EACH, key, name, WHAT_IF), values[name])
        for name in ("customers", "monthly", "ltv", "cost", "left")
    )
    return Worth(step_of(made), *copies)


def step_of(made: MoreOf) -> Formula:
    """The step of What if as a share, live, for other tabs."""
    return Formula("{step}", made.step, {"step": replace(STEP, tab=WHAT_IF)})


def _values(made: MoreOf, choice: Choice) -> dict[str, float | None]:
    return {
        "customers": made.added(choice),
        "monthly": made.worth(choice, "arpu") if made.has("arpu") else None,
        "ltv": made.worth(choice, "ltv") if made.has("ltv") else None,
        "cost": made.worth(choice, "cac") if made.has("cac") else None,
        "left": made.left(choice),
    }


def table_of_each(made: MoreOf) -> Table:
    """A row a candidate."""
    rows = tuple(Row(choice.key, _cells(made, choice)) for choice in made.choices)
    return Table(EACH, tuple(_columns(made)), rows)


def _cells(made: MoreOf, choice: Choice) -> dict[str, Content | Cell]:
    values = _values(made, choice)
    cells: dict[str, Content | Cell] = {
        "segment": choice.label,
        "paying": choice.paying,
        "paying_all": choice.paying_all,
        "share": Formula('IF({paying_all}>0,{paying}/{paying_all},"")', choice.share),
        "customers": _live('IF(ISNUMBER({new}),{step}*{share}*{new},"")', values["customers"]),
        "monthly": _live(_worth("arpu_r", "*"), values["monthly"]),
        "ltv": _live(_worth("ltv_r", "*"), values["ltv"]),
        "cost": _live(_worth("cac_r", "/"), values["cost"]),
        "left": _live('IF(AND(ISNUMBER({ltv}),ISNUMBER({cost})),{ltv}-{cost},"")', values["left"]),
    }
    cells |= _range(made, choice)
    for entry in made.metrics:
        cells |= _part_cells(made, choice, entry.id)
    for name in looked(made):
        cells |= _look_back_cells(name, choice.look_backs.get(name))
    if made.has("conversion"):
        cells["conversion"] = _conversion(made, choice)
    wanted = {column.key for column in _columns(made)}
    return {key: cell for key, cell in cells.items() if key in wanted}


def _conversion(made: MoreOf, choice: Choice) -> Formula:
    """Points of conversion that the step adds to the company average."""
    part, after = choice.parts.get("conversion"), made.after(choice, "conversion", "count")
    known = part is not None and part.rate is not None and after is not None
    gap = 100 * ((after or 0.0) - (part.base or 0.0)) if known and part else None
    more = "{step}*{conversion_n}/{conversion_all}"
    text = (
        f"IF(AND(ISNUMBER({{conversion_r}}),ISNUMBER({{conversion_n}})),"
        f'100*{more}/(1+{more})*({{conversion_r}}*{{quality}}-{{now}}),"")'
    )
    return Formula(text, gap, {**_REFS, "now": Ref("conversion", BASE, "value", PERFORMANCE)})


def _live(text: str, value: float | None) -> Formula:
    return Formula(text, value, _REFS)


def _worth(rate: str, by: str) -> str:
    """Added customers times a figure a customer, of the quality typed."""
    known = f"AND(ISNUMBER({{customers}}),ISNUMBER({{{rate}}}))"
    return f'IF({known},{{customers}}*{{{rate}}}{by}{{quality}},"")'


def _range(made: MoreOf, choice: Choice) -> dict[str, Content | Cell]:
    """Around the value of the added customers, by the standard error of the segment's lifetime value."""
    part = choice.parts.get("ltv")
    worth, added = made.worth(choice, "ltv"), made.added(choice)
    if part is None or worth is None or added is None or part.variance is None:
        return {"low": None, "high": None}
    z = normal_quantile(made.findings.settings.confidence)
    half = z * added * made.quality * part.variance**0.5
    text = 'IF(ISNUMBER({ltv}),{ltv}%s{z}*{customers}*{quality}*SQRT({ltv_v}),"")'
    return {
        "low": _live(text.replace("%s", "-").replace("{z}", repr(z)), worth - half),
        "high": _live(text.replace("%s", "+").replace("{z}", repr(z)), worth + half),
    }


def _part_cells(made: MoreOf, choice: Choice, name: str) -> dict[str, Content | Cell]:
    """The counts of the whole base, both rates where they are owned, their squared standard errors."""
    part = choice.parts.get(name)
    if part is None:
        return {f"{name}_{key}": None for key in ("n", "all", "r", "o", "v", "w")}
    owned = any(m.key == choice.key for m in made.what.members)
    follows = owned and name in FOLLOWS_INPUTS

    def rate(column: str, value: float | None) -> Content:
        return native.copy(value_ref(made.what, name, choice.key, column), value)

    return {
        f"{name}_n": part.n,
        f"{name}_all": part.n_all,
        f"{name}_r": rate("value", part.rate) if owned else part.rate,
        f"{name}_o": rate("rest", part.rest_rate) if owned else part.rest_rate,
        f"{name}_v": _scaled(f"{name}_r", part.variance, part.rate) if follows else part.variance,
        f"{name}_w": _scaled(f"{name}_o", part.rest_variance, part.rest_rate)
        if follows
        else part.rest_variance,
    }


def _scaled(rate: str, variance: float | None, value: float | None) -> Content:
    """A squared standard error that grows with its figure: a margin typed later scales both alike."""
    if variance is None or not value:
        return variance
    return Formula(f'IF(ISNUMBER({{{rate}}}),{variance!r}*({{{rate}}}/{value!r})^2,"")', variance)


def _look_back_cells(name: str, back: LookBack | None) -> dict[str, Content | Cell]:
    """Counts and sums of two years of starters, and the split of the change (Kitagawa 1955)."""
    effects = back.effects if back is not None and back.enough else None
    sides = [f"{name}_{who}_{key}" for who in ("s", "o") for key in _SIDES]
    if back is None or effects is None:
        return dict.fromkeys([*sides, *(f"{name}_{e}" for e in EFFECTS)])
    a, b = back.segment, back.rest
    counts = (a.n0, a.sum0, a.n1, a.sum1, b.n0, b.sum0, b.n1, b.sum1)
    cells: dict[str, Content | Cell] = dict(zip(sides, counts, strict=True))
    ratio = {f"{w}{k}": f"{{{name}_{w}_sum{k}}}/{{{name}_{w}_n{k}}}" for w in "so" for k in "01"}
    share = {k: f"{{{name}_s_n{k}}}/({{{name}_s_n{k}}}+{{{name}_o_n{k}}})" for k in "01"}
    middle = f"({share['0']}+{share['1']})/2"
    texts = {
        "before": f"({{{name}_s_sum0}}+{{{name}_o_sum0}})/({{{name}_s_n0}}+{{{name}_o_n0}})",
        "moved": f"({ratio['s0']}+{ratio['s1']}-{ratio['o0']}-{ratio['o1']})/2*({share['1']}-{share['0']})",
        "segment": f"{middle}*({ratio['s1']}-{ratio['s0']})",
        "others": f"(1-{middle})*({ratio['o1']}-{ratio['o0']})",
        "now": f"({{{name}_s_sum1}}+{{{name}_o_sum1}})/({{{name}_s_n1}}+{{{name}_o_n1}})",
    }
    before, now = (a.sum0 + b.sum0) / (a.n0 + b.n0), (a.sum1 + b.sum1) / (a.n1 + b.n1)
    values = dict(zip(EFFECTS, (before, *effects, now), strict=True))
    cells |= {f"{name}_{key}": Formula(text, values[key]) for key, text in texts.items()}
    return cells


def looked(made: MoreOf) -> list[str]:
    """The metrics that are looked back on."""
    return [name for name in LOOKED if any(name in c.look_backs for c in made.choices)]


def _columns(made: MoreOf) -> list[Column]:
    findings = made.findings
    columns = [Column("segment", "Segment", 0, "label"), Column("share", "Share now", 1, "share")]
    if made.new_customers is not None or findings.whole.paying:
        columns.append(Column("customers", "Customers added", 2, "more", bold=True))
    if made.has("arpu"):
        columns.append(Column("monthly", "Revenue a month", 3, "money"))
    if made.has("ltv"):
        title = words.sentence_case(words.value_title(findings))
        columns += [
            Column("ltv", title, 4, "money", bold=True),
            Column("low", words.sentence_case(words.RANGE), 5, "low", "money"),
            Column("high", "", 6, "high", "money"),
        ]
    if made.has("cac"):
        columns.append(Column("cost", "Cost to win them", 7, "money"))
    if made.nets:
        columns.append(Column("left", "Left after cost", 8, "money"))
    if made.has("conversion"):
        columns.append(Column("conversion", "Conversion of all", 9, "pp2"))
    return [*columns, *_helper_columns(made)]


def _helper_columns(made: MoreOf) -> list[Column]:
    heads = {"n": "its", "all": "all", "r": "rate", "o": "others", "v": "error²", "w": "others²"}
    named = [("paying", "customers"), ("paying_all", "all")]
    named += [
        (f"{m.id}_{k}", f"{m.id} {h}")
        for m in made.metrics
        for k, h in heads.items()
        if m.id != RATIO or k in ("r", "o")
    ]
    for name in looked(made):
        named += [
            (f"{name}_{w}_{k}", f"{name} {k}{'' if w == 's' else ' others'}")
            for w in "so"
            for k in _SIDES
        ]
        named += [(f"{name}_{effect}", f"{name} {effect}") for effect in EFFECTS]
    return [Column(key, head, _HELPER + at, "number") for at, (key, head) in enumerate(named)]
