"""A sheet that says how values are to be read is known by its headers, and is used."""

import numpy as np
import pytest

from mapseg_xl.intake.customers import IntakeOptions, read_sources
from mapseg_xl.intake.tables import RawSheet, Wishes


def sheet(name, *rows):
    columns = []
    for cells in zip(*rows, strict=True):
        column = np.empty(len(cells), dtype=object)
        column[:] = cells
        columns.append(column)
    return RawSheet("team.xlsx", name, tuple(columns))


def customers(countries):
    rows = [(f"C-{i}", country, 10.0 + i) for i, country in enumerate(countries)]
    return sheet("CRM", ("Account ID", "Country", "MRR"), *rows)


def found(*sheets, **wishes):
    return read_sources((), IntakeOptions(wishes=Wishes(**wishes)), sheets)


def countries_of(sources):
    trait = sources.customers.trait("Country")
    return [trait.values[code] for code in trait.codes]


LIST = customers(["Germany", "Bavaria", "GER", "France"] * 3)


@pytest.mark.parametrize(
    "mapping",
    [
        sheet("Values", ("Column", "Found", "Use"), ("Country", "Bavaria", "Germany")),
        sheet("Lists", ("Field", "From", "To"), ("country", "bavaria", "Germany")),
        sheet("Mapping", ("Value", "Standard"), ("Bavaria", "Germany")),
        sheet("Country mapping", ("Country", "Country (clean)"), ("Bavaria", "Germany")),
        sheet("Zuordnung", ("Spalte", "Wert", "Verwenden"), ("Country", "Bavaria", "Germany")),
    ],
    ids=lambda s: s.sheet,
)
def test_a_mapping_is_used_whatever_its_headers_are_called(mapping):
    sources = found(LIST, mapping)
    assert countries_of(sources) == ["Germany", "Germany", "Germany", "France"] * 3
    assert any(f"Read sheet '{mapping.sheet}'" in line for line in sources.taken)
    issue = next(i for i in sources.issues if i.kind == "mapped_value")
    assert [s.cell for s in issue.spots] == ["B3", "B7", "B11"]
    assert (issue.spots[0].before, issue.spots[0].after) == ("'Bavaria'", "'Germany'")


def test_a_list_of_periods_is_no_mapping():
    periods = sheet(
        "Prices",
        ("From", "To", "Price"),
        ("2025-01", "2025-06", 10.0),
        ("2025-07", "2025-12", 12.0),
    )
    sources = found(LIST, periods)
    assert not any("read as it says" in line for line in sources.taken)


def test_what_was_typed_wins_over_the_sheet():
    mapping = sheet("Mapping", ("Column", "Found", "Use"), ("Country", "Bavaria", "Germany"))
    sources = found(LIST, mapping, mapping={"country": {"bavaria": "Free State"}})
    assert countries_of(sources)[1] == "Free State"


def test_two_targets_for_one_value_are_named_and_the_first_counts():
    mapping = sheet(
        "Mapping",
        ("Column", "Found", "Use"),
        ("Country", "Bavaria", "Germany"),
        ("Country", "BAVARIA", "Bayern"),
    )
    sources = found(LIST, mapping)
    assert countries_of(sources)[1] == "Germany"
    assert [(i.sheet, i.cell) for i in sources.issues if i.kind == "mapping_conflict"] == [
        ("Mapping", "C3")
    ]


def test_a_column_that_nobody_has_is_named():
    mapping = sheet("Mapping", ("Column", "Found", "Use"), ("Contry", "Bavaria", "Germany"))
    sources = found(LIST, mapping)
    assert [(i.cell, i.kind) for i in sources.issues if i.sheet == "Mapping"] == [
        ("A2", "mapping_column")
    ]


def test_a_mapping_that_is_switched_off_is_not_used():
    mapping = sheet("Mapping", ("Column", "Found", "Use"), ("Country", "Bavaria", "Germany"))
    sources = found(LIST, mapping, repairs_off=frozenset({"use_mapping"}))
    assert countries_of(sources)[1] == "Bavaria"
