"""What changed: this run beside the last one on other data, in counts, figures, shares, candidates and settings."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report.parts.changed.compared import Compared, compared, day_of, since_decision
from mapseg_xl.report.parts.changed.figure_tables import figure_sections, only_in_one
from mapseg_xl.report.parts.changed.kinds import kinds_sections
from mapseg_xl.report.parts.changed.mix_tables import mix_section
from mapseg_xl.report.parts.changed.other_tables import (
    counts_section,
    decision_section,
    events_section,
    settings_section,
    shares_section,
)
from mapseg_xl.report.parts.changed.spoken_changes import clear_lines, first_run, headline
from mapseg_xl.report.parts.changed.stale import stale_section, standing_section
from mapseg_xl.report.parts.changed.target_chart import target_section
from mapseg_xl.report.parts.names import WHAT_CHANGED
from mapseg_xl.report.spec import Section, Tab, Text

WIDTHS = {1: 76, 2: 76, 3: 74, 4: 74, 5: 80, 6: 80, 7: 76, 8: 84, 9: 48, 10: 132}  # 800 in all
_NEWER = (
    "Put newer data in: press Add files, save new exports over the old ones, or paste rows on your own sheets.",
    "Then press Refresh. Decided segments keep their name and rule, and what you typed stays.",
)
_SAYS = (
    "It will show who came, which figures moved more than chance, and what became of each segment."
)
_ONE_SET = "From the next run on data that is not the same, the two are compared here."


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = compared(findings)
    if what is None:
        return _nothing(first_run(findings.as_of), _ONE_SET, _SAYS)
    if what.changes.same_data and not what.changes.settings:
        return _nothing(
            headline(what), "This tab compares two runs once the data is not the same.", _SAYS
        )
    return Tab(
        WHAT_CHANGED,
        "TRUST",
        headline(what),
        _subline(what),
        tuple(_sections(what, since_decision(findings))),
        notes=_notes(what),
        widths=WIDTHS,
    )


def at_home(findings: Findings) -> Tab:
    """The tab in the team's own workbook. Until other data came it says the same however often it is run.

    So a run on the same data leaves the file as it is, byte for byte.
    """
    what = compared(findings)
    if what is not None and what.changes.same_data and not what.changes.settings:
        return _nothing(first_run(findings.as_of), _ONE_SET, _SAYS)
    return tab(findings)


def _nothing(head: str, subline: str, *more: str) -> Tab:
    lines = Section("To see what changes", (Text((*_NEWER, *more)),))
    return Tab(WHAT_CHANGED, "TRUST", head, subline, (lines,))


def _sections(what: Compared, since: Compared | None) -> list[Section]:
    clear = [Section("What is clear", (Text(clear_lines(what)),))]
    if what.changes.same_data:
        clear = []
    return [
        *clear,
        *stale_section(what.board),
        *kinds_sections(what),
        counts_section(what),
        *settings_section(what),
        *figure_sections(what),
        *shares_section(what),
        *mix_section(what),
        events_section(what),
        *target_section(what),
        *standing_section(what.board),
        *decision_section(since),
    ]


def _subline(what: Compared) -> str:
    then, now = day_of(what.changes.then), day_of(what.changes.now)
    if not (then and now):
        return "Then: the last run on other data. Now: this run. Decided segments stand first."
    if then == now:
        return f"Then: the run before, on other data to {then}. Now: this run. Decided segments stand first."
    return f"Then: data to {then}. Now: data to {now}. Decided segments stand first."


def _notes(what: Compared) -> tuple[str, ...]:
    share = f"{what.findings.settings.false_discovery_rate:.0%}"
    apart = (
        "Most customers are in both runs, so then and now are not two separate groups. Where dates allow it, what was "
        "counted since (trials whose days to convert ended, months of customers) is compared with what was before."
    )
    careful = (
        "Compared carefully: as if the two runs had no customer in common. That asks for more than is needed: a "
        "change marked clear is clear, one that is not may still be real."
    )
    many = (
        f"Better and worse allow for checking many segments: about {share} of them may be chance. – not known, or not "
        "the same kind of figure in both runs."
    )
    kept = "Then is kept in this workbook as totals, never as customers."
    return tuple(line for line in (apart, careful, many, only_in_one(what), kept) if line)
