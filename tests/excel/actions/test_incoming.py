"""Exports brought into a workbook: nothing that a spreadsheet would mangle, and the same answers as from the file."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from mapseg_xl.errors import InputError
from mapseg_xl.excel.actions.incoming import incoming
from mapseg_xl.intake.customers import read_sources
from mapseg_xl.intake.tables import RawSheet

HEADERS = "Customer ID,Signed up,Trial start,MRR,Employees,Plan,Industry\n"


@pytest.fixture
def export(tmp_path):
    def write(rows, headers=HEADERS, name="crm.csv"):
        path = tmp_path / name
        path.write_text(headers + "\n".join(rows) + "\n", "utf-8")
        return path

    return write


def columns_of(path):
    (table,) = incoming(path)
    return {column[table.header_row - 1]: column[table.header_row :] for column in table.columns}


def test_ids_keep_their_leading_zeros_and_every_digit(export):
    rows = [f"00{n},2025-01-{n:02},,10,3,Basic,Agency" for n in range(1, 10)]
    rows.append("12345678901234567890,2025-01-20,,10,3,Basic,Agency")
    ids = columns_of(export(rows))["Customer ID"]
    assert ids[0] == "001"
    assert ids[-1] == "12345678901234567890"


def test_dates_are_dates_in_the_order_that_the_whole_column_tells(export):
    rows = [f"{n},{n:02}/02/2025,{n:02}/03/2025,10,3,Basic,Agency" for n in range(1, 20)]
    held = columns_of(export(rows))
    assert held["Signed up"][2] == date(2025, 2, 3)
    assert held["Trial start"][2] == date(2025, 3, 3)


def test_dates_that_could_be_read_two_ways_stay_as_they_were_written(export):
    rows = [f"{n},{n:02}/02/2025,,10,3,Basic,Agency" for n in range(1, 12)]
    assert columns_of(export(rows))["Signed up"][2] == "03/02/2025"


def test_a_date_that_cannot_be_read_stays_where_it_stands(export):
    rows = [f"{n},2025-01-{n:02},,10,3,Basic,Agency" for n in range(1, 10)]
    rows.append("10,2025-02-31,,10,3,Basic,Agency")
    assert columns_of(export(rows))["Signed up"][-1] == "2025-02-31"


def test_a_time_of_day_is_not_lost(export):
    rows = [f"{n},2025-01-{n:02} 14:30,,10,3,Basic,Agency" for n in range(1, 10)]
    assert columns_of(export(rows))["Signed up"][0] == "2025-01-01 14:30"


@pytest.mark.parametrize("written", ["007", "1e5", "1.2.2025", "3/4", "1 200", "12345678901234567"])
def test_a_text_that_a_spreadsheet_would_change_stays_text(export, written):
    rows = [f"{n},2025-01-{n:02},,10,3,{written},Agency" for n in range(1, 10)]
    held = columns_of(export(rows))["Plan"]
    assert held[0] == written or isinstance(held[0], date)  # 1.2.2025 beside other dates is one


def test_plain_numbers_are_numbers(export):
    rows = [f"{n},2025-01-{n:02},,{n}.50,{n},Basic,Agency" for n in range(1, 10)]
    held = columns_of(export(rows))
    assert held["MRR"][:2] == (1.5, 2.5)
    assert held["Employees"][0] == 1.0


def test_numbers_with_dots_that_may_be_thousands_follow_the_whole_column(export):
    rows = [f"{n},2025-01-{n:02},,{n}.200,{n},Basic,Agency" for n in range(1, 10)]
    assert columns_of(export(rows))["MRR"][0] == 1200.0


def test_every_table_of_a_workbook_comes_in_named_after_file_and_sheet(tmp_path):
    path = tmp_path / "team.xlsx"
    frame = pd.DataFrame({"Customer ID": ["a1", "a2"], "MRR": [1.0, 2.0]})
    with pd.ExcelWriter(path) as book:
        frame.to_excel(book, sheet_name="CRM", index=False)
        frame.to_excel(book, sheet_name="Billing", index=False)
    assert [table.name for table in incoming(path)] == ["team CRM", "team Billing"]


def test_a_file_without_a_table_is_refused_by_name(tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("hello\n", "utf-8")
    with pytest.raises(InputError, match=r"notes\.csv has no table"):
        incoming(path)


def test_the_sheet_that_was_brought_in_says_what_the_file_says(export):
    rng = np.random.default_rng(4)
    rows = []
    for n in range(200):
        day = date(2024, 1, 1).toordinal() + int(rng.integers(0, 500))
        signed = date.fromordinal(day)
        left = f"{date.fromordinal(day + 90):%d.%m.%Y}" if n % 3 == 0 else ""
        rows.append(
            f"{n:05},{signed:%d.%m.%Y},{left},{rng.integers(10, 900)},{rng.integers(1, 99)},"
            f"{'Pro' if n % 2 else 'Basic'},{['Agency', 'Dentist', 'n/a'][n % 3]}"
        )
    path = export(rows, HEADERS.replace("Trial start", "Churned on"))
    (table,) = incoming(path)
    live = [[_as_excel_gives_it(value) for value in column] for column in table.columns]
    columns = tuple(np.array([*column, None], dtype=object)[:-1] for column in live)
    ours = read_sources((), opened=(RawSheet("Book1", table.name, columns),)).customers
    theirs = read_sources((path,)).customers
    assert ours.status.tolist() == theirs.status.tolist()
    assert ours.ids.tolist() == theirs.ids.tolist()
    assert ours.roles.keys() == theirs.roles.keys()
    for role, held in theirs.roles.items():
        np.testing.assert_array_equal(ours.roles[role], held, role)
    for one, other in zip(ours.traits, theirs.traits, strict=True):
        assert (one.name, one.values) == (other.name, other.values)
        assert one.codes.tolist() == other.codes.tolist()


def _as_excel_gives_it(value):
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  # as Excel has it
    return value
