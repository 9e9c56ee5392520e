"""Makes the sample team workbook of Lessonry, a made-up company. Run it as `python -m examples.make_sample`.

The same seed and the same day of creation give the same workbook each time; README.md tells what is in it.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

from examples.lessonry.sheets import Sheet, team_sheets
from examples.lessonry.truth import TRAITS, Truth, make_truth

WORKBOOK = Path(__file__).parent / "lessonry-team.xlsx"
CREATED = datetime(2026, 7, 1)  # noqa: DTZ001  # in the file's properties; the clock is never read
FLAT = (
    "customer_id", "created_on", "trial_on", "converted_on", "churned_on", "revenue_monthly",
    "gross_margin", "acquisition_cost", "channel", "owner", *TRAITS,
)  # fmt: skip
FORMATS = {"date": "yyyy-mm-dd", "money": "$#,##0.00", "share": "0%", "count": "#,##0"}
WIDTHS = {"Quote": 70, "E-mail": 38, "Company": 30, "Segment": 24, "Condition 1": 24, "Source": 30}


def write_flat(truth: Truth, path: Path) -> None:
    """One row a customer with every column, for tests and for whoever wants to check the stories."""
    _write_csv([FLAT, *zip(*(truth[name] for name in FLAT), strict=True)], path)


def write_workbook(sheets: Sequence[Sheet], path: Path) -> None:
    """The sheets as a workbook; equal bytes each time."""
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"title": "Lessonry · customers", "created": CREATED})
        formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        bold = book.add_format({"bold": True, "bottom": 1})
        for sheet in sheets:
            _write_sheet(book, sheet, formats, bold)


def write_exports(sheets: Sequence[Sheet], folder: Path) -> None:
    """The three raw exports as separate files: crm.csv, billing.csv, usage.xlsx."""
    folder.mkdir(parents=True, exist_ok=True)
    by_name = {sheet.name: sheet for sheet in sheets}
    for name in ("CRM", "Billing"):
        sheet = by_name[name]
        width = len(sheet.rows[sheet.header_row])
        rows = [[*row, *[None] * (width - len(row))] for row in sheet.rows]
        _write_csv(rows, folder / f"{name.lower()}.csv")
    write_workbook([by_name["Usage"]], folder / "usage.xlsx")


def _write_sheet(book: Any, sheet: Sheet, formats: dict[str, Any], bold: Any) -> None:
    page = book.add_worksheet(sheet.name)
    header = sheet.rows[sheet.header_row]
    for at, name in enumerate(header):
        kind = sheet.formats[at] if at < len(sheet.formats) else ""
        page.set_column(at, at, WIDTHS.get(name, max(11, len(name) + 2)), formats.get(kind))
    page.freeze_panes(sheet.header_row + 1, 0)
    for r, row in enumerate(sheet.rows):
        for at, value in enumerate(row):
            _write_cell(page, (r, at), value, bold if r <= sheet.header_row else None, formats)
    for r, at, text in sheet.beside:
        page.write_string(r, at, text)


def _write_cell(page: Any, place: tuple[int, int], value: Any, look: Any, formats: Any) -> None:
    if value is None:
        return
    if isinstance(value, date):
        page.write_datetime(*place, value, formats["date"])
    elif isinstance(value, str):
        page.write_string(*place, value, look)
    else:
        page.write_number(*place, value)


def _write_csv(rows: Sequence[Sequence[Any]], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerows([_shown(value) for value in row] for row in rows)


def _shown(value: Any) -> Any:
    """A value as an export writes it: ISO dates, nothing for unknown."""
    if isinstance(value, np.datetime64):
        return "" if np.isnat(value) else str(value)
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.10g}"
    return value


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WORKBOOK, help="the team workbook")
    parser.add_argument(
        "--exports", type=Path, metavar="DIR", help="also crm.csv, billing.csv, usage.xlsx"
    )
    parser.add_argument("--flat", type=Path, metavar="FILE", help="also one row a customer, as csv")
    options = parser.parse_args()
    truth = make_truth()
    sheets = team_sheets(truth)
    write_workbook(sheets, options.out)
    if options.exports:
        write_exports(sheets, options.exports)
    if options.flat:
        write_flat(truth, options.flat)


if __name__ == "__main__":
    main()
