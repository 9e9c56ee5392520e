"""Whatever the cells hold: well-formed customers, or one sentence for the user; never anything else."""

from __future__ import annotations

from datetime import date, datetime, time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mapseg_xl.errors import MapsegError
from mapseg_xl.intake.columns.role_words import CUSTOMER_ROLES
from mapseg_xl.intake.customers import build_customers, latest_plausible_date
from mapseg_xl.intake.health import health
from mapseg_xl.intake.tables import CellError

from .raw import raw

HEADERS = [
    *(role.name for role in CUSTOMER_ROLES),
    "Churn",
    "Plan",
    "Logins",
    "zip",
    "Notes",
    "=1+1",
]
CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["yes", "no", "won", "lost", "lead", "active", "churned", "", " ", "n/a", "-", "$5", "45%"]
    ),
    st.sampled_from(
        ["2024-01-05", "05/04/2024", "31/02/2025", "9999-12-31", "a@b.example", "1.200,50", "x1"]
    ),
    st.text(max_size=6),
    st.floats(),
    st.integers(-5, 60).map(float),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2110, 1, 1)),
    st.dates(date(2020, 1, 1), date(2026, 1, 1)).map(lambda d: datetime.combine(d, time(10))),
    st.just(CellError("#N/A")),
)


@st.composite
def tables(draw):
    headers = draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=5, unique=True))
    n = draw(st.integers(1, 12))
    return {h: draw(st.lists(CELLS, min_size=n, max_size=n)) for h in headers}


@settings(deadline=None, max_examples=150)
@given(tables())
def test_every_table_gives_well_formed_customers_or_a_sentence(columns):
    stopped = ""
    try:
        built = build_customers(raw(columns))
    except MapsegError as stop:
        stopped = str(stop)
    if stopped:
        assert stopped.startswith("Customers")
        return
    customers = built.customers
    assert len(customers.ids) == len(customers.rows) == len(customers.status) == customers.n
    assert set(customers.status.tolist()) <= {0, 1, 2, 3}
    assert all(len(array) == customers.n for array in customers.roles.values())
    assert len(built.guesses) == len(columns)
    for trait in customers.traits:
        assert len(set(trait.values)) == len(trait.values)
        assert set(trait.codes.tolist()) <= set(range(len(trait.values)))
    latest_plausible_date(customers)
    assert health(built.issues, customers.n).rows_used == customers.n


@settings(deadline=None, max_examples=60)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(columns, random):
    n = len(next(iter(columns.values())))
    columns = {**columns, "customer_id": [f"C{i}" for i in range(n)]}
    order = list(range(n))
    random.shuffle(order)
    try:
        one = build_customers(raw(columns)).customers
        other = build_customers(
            raw({h: [c[i] for i in order] for h, c in columns.items()})
        ).customers
    except MapsegError:
        return
    place = np.argsort(order)
    assert other.ids[place].tolist() == one.ids.tolist()
    assert other.status[place].tolist() == one.status.tolist()
    for trait, same in zip(one.traits, other.traits, strict=True):
        # of spellings equally common the first seen is shown, so compare without case
        shown = [trait.values[c].casefold() for c in trait.codes]
        assert [same.values[c].casefold() for c in same.codes[place]] == shown
