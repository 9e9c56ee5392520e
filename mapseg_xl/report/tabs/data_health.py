"""Data health: what was used, repaired and left out, how columns were read, and what this data can answer."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.metrics.lifetime_value import knows_margin
from mapseg_xl.report import words
from mapseg_xl.report.parts.health.found import cells_section, issues_section
from mapseg_xl.report.parts.health.repairs import repairs_section
from mapseg_xl.report.parts.health.sheets import sheets_section
from mapseg_xl.report.parts.health.values import values_section
from mapseg_xl.report.parts.joined import joined_section
from mapseg_xl.report.parts.names import DATA_HEALTH
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Figure,
    Figures,
    Part,
    Row,
    Section,
    Tab,
    Table,
    Text,
)

READ, QUESTIONS = "columns", "questions"
WIDTHS = {
    0: 70,
    1: 104,
    2: 74,
    3: 94,
    4: 120,
    5: 222,
    6: 44,
    7: 256,
    8: 2,
    9: 2,
    10: 2,
}  # 990 in all
_QUESTIONS = (  # question, metric that answers it
    ("Who converts?", "conversion"),
    ("How soon do they convert?", "time_to_convert_days"),
    ("Which opportunities are won?", "win_rate"),
    ("Who pays more?", "arpu"),
    ("Who stays, who leaves?", "monthly_churn"),
    ("What is a customer worth over time?", "ltv"),
    ("What does it cost to win one?", "cac"),
    ("When is that cost earned back?", "payback_months"),
)
_CLASSES = (
    ("leads", "who has not tried or bought yet"),
    ("trials", "who is trying, and what becomes of them"),
    ("customers", "who pays and stays"),
    ("churned", "who leaves, how long customers stay and what they are worth"),
)


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    sections = [Section("", (_counts(findings),)), *joined_section(findings)]
    sections += [
        issues_section(findings),
        *values_section(findings),
        _questions(findings),
        *sheets_section(findings),
        _columns_read(findings),
    ]
    sections += [repairs_section(findings), *cells_section(findings)]
    return Tab(
        DATA_HEALTH,
        "TRUST",
        _headline(findings),
        _subline(findings),
        tuple(sections),
        notes=_notes(findings),
        widths=WIDTHS,
    )


def _headline(findings: Findings) -> str:
    health = findings.health
    total = health.rows_used + health.rows_left_out
    used = (
        f"All {total:,} rows are used"
        if not health.rows_left_out
        else f"{health.rows_used:,} of {total:,} rows are used"
    )
    repaired = words.counted(health.cells_repaired, "cell")
    left = words.counted(health.cells_left_out, "cell")
    if not health.cells_repaired and not health.cells_left_out:
        return f"{used}; no cell had to be repaired or left out."
    verb = "was" if health.cells_repaired == 1 else "were"
    return f"{used}; {repaired} {verb} repaired, {left} left out."


def _subline(findings: Findings) -> str:
    origin = findings.origin
    as_of = f", counted to {words.day(findings.as_of)}" if findings.as_of else ", without dates"
    return f"{origin.source}, sheet {origin.sheet}{as_of}."


def _counts(findings: Findings) -> Figures:
    health = findings.health
    columns = [g for g in findings.origin.guesses if g.role != "ignored"]
    items = (
        Figure("used", "Rows used", health.rows_used, "one customer, lead or trial each"),
        Figure("repaired", "Cells repaired", health.cells_repaired, "read as meant"),
        Figure("out", "Rows left out", health.rows_left_out, "in no figure"),
        Figure("cells", "Cells left out", health.cells_left_out, "as if empty"),
        Figure("columns", "Columns read", len(columns), f"of {len(findings.origin.guesses)}"),
    )
    return Figures("counts", items)


def _columns_read(findings: Findings) -> Section:
    columns = (
        Column("letter", "Letter", 0, "text"),
        Column("header", "Column", 1, "text"),
        Column("sheet", "Sheet", 2, "text"),
        Column("family", "Kind", 3, "text"),
        Column("role", "Read as", 4, "text"),
        Column("samples", "Samples", 5, "text"),
        Column("why", "Because", 7, "text"),
    )
    rows: list[Row] = []
    for guess in findings.origin.guesses:
        cells: dict[str, Content | Cell] = {
            "header": guess.header,
            "letter": guess.letter,
            "sheet": guess.sheet or None,
            "role": words.header(guess.role),
            "family": guess.family or None,
            "samples": " · ".join(words.short(s, 24) for s in guess.samples),
            "why": guess.why if guess.sure else f"not sure: {guess.why}",
        }
        look = "muted" if guess.role == "ignored" else "body"
        rows.append(Row(f"{len(rows):03} {guess.header}", cells, look))
    if not rows:
        return Section("How columns were read", (Text(findings.origin.taken, "note"),))
    table = Table(READ, columns, tuple(rows))
    help_text = "wrong? say --map ROLE=COLUMN, or rename the column"
    return Section("How columns were read", (table, Text(findings.origin.taken, "note")), help_text)


def _questions(findings: Findings) -> Section:
    columns = (
        Column("question", "Question", 0, "label"),
        Column("answer", "Answered", 3, "text"),
        Column("unlock", "What it takes", 4, "text"),
    )
    rows = []
    for question, metric_id in _QUESTIONS:
        known = findings.base(metric_id).value is not None
        cells: dict[str, Content | Cell] = {
            "question": question,
            "answer": "yes" if known else Cell("not yet", "muted"),
            "unlock": metric(metric_id).needs if not known else _answered(findings, metric_id),
        }
        rows.append(Row(metric_id, cells))
    lines = tuple(
        f"No {name}: nothing can be said about {what}."
        for name, what in _CLASSES
        if not getattr(findings.whole, name)
    )
    parts: list[Part] = [Table(QUESTIONS, columns, tuple(rows))]
    if lines:
        parts.append(Text(lines, "note"))
    return Section(
        "What this data can answer", tuple(parts), "one more column answers one more question"
    )


def _answered(findings: Findings, metric_id: str) -> str:
    """From which columns, and what would make the answer better."""
    no_margin = not knows_margin(findings.whole, findings.context)
    if metric_id == "ltv" and no_margin:
        return "as revenue; a gross margin makes it lifetime value"
    headers = findings.origin.role_headers
    used = [headers[role] for role in metric(metric_id).computed_from if role in headers]
    return f"from {words.listing(used)}" if used else ""


def _notes(findings: Findings) -> tuple[str, ...]:
    lines = [
        "Severity: an error stops what depends on it, a warning changes a figure, a note changes nothing."
    ]
    if findings.whole.question.window_days and findings.whole.conversion is not None:
        why = findings.whole.question.window_reason
        lines.append(f"Days to convert: {findings.whole.question.window_days} ({why}).")
    return tuple(lines)
