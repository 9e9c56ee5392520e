"""What people decide and type stays when the workbook is made again on newer data, by whatever program it was saved."""

import csv
import shutil

import openpyxl
import pytest

from mapseg_xl.cli import main
from tests.tools.office import convert, need_office
from tests.typed_book import Team, held, places, run, type_in, write_team

FIRST, SECOND = (("Decision", "choices", row, "segment") for row in "12")
NEWER = Team(industries=("Agency", "New", "Health", "Legal"), turned=True, good=("Legal", "US"))


@pytest.fixture
def made(tmp_path):
    """The small team's workbook, run once: source, finished workbook, folder of tables."""
    source, out = write_team(tmp_path / "team.xlsx", Team()), tmp_path / "out.xlsx"
    assert run(source, out, "--tables", str(tmp_path / "tables")) == 0
    return source, out, tmp_path / "tables"


def rows(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def said(key):
    """Something to type into an input cell; None where only a choice or a number goes."""
    tab, _, row, column = key
    if column in (
        "owner",
        "action",
        "due",
        "needs",
        "person",
        "answer",
        "note",
        "why",
        "by",
        "source",
    ):
        return None if tab == "Hypotheses" else f"{row} {column}"
    numbers = {"reachable": 0.5, "accounts": 9000, "competition": 1}
    return numbers.get(column) if tab == "TAM scoring" else None


def test_a_decided_proposal_stays_a_candidate_with_its_id_and_rule(made):
    source, out, tables = made
    proposal = next(r for r in rows(tables, "hypotheses.csv") if r["source"] == "proposal")
    type_in(out, {FIRST: proposal["segment"], SECOND: "Retail"})
    for team in (NEWER, NEWER, Team()):
        write_team(source, team)
        assert run(source, out, "--tables", str(tables)) == 0
        again = next(
            r for r in rows(tables, "hypotheses.csv") if r["segment_id"] == proposal["segment_id"]
        )
        assert (again["segment"], again["rule"]) == (proposal["segment"], proposal["rule"])
        (line,) = (
            r for r in rows(tables, "priorities.csv") if r["segment_id"] == proposal["segment_id"]
        )
        assert line["segmentation"] == "my segments"
        lines = [
            r for r in rows(tables, "performance.csv") if r["segment_id"] == proposal["segment_id"]
        ]
        assert {r["basis"] for r in lines} == {"held_out"}  # never by the half that found it
        assert (held(out)[FIRST], held(out)[SECOND]) == (proposal["segment"], "Retail")


def test_a_decided_value_stays_a_candidate_where_its_column_is_not_named_any_more(made):
    source, out, tables = made
    type_in(out, {FIRST: "Retail"})  # and this time no --segment-by
    assert main(["run", str(source), "--out", str(out), "--tables", str(tables)]) == 0
    found = [r for r in rows(tables, "priorities.csv") if r["segment"] == "Retail"]
    assert [r["segmentation"] for r in found] == ["industry"]


@pytest.mark.parametrize("office", [False, pytest.param(True, marks=pytest.mark.office)])
def test_everything_typed_is_in_its_cell_or_listed_after_newer_data(made, tmp_path, office):
    source, out, _ = made
    typed = {key: word for key in places(out) if (word := said(key)) is not None}
    assert len({key[:2] for key in typed}) > 10
    type_in(out, typed)
    if office:
        need_office()
        shutil.copy(convert(out, tmp_path / "office", "xlsx"), out)
    write_team(source, NEWER)
    for _ in range(2):
        assert run(source, out) == 0
        now = held(out)
        listed = {str(value) for key, value in now.items() if key[1] == "unplaced"}
        lost = [k for k, v in typed.items() if now.get(k) != v and str(v) not in listed]
        assert not lost
    assert run(source, out) == 0
    assert held(out) == now  # a run that has nothing new changes nothing


def test_counts_of_typed_words_are_right_before_anything_recalculates(made):
    source, out, _ = made
    cells = places(out)
    moves = [k for k in cells if k[0] == "Rollout" and k[1].startswith("moves ")]
    statuses = [k for k in moves if k[3] == "status" and not k[2].startswith("own")]
    answers = [k for k in cells if k[0] == "Profile A" and k[3] == "answer"]
    own = next(k for k in moves if k[2] == "own 1" and k[3] == "move")
    type_in(out, {**dict.fromkeys(statuses, "done"), own: "Call them", answers[0]: "Get paid"})
    assert run(source, out) == 0
    book = openpyxl.load_workbook(out, data_only=True)
    n = len(statuses)
    assert book["Rollout"]["B4"].value == f"{n} of {n + 1} moves are done;"
    assert any(
        str(c.value).startswith("Complete: 1 of 14") for row in book["Profile A"] for c in row
    )
