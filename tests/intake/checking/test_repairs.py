"""Each repair says what was there and what was read, can be switched off, and is named in data_health.csv."""

import numpy as np
import pytest

from mapseg_xl.errors import InputError
from mapseg_xl.intake.cleaning.once import once
from mapseg_xl.intake.customers import IntakeOptions, read_sources
from mapseg_xl.intake.health import HEADERS, capped, health
from mapseg_xl.intake.tables import Issue, Wishes
from mapseg_xl.repairs import REPAIRS, repair_of
from mapseg_xl.settings import Settings

from .injected import INJECTIONS, clean_book


def read(kind, *off, seed=5, **options):
    book = clean_book(seed, 120)
    INJECTIONS[kind][0](book, kind)
    wishes = Wishes(frozenset(off))
    given = IntakeOptions(day_first=True, wishes=wishes, **options)
    return book, read_sources((), given, [book.sheet()])


def lines(sources, kind):
    rows = health(sources.issues, sources.customers.n).rows()
    named = [dict(zip(HEADERS, row, strict=True)) for row in rows]
    return {row["cell"]: row for row in named if row["kind"] == kind}


def test_a_line_a_cell_tells_before_after_and_the_repair():
    book, sources = read("dressed number")
    found = lines(sources, "text_number")
    assert set(found) == book.truth["dressed number"]
    for row in found.values():
        assert row["count"] == 1
        assert row["before"].startswith("'$")
        assert row["before"].strip("'$").replace(",", "") == f"{float(row['after']):.2f}"
        assert row["repair"] == "read_text_numbers"


@pytest.mark.parametrize(
    ("kind", "repair", "change"),
    [
        ("number as text", "read_text_numbers", lambda c: int(np.isfinite(c.roles["revenue_monthly"]).sum())),
        ("day number", "read_day_numbers", lambda c: int((~np.isnat(c.roles["created_on"])).sum())),
        ("repeated id", "leave_out_repeated_ids", lambda c: c.n),
        ("far future", "leave_out_late_dates", lambda c: str(np.nanmax(c.roles["converted_on"]))),
        ("case", "merge_spellings", lambda c: len(c.trait("Industry").values)),
        ("country names", "align_known_names", lambda c: len(c.trait("Country").values)),
        ("outer spaces", "remove_spaces", lambda c: len(c.trait("Industry").values)),
        ("label for empty", "read_empty_words", lambda c: len(c.trait("Industry").values)),
    ],
)  # fmt: skip
def test_a_repair_that_is_off_is_not_made(kind, repair, change):
    off = (repair, "merge_spellings") if repair == "remove_spaces" else (repair,)
    assert change(read(kind)[1].customers) != change(read(kind, *off)[1].customers)


def test_accounts_that_try_the_system_are_counted_unless_people_say_otherwise():
    book, sources = read("test account")
    _, without = read("test account", leave_out_tests=True)
    assert sources.customers.n - without.customers.n == len(book.truth["test account"])
    assert "row" not in next(iter(lines(sources, "rehearsal")))
    assert all(row["action"].startswith("Left out") for row in lines(without, "rehearsal").values())


def test_every_repair_has_a_name_and_kinds_of_its_own():
    kinds = [kind for repair in REPAIRS for kind in repair.kinds]
    assert len(kinds) == len(set(kinds))
    assert {repair_of(kind) for kind in kinds} == {repair.name for repair in REPAIRS}


def test_a_repair_that_nobody_knows_is_refused_with_the_one_that_may_be_meant():
    with pytest.raises(
        InputError, match=r"no repair 'merge_speling'\. Did you mean 'merge_spellings'"
    ):
        Settings().with_values({"repairs_off": ["merge_speling"]}, "settings.toml")


def test_more_than_three_of_a_kind_are_read_as_one_and_listed_in_full():
    issues = [
        Issue("warning", "a", "s", f"B{at}", "x", f"not a date: '{at}'", "Left out", 1, "k")
        for at in range(2, 12)
    ]
    found = health(issues, 20)
    assert len(found.rows()) == 10
    (one,) = found.grouped()
    assert (one.cell, one.count) == ("B2", 10)
    assert one.issue == "not a date: '2'; then B3, B4 and 7 more"
    assert len(capped(issues)) == 10


def test_what_was_worked_out_is_kept_for_the_column_and_gone_with_it():
    column = np.arange(2_000.0)
    assert once(column, "sum", lambda: 1) == 1
    assert once(column, "sum", lambda: 2) == 1
    assert once(column, "other", lambda: 3) == 3
    assert once(column.copy(), "sum", lambda: 4) == 4
