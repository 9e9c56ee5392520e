"""`--previous`: next month's data goes on from last month's workbook, which stays as it is."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl.cli import main
from mapseg_xl.report.parts.names import DECISION, WHAT_CHANGED
from mapseg_xl.report.parts.scoring.answers import CHOICES, CHOSEN
from tests.analyze.test_recount import until
from tests.report.tabs.sample import trial_rows
from tests.test_rerun import MARGIN, inputs, type_in

MARCH = date(2025, 3, 31)
FIRST = (DECISION, CHOICES, "1", CHOSEN)


def export(folder: Path, name: str, rows: list[dict[str, object]]) -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(*words: object) -> int:
    own = ("--segment", "Our agencies: industry = 'Agency'")
    return main(["run", *map(str, words), *own])


@pytest.fixture(scope="module")
def months(tmp_path_factory):
    """March's finished workbook with a margin typed and a segment decided, and June's export."""
    folder = tmp_path_factory.mktemp("months")
    rows = trial_rows(900)
    march, june = export(folder, "march.csv", until(rows, MARCH)), export(folder, "june.csv", rows)
    assert run(march) == 0
    book = folder / "march-segmentation.xlsx"
    cells = inputs(book)
    type_in(book, {cells[MARGIN]: 0.5, cells[FIRST]: "Our agencies"})
    return folder, book, june


def test_what_was_typed_and_decided_comes_along_and_the_earlier_file_stays(months):
    folder, book, june = months
    before = hashlib.sha256(book.read_bytes()).hexdigest()
    assert run(june, "--previous", book) == 0
    assert hashlib.sha256(book.read_bytes()).hexdigest() == before
    made = folder / "june-segmentation.xlsx"
    held, cells = openpyxl.load_workbook(made), inputs(made)
    assert held[cells[MARGIN][0]][cells[MARGIN][1]].value == 0.5
    assert held[cells[FIRST][0]][cells[FIRST][1]].value == "Our agencies"
    assert "since 31 Mar 2025" in str([c.value for c in held[WHAT_CHANGED]["B"]])


def test_the_same_command_again_gives_the_same_bytes_and_keeps_what_was_typed_meanwhile(months):
    folder, book, june = months
    made = folder / "again.xlsx"
    assert run(june, "--previous", book, "--out", made) == 0
    first = made.read_bytes()
    assert run(june, "--previous", book, "--out", made) == 0
    assert made.read_bytes() == first
    type_in(made, {inputs(made)[MARGIN]: 0.6})
    assert run(june, "--previous", book, "--out", made) == 0
    cells = inputs(made)
    held = openpyxl.load_workbook(made)
    assert held[cells[MARGIN][0]][cells[MARGIN][1]].value == 0.6
    assert "since 31 Mar 2025" in str([c.value for c in held[WHAT_CHANGED]["B"]])


def test_the_same_data_is_said_to_be_the_same(months):
    folder, _, _ = months
    plain, made = folder / "plain.xlsx", folder / "same.xlsx"
    assert run(folder / "march.csv", "--out", plain) == 0
    assert run(folder / "march.csv", "--previous", plain, "--out", made) == 0
    said = " ".join(str(c.value) for c in openpyxl.load_workbook(made)[WHAT_CHANGED]["B"])
    assert "Nothing changed: the same data as on 31 Mar 2025." in said


@pytest.mark.parametrize("what", ["missing", "stranger", "output"])
def test_a_workbook_that_cannot_be_gone_on_from_is_refused_and_nothing_written(
    months, tmp_path, capsys, what
):
    _, book, june = months
    out = tmp_path / "out.xlsx"
    named = {"missing": tmp_path / "none.xlsx", "stranger": tmp_path / "x.xlsx", "output": book}
    openpyxl.Workbook().save(tmp_path / "x.xlsx")
    before = book.read_bytes()
    to = book if what == "output" else out
    assert run(june, "--previous", named[what], "--out", to) == 1
    said = capsys.readouterr().err
    assert "--previous" in said
    assert "Traceback" not in said
    assert not out.exists()
    assert book.read_bytes() == before
