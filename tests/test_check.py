"""`mapseg check`: everything that is wrong is listed, also what a run would stop at."""

import csv

import pytest

from mapseg_xl.checking import check
from mapseg_xl.cli import main
from mapseg_xl.errors import InputError
from mapseg_xl.request import Request, intake

HEAD = ("customer_id", "industry", "created_on", "converted_on", "revenue_monthly")


def written(folder, ids, dates, money=None):
    path = folder / "crm.csv"
    money = money or ["50"] * len(ids)
    with path.open("w", newline="", encoding="utf-8") as held:
        lines = csv.writer(held)
        lines.writerow(HEAD)
        for at, (key, day, paid) in enumerate(zip(ids, dates, money, strict=True)):
            lines.writerow([key, "Agency" if at % 2 else "Retail", "2025-01-15", day, paid])
    return path


def request(path):
    return Request(sources=(path,))


def test_cells_that_would_stop_a_run_are_listed_beside_the_others(tmp_path):
    ids = [f"C{n:03}" for n in range(60)]
    days = ["2025-02-20"] * 60
    money = ["50"] * 58 + ["$50", "50 €"]
    days[7] = "2025-31-31"
    path = written(tmp_path, ids, days, money)
    with pytest.raises(InputError):
        intake(request(path))
    found = check(request(path))
    assert any("currenc" in sentence for sentence in found.stops)
    kinds = {issue.kind for issue in found.health.issues}
    assert {"mixed_currencies", "unreadable_date"} <= kinds
    assert found.health.rows_used == 60


def test_two_columns_that_stop_are_both_listed(tmp_path):
    ids = [f"{n}.1E+12" if n == 3 else str(7_000_000_000_000 + n) for n in range(60)]
    money = ["50"] * 58 + ["$50", "50 €"]
    path = written(tmp_path, ids, ["2025-02-20"] * 60, money)
    kinds = {issue.kind for issue in check(request(path)).health.issues}
    assert {"mixed_currencies", "damaged_id"} <= kinds


def test_a_file_that_cannot_be_read_is_an_error_still(tmp_path):
    path = tmp_path / "crm.csv"
    path.write_text("")
    with pytest.raises(InputError):
        check(request(path))


def test_the_command_says_where_a_run_stops_and_writes_the_table(tmp_path, capsys):
    ids = [f"C{n:03}" for n in range(60)]
    path = written(tmp_path, ids, ["2025-02-20"] * 60, ["50"] * 58 + ["$50", "50 €"])
    assert main(["check", str(path), "--tables", str(tmp_path / "tables")]) == 1
    assert "mapseg: a run stops here: crm" in capsys.readouterr().err
    lines = (tmp_path / "tables" / "data_health.csv").read_text("utf-8")
    assert "E60" in lines
