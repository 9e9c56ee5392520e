"""Damaged files of every kind, made here and damaged at random: cells or one sentence, never anything else."""

from __future__ import annotations

import io
import random
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from mapseg_xl.errors import InputError
from mapseg_xl.intake.finding.header import find_table
from mapseg_xl.intake.tables import CellError
from mapseg_xl.intake.workbook import read_sheets

from ..books import xlsb
from .mutants import mutant

DATA = Path(__file__).parents[2] / "data" / "intake"
SCALARS = (str, float, bool, type(None), CellError)


def plain(path: Path) -> None:
    """Values alone, as an export has them."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Customers")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["id", "plan", "since", "mrr"])
        for row in range(1, 30):
            sheet.write_row(row, 0, [f"C{row}", ("Basic", "Pro")[row % 2]])
            sheet.write_number(row, 2, 45_000 + row, day)
            sheet.write_number(row, 3, row * 9.5)


def rich(path: Path) -> None:
    """What teams keep: formulas, rich text, hidden rows, a table, a chart sheet, a hidden sheet."""
    with xlsxwriter.Workbook(path) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Customers & co")
        sheet.write_row(0, 0, ["id", "plan", "mrr"])
        for row in range(1, 12):
            sheet.write_rich_string(row, 0, "C", bold, str(row))
            sheet.write_string(row, 1, "<Pro> é")
            sheet.write_formula(row, 2, f"={row}*9", None, row * 9 if row % 2 else "#N/A")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.add_table("E1:F4", {"name": "Plans"})
        book.add_worksheet("Hidden").hide()
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "='Customers & co'!$C$2:$C$9"})
        book.add_chartsheet("Chart").set_chart(chart)


def by_openpyxl(path: Path) -> None:
    """Another library's parts: texts in the cells, other names of parts."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(9):
        sheet.append([f"C{row}", "Pro", row, None, row % 2 == 0])
    book.create_sheet("Empty")
    book.save(path)


def parquet(path: Path) -> None:
    frame = pd.DataFrame(
        {"id": [f"C{i}" for i in range(60)], "mrr": range(60), "lead": [True] * 60}
    )
    frame.to_parquet(path)


MAKERS = {
    "plain.xlsx": plain,
    "rich.xlsx": rich,
    "other.xlsx": by_openpyxl,
    "binary.xlsb": xlsb,
    "odd.ods": lambda path: shutil.copy(DATA / "odd.ods", path),
    "odd.xls": lambda path: shutil.copy(DATA / "odd.xls", path),
    "data.parquet": parquet,
    "data.csv": lambda path: path.write_text("id,plan,mrr\n" + 'C1,"Pro, é",9\n' * 40, "utf-8"),
}


def read(path: Path) -> str:
    """The refusal; empty where the file gave sheets, well-formed ones."""
    said, sheets = "", ()
    try:
        sheets = read_sheets(path)
    except InputError as stop:
        said = str(stop)
    assert "\n" not in said
    assert said.endswith("." if said else "")
    for sheet in sheets:
        assert len({len(column) for column in sheet.columns}) <= 1
        assert sheet.top >= 1
        assert sheet.left >= 1
        if len(sheet.columns):
            find_table(sheet)
    return said


def damaged(tmp_path: Path, name: str, seeds: range) -> list[str]:
    made = tmp_path / name
    MAKERS[name](made)
    content = made.read_bytes()
    assert read(made) == ""
    ends = []
    for seed in seeds:
        how, made_worse = mutant(content, random.Random(f"{name} {seed}"))
        path = tmp_path / f"worse{made.suffix}"
        path.write_bytes(made_worse)
        try:
            ends.append(read(path))
        except Exception as error:
            raise AssertionError(f"{name}, seed {seed}: {how}") from error
    return ends


@pytest.mark.parametrize("name", MAKERS)
def test_a_damaged_file_is_cells_or_one_sentence(tmp_path, name):
    ends = damaged(tmp_path, name, range(15))
    assert any(ends)  # some could not be read: the damage was real


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_many_damaged_files_are_cells_or_one_sentence(tmp_path, name):
    damaged(tmp_path, name, range(15, 90))


def test_damage_is_the_same_each_time():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().write(0, 0, "x")
    one, other = (
        [mutant(stream.getvalue(), random.Random(s))[0] for s in range(30)] for _ in range(2)
    )
    assert one == other
