"""The textbook lifetime values, as if everybody left at one pace for ever: for reconciliation, never ranked on."""

from __future__ import annotations

from collections.abc import Mapping

from mapseg_xl.metrics.lifetime_value import has_own_margin
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.names import BASE
from mapseg_xl.report.parts.selection import Shown
from mapseg_xl.report.parts.staying.worth import DISCOUNT, MARGIN, worth_ref
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Section, Span, Table
from mapseg_xl.settings import Settings
from mapseg_xl.stats.lifetime_forms import (
    arpa_over_churn,
    margin_multiple,
    margin_multiple_delayed,
)

SIMPLE = "simple form"
MONEY = '{arpu}*IF({margin}="",1,{margin})'


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
        Column("ltv", words.sentence_case(words.value_title(what.findings)), 1, "money"),
        Column("simple", "Not discounted", 2, "money"),
        Column("now", "Discounted, paid first", 3, "money"),
        Column("later", "Discounted, paid after", 4, "money"),
        Column("assumed", "Months it assumes", 5, "count"),
        Column("seen", "Months seen", 6, "count"),
        Column("beyond", "", 7, "text"),
    )
    help_text = (
        "as if all left at one pace for ever: for reconciliation only, nothing is ranked on it"
    )
    return [Section("The textbook forms", (Table(SIMPLE, columns, tuple(rows)),), help_text)]


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
        "discount": DISCOUNT,
    }
    money = arpu * (1 if margin is None else margin)
    simple = Formula(
        f'IF(OR({{churn}}="",{{churn}}=0),"",{MONEY}/{{churn}})',
        arpa_over_churn(arpu, churn, 1 if margin is None else margin),
        refs,
    )
    retention, monthly = 1 - churn, settings.discount_monthly
    now = _discounted("(1+{d})", money, margin_multiple(retention, monthly), refs)
    later = _discounted("(1-{churn})", money, margin_multiple_delayed(retention, monthly), refs)
    times = 1 / churn / seen
    cells: dict[str, Content | Cell] = {
        "segment": name,
        "ltv": native.copy(worth_ref(key), ltv),
        "simple": simple,
        "now": now,
        "later": later,
        "assumed": Formula('IF(OR({churn}="",{churn}=0),"",1/{churn})', 1 / churn, refs),
        "seen": seen,
        "beyond": f"extrapolates {times:.1f} times past the data"
        if times > 1
        else "within the data",
    }
    return Row(key, cells, "total" if key == BASE else "body")


def _discounted(
    above: str, money: float, multiple: float | None, refs: Mapping[str, Ref | Span]
) -> Formula:
    """Money a month times a multiple of constant retention r and monthly discount d: above / (1 + d - r)."""
    monthly = "((1+{discount})^(1/12)-1)"
    top = above.replace("{d}", monthly)
    guard = 'OR({churn}="",{discount}="")'
    text = f'IF({guard},"",IF({monthly}+{{churn}}<=0,"",{MONEY}*{top}/({monthly}+{{churn}})))'
    return Formula(text, None if multiple is None else money * multiple, refs)


def _seen(what: Shown, key: str) -> int:
    return max((p.month for p in what.findings.survival if p.segment_id == key), default=0)
