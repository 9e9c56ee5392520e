import numpy as np
import pytest

from mapseg_xl.errors import InputError, MissingColumn, UnknownSegment
from mapseg_xl.measure.membership import evaluate
from mapseg_xl.measure.parsing import parse_rule
from tests.measure.people import customers, trait

DAY = "datetime64[D]"
BASE = customers(
    trait("Industry", ["Agencies", "Dentist", " agencies ", None, "Realtor"]),
    trait("size", ["1-10", "11-50", "1-10", None, "11-50"], numbers=np.array([5, 20, 10, np.nan, 50.0])),
    trait("zip", ["007", "7", "1200", "x", None]),
    trait("seats", ["3", "10", "10.0", None, "250"]),
    trait("seen", ["2026-01-01", "2026-02-01 10:00", None, None, "2025-12-31"]),
    trait("=7771+industry", ["=1+1", "+2", "@x", "=1+1", None]),
    headers={
        "tenure_months": "Tenure", "churned": "Left?", "converted_on": "Won on", "channel": "Came by",
        "revenue_monthly": "MRR",
    },
    tenure_months=np.array([0, 12, 24, np.nan, 36.0]),
    churned=np.array([1, 0, -1, 0, 1], np.int8),
    converted_on=np.array(["2026-01-31", "NaT", "2025-01-01", "2026-06-30", "NaT"], DAY),
    channel=np.array(["Ads", "ads", "", "Fair", "Ads"], object),
    revenue_monthly=np.array([1.5, 2.0, np.nan, 0.0, -1.0]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("Industry = agencies", [0, 2]),
        ("industry = ' AGENCIES '", [0, 2]),
        ("Industry <> agencies", [1, 3, 4]),
        ("Industry in (dentist, (blank))", [1, 3]),
        ("Industry is blank", [3]),
        ("Industry = '(blank)'", [3]),
        ("Industry = ''", [3]),
        ("Industry is not blank", [0, 1, 2, 4]),
        ("size = '11-50'", [1, 4]),
        ("size = 20", [1]),
        ("size >= 10", [1, 2, 4]),
        ("size between 10 and 20", [1, 2]),
        ("size is blank", [3]),
        ("zip = 7", [1]),
        ("zip = 007", [0]),
        ("zip = 1200.0", [2]),
        ("seats > 9.5", [1, 2, 4]),
        ("seats = 10.00", [1, 2]),
        ("seen >= 2026-01-01", [0, 1]),
        ("seen < 2026-01-01", [4]),
        ("Tenure < 24", [0, 1]),
        ("tenure_months is blank", [3]),
        ("tenure = 12", [1]),
        ("Left? = yes", [0, 4]),
        ("churned = no", [1, 3]),
        ("churned is blank", [2]),
        ('"Won on" > 2025-12-31', [0, 3]),
        ('"Won on" = 2026-01-31', [0]),
        ('"won on" is blank', [1, 4]),
        ("Came by = ads", [0, 1, 4]),
        ("channel is blank", [2]),
        ("MRR between -1 and 0", [3, 4]),
        ("\"=7771+industry\" = '=1+1'", [0, 3]),
        ("Industry = agencies and size < 10 and seats <= 3", [0]),
    ],
)
def test_holds_for_the_right_rows(rule, rows):
    assert np.flatnonzero(evaluate(parse_rule(rule), BASE)).tolist() == rows


@pytest.mark.parametrize(
    ("rule", "error", "message"),
    [
        (
            "Industry = Agency", UnknownSegment,
            "Segment 'Agency' is not in Customers[Industry]. The values are ",
        ),
        ("Industry in (Dentist, Plumber)", UnknownSegment, "Segment 'Plumber' is not in Customers[Industry]."),
        ("industri = Dentist", MissingColumn, "Customers has no column 'industri'. Did you mean 'Industry'"),
        ("colour = red", MissingColumn, "Customers has no column 'colour'. The columns are Industry, size,"),
        ("Industry > 5", InputError, "Customers[Industry] holds text that cannot be compared as numbers: 'Agencies',"),
        ("zip > 5", InputError, "cannot be compared as numbers: 'x'. Use = or in"),
        ("seats > many", InputError, "Customers[seats] cannot be compared with 'many': after > write a number"),
        ("Industry > 2026-01-01", InputError, "cannot be compared as dates"),
        ('"Won on" > 5', InputError, "Customers[Won on] holds dates, and '5' is none. Write it as 2026-01-31."),
        ("MRR = 77", UnknownSegment, "Segment '77' is not in Customers[MRR]. No row holds that number"),
        ("MRR = lots", UnknownSegment, "Segment 'lots' is not in Customers[MRR]."),
    ],
)  # fmt: skip
def test_says_what_cannot_be_matched(rule, error, message):
    with pytest.raises(error) as raised:
        evaluate(parse_rule(rule), BASE)
    assert message in str(raised.value)


def test_leaves_the_customers_as_they_were():
    before = [t.codes.copy() for t in BASE.traits]
    evaluate(parse_rule("Industry <> agencies and size < 10 and churned = yes"), BASE)
    assert all((b == t.codes).all() for b, t in zip(before, BASE.traits, strict=True))


def test_an_unknown_value_names_the_first_values_the_nearest_first():
    base = customers(trait("Industry", ["Dentist", "Realtor", "Plumber", "Agencies"]))
    with pytest.raises(UnknownSegment) as raised:
        evaluate(parse_rule("industry = agency"), base)
    assert str(raised.value) == (
        "Segment 'agency' is not in Customers[Industry]. The values are Agencies, Dentist, Realtor (and 1 more)."
    )
