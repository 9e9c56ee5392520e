from datetime import date

import numpy as np

from mapseg_xl.intake.tables import Status
from mapseg_xl.tally.standing import as_they_stood
from tests.bases import customers, trait

BASE = customers(
    created_on=["2025-01-01", "2025-01-01", "2025-01-01", "2025-05-01", None],
    trial_on=["2025-01-05", "2025-04-01", "2025-01-05", "2025-05-02", None],
    converted_on=["2025-02-01", None, "2025-04-01", "2025-05-03", "2025-02-01"],
    converted=[1, 0, 1, 1, 1],
    churned_on=["2025-04-01", None, None, None, "2025-02-20"],
    churned=[1, 0, 0, 0, 1],
    traits=[trait("plan", list("ABABA"))],
)


def test_what_happened_later_is_undone_flags_too():
    then = as_they_stood(BASE, date(2025, 3, 1))
    assert then.status.tolist() == [
        Status.CUSTOMER,
        Status.LEAD,
        Status.TRIAL,
        Status.CHURNED,
    ]
    assert then.roles["churned"].tolist() == [0, 0, 0, 1]
    assert then.roles["converted"].tolist() == [1, 0, 0, 1]
    assert np.isnat(then.roles["churned_on"]).tolist() == [True, True, True, False]


def test_who_came_later_is_not_there():
    then = as_they_stood(BASE, date(2025, 3, 1))
    assert then.n == 4
    assert then.rows.tolist() == [2, 3, 4, 6]
    assert then.traits[0].codes.tolist() == [0, 1, 0, 0]


def test_a_late_day_and_no_day_leave_everything_as_it_is():
    for day in (None, date(2030, 1, 1)):
        then = as_they_stood(BASE, day)
        assert then.n == 5
        assert then.status.tolist() == BASE.status.tolist()
