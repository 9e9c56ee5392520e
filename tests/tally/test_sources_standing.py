from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from mapseg_xl.intake.customers import read_sources
from mapseg_xl.intake.tables import FeedbackNote
from mapseg_xl.pipeline import model_of, origin_of
from mapseg_xl.tally.standing import sources_as_they_stood

LINES = """customer_id,order date,amount
a,2025-01-05,10
b,2025-06-05,20
c,2025-02-05,30
c,2025-07-01,40
"""


def orders(folder: Path, text: str = LINES):
    path = folder / "orders.csv"
    path.write_text(text, encoding="utf-8")
    return read_sources([path])


def test_orders_and_notes_point_at_the_customers_that_are_left(tmp_path):
    sources = orders(tmp_path)
    note = FeedbackNote(None, "", "", "slow", "", 2)
    sources = type(sources)(
        **{f: getattr(sources, f) for f in sources.__slots__} | {"feedback": (note,)}
    )
    then = sources_as_they_stood(sources, date(2025, 3, 1))
    assert then.customers.ids.tolist() == ["a", "c"]
    assert then.orders.customer.tolist() == [0, 1]
    assert then.orders.value.tolist() == [10, 30]
    assert then.feedback[0].customer == 1


def test_without_a_date_nothing_changes(tmp_path):
    sources = orders(tmp_path)
    assert np.array_equal(sources_as_they_stood(sources, None).orders.customer, [0, 1, 2, 2])


def test_the_fingerprint_covers_the_orders(tmp_path):
    before = origin_of(orders(tmp_path)).fingerprint
    swapped = LINES.replace("c,2025-02-05,30", "c,2025-02-05,40").replace("01,40", "01,30")
    assert origin_of(orders(tmp_path, swapped)).fingerprint != before


def test_orders_speak_of_customers_who_buy_again(tmp_path):
    assert model_of(orders(tmp_path)) == "repeat-purchase"
