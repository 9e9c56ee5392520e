import csv
import json
from datetime import date

import pytest

from mapseg_xl.hosts.tables import cell_text, write_tables
from mapseg_xl.pipeline import find
from mapseg_xl.request import Request

EVIL = [
    "=cmd|'/C calc'!A0",
    "+7+1",
    "@SUM(7)",
    "-2+7",
    "\t=7+1",
    "\r=7+1",
    "＝7+1",
]


@pytest.mark.parametrize("text", EVIL)
def test_text_that_a_spreadsheet_would_compute_gets_a_quote(text):
    assert cell_text(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (0.25, "0.25"),
        (7043.0, "7043"),
        (-3.5, "-3.5"),
        (1e300, "1e+300"),
        (float("nan"), ""),
        (float("inf"), ""),
        (date(2026, 6, 30), "2026-06-30"),
        ("(blank)", "(blank)"),
        ("-5", "-5"),
    ],
)
def test_numbers_dates_and_undefined_are_written_as_promised(value, written):
    assert cell_text(value) == written


def test_tables_hold_keys_that_are_unique_and_settings_that_repeat_the_run(tmp_path):
    source = tmp_path / "crm.csv"
    lines = ["lead_id,industry,created_on,converted_on"]
    for i in range(90):
        won = f"2025-02-{i % 27 + 1:02d}" if i % 3 == 0 else ""
        lines.append(f"L{i},{'=1+1' if i % 2 else '>1000'},2025-01-{i % 28 + 1:02d},{won}")
    source.write_text("\n".join(lines), encoding="utf-8")
    findings = find(Request((source,), segment_by=("industry",)))
    write_tables(findings, tmp_path / "tables")
    with (tmp_path / "tables" / "performance.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [(r["segmentation"], r["segment_id"], r["metric"]) for r in rows]
    assert len(set(keys)) == len(keys)
    assert {r["segment"] for r in rows} == {"ALL", "'=1+1", ">1000"}
    record = json.loads((tmp_path / "tables" / "run.json").read_text(encoding="utf-8"))
    assert record["as_of"] == "2025-02-25"
    assert record["counts"]["rows"] == 90
    assert record["settings"]["salt"] == record["fold_salt"]


def test_no_dates_at_all_give_no_as_of_date(tmp_path):
    source = tmp_path / "crm.csv"
    source.write_text("id,plan,converted\n1,A,yes\n2,B,no\n3,A,no\n", encoding="utf-8")
    findings = find(Request((source,)))
    write_tables(findings, tmp_path / "t")
    record = json.loads((tmp_path / "t" / "run.json").read_text(encoding="utf-8"))
    assert record["as_of"] is None
