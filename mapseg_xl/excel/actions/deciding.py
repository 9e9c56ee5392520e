"""Record decision: freezes the segments chosen on Decision, with the day and the names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mapseg_xl.excel.actions.bench import Bench
from mapseg_xl.excel.actions.desk import Desk, desk_of, work
from mapseg_xl.excel.actions.done import Done
from mapseg_xl.excel.actions.step_actions import written
from mapseg_xl.report import words
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.names import DECISION, PERFORMANCE, PRIORITIES, VALUE
from mapseg_xl.report.tabs.decision import DECIDED, decided_before
from mapseg_xl.report.verbs import Key

RESTS_ON = (PERFORMANCE, PRIORITIES)  # nobody decides before segments were compared and ranked
_BY: Key = (DECISION, DECIDED, "by", VALUE)
_ON: Key = (DECISION, DECIDED, "on", VALUE)


def record_decision(bench: Bench) -> Done:
    """Writes Decision; where segments are chosen on it, dates and freezes them once the user agrees."""
    desk = desk_of(bench)
    names = chosen_on(desk.earlier)
    if not names:
        return _asked_to_choose(desk)
    kept = "its rule and name" if len(names) == 1 else "their rules and names"
    listed = words.listing([f"“{name}”" for name in names])
    question = f"Record {listed} as decided on {words.day(bench.today)}? Later runs keep {kept}."
    if not bench.agree(question):
        return Done()
    signed = replace(desk, earlier=dated(desk.earlier, bench.today, bench.request.names))
    return written(signed, work(signed), (DECISION, *RESTS_ON), ("prioritize",))


def chosen_on(earlier: Previous | None) -> list[str]:
    """The names of the segments chosen on Decision that a run knows."""
    return [decided.name for decided in decided_before(earlier)]


def dated(earlier: Previous | None, today: date, names: str) -> Previous | None:
    """The workbook as if somebody had typed the day, and the names, where these cells are empty."""
    if earlier is None:
        return None
    said = {_ON: words.day(today), _BY: names}
    filled = {key: text for key, text in said.items() if text and not earlier.typed.get(key)}
    return replace(earlier, typed={**earlier.typed, **filled})


def _asked_to_choose(desk: Desk) -> Done:
    said = (
        "Choose one to three segments in the yellow cells of Decision, then press Record decision again: it adds "
        "the day and keeps them in every later run."
    )
    return written(desk, work(desk), (DECISION, *RESTS_ON), ("prioritize",), said)
