"""Definitions: every figure in words and as its field writes it; the only tab with statistical names."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.metrics.base import Metric
from mapseg_xl.metrics.catalog import METRICS
from mapseg_xl.metrics.lifetime_value import has_own_margin
from mapseg_xl.report import words
from mapseg_xl.report.parts.names import DEFINITIONS
from mapseg_xl.report.parts.own_formulas import own_formulas
from mapseg_xl.report.spec import Column, Row, Section, Tab, Table
from mapseg_xl.settings import Settings

_MOST_SEGMENTS = 40
WIDTHS = {1: 10, 2: 262, 3: 10, 4: 140, 5: 10, 6: 160, 7: 10, 8: 130, 9: 10, 10: 58}  # 800 in all


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    return Tab(
        DEFINITIONS,
        "TRUST",
        "Every figure in this workbook, in words.",
        "What it means, how it is computed, what it needs and where the method comes from.",
        (
            *_segments(findings),
            _metrics(findings),
            _verdicts(findings),
            _methods(findings),
            own_formulas(),
            _settings(findings),
        ),
        widths=WIDTHS,
    )


def _segments(findings: Findings) -> list[Section]:
    """Who belongs to each candidate, in words and as other systems read it: one definition everywhere."""
    rows = tuple(
        Row(c.segment_id, {"name": c.name, "words": parse_rule(c.rule).words(), "field": c.rule})
        for c in findings.candidates
        if not c.twin_of
    )
    if not rows:
        return []
    columns = (
        Column("name", "Segment", 0, "label"),
        Column("words", "Who belongs to it", 2, "text"),
        Column("field", "As a filter (SQL WHERE)", 4, "text"),
    )
    return [Section("Segments", (Table("segments explained", columns, rows[:_MOST_SEGMENTS]),))]


def _metrics(findings: Findings) -> Section:
    columns = (
        Column("name", "Figure", 0, "label"),
        Column("words", "In words", 2, "text"),
        Column("formula", "Formula", 4, "text"),
        Column("needs", "Needs", 6, "text"),
        Column("source", "Method", 8, "text"),
        Column("good", "Better", 10, "text"),
    )
    rows = tuple(
        Row(
            metric.id,
            {
                "name": _name(metric, findings),
                "words": metric.definition,
                "formula": metric.formula,
                "needs": metric.needs,
                "source": metric.source,
                "good": "higher" if metric.direction == "good_high" else "lower",
            },
        )
        for metric in METRICS
    )
    return Section("Figures", (Table("figures explained", columns, rows, filter=True),))


def _name(metric: Metric, findings: Findings) -> str:
    """The name on the tabs, and the field's own where it is another one."""
    title = words.title(metric, findings)
    return title if metric.title.casefold() == title.casefold() else f"{title} ({metric.title})"


def _verdicts(findings: Findings) -> Section:
    settings = findings.settings
    texts = {
        "▲ ▼ better, worse": (
            (
                "The segment differs from everyone else beyond chance. The arrow says which way the "
                "figure lies, the word and its colour whether that is good."
            ),
            f"q-value at most {settings.false_discovery_rate:g} and enough data on both sides",
        ),
        "= about the same": (
            "A difference that matters is ruled out. It may still be real, and small.",
            (
                "95% interval of the difference inside the margin: "
                f"{settings.margin_share:.0%} of a share or its complement, at least "
                f"{settings.margin_share_floor:.0%}; {settings.margin_money:.0%} of money and months; a ratio of "
                f"rates from {settings.margin_rate_low:g} to {settings.margin_rate_high:g}"
            ),
        ),
        "? can't tell yet": (
            "Too few so far to say better, worse or the same. The note says how many more would settle it.",
            (
                f"under {settings.min_units} trials or customers, {settings.min_decided} decided opportunities, "
                f"{settings.min_at_risk} still followed, or {settings.min_expected_events} expected events on "
                "either side; or the interval holds both no difference and one that matters"
            ),
        ),
        "– not compared": (
            "There is no value, or it grows with age, or the segment is cut on what is measured.",
            "verdict not_available",
        ),
        "–": (
            "No figure. The reason stands in the same row or under the table.",
            "undefined is empty, never 0",
        ),
    }
    return _explained("Verdicts", "verdicts explained", texts, "How it is decided")


