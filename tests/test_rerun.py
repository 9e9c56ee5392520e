"""A finished workbook, written in by people, made again: what they typed stays and is computed with."""

import csv
import re
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl.cli import main
from mapseg_xl.report.memory import SHEET, from_rows
from mapseg_xl.report.tabs.survival_ltv import ASSUMPTIONS, NAME, VALUE
from tests.tools.office import need_office, recalculated

MARGIN = (NAME, ASSUMPTIONS, "gross_margin", VALUE)
CHOICE = ("What if", "choice", "segment", VALUE)


@pytest.fixture
def crm(tmp_path):
    path = tmp_path / "crm.csv"
    path.write_text(base(300), encoding="utf-8")
    return path


def base(n: int, extra: str = "") -> str:
    lines = ["customer_id,industry,tenure_months,churned,mrr,cost"]
    for i in range(n):
        industry = ("Agency", "Retail", ">1000", "=1+1")[i % 4]
        lines.append(
            f"C{i},{industry},{i % 40},{'yes' if i % 3 else 'no'},{20 + i % 50},{100 + i % 7}"
        )
    return "\n".join(lines) + "\n" + extra


def run(source: Path, out: Path, *more: str) -> int:
    options = ["--map", "acquisition_cost=cost", "--segment-by", "industry"]
    return main(["run", str(source), "--out", str(out), *options, *more])


def inputs(path: Path) -> dict:
    """Every input cell by its key: sheet and address, found by its hidden name."""
    book = openpyxl.load_workbook(path)
    found = {}
    remembered = from_rows([[c.value for c in row] for row in book[SHEET].iter_rows()])
    for entry in remembered.inputs:
        target = book.defined_names[entry.name].attr_text
        sheet, _, address = target.rpartition("!")
        found[entry.key] = (sheet.strip("'").replace("''", "'"), address.replace("$", ""))
    return found


def type_in(path: Path, typed: dict) -> None:
    """Types into cells, as a person would: {(sheet, address): value}."""
    book = openpyxl.load_workbook(path)
    for (sheet, address), value in typed.items():
        book[sheet][address] = value
    book.save(path)


