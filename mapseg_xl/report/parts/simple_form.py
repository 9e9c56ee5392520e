"""The textbook lifetime value, money a month over share leaving: shown for reconciliation, never ranked on."""

from __future__ import annotations

from mapseg_xl.metrics.lifetime_value import has_own_margin
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.names import BASE
from mapseg_xl.report.parts.selection import Shown
from mapseg_xl.report.parts.worth import MARGIN, worth_ref
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Row, Section, Table
from mapseg_xl.settings import Settings

SIMPLE = "simple form"


def simple_form(what: Shown) -> list[Section]:
    """Revenue a month over share leaving, beside the horizon form: how far it reaches past the data."""
    known = {m.id for m in what.metrics}
    if not {"ltv", "arpu", "monthly_churn"} <= known:
        return []
    lines = [(m.key, m.label) for m in what.chosen(8)]
    rows = [
        row
        for key, name in [*lines, (BASE, words.COMPANY)]
        if (row := _simple_row(what, key, name))
    ]
    if not rows:
        return []
    columns = (
        Column("segment", "Segment", 0, "label"),
        Column("simple", "Simple form", 1, "money"),
        Column("ltv", words.sentence_case(words.value_title(what.findings)), 2, "money"),
        Column("assumed", "Months it assumes", 4, "count"),
        Column("seen", "Months seen", 5, "count"),
        Column("beyond", "", 6, "text"),
    )
    help_text = (
        "money a month ÷ share leaving each month: for reconciliation only, nothing is ranked on it"
    )
    return [Section("The simple form", (Table(SIMPLE, columns, tuple(rows)),), help_text)]


def _simple_row(what: Shown, key: str, name: str) -> Row | None:
    arpu, churn = what.lines[key, "arpu"].value, what.lines[key, "monthly_churn"].value
    ltv = what.lines[key, "ltv"].value
    seen = what.findings.context.tau_months if key == BASE else _seen(what, key)
    if arpu is None or not churn or ltv is None or not seen:
        return None
    settings: Settings = what.findings.settings
    margin = settings.gross_margin
    if margin is None and has_own_margin(what.findings.whole):
        return None  # margins differ by customer: there is no simple form to compare with
    refs = {
        "arpu": value_ref(what, "arpu", key),
        "churn": value_ref(what, "monthly_churn", key),
        "margin": MARGIN,
    }
    simple = Formula(
        'IF(OR({churn}="",{churn}=0),"",{arpu}*IF({margin}="",1,{margin})/{churn})',
        arpu * (1 if margin is None else margin) / churn,
        refs,
    )
    times = 1 / churn / seen
    cells: dict[str, Content | Cell] = {
        "segment": name,
        "simple": simple,
        "ltv": native.copy(worth_ref(key), ltv),
        "assumed": Formula('IF(OR({churn}="",{churn}=0),"",1/{churn})', 1 / churn, refs),
        "seen": seen,
        "beyond": f"extrapolates {times:.1f} times past the data"
        if times > 1
        else "within the data",
    }
    return Row(key, cells, "total" if key == BASE else "body")


def _seen(what: Shown, key: str) -> int:
    return max((p.month for p in what.findings.survival if p.segment_id == key), default=0)
