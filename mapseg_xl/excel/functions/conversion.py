"""Winning customers: conversion, days to convert, opportunities won."""

from __future__ import annotations

from typing import Any

from mapseg_xl.excel.answering.answers import BadArguments
from mapseg_xl.excel.answering.bases import Base, segment_column, with_options
from mapseg_xl.excel.answering.figures import figure
from mapseg_xl.excel.arguments.cells import is_given, one_cell, one_day, one_number
from mapseg_xl.excel.arguments.columns import Asked
from mapseg_xl.excel.cell_function import Answer, Column, Day, Name, Number, cell_function
from mapseg_xl.metrics.conversion import CONVERSION, TIME_TO_CONVERT, WIN_RATE


def seg_conversion(
    segment: Column,
    converted: Column,
    which: Name = None,
    started: Column = None,
    window_days: Number = None,
    as_of: Day = None,
) -> Answer:
    """Share of leads or trials that became customers, open ones left out where start dates are given.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Industry].
    converted
        Who became a customer: yes and no, 1 and 0, or the date of it.
    which
        One segment, to get its share as a number. Left out: a table of all segments.
    started
        When each lead or trial started. With it, only those count that have had the whole window.
    window_days
        Days to convert in. Left out: the time in which nine of ten convert, else 30. "all": every one so far.
    as_of
        Count up to this day. Left out: the latest date in the columns.
    """
    columns = [
        segment_column(segment),
        Asked("converted", "converted", converted, day_or_flag=True),
    ]
    if is_given(started):
        columns.append(Asked("started", "trial_on", started))
    base = Base(tuple(columns), window(window_days), one_day(as_of, "as_of"))
    return figure(base, CONVERSION, which)


def seg_time_to_convert(
    segment: Column,
    started: Column,
    converted: Column,
    which: Name = None,
    window_days: Number = None,
    as_of: Day = None,
) -> Answer:
    """Days until half of those who convert have done so, those still open counted for as long as they were watched.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Industry].
    started
        When each lead or trial started: dates.
    converted
        When each became a customer: dates, empty for those who did not.
    which
        One segment, to get its days as a number. Left out: a table of all segments.
    window_days
        Days to convert in. Left out: the time in which nine of ten convert. "all": every one so far.
    as_of
        Count up to this day. Left out: the latest date in the columns.
    """
    columns = (
        segment_column(segment),
        Asked("started", "trial_on", started),
        Asked("converted", "converted_on", converted),
    )
    base = Base(columns, window(window_days), one_day(as_of, "as_of"))
    return figure(base, TIME_TO_CONVERT, which)


def seg_winrate(segment: Column, outcome: Column, which: Name = None) -> Answer:
    """Opportunities won over those decided; open ones are left out.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Deals[Industry].
    outcome
        Won or lost, or 1 and 0; anything else is a deal still open.
    which
        One segment, to get its share as a number. Left out: a table of all segments.
    """
    base = Base((segment_column(segment), Asked("outcome", "outcome", outcome)))
    return figure(base, WIN_RATE, which)


def window(given: Any) -> tuple[tuple[str, Any], ...]:
    """The option of a window of days; "all" counts everybody so far."""
    value = one_cell(given, "window_days")
    if isinstance(value, str) and value.strip().casefold() == "all":
        return with_options(window_all=True)
    days = one_number(value, "window_days")
    if days is not None and (days != int(days) or not 1 <= days <= 3650):
        raise BadArguments(f"window_days is {days:g}; write whole days, from 1 to 3650, or all.")
    return with_options(window_days=None if days is None else int(days))


FUNCTIONS = (
    cell_function(
        seg_conversion,
        "Convert",
        '=SEG_CONVERSION(Customers[Industry], Customers[Converted], "Agency", Customers[Trial start], 30)',
    ),
    cell_function(
        seg_time_to_convert,
        "Convert",
        '=SEG_TIME_TO_CONVERT(Customers[Industry], Customers[Trial start], Customers[Converted on], "Agency")',
    ),
    cell_function(
        seg_winrate, "Convert", '=SEG_WINRATE(Deals[Industry], Deals[Outcome], "Agency")'
    ),
)
