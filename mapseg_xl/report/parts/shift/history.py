"""What if looking back: two years of starters, and whether the segment's share moved or the segment changed."""

from __future__ import annotations

from mapseg_xl.report import words
from mapseg_xl.report.parts.shift.each_candidate import EACH, EFFECTS, PLACE, looked
from mapseg_xl.report.parts.shift.more_of import MoreOf
from mapseg_xl.report.parts.shift.rows import LOOK, own_scale
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Span, Table


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
        return Cell(formula, format=own_scale(unit, value))
    return Cell(formula, format="pp" if share else "cents.change")
