"""Exports as teams keep them, written to files, with the truth they were made from."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook

FIRST = date(2025, 1, 1)


def write_book(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook with these rows on its sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def write_csv(path: Path, rows: list[list[Any]]) -> Path:
    """A csv of these rows; None is an empty cell."""
    lines = [",".join("" if v is None else str(v) for v in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def crm_rows(n: int = 120) -> list[list[Any]]:
    """One row a lead: every third never pays."""
    header = ["Account ID", "E-mail", "Created", "Channel", "Industry", "Plan"]
    rows = []
    for i in range(n):
        mail = f"Person{i}@Firm{i}.example"
        day = FIRST + timedelta(i % 60)
        industry = ("Agency", "Retail", "Software")[i % 3]
        rows.append([f"LS-{i:05d}", mail, day, ("Ads", "Referral")[i % 2], industry, "Pro"])
    return [header, *rows]


def billing_rows(n: int = 120) -> list[list[Any]]:
    """One row an account that pays, spelled otherwise: two of three leads, and two accounts nobody knows."""
    header = ["account no", "Plan", "MRR", "Customer since", "Cancelled on"]
    rows: list[list[Any]] = [
        ["LS-90001", "Old", 10.01, FIRST, None],
        ["LS-90002", "Old", 20.02, FIRST, None],
    ]
    for i in range(n):
        if i % 3 == 2:
            continue
        key = f" ls-{i:05d} " if i % 4 == 0 else f"LS-{i:05d}"
        left = FIRST + timedelta(200) if i % 5 == 0 else None
        rows.append([key, ("Basic", "Pro")[i % 2], 10.1 + i, FIRST + timedelta(70 + i % 9), left])
    return [header, *rows]


def usage_rows(n: int = 120, months: int = 4) -> list[list[Any]]:
    """A row an account and month; one account is unknown."""
    random = np.random.default_rng(7)
    header = ["acct id", "Month", "Logins", "Device"]
    rows: list[list[Any]] = [["LS-99999", "2025-03", 3, "Phone"]]
    for i in range(0, n, 2):
        for month in range(months):
            device = ("Phone", "Desktop")[int(random.random() < 0.7)]
            rows.append(
                [f"LS-{i:05d}", f"2025-{month + 3:02d}", int(random.integers(1, 40)), device]
            )
    return [header, *rows]
