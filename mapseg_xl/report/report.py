"""The finished workbook as a description: the tabs in their order, the footer, the properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePath

from mapseg_xl.analyze.baselines import Moment
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.home import FIRST, LAST, at_home
from mapseg_xl.report.identity import letter_memory
from mapseg_xl.report.named_functions.aggregate import AGGREGATE
from mapseg_xl.report.named_functions.carried import CARRIED
from mapseg_xl.report.of_sheets import told_of_sheets
from mapseg_xl.report.parts.names import SUMMARY
from mapseg_xl.report.spec import Report, Tab
from mapseg_xl.report.tabs import (
    cluster_pivot,
    cohorts,
    data_health,
    decision,
    definitions,
    hypotheses,
    objections,
    performance,
    priorities,
    profile,
    rollout,
    summary,
    survival_ltv,
    tam_scoring,
    voice,
    volume,
    what_changed,
    what_if,
)

TABS: tuple[Callable[[Findings], Tab | tuple[Tab, ...]], ...] = (  # some make a tab a segment
    summary.tab,
    performance.tab,
    tam_scoring.tab,
    priorities.tab,
    what_if.tab,
    profile.tabs,
    voice.tab,
    rollout.tab,
    decision.tab,
    data_health.tab,
    volume.tab,
    cluster_pivot.tab,
    hypotheses.tab,
    cohorts.tab,
    survival_ltv.tab,
    objections.tab,
    definitions.tab,
)


def _tabs(findings: Findings, compared: bool = False) -> Iterator[Tab]:
    """The tabs of a finished workbook. `compared`: What changed closes the evidence."""
    for make in TABS:
        if compared and make is definitions.tab:
            yield what_changed.tab(findings)
        made = make(findings)
        yield from (made,) if isinstance(made, Tab) else made


def _home_tabs(findings: Findings) -> Iterator[Tab]:
    yield from (make(findings) for make in FIRST)
    yield from (at_home(tab) for tab in _tabs(findings))
    yield from (make(findings) for make in LAST)


def _is_compared(findings: Findings, named: bool) -> bool:
    """Whether a finished workbook has something to say of an earlier run: one on other data, or one that was named."""
    past = findings.past
    moment = Moment(findings.origin.fingerprint, findings.as_of)
    return past.before(moment) is not None or (named and past.last is not None)


def build_report(findings: Findings, *, home: bool = False, named: bool = False) -> Report:
    """Everything a run found as tabs, ready to be laid out.

    `home`: for the team's own workbook, with the guided tabs and functions over rows; an export has neither.
    `named`: an earlier run was named, so the export says what changed even where nothing did.
    """
    whole = findings.whole
    source = PurePath(findings.origin.source).stem
    facts = [words.counted(whole.size, "row")]
    if whole.paying:
        facts.append(words.counted(whole.customers, "customer"))
    if findings.as_of:
        facts.append(f"data to {words.day(findings.as_of)}")
    dated = f"data to {words.day(findings.as_of)}" if findings.as_of else "data without dates"
    report = Report(
        tabs=tuple(
            _home_tabs(findings) if home else _tabs(findings, _is_compared(findings, named))
        ),
        front=SUMMARY if home else "",
        title=f"{source} · Customer segmentation",
        footer=f"{source} · Customer segmentation · {dated}",
        right_header=" · ".join(facts),
        currency=findings.currency or "$",
        functions=CARRIED if home else AGGREGATE,
        memory={
            "fingerprint": findings.origin.fingerprint,
            **letter_memory(findings.profiles.letters),
        },
    )
    return told_of_sheets(report) if findings.of_sheets else report
