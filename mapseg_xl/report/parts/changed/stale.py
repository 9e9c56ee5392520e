"""What is out of date, and whether the decided segments still do better than everyone else. Against the data's date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.cleaning.days import day as read_day
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.prioritize.subjects import leading_metrics
from mapseg_xl.report import words
from mapseg_xl.report.parts.names import DECISION, PRIORITIES, TAM_SCORING, profile
from mapseg_xl.report.parts.scoring.answers import ANSWERED
from mapseg_xl.report.parts.scoring.board import Board
from mapseg_xl.report.spec import Cell, Column, Content, Link, Row, Section, Table
from mapseg_xl.rollout.ages import (
    HOLDS,
    REVERSED,
    STALE_MONTHS,
    UNCLEAR,
    Stale,
    Standing,
    decision_age,
    failing,
    months_between,
    old_profiles,
    standing,
)

STALE, STANDINGS = "stale", "standings"
_LOOKS = {HOLDS: "chip.better", REVERSED: "chip.worse"}
_LONGEST = 40


def standings(what: Board) -> tuple[Standing, ...]:
    """The decided segments, as they do now."""
    findings = what.findings
    metrics = leading_metrics(findings.settings, what.what.lines)
    lines = {(r.segment_id, r.metric): r for r in findings.performance}
    known = {c.segment_id for c in findings.candidates}
    return tuple(
        standing(key, lambda m, key=key: lines.get((key, m)), metrics)  # type: ignore[misc]
        for key in findings.past.decided
        if key in known
    )


def stale_items(what: Board) -> tuple[Stale, ...]:
    """Everything that is to be looked at again, the decision first."""
    findings = what.findings
    return (*_decision(what), *_answers(findings), *_profiles(findings))


def _decision(what: Board) -> Iterator[Stale]:
    findings = what.findings
    past = findings.past
    age = decision_age(past.decision, findings.as_of)
    if age is not None and age >= STALE_MONTHS and past.decision and past.decision.as_of:
        day = words.day(past.decision.as_of)
        yield Stale("Decision", "", f"Taken on data to {day}, {age} months ago.", DECISION)
    for found in standings(what):
        if found.state in (UNCLEAR, REVERSED):
            why = (
                "Does worse than everyone else now."
                if found.state == REVERSED
                else "Not clearly better than everyone else any more."
            )
            yield Stale("Decided segment", found.segment_id, why, PRIORITIES)
    for key, reason in failing(findings.priorities, past.decided):
        why = f"Fails a must-have now: {reason}."
        yield Stale("Decided segment", key, why.replace("..", "."), PRIORITIES)


def _answers(findings: Findings) -> Iterator[Stale]:
    as_of = findings.as_of
    if as_of is None:
        return
    known = {c.segment_id for c in findings.candidates}
    for (tab, block, key, column), value in findings.typed.items():
        if (tab, block, column) == (TAM_SCORING, ANSWERED, "said_on") and key in known:
            said = _day(value)
            if said and (age := months_between(said, as_of)) >= STALE_MONTHS:
                why = f"The source is of {words.day(said)}, {age} months old."
                yield Stale("Market answers", key, why, TAM_SCORING)


def _day(value: object) -> date | None:
    """The date that somebody typed; of a year alone its last day."""
    if isinstance(value, date):
        return value
    text = str(value).strip().removesuffix(".0")
    if text.isdigit() and len(text) == 4:
        return date(int(text), 12, 31)
    found = read_day(text)
    return found.known if found is not None else None


def _profiles(findings: Findings) -> Iterator[Stale]:
    written = {letter: day for letter, (_, day) in findings.written.items()}
    for letter, key, since, heard in old_profiles(findings.profiles, findings.voice, written):
        why = f"Feedback of {words.day(heard)} is newer than its words, written on data to {words.day(since)}."
        yield Stale(profile(letter), key, why, profile(letter))


def standing_section(what: Board) -> list[Section]:
    """Whether each decided segment still does better, and on what."""
    found = standings(what)
    if not found:
        return []
    columns = (
        Column("segment", "Segment", 0, "label"),
        Column("why", "Clearly better, or worse, than everyone else", 1, "text"),
        Column("state", "Now", 10, "chip"),
    )
    rows = tuple(
        Row(
            s.segment_id,
            {
                "segment": what.names.get(s.segment_id, s.segment_id),
                "why": _on_what(s, what.findings),
                "state": Cell(s.state, _LOOKS.get(s.state, "chip")),
            },
            "chosen",
        )
        for s in found
    )
    return [Section("Decided segments today", (Table(STANDINGS, columns, rows),))]


def _on_what(found: Standing, findings: Findings) -> str:
    parts = [
        f"{way} on {words.listing([words.say(metric(m), findings) for m in ids])}"
        for way, ids in (("Better", found.better), ("worse", found.worse))
        if ids
    ]
    return words.sentence_case("; ".join(parts)) + "." if parts else "On no leading figure."


def stale_section(what: Board) -> list[Section]:
    """A line each thing that is out of date."""
    found = stale_items(what)
    if not found:
        return []
    columns = (
        Column("what", "What", 0, "label"),
        Column("segment", "Segment", 1, "text"),
        Column("why", "Why", 4, "text"),
        Column("tab", "Where", 10, "text"),
    )
    rows = []
    for at, item in enumerate(found):
        name = what.names.get(item.segment_id, item.segment_id)
        cells: dict[str, Content | Cell] = {
            "what": item.what,
            "segment": words.short(name, _LONGEST),
            "why": item.why,
            "tab": Link(item.tab, item.tab),
        }
        rows.append(Row(f"stale {at}", cells))
    help_text = f"older than {STALE_MONTHS} months, or overtaken"
    return [Section("Look at again", (Table(STALE, columns, tuple(rows)),), help_text)]
