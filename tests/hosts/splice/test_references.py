"""Whether a formula names one of our tabs, in every way that programs write it."""

import pytest

from mapseg_xl.hosts.splice.references import named_in

TABS = ("Volume", "Survival & LTV", "Bob's", "Größe", "Q1")


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("Volume!A1", {"Volume"}),
        ("SUM(volume!$A$1:$B$2)", {"Volume"}),
        ("'Volume'!A1+'Survival &amp; LTV'!B2", {"Volume", "Survival & LTV"}),
        ("'Bob''s'!A1", {"Bob's"}),
        ("&apos;Bob&apos;&apos;s&apos;!A1", {"Bob's"}),
        ("GRÖSSE!A1", {"Größe"}),
        ("größe!A1", {"Größe"}),
        ("'Jan:Volume'!A1", {"Volume"}),
        ('INDIRECT("Volume!A1")', {"Volume"}),
        ("[1]Volume!A1", set()),
        ("'[Book1.xlsx]Volume'!A1", set()),
        ("MyVolume!A1", set()),
        ("'My Volume'!A1", set()),
        ("Volumes!A1", set()),
        ("FAQ1!A1", set()),
        ("Volume", set()),
        ("!A1", set()),
    ],
)
def test_a_tab_is_found_however_it_is_written(formula, found):
    assert named_in(formula, TABS) == found
