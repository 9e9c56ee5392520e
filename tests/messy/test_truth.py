"""A run without options on messy workbooks finds what is true. `README.md` tells how to try more of them."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from mapseg_xl.errors import UnclearSheets
from mapseg_xl.hosts.tables import run_record
from mapseg_xl.intake.customers import read_sources
from mapseg_xl.intake.health import each_cell, health
from mapseg_xl.pipeline import find
from mapseg_xl.request import Request

from .compare import differences
from .damage import HARMLESS
from .layouts import LAYOUTS
from .recall import named
from .truth import KINDS
from .vendors import VENDORS
from .words import LANGUAGES
from .workbook import make_workbook

LAYOUT_KINDS = [
    pytest.param(kind, build.__name__, id=f"{kind} {build.__name__}")
    for made in (LAYOUTS, VENDORS)
    for kind, builds in made.items()
    for build in builds
]


def saved(tmp_path, content):
    path = tmp_path / "team.xlsx"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(("kind", "layout"), LAYOUT_KINDS)
def test_each_layout_of_each_business_gives_its_customers_and_its_money(tmp_path, kind, layout):
    content, truth = make_workbook(41, kind, layout=layout, n=70)
    assert differences(read_sources([saved(tmp_path, content)]), truth) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_with_all_harmless_damage_at_once(tmp_path, language):
    content, truth = make_workbook(7, "self-serve", HARMLESS, language=language, n=80)
    assert differences(read_sources([saved(tmp_path, content)]), truth) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1060))
def test_workbooks_at_random_give_their_truth(tmp_path, seed):
    content, truth = make_workbook(seed)
    assert differences(read_sources([saved(tmp_path, content)]), truth) == []


def test_the_same_seed_gives_the_same_workbook():
    one, other = make_workbook(5), make_workbook(5)
    assert one[1] == other[1]
    assert len(one[0]) == len(other[0])


def test_the_run_counts_what_the_workbook_holds(tmp_path):
    content, truth = make_workbook(3, "self-serve", [], layout="crm_and_billing", n=60)
    record = run_record(find(Request((saved(tmp_path, content),))))
    counts = record["counts"]
    found = (counts["leads"], counts["trials"], counts["customers"], counts["churned"])
    assert found == truth.counts
    assert counts["rows"] == truth.n


def test_run_json_tells_what_became_of_every_sheet(tmp_path):
    content, truth = make_workbook(25, "agency")
    sources = read_sources([saved(tmp_path, content)])
    assert {use.sheet for use in sources.sheets} == set(truth.sheets)
    customers = next(name for name, what in truth.sheets.items() if what == "customers")
    use = next(use for use in sources.sheets if use.sheet == customers)
    assert (use.kind, use.used) == ("customers", True)
    assert {"customer_id", "status", "revenue_monthly"} <= {part for part, _ in use.columns}
    assert all(use.why for use in sources.sheets)
    json.dumps([use.why for use in sources.sheets])


@pytest.mark.parametrize("seed", [2, 11])
def test_what_was_damaged_without_harm_is_named_at_its_cell(tmp_path, seed):
    content, truth = make_workbook(seed, problems=HARMLESS)
    found = read_sources([saved(tmp_path, content)])
    issues = tuple(each_cell(health(found.issues, found.customers.n).issues))
    missed = Counter(p.kind for p in truth.problems if not named(p, issues))
    assert sum(missed.values()) <= 0.1 * len(truth.problems), missed


def test_a_list_that_nothing_tells_apart_is_asked_about(tmp_path):
    from .pages import Page, Table, place, written  # only here

    rows = [[f"C-{i}", f"Firm {i}", "Active", 10.0 + i] for i in range(30)]
    pages = []
    for name in ("North", "South"):
        page = Page(name)
        place(page, Table([], ["Customer ID", "Company", "Status", "MRR"], rows), 0, 0)
        pages.append(page)
    path = saved(tmp_path, written(pages, date_format="yyyy-mm-dd"))
    with pytest.raises(UnclearSheets, match="'North' and 'South'"):
        read_sources([path])


def test_there_is_a_layout_for_every_kind_of_business():
    assert set(KINDS) == set(LAYOUTS) == set(VENDORS)
