"""Values written in several ways become one; values that only look alike never do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.intake.alignment.places import COUNTRIES, STATES, country_of, state_of
from mapseg_xl.intake.alignment.size_bands import band_of
from mapseg_xl.intake.alignment.spellings import likely_typos, spelling_key
from mapseg_xl.intake.alignment.values import aligned
from mapseg_xl.repairs import KNOWN_NAMES, MAPPING, SPELLINGS

NOTHING = frozenset()


def read(header, counts, off=NOTHING, mapping=None):
    found = aligned(header, counts, off, mapping or {})
    return {text: found.read(text) for text in counts}


def merged(header, *texts):
    return len(set(read(header, {t: 40 - i for i, t in enumerate(texts)}).values())) == 1


@pytest.mark.parametrize(
    ("header", "texts"),
    [
        ("Country", ("Germany", "germany ", "DE", "DEU", "Deutschland", "Allemagne")),
        ("Country", ("United States", "USA", "US", "U.S.", "United States of America")),
        ("Land", ("Österreich", "Oesterreich", "Austria", "AT")),
        ("State", ("California", "CA", "california")),
        ("Industry", ("SaaS", "Saas", "S.a.a.S", "saas")),
        ("Industry", ("Non-profit", "Nonprofit", "Non profit")),
        ("Region", ("São Paulo", "Sao Paulo")),
        ("Team size", ("11-50", "11 – 50", "11 to 50", "11-50 employees")),
        ("Team size", ("1,000+", "1000 or more", "1000+ employees")),
        ("Newsletter", ("yes", "Y", "TRUE", "Yes")),
    ],
)
def test_ways_of_writing_one_value_are_one(header, texts):
    assert merged(header, *texts)


@pytest.mark.parametrize(
    ("header", "texts"),
    [
        ("Country", ("Austria", "Australia")),
        ("Country", ("Niger", "Nigeria")),
        ("Country", ("Slovakia", "Slovenia")),
        ("Country", ("Iran", "Iraq")),
        ("Country", ("Ireland", "Iceland")),
        ("State", ("California", "Canada")),
        ("State", ("North Carolina", "South Carolina")),
        ("Team size", ("1-10", "11-10")),
        ("Team size", ("1-10", "110")),
        ("Team size", ("<50", ">50", "50+")),
        ("Plan", ("Plan A", "Plan B")),
        ("Plan", ("Pro", "Pro+")),
        ("Product", ("AB-100", "AB-10", "AB-1000", "AB100")),
        ("Language", ("C", "C++", "C#")),
        ("Team", ("IT", "It's")),
        ("Channel", ("Paid search", "Paid social")),
        ("Industry", ("Finance", "Fintech")),
        ("Currency", ("USD", "AUD")),
        ("Code", ("IN", "ID")),
    ],
)
def test_values_that_only_look_alike_stay_apart(header, texts):
    counts = {t: 1000 if i == 0 else 1 for i, t in enumerate(texts)}
    assert set(read(header, counts).values()) == set(texts)
    assert aligned(header, counts, NOTHING, {}).typos == {}


def test_codes_of_countries_stay_what_they_are_where_no_header_speaks_of_countries():
    counts = {"DE": 30, "Germany": 5, "IT": 20, "HR": 10}
    assert read("Department", counts) == {t: t for t in counts}


def test_the_commonest_name_is_the_one_that_is_kept():
    assert read("Country", {"DE": 90, "Germany": 3}) == {"DE": "DE", "Germany": "DE"}


def test_a_mapping_wins_over_the_commonest_name():
    mapping = {spelling_key("DE"): "Germany", spelling_key("Deutschland"): "Germany"}
    got = read("Country", {"DE": 90, "Deutschland": 5, "Germany": 3, "germany": 9}, mapping=mapping)
    assert set(got.values()) == {"Germany"}


def test_a_mapping_may_take_apart_what_we_would_merge():
    mapping = {spelling_key("SaaS"): "Software"}
    assert read("Industry", {"SaaS": 9, "Retail": 5}, mapping=mapping)["SaaS"] == "Software"


def test_a_value_that_people_mapped_to_itself_stays_apart():
    counts = {"Germany": 90, "Deutschland": 9, "DE": 5}
    got = read("Country", counts, mapping={spelling_key("DE"): "DE"})
    assert got == {"Germany": "Germany", "Deutschland": "Germany", "DE": "DE"}


def test_each_repair_can_be_switched_off():
    counts = {"Germany": 9, "germany": 2, "DE": 3}
    assert read("Country", counts, frozenset({SPELLINGS, KNOWN_NAMES})) == {t: t for t in counts}
    assert read("Country", counts, frozenset({KNOWN_NAMES}))["DE"] == "DE"
    mapping = {spelling_key("DE"): "Elsewhere"}
    assert read("Country", counts, frozenset({MAPPING}), mapping)["DE"] == "Germany"


def test_a_likely_slip_is_proposed_and_not_applied():
    counts = {"Healthcare": 120, "Helathcare": 2, "Healthcre": 1, "Retail": 80}
    found = aligned("Industry", counts, NOTHING, {})
    assert found.typos == {"Helathcare": "Healthcare", "Healthcre": "Healthcare"}
    assert found.read("Helathcare") == "Helathcare"


def test_a_slip_that_people_decided_on_is_not_proposed_again():
    mapping = {spelling_key("Helathcare"): "Helathcare"}
    assert aligned("Industry", {"Healthcare": 99, "Helathcare": 1}, NOTHING, mapping).typos == {}


def test_a_common_value_is_no_slip_of_another():
    assert likely_typos({"Premium": 200, "Premiun": 40}) == {}


def test_no_two_countries_share_a_name_and_no_state_is_two():
    assert len(set(COUNTRIES.values())) > 90
    assert len(set(STATES.values())) == 51
    assert country_of("Georgia") == "GE"
    assert state_of("Georgia") == "GA"


@given(st.integers(1, 999), st.integers(1, 9999))
def test_a_band_is_known_by_its_bounds_however_it_is_written(low, width):
    high = low + width
    forms = (
        f"{low}-{high}",
        f"{low} – {high:,} employees",
        f"{low} to {high}",
        f"{low} bis {high}",
    )
    assert {band_of(form) for form in forms} == {("-", low, high)}


@given(st.dictionaries(st.text(max_size=8), st.integers(1, 50), max_size=12))
def test_reading_a_value_twice_changes_nothing_more(counts):
    found = aligned("Industry", counts, NOTHING, {})
    assert {found.read(found.read(t)) for t in counts} == {found.read(t) for t in counts}


def test_signs_and_words_for_and_are_one_between_words_alone():
    found = aligned("Industry", {"Food & Beverage": 9, "Food and Beverage": 2}, NOTHING, {})
    assert found.read("Food and Beverage") == "Food & Beverage"
    assert aligned("Language", {"en": 9, "et": 5, "y": 2}, NOTHING, {}).read("et") == "et"
