"""What the commands can be asked: their options, and how each is read. Says nothing of what they do."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

MODELS = ("self-serve", "sales-led", "repeat-purchase", "marketplace")


def add_run_options(run: argparse.ArgumentParser) -> None:
    """Of `mapseg run`."""
    add_source_options(run)
    add = run.add_argument
    add("--out", type=Path, metavar="FILE", help="default: SOURCE-segmentation.xlsx beside it")
    place = run.add_mutually_exclusive_group()
    place.add_argument(
        "--in-place",
        action="store_true",
        help="put the tabs into the source workbook, after a backup; with --out into a copy of it",
    )
    place.add_argument(
        "--into",
        type=Path,
        metavar="WORKBOOK",
        help="put the tabs into this workbook, after a backup; with --out into a copy of it",
    )
    add(
        "--segment-by",
        action="append",
        default=[],
        metavar="COLUMN",
        help="compare the values of this column; 'A x B' crosses two (repeatable)",
    )
    add(
        "--segment",
        action="append",
        default=[],
        metavar='"NAME: RULE"',
        help="a segment of your own, e.g. 'Enterprise: employees >= 1000' (repeatable)",
    )
    add(
        "--previous",
        type=Path,
        metavar="WORKBOOK",
        help="an earlier run to go on from: keeps what was typed and decided, shows what changed",
    )
    add("--model", choices=MODELS, help="business model: which figures lead")
    add("--as-of", type=_date, metavar="DATE", help="count up to this day; default: latest in data")
    add("--window", type=_window, metavar="DAYS|all", help="days a lead has to convert")
    add("--tables", type=Path, metavar="DIR", help="write every result table there as CSV")
    add(
        "--include-email",
        action="store_true",
        help="show e-mail addresses and the like in Data health and quotes; they are made unreadable otherwise",
    )
    add("--slides", type=Path, metavar="FILE", help="write the decision as PowerPoint slides too")
    add(
        "--customer-lists",
        type=Path,
        metavar="FILE",
        help="write who is in the chosen segments too, by name",
    )


def add_merge_options(merge: argparse.ArgumentParser) -> None:
    """Of `mapseg merge`."""
    add_source_options(merge)
    merge.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=".xlsx with a match report, or .csv"
    )
    merge.add_argument(
        "--on",
        action="append",
        default=[],
        type=_columns,
        metavar="COLUMN=COLUMN",
        help="join two tables by these columns (repeatable)",
    )


def add_source_options(command: argparse.ArgumentParser) -> None:
    """Of every command that reads sources."""
    add = command.add_argument
    add(
        "source",
        type=Path,
        nargs="+",
        metavar="SOURCE",
        help="xlsx xlsm xls xlsb ods csv parquet; several are joined by exact keys",
    )
    add(
        "--sheet",
        action="append",
        default=[],
        metavar="NAME",
        help="read only this sheet, or FILE:SHEET where two have one name (repeatable)",
    )
    add(
        "--map",
        action="append",
        default=[],
        type=_pair,
        metavar="ROLE=COLUMN",
        help="which column is what, e.g. revenue_monthly=MRR or =Billing!MRR (repeatable)",
    )
    add("--settings", type=Path, metavar="FILE", help="thresholds and defaults, as TOML")
    add(
        "--accept",
        type=float,
        metavar="SCORE",
        help="join likely pairs from this score on (70 to 99) without asking",
    )


def _pair(text: str) -> tuple[str, str]:
    role, equals, column = text.partition("=")
    if not equals or not role.strip() or not column.strip():
        raise argparse.ArgumentTypeError(f"'{text}' is not ROLE=COLUMN")
    return role.strip(), column.strip()


def _columns(text: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left.strip() or not right.strip():
        raise argparse.ArgumentTypeError(f"'{text}' is not COLUMN=COLUMN")
    return left.strip(), right.strip()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date; write 2026-06-30") from None


def _window(text: str) -> int | str:
    if text == "all":
        return text
    if not text.isdigit() or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError(f"'{text}' is neither 'all' nor days from 1 to 3650")
    return int(text)
