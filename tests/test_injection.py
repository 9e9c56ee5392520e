"""Text that looks like a formula, a link or a command stays text in whatever is written."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.intake.customers import read_sources
from mapseg_xl.intake.joining.combined import combine
from mapseg_xl.merging import CustomerList, lists_plan
from tests.outputs import KINDS, fields, formulas, parts_as_in, written

EVIL = (
    "=cmd|'/C calc7771'!A0", "+7772+1", "@SUM(7773)", "-2+7774", "\t=7775+1", "\r=7776+1",
    '=HYPERLINK("http://x.example/7777","click")', "=7778+1", "'=7779+1", "＝7780+1", "＋7781+1",
    "http://x.example/7782", "mailto:a7783@x.example", "{=7784+1}", "=WEBSERVICE(\"http://x.example/7785\")",
    "=DDE(\"7786\")", "internal:Sheet1!A7787", "\n=7788+1", " =7789+1", "external:c:\\7790.xls", "file:///7791",
)  # fmt: skip
MARK = re.compile(r"77[789]\d|778\d|7790|7791")
ACTIVE = ("=", "+", "-", "@", "\t", "\r", "＝")
_SHEET_NAMES = re.compile(r"'(?:[^']|'')*'!")
TEXTS_OF_OURS = re.compile(r'"[^"]*"')


def base(folder: Path) -> list[Path]:
    """Every text of it is a payload: values, headers, ids, names of sheets, of segments, of companies."""
    rng = random.Random(5)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "=1+7771"
    head = [
        "customer_id",
        "company",
        "plan",
        "=7771+industry",
        "@7772 size",
        "created_on",
        "converted_on",
        "mrr",
    ]
    rows = [head]
    for i in range(240):
        start = date(2025, 1, 1) + timedelta(days=i)
        won = rng.random() < (0.7 if i % 4 == 0 else 0.2)
        rows.append(
            [f"{EVIL[i % len(EVIL)]}{i}", EVIL[i % 7], EVIL[i % 4], EVIL[8 + i % 5], EVIL[11 + i % 4], start,
             start + timedelta(days=9) if won else None, 40 + i % 60 if won else None]
        )  # fmt: skip
    for y, row in enumerate(rows, start=1):
        for x, value in enumerate(row, start=1):
            cell = sheet.cell(y, x)
            cell.value = value.replace("\r", "_x000D_") if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
    said = book.create_sheet("@Feedback 7772")
    said.append(["Date", "Team", "Segment", "Quote", "Theme"])
    for i, text in enumerate(EVIL):
        said.append([date(2025, 6, 1), "Support", EVIL[i % 4], None, None])
        for x, value in ((4, text), (5, EVIL[i % 3])):
            cell = said.cell(i + 2, x, value.replace("\r", ""))
            cell.data_type = "s"
    market = book.create_sheet("Market")
    market.append(["Segment", "Accounts", "Reachable", "Winnable", "Average contract value"])
    market.append(["=7778+1", 900, 0.5, 0.2, 3000])
    market["A2"].data_type = "s"
    book.save(folder / "team.xlsx")
    lines = io.StringIO()
    billing = csv.writer(lines)
    billing.writerow(["=7771 invoice", "customer_id", "amount", "-7774 plan"])
    for i in range(0, 240, 3):
        billing.writerow([f"{EVIL[i % 5]}{i}", f"{EVIL[i % len(EVIL)]}{i}", 20 + i, EVIL[i % 3]])
    (folder / "+7772 billing.csv").write_text(lines.getvalue(), encoding="utf-8")
    return [folder / "team.xlsx", folder / "+7772 billing.csv"]


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    return base(tmp_path_factory.mktemp("team"))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory, team):
    folder = tmp_path_factory.mktemp("outputs")
    options = ("--segment-by", "plan", "--segment", "=7778+1: plan = '+7772+1'")
    return written(team, folder, *options)


def package_problems(
    path: Path, theirs: frozenset[str] = frozenset()
) -> tuple[list[str], Counter[str]]:
    """Formulas that hold a payload outside quotes, links to it; and how often payloads are shown as text."""
    problems = []
    for part, text in formulas(path):
        bare = _SHEET_NAMES.sub("", TEXTS_OF_OURS.sub("", text))
        if part not in theirs and MARK.search(bare):
            problems.append(f"{part}: {text[:80]}")
    shown: Counter[str] = Counter()
    with zipfile.ZipFile(path) as package:
        for part in set(package.namelist()) - theirs:
            content = package.read(part).decode("utf-8", "replace")
            if part.startswith("xl/externalLinks/") or "ddeLink" in content:
                problems.append(f"{part}: a link outside")
            if part.endswith(".rels") and MARK.search(content):
                problems.append(f"{part}: links to a payload")
            if "<hyperlink" in content and re.search(r"<hyperlink[^>]*77\d\d", content):
                problems.append(f"{part}: a hyperlink made of a cell's text")
            shown.update(m[0] for m in MARK.finditer(content))
    return problems, shown


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_becomes_a_formula_a_link_or_a_command(outputs, team, kind):
    seen: Counter[str] = Counter()
    for path in outputs[kind]:
        if path.suffix == ".csv":
            bad = [f for f in fields(path) if f.startswith(ACTIVE) and not _is_number(f)]
            assert not bad, (path.name, bad[:5])
            seen.update(m[0] for f in fields(path) for m in MARK.finditer(f))
        elif zipfile.is_zipfile(path):
            theirs = parts_as_in(path, team[0]) if "in place" in kind else frozenset()
            problems, shown = package_problems(path, theirs)
            assert not problems, problems[:5]
            seen += shown
    assert len(seen) >= 3, f"payloads are hardly in it, so nothing was tested: {seen}"


def test_customer_lists_hold_the_text_as_text(team, tmp_path):
    columns = combine(read_sources(team))
    path = tmp_path / "lists.xlsx"
    path.write_bytes(to_bytes(lists_plan([CustomerList("=7778+1", columns)], "@7773")))
    problems, shown = package_problems(path)
    assert not problems
    assert len(shown) > 8


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
