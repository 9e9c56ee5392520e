"""Mapping: every value that was read as another has a yellow cell, and what is typed there counts and stays."""

from dataclasses import replace

import numpy as np
import pytest

from mapseg_xl.intake.tables import RawSheet
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.memory import from_rows
from mapseg_xl.report.parts.health.values import OWN, USE, VALUES, typed_mapping, values_table
from mapseg_xl.report.parts.home.run_settings import typed_settings_of
from mapseg_xl.report.parts.names import MAPPING, SETTINGS, VALUE
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.tabs import data_health, mapping
from mapseg_xl.request import Request, silent
from mapseg_xl.runs import found, report_of, resumed

from .home_book import _memory_rows, typed_into, values

COUNTRIES = ["Germany"] * 30 + ["Deutschland"] * 3 + ["France"] * 26 + ["Frnace"]
KEY = (MAPPING, VALUES, "country|deutschland", USE)
SLIP = (MAPPING, VALUES, "country|frnace", USE)


def sheet():
    rows = [("Account ID", "Country", "MRR", "Churned")]
    rows += [
        (f"C-{i}", c, 100.0 + i, "yes" if i % 4 == 0 else "no") for i, c in enumerate(COUNTRIES)
    ]
    columns = []
    for cells in zip(*rows, strict=True):
        column = np.empty(len(cells), dtype=object)
        column[:] = cells
        columns.append(column)
    return RawSheet("team.xlsx", "Customers", tuple(columns))


def a_run(earlier=None, **settings):
    request = Request((), opened=(sheet(),))
    request = replace(request, settings=replace(request.settings, **settings))
    this = resumed(request, earlier, "team.xlsx", home=True)
    return this, found(this, silent)


def kept(report):
    """What the next run finds of a report that nobody touched."""
    plan = lay_out(report)
    return Previous(from_rows(_memory_rows(plan)).memory, values(plan), plan.orders)


def countries(findings):
    return {r.value for t in findings.volumes for r in t.rows if r.attribute == "Country"}


@pytest.fixture(scope="module")
def first():
    this, findings = a_run()
    return findings, report_of(this, findings)


def test_what_was_read_and_what_is_proposed_stand_with_rows_and_money(first):
    findings, _ = first
    lines = {v.found: v for v in findings.alignment}
    assert (lines["Deutschland"].use, lines["Deutschland"].rows) == ("Germany", 3)
    assert lines["Deutschland"].money == 130 + 131 + 132
    assert (lines["Frnace"].use, lines["Frnace"].proposal) == ("Frnace", "France")
    assert countries(findings) == {"Germany", "France", "Frnace"}
    assert (
        mapping.tab(findings).headline
        == "One value is read as another; one likely slip waits for your answer."
    )
    assert "Values written in several ways" in [s.title for s in data_health.tab(findings).sections]


def test_what_is_typed_counts_and_stays_for_good(first):
    typed = {KEY: "Deutschland", SLIP: "France"}
    earlier = typed_into(first[1], typed)
    for _ in range(3):
        this, findings = a_run(earlier)
        assert countries(findings) == {"Germany", "Deutschland", "France"}
        earlier = kept(report_of(this, findings))
        assert {key: earlier.typed[key] for key in typed} == typed


def test_a_value_of_ones_own_is_mapped(first):
    own = {
        (MAPPING, OWN, "own 1", c): v
        for c, v in zip(("column", "found", USE), ("Country", "France", "Gaul"), strict=True)
    }
    earlier = typed_into(first[1], own)
    assert typed_mapping(earlier) == {"country": {"france": "Gaul"}}
    _, findings = a_run(earlier)
    assert "Gaul" in countries(findings)
    line = next(r for r in values_table(findings).rows if r.key == "country|france")
    assert line.cells[USE].value == "Gaul"
    assert line.cells["proposal"] == ""


def test_settings_switch_repairs_off_and_merge_slips(first):
    typed = {
        (SETTINGS, "repaired", "align_known_names", VALUE): "off",
        (SETTINGS, "repaired", "leave_out_totals", VALUE): "off",
        (SETTINGS, "repaired", "merge_likely_typos", VALUE): "merge",
    }
    earlier = typed_into(first[1], typed)
    assert typed_settings_of(earlier) == {
        "repairs_off": ("align_known_names", "leave_out_totals"),
        "merge_likely_typos": True,
    }
    assert countries(a_run(earlier)[1]) == {"Germany", "Deutschland", "France"}
