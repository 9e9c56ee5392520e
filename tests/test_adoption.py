"""A proposal that people take over keeps the half that judges it; a rule that is wrong stops nothing."""

import csv

import numpy as np
import openpyxl
import pytest

from mapseg_xl.cli import main
from mapseg_xl.report.parts.names import HYPOTHESES
from mapseg_xl.report.parts.own_segments import BY, CONDITIONS, NAME, OWN
from tests.test_rerun import inputs, type_in


@pytest.fixture(scope="module")
def crm(tmp_path_factory):
    random = np.random.default_rng(21)
    path = tmp_path_factory.mktemp("crm") / "crm.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "industry", "region", "converted"])
        for at in range(2000):
            industry, region = random.choice(["Agency", "Shop", "Bank"]), random.choice(list("NSE"))
            rate = 0.5 if (industry, region) == ("Agency", "N") else 0.15
            said = "yes" if random.random() < rate else "no"
            writer.writerow([f"C{at}", industry, f"{region} side", said])
    return path


def run(source, folder, *more):
    """The hypotheses of a run into the same workbook, by segment."""
    out, tables = folder / "out.xlsx", folder / "t"
    assert main(["run", str(source), "--out", str(out), "--tables", str(tables), *more]) == 0
    return {row["segment"]: row for row in read(tables / "hypotheses.csv")}


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(folder, row, said):
    out = folder / "out.xlsx"
    places = inputs(out)
    type_in(out, {places[HYPOTHESES, OWN, row, column]: text for column, text in said.items()})


def test_an_adopted_proposal_keeps_its_id_and_its_half(crm, tmp_path):
    first = run(crm, tmp_path)["Agency · N side"]
    said = {NAME: "Northern", CONDITIONS[0]: "Region = N side", CONDITIONS[1]: "industry = agency"}
    write(tmp_path, "own 1", {**said, BY: "Ann"})
    for _ in range(2):
        found = run(crm, tmp_path)
        assert list(found) == ["Northern"]
        own = found["Northern"]
        same = ("segment_id", "n", "n_held_out", "value", "rest_value", "verdict")
        assert [own[f] for f in same] == [first[f] for f in same]
        assert (own["source"], own["basis"]) == ("my segment", "held_out")
        assert own["suggested_by"] == "Ann"
    lines = read(tmp_path / "t" / "performance.csv")
    assert {r["basis"] for r in lines if r["segment"] == "Northern"} == {"held_out"}


def test_adopted_on_the_command_line_it_is_judged_on_its_half_too(crm, tmp_path):
    run(crm, tmp_path)
    asked = ("--segment", "Northern: region = 'N side' and industry = Agency")
    assert run(crm, tmp_path, *asked)["Northern"]["basis"] == "held_out"


def test_what_people_believed_before_the_search_is_judged_by_everybody(crm, tmp_path):
    asked = ("--segment", "Northern: region = 'N side' and industry = Agency")
    for _ in range(2):
        found = run(crm, tmp_path, *asked)
        assert found["Northern"]["basis"] == "all"
        assert found["Agency · N side"]["basis"] == "held_out"


def test_a_wrong_rule_is_flagged_where_it_stands_and_in_data_health(crm, tmp_path):
    run(crm, tmp_path)
    write(tmp_path, "own 2", {NAME: "Wrong", CONDITIONS[0]: "Colour = red"})
    write(tmp_path, "own 3", {NAME: "Shops", CONDITIONS[0]: "industry = Shop"})
    found = run(crm, tmp_path)
    assert "Shops" in found
    assert "Wrong" not in found
    issue = next(
        r for r in read(tmp_path / "t" / "data_health.csv") if "my segment 'Wrong'" in r["issue"]
    )
    sheet, address = inputs(tmp_path / "out.xlsx")[HYPOTHESES, OWN, "own 2", CONDITIONS[0]]
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book[sheet][address].value == "Colour = red"
    assert book[sheet][address].font.color.rgb.endswith("B4500F")
    assert (issue["sheet"], issue["severity"]) == (HYPOTHESES, "warning")
    assert "no column 'Colour'" in issue["issue"]


def test_a_segment_that_is_cleared_is_gone_in_the_next_run(crm, tmp_path):
    run(crm, tmp_path)
    write(tmp_path, "own 1", {NAME: "Shops", CONDITIONS[0]: "industry = Shop"})
    assert "Shops" in run(crm, tmp_path)
    write(tmp_path, "own 1", {NAME: None, CONDITIONS[0]: None})
    assert "Shops" not in run(crm, tmp_path)
