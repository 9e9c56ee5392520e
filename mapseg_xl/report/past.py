"""Earlier runs in the workbook's memory: how they are written down and read back. Aggregates, no customer. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from datetime import date
from typing import Any

from mapseg_xl.analyze.baselines import Baseline, Baselines, SegmentStood, Stood
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.stock_taking import baseline_of
from mapseg_xl.report.census_text import census_read, census_text
from mapseg_xl.report.identity import Previous

BASELINES = "baselines"  # in the workbook's memory
_FORM = 1  # of what is written; another one is left alone, as if nothing were remembered
_DIGITS = 12  # of a figure: as many as survive any spreadsheet program
_MOST_FIGURES = (
    40  # candidates whose figures are kept; what became of the others is known all the same
)


def past_of(earlier: Previous | None, decided: Sequence[str] = ()) -> Baselines:
    """What a workbook remembers of earlier runs; `decided`: ids of the segments chosen on Decision now."""
    held = json.loads(earlier.memory.get(BASELINES, "{}")) if earlier else {}
    if held.get("form") != _FORM:
        return Baselines(decided=tuple(decided))
    last, compared, decision = (_read(run) for run in held["runs"])
    return Baselines(last, compared, decision, tuple(decided))


def past_memory(findings: Findings) -> dict[str, str]:
    """What the workbook is to remember once this run is done."""
    past = findings.past.after(baseline_of(findings))
    runs = [_written(run, footprint=True) for run in (past.last, past.compared)]
    runs.append(_written(past.decision, footprint=False))
    return {BASELINES: json.dumps({"form": _FORM, "runs": runs}, separators=(",", ":"))}


def _written(run: Baseline | None, *, footprint: bool) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "fingerprint": run.fingerprint,
        "as_of": None if run.as_of is None else run.as_of.isoformat(),
        "settings": dict(run.settings),
        "counts": dict(run.counts),
        "segments": [_segment(s, at <= _MOST_FIGURES) for at, s in enumerate(run.segments)],
        "decided": list(run.decided),
        "census": census_text(run.census, footprint=footprint),
    }


def _segment(segment: SegmentStood, full: bool) -> list[Any]:
    kept = segment.figures if full else {}
    figures = {name: [_short(v) for v in astuple(stood)] for name, stood in kept.items()}
    return [*astuple(replace(segment, figures={}))[:-1], figures]


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")


def _read(held: dict[str, Any] | None) -> Baseline | None:
    if held is None:
        return None
    day = held["as_of"]
    return Baseline(
        held["fingerprint"],
        None if day is None else date.fromisoformat(day),
        held["settings"],
        held["counts"],
        tuple(_segment_read(row) for row in held["segments"]),
        tuple(held["decided"]),
        census_read(held.get("census")),
    )


def _segment_read(row: list[Any]) -> SegmentStood:
    held = dict(zip((f.name for f in fields(SegmentStood)), row, strict=True))
    figures = {name: Stood(*values) for name, values in held.pop("figures").items()}
    return SegmentStood(**held, figures=figures)