def _methods(findings: Findings) -> Section:
    settings = findings.settings
    texts = {
        words.COMPANY: (
            "The figure of all customers together. It contains the segment, so nothing is tested against it.",
            "whole base",
        ),
        words.OTHERS: (
            "Everybody who is not in the segment: what a segment is compared with.",
            "the rest",
        ),
        "Plausible range": (
            "The values the data go with, were it all drawn again.",
            (
                f"{settings.confidence:.0%} confidence interval: Wilson for shares, exact Poisson for rates, "
                "Student's t or percentile bootstrap for money, log-log Greenwood for shares still here"
            ),
        ),
        "Index": ("The segment's figure with everyone else's at 100.", "value / rest x 100"),
        "Allowing for many segments": (
            "Checking many segments finds some difference by luck; verdicts allow for that.",
            (
                "false discovery rate: Benjamini-Hochberg (1995) over the segments of one attribute and one "
                "metric; Benjamini-Yekutieli (2001) where segments overlap"
            ),
        ),
        "Share still here": (
            "Those still customers count for as long as they were seen, and not as gone.",
            "Kaplan-Meier (1958) estimate; customers still here are censored",
        ),
        "Average months": (
            "Average months as a customer, within a limit that is the same for all.",
            f"restricted mean survival time, tau = {_tau(findings)}",
        ),
        "Lifetime value": (
            (
                f"Margin a month times share still here, over {findings.context.horizon_months} months. "
                "Without a margin it is revenue, and called so."
            ),
            (
                f"discounted at {settings.annual_discount:.0%} a year, paid at the beginning of each month, "
                "nothing extrapolated; range by resampling customers"
            ),
        ),
        "Reverses within channel": (
            "The difference turns round when like is compared with like.",
            "Simpson's paradox, checked by channel and start quarter",
        ),
        "May be a result": (
            "Plan, contract and usage may follow from staying, rather than cause it.",
            "reverse causation: kept, marked, never proposed",
        ),
    }
    return _explained("Words and methods", "methods explained", texts, "In the field's terms")


def _tau(findings: Findings) -> str:
    tau = findings.context.tau_months
    return "not known" if tau is None else f"{words.months(tau)} months"


def _explained(title: str, block: str, texts: dict[str, tuple[str, str]], head: str) -> Section:
    columns = (
        Column("name", "Word", 0, "label"),
        Column("words", "In words", 2, "text"),
        Column("field", head, 4, "text"),
    )
    rows = tuple(
        Row(name, {"name": name, "words": plain, "field": field})
        for name, (plain, field) in texts.items()
    )
    return Section(title, (Table(block, columns, rows),))


def _settings(findings: Findings) -> Section:
    """What this run was told, where that changes figures."""
    s: Settings = findings.settings
    question = findings.whole.question
    window = (
        f"{question.window_days} days ({question.window_reason})"
        if question.window_days
        else "every conversion so far"
    )
    as_of = words.day(findings.as_of) if findings.as_of else "no dates in this data"
    margin = "not known" if s.gross_margin is None else f"{s.gross_margin:.0%}"
    if s.gross_margin is None and has_own_margin(findings.whole):
        margin = "each customer's own"
    texts = {
        "Counted to": (as_of, "the latest plausible date in the data, unless one is given"),
        "Days to convert": (
            window
            if findings.whole.conversion is not None
            else "does not apply: no leads or trials",
            "--window",
        ),
        "Gross margin": (margin, "yellow cell on Survival & LTV"),
        "Discount": (f"{s.annual_discount:.0%} a year", "yellow cell on Survival & LTV"),
        "Business model": (findings.model, "--model"),
    }
    return _explained("This run", "settings explained", texts, "Where it comes from")
