"""The result tables of a run as CSV, and run.json. Shares are fractions, dates ISO, undefined is empty."""

from __future__ import annotations

import csv
import dataclasses
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from mapseg_xl import __version__
from mapseg_xl.analyze.cohorts import CohortCell
from mapseg_xl.analyze.curves import SurvivalPoint
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.hypotheses import HypothesisRow
from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.analyze.what_if import WhatIfRow
from mapseg_xl.intake.health import HEADERS as HEALTH_HEADERS
from mapseg_xl.intake.health import Health
from mapseg_xl.intake.joining.combined import CombinedColumn
from mapseg_xl.intake.tables import Match, SheetUse
from mapseg_xl.measure.volume import VolumeRow
from mapseg_xl.prioritize.scoring import PriorityRow

SCHEMA_VERSION = 1
DANGEROUS = ("=", "+", "-", "@", "\uff1d", "\t", "\r")  # a spreadsheet would compute with these


def write_tables(findings: Findings, folder: Path) -> None:
    """Write every result table of the run into `folder`, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_records(folder / "volume.csv", VolumeRow, (r for t in findings.volumes for r in t.rows))
    _write_records(folder / "performance.csv", PerformanceRow, findings.performance)
    _write_records(folder / "survival.csv", SurvivalPoint, findings.survival)
    _write_records(folder / "hypotheses.csv", HypothesisRow, findings.hypotheses)
    _write_records(folder / "cohort_retention.csv", CohortCell, findings.cohorts.retention)
    _write_records(folder / "cohort_value.csv", CohortCell, findings.cohorts.value)
    _write_records(folder / "what_if.csv", WhatIfRow, findings.what_if.rows)
    _write_records(folder / "priorities.csv", PriorityRow, findings.priorities.rows)
    _write_records(folder / "match_report.csv", Match, findings.matches)
    write_health(findings.health, folder)
    text = json.dumps(run_record(findings), indent=2, ensure_ascii=False)
    (folder / "run.json").write_text(text + "\n", encoding="utf-8")


def write_health(health: Health, folder: Path) -> None:
    """Write data_health.csv alone."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "data_health.csv", HEALTH_HEADERS, health.rows())


def write_combined(columns: Sequence[CombinedColumn], path: Path) -> None:
    """Write customers side by side, a row each, as one CSV file."""
    _write(path, [c.header for c in columns], zip(*(c.values for c in columns), strict=True))


def run_record(findings: Findings) -> dict[str, Any]:
    """What run.json holds: everything needed to repeat the run and to know what it was made with."""
    whole, settings = findings.whole, findings.settings
    return {
        "schema_version": SCHEMA_VERSION,
        "mapseg_version": __version__,
        "source": findings.origin.source,
        "sheet": findings.origin.sheet,
        "roles": dict(findings.origin.role_headers),
        "sheets": [_sheet_record(use) for use in findings.origin.sheets],
        "as_of": plain(findings.as_of) or None,
        "currency": findings.currency,
        "model": findings.model,
        "settings": {k: plain(v) for k, v in dataclasses.asdict(settings).items()},
        "fold_salt": settings.salt,
        "data_fingerprint": findings.origin.fingerprint,
        "window_days": whole.question.window_days,
        "window_reason": whole.question.window_reason,
        "horizon_months": findings.context.horizon_months,
        "rmst_months": findings.context.tau_months,
        "counts": {
            "rows": whole.size,
            "leads": whole.leads,
            "trials": whole.trials,
            "customers": whole.customers,
            "churned": whole.churned,
        },
        "procedures": {
            "proposals": "beam search on one half of the customers, n^a (p - p0); a rule must beat every wider one, "
            "and chance for all rules tried (Bonferroni; type III curve of means drawn at random); "
            "judged on the other half alone",
            "many_segments": "Benjamini-Hochberg; Benjamini-Yekutieli where segments overlap",
            "shares": "Wilson; Newcombe method 10; pooled z, Fisher exact under 5 expected",
            "money": "Welch; percentile bootstrap over folds where small or skewed; "
            "p not under that of amounts dealt at random where few large ones decide",
            "rates": "exact Poisson; conditional binomial",
            "survival": "Kaplan-Meier, log-log limits; complementary log-log z",
        },
        "models": {},
    }


def _sheet_record(use: SheetUse) -> dict[str, Any]:
    """What became of a sheet, as JSON takes it."""
    return {
        "source": use.source,
        "name": use.sheet,
        "kind": use.kind,
        "used": use.used,
        "why": use.why,
        "area": use.area,
        "header_row": use.header_row,
        "rows": use.rows,
        "columns": [{"part": part, "header": header} for part, header in use.columns],
    }


def plain(value: Any) -> Any:
    """A value as JSON takes it."""
    return value.isoformat() if isinstance(value, date) else value


def cell_text(value: object) -> str:
    """One CSV cell: numbers in full, booleans true/false, text that would be computed gets a quote."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) and not _is_number(text) else text


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text[:1] not in "\t\r"


def _write_records(path: Path, record: type, rows: Iterable[Any]) -> None:
    names = [f.name for f in dataclasses.fields(record)]
    _write(path, names, ([getattr(row, name) for name in names] for row in rows))


class _Lines:
    """Ends lines with a line feed alone. A writer that is told so itself leaves carriage returns in texts unquoted."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> int:
        """A record as the writer hands it over, whole."""
        return self._file.write(line.removesuffix("\r\n") + "\n")


def _write(path: Path, headers: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(_Lines(file), lineterminator="\r\n")
        writer.writerow([cell_text(header) for header in headers])
        writer.writerows([cell_text(v) for v in row] for row in rows)
