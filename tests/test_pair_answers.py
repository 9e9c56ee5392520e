"""Answers to likely pairs, from the yellow cells of Match report to the next run, through files and at the ribbon."""

import csv
import random

import openpyxl
import pytest

from mapseg_xl.cli import main
from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.merged import merged_before
from mapseg_xl.hosts.previous import book_of
from mapseg_xl.intake.joining.answers import NO, YES
from mapseg_xl.report.parts.joins.answers import ACCEPT_FROM, ANSWER, BULK, PAIRS
from mapseg_xl.report.parts.names import MATCH_REPORT, VALUE
from tests.intake.pairing.companies import badly, made_up


@pytest.fixture
def files(tmp_path):
    """A list of customers, and bills of which a fifth goes to mistyped names; what each bill is worth differs."""
    dice = random.Random(6)
    companies = made_up(100, 6)
    crm = [["Account ID", "Company", "Created", "Status"]]
    crm += [[f"A-{c.number}", c.legal, "2025-03-01", "customer"] for c in companies]
    bills = [["Customer name", "MRR"]]
    bills += [[badly(c, dice) if c.number % 5 == 0 else c.legal, c.money] for c in companies]
    paths = []
    for name, rows in (("crm", crm), ("bills", bills)):
        paths.append(tmp_path / f"{name}.csv")
        with paths[-1].open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    return [str(path) for path in paths]


def merge(files, out, *more):
    return main(["merge", *files, "--out", str(out), *more])


def held(out):
    """The input cells of Match report: key -> address."""
    return dict(book_of(out.read_bytes(), out.name).previous.places.items())


def asked(out):
    """Address of the answer to each pair, by the pair's id, in the order of the tab."""
    found = {key[2]: place for key, place in held(out).items() if key[1] == PAIRS}
    return dict(sorted(found.items(), key=lambda item: int("".join(filter(str.isdigit, item[1])))))


def typed(out, cells):
    """As somebody does it: types into cells and saves."""
    book = openpyxl.load_workbook(out)
    for place, value in cells.items():
        sheet, address = place.rsplit("!", 1)
        book[sheet.strip("'")][address] = value
    book.save(out)


def paying(out):
    sheet = openpyxl.load_workbook(out)["Customers"]
    head = [cell.value for cell in sheet[1]]
    at = head.index("MRR")
    return sum(row[at] is not None for row in sheet.iter_rows(min_row=2, values_only=True))


def test_a_merge_workbook_made_again_joins_what_was_accepted_and_asks_no_more(files, tmp_path):
    out = tmp_path / "one.xlsx"
    assert merge(files, out) == 0
    before, cells = paying(out), asked(out)
    yes, no, *_ = cells
    typed(out, {cells[yes]: "yes", cells[no]: "No"})
    assert merge(files, out) == 0
    assert paying(out) == before + 1
    answers = {key[2]: value for key, value in merged_before(out).homes.items()}
    assert answers == {yes: "yes", no: "No"}
    assert merge(files, out) == 0
    assert paying(out) == before + 1
    assert set(asked(out)) == set(cells)


def test_an_answer_taken_back_parts_them_again(files, tmp_path):
    out = tmp_path / "one.xlsx"
    merge(files, out)
    before = paying(out)
    first = next(iter(asked(out)))
    typed(out, {asked(out)[first]: YES})
    merge(files, out)
    typed(out, {asked(out)[first]: None})
    merge(files, out)
    assert paying(out) == before


def test_one_cell_accepts_all_from_a_score_and_one_no_is_kept_apart(files, tmp_path):
    out = tmp_path / "one.xlsx"
    merge(files, out)
    before, pairs = paying(out), asked(out)
    bulk = held(out)[MATCH_REPORT, BULK, ACCEPT_FROM, VALUE]
    typed(out, {bulk: 70, next(iter(pairs.values())): NO})
    merge(files, out)
    assert paying(out) == before + len(pairs) - 1


def test_the_option_accepts_without_a_sheet(files, tmp_path):
    with_option, without = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    merge(files, with_option, "--accept", "95")
    merge(files, without)
    assert paying(with_option) > paying(without)
    assert merge(files, tmp_path / "c.xlsx", "--accept", "20") == 1


def test_rows_changed_by_hand_are_not_overwritten(files, tmp_path, capsys):
    out = tmp_path / "one.xlsx"
    merge(files, out)
    typed(out, {"Customers!B2": "mine"})
    kept = out.read_bytes()
    assert merge(files, out) == 1
    assert "changed by hand" in capsys.readouterr().err
    assert out.read_bytes() == kept


def test_a_sheet_of_somebodys_own_is_not_overwritten(files, tmp_path):
    out = tmp_path / "one.xlsx"
    merge(files, out)
    book = openpyxl.load_workbook(out)
    book.create_sheet("Notes")["A1"] = "mine"
    book.save(out)
    with pytest.raises(RefusedOutput, match="'Notes'"):
        merged_before(out)


def test_a_finished_workbook_is_no_merge_workbook(files, tmp_path, capsys):
    out = tmp_path / "finished.xlsx"
    assert main(["run", *files, "--out", str(out)]) == 0
    assert merge(files, out) == 1
    assert "stays as it is" in capsys.readouterr().err


def test_a_finished_workbook_names_nobody_who_is_likely_somebody(files, tmp_path):
    out = tmp_path / "finished.xlsx"
    main(["run", *files, "--out", str(out), "--accept", "90"])
    merged = tmp_path / "one.xlsx"
    merge(files, merged)
    sheet = openpyxl.load_workbook(merged)[MATCH_REPORT]
    names = [
        sheet[place.rsplit("!", 1)[1]].offset(column=0).row for place in asked(merged).values()
    ]
    shown = {sheet.cell(row, 2).value.partition(" · ")[0] for row in names}
    book = openpyxl.load_workbook(out)
    texts = {
        str(cell.value) for tab in book for row in tab.iter_rows() for cell in row if cell.value
    }
    assert shown
    assert not [name for name in shown if any(name in text for text in texts)]
    assert not [
        key for key in book_of(out.read_bytes(), out.name).previous.places if key[3] == ANSWER
    ]


def test_the_command_says_how_many_pairs_wait_and_where_to_answer(files, tmp_path, capsys):
    out = tmp_path / "merged.xlsx"
    assert main(["merge", *map(str, files), "--out", str(out)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert "for an answer" in last
    assert "Match report, then run the same command again" in last