def ltv_of(path: Path, folder: Path) -> float:
    with (folder / "performance.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if (r["segment"], r["metric"]) == ("ALL", "ltv")]
    return float(rows[0]["value"])


def test_a_margin_typed_on_the_tab_is_computed_with_now_and_in_every_later_run(crm, tmp_path):
    out, tables = tmp_path / "out.xlsx", tmp_path / "t"
    assert run(crm, out, "--tables", str(tables)) == 0
    revenue = ltv_of(out, tables)
    type_in(out, {inputs(out)[MARGIN]: 0.5})
    for _ in range(3):
        assert run(crm, out, "--tables", str(tables)) == 0
        assert ltv_of(out, tables) == pytest.approx(revenue * 0.5)
        sheet, address = inputs(out)[MARGIN]
        assert openpyxl.load_workbook(out)[sheet][address].value == 0.5
    type_in(out, {inputs(out)[MARGIN]: None})
    assert run(crm, out, "--tables", str(tables)) == 0
    assert ltv_of(out, tables) == pytest.approx(revenue)


def test_an_impossible_margin_stops_the_run_and_leaves_the_workbook_alone(crm, tmp_path, capsys):
    out = tmp_path / "out.xlsx"
    run(crm, out)
    type_in(out, {inputs(out)[MARGIN]: 80})
    before = out.read_bytes()
    capsys.readouterr()
    assert run(crm, out) == 1
    said = capsys.readouterr().err
    assert "gross_margin is 80" in said
    assert "Survival & LTV" in said
    assert out.read_bytes() == before


def test_notes_stay_with_their_segment_when_new_data_brings_and_takes_segments(crm, tmp_path):
    out = tmp_path / "out.xlsx"
    run(crm, out)
    notes = {k: place for k, place in inputs(out).items() if k[1] == "notes"}
    assert len(notes) >= 4  # the industries, and what the search proposes
    type_in(out, {place: f"note of {key[2]}" for key, place in notes.items()})
    newer = base(300, "X1,Newcomer,3,no,70,100\nX2,Newcomer,4,no,70,100\n").replace(
        ",Retail,", ",Agency,"
    )
    crm.write_text(newer, encoding="utf-8")
    assert run(crm, out) == 0
    book = openpyxl.load_workbook(out)
    after = {k: place for k, place in inputs(out).items() if k[1] == "notes"}
    for key in notes:
        sheet, address = after[key]
        assert book[sheet][address].value == f"note of {key[2]}"
        assert address[1:] >= "1"
    assert set(notes) < set(after)  # the vanished ones are kept, the newcomer is there


def test_words_typed_beside_our_tables_are_kept(crm, tmp_path):
    out = tmp_path / "out.xlsx"
    run(crm, out)
    type_in(out, {("Volume", "P40"): "ask Kim about this"})
    for _ in range(2):
        assert run(crm, out) == 0
        book = openpyxl.load_workbook(out)
        texts = [c.value for ws in book for row in ws.iter_rows() for c in row]
        assert texts.count("ask Kim about this") >= 1


def test_a_sheet_of_their_own_is_never_thrown_away(crm, tmp_path, capsys):
    out = tmp_path / "out.xlsx"
    run(crm, out)
    book = openpyxl.load_workbook(out)
    book.create_sheet("My sums")["A1"] = 1
    book.save(out)
    before = out.read_bytes()
    capsys.readouterr()
    assert run(crm, out) == 1
    assert "My sums" in capsys.readouterr().err
    assert out.read_bytes() == before


OF_THE_RUN = re.compile(
    r"'Priorities'!\$[JK]\$"
)  # how often each was first in the reruns of that run
WAITS = re.compile(r'=IF\((\w+)=\w+,\w+,""\)')  # a range that is shown again after the next run


@pytest.mark.office
@pytest.mark.parametrize(
    ("field", "typed"), [("gross_margin", 0.62), ("gross_margin", 0.05), ("annual_discount", 0.25)]
)
def test_after_an_input_is_changed_recalculating_and_running_again_agree(
    crm, tmp_path, field, typed
):
    need_office()
    out = tmp_path / "out.xlsx"
    run(crm, out)
    places = inputs(out)  # What if opens on the segment that ranks first, unless somebody chose
    type_in(out, {places[MARGIN]: 0.5, places[CHOICE]: "Retail"})
    run(crm, out)
    before = openpyxl.load_workbook(out)
    type_in(out, {inputs(out)[NAME, ASSUMPTIONS, field, VALUE]: typed})
    live = openpyxl.load_workbook(recalculated(out, tmp_path / "office"), data_only=True)
    assert run(crm, out) == 0
    formulas, again = (openpyxl.load_workbook(out, data_only=d) for d in (False, True))
    differ, compared = [], 0
    for sheet, address, text in same_formulas(before, formulas):
        one, other = (b[sheet][address].value for b in (live, again))
        compared += 1
        if close(one, other) or (one or "") == (other or ""):
            continue
        if WAITS.fullmatch(text):
            assert one in (None, "")
        else:
            differ.append((one, other))
    assert compared > 500
    if field == "gross_margin":
        assert not differ
    # ranges keep their width, a share of the figure, until the next run; squared ones differ twice as much
    for one, other in differ:
        for a, b in zip(figures(one), figures(other), strict=True):
            assert a == pytest.approx(b, rel=0.1)


def same_formulas(before, after):
    """Sheet, address and text of the formulas that stand in both files, less chart data that shows a waiting range."""
    for sheet in (s for s in after.worksheets if s.title in before.sheetnames):
        old = before[sheet.title]
        waiting = {
            c.coordinate for row in sheet.iter_rows() for c in row if WAITS.fullmatch(str(c.value))
        }
        for cell in (c for row in sheet.iter_rows() for c in row if c.data_type == "f"):
            text = str(cell.value)
            reads = {name.replace("$", "") for name in re.findall(r"\$[A-Z]+\$\d+", text)}
            is_chart_data = text.startswith("=IF(ISNUMBER(") and cell.column > 20
            if text.startswith("=") and OF_THE_RUN.search(text):
                continue
            if old[cell.coordinate].value == text and not (is_chart_data and reads & waiting):
                yield sheet.title, cell.coordinate, text


@pytest.mark.parametrize(
    ("field", "typed"), [("gross_margin", 0.05), ("annual_discount", 0.9), ("rmst_months", 6)]
)
def test_a_value_typed_into_an_input_moves_no_row(crm, tmp_path, field, typed):
    out = tmp_path / "out.xlsx"
    run(crm, out)
    type_in(out, {inputs(out)[MARGIN]: 0.5})
    run(crm, out)
    before = openpyxl.load_workbook(out)
    type_in(out, {inputs(out)[NAME, ASSUMPTIONS, field, VALUE]: typed})
    run(crm, out)
    after = openpyxl.load_workbook(out)
    names = {s.title: labels(s) for s in before.worksheets if holds_its_rows(s)}
    assert {s.title: labels(s) for s in after.worksheets if holds_its_rows(s)} == names


def holds_its_rows(sheet) -> bool:
    """Whether no input moves a row of a tab: four are in the ranking's order, or only of the chosen segments."""
    follows = (SHEET, "Summary", "Priorities", "Rollout")
    return sheet.title not in follows and not sheet.title.startswith("Profile ")


def labels(sheet) -> list[object]:
    """The names in the first column, down to the notes; sentences left out, for they may say something else."""
    cells = [sheet.cell(row, 2) for row in range(1, sheet.max_row + 1)]
    last = max(c.row for c in cells if c.value and c.font.sz in (10, 11))
    return [
        "None"  # a headline, or the row kept free for its second line
        if c.font.sz == 17
        else re.sub(r"\d+", "0", str(c.value))
        if len(str(c.value)) < 60 and not str(c.value).endswith(".")
        else "text"
        for c in cells
        if c.row <= last
    ]


def figures(shown: object) -> list[float]:
    """The numbers in a cell's value."""
    return [float(n.replace(",", "")) for n in re.findall(r"[\d,]*\.?\d+", str(shown))]


def close(one: object, other: object) -> bool:
    return (
        isinstance(one, int | float)
        and isinstance(other, int | float)
        and abs(one - other) <= 1e-9 * max(1, abs(other))
    )
