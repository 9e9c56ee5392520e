"""Every check of a table, in the order in which Data health tells of them."""

from __future__ import annotations

from mapseg_xl.intake.checking.calendars import calendars
from mapseg_xl.intake.checking.figures import figures
from mapseg_xl.intake.checking.gaps import gaps
from mapseg_xl.intake.checking.identifiers import identifiers
from mapseg_xl.intake.checking.looks import looks_at
from mapseg_xl.intake.checking.repeats import repeats
from mapseg_xl.intake.checking.wordings import wordings
from mapseg_xl.intake.columns.naming import name_column
from mapseg_xl.intake.columns.roles import RoleMap
from mapseg_xl.intake.tables import Issue, RawTable

_FEWEST_ROWS = 5


def checked(
    table: RawTable, found: RoleMap, day_first: bool | None, *, one_row_each: bool
) -> tuple[Issue, ...]:
    """What is odd in a table of customers, or of what they bought, at its cells; nothing is changed.

    `one_row_each`: a row is a customer, so that two rows of one are a mistake.
    """
    if len(table.rows) < _FEWEST_ROWS:
        return ()
    looks = looks_at(table, found)
    by_column = tuple(
        issue
        for look in looks
        for check in (identifiers, wordings, figures, gaps)
        for issue in check(look)
    )
    return (
        *repeats(looks, table, name_column(table, found), one_row_each=one_row_each),
        *by_column,
        *calendars(looks, day_first, one_row_each=one_row_each),
    )
