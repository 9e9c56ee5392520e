"""One line for the Summary: what changed since the run before, and what of it matters."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.parts.changed.compared import Compared, compared
from mapseg_xl.report.parts.changed.mix_tables import shift_clause
from mapseg_xl.report.parts.changed.spoken_changes import clear_changes, rows_clause
from mapseg_xl.report.parts.changed.stale import stale_items
from mapseg_xl.report.parts.names import WHAT_CHANGED

_MOST = 2


def drift_line(findings: Findings) -> str:
    """The line; "" in a first run, and where nothing is other than before."""
    what = compared(findings)
    if what is None or what.changes.same_data:
        return ""
    clear = clear_changes(what)[:_MOST]
    parts = [words.sentence_case(rows_clause(what)), *_target(what)]
    parts += clear or ["no figure moved more than chance does"]
    if shift := shift_clause(what):
        parts.append(f"the customer mix shifted ({shift})")
    if old := stale_items(what.board):
        parts.append(f"{words.counted_word(len(old), 'thing')} to look at again")
    return f"{'; '.join(parts)}. See {WHAT_CHANGED}."


def _target(what: Compared) -> list[str]:
    """The part of all customers that the decided segments are, each."""
    found = []
    for share in what.changes.shares:
        if share.segment_id not in what.changes.now.decided or not (share.then and share.now):
            continue
        then, now = share.then.rate, share.now.rate
        if then is not None and now is not None:
            name = what.quoted(share.segment_id)
            found.append(f"{name} {now:.1%} of all customers, {then:.1%} then")
    return found[:_MOST]
