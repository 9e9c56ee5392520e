"""What customers said, from a sheet: the words, when, to whom, about what. What is of persons `privacy` takes out."""

from __future__ import annotations

import numpy as np

from mapseg_xl.intake import clean
from mapseg_xl.intake.columns.classify import Classified
from mapseg_xl.intake.columns.key_columns import Keyed, keyed
from mapseg_xl.intake.columns.kind_words import FEEDBACK, fields_of
from mapseg_xl.intake.joining.joints import best_joint
from mapseg_xl.intake.tables import Array, FeedbackNote, Issue


def read_feedback(
    told: Classified, customers: Keyed, day_first: bool | None
) -> tuple[tuple[FeedbackNote, ...], tuple[Issue, ...]]:
    """A note a row that has a quote; the customer as a row of the customers where a column names one.

    Other columns are not read.
    """
    table = told.table
    fields = fields_of(table, FEEDBACK)
    n = len(table.rows)
    keys = tuple(k for k in told.keys if k.index not in fields.values())
    joint = best_joint(customers, keyed(table, keys)) if keys else None
    who = joint.partners() if joint is not None else np.full(n, -1)
    issues = table.issues
    days: Array = np.full(n, "NaT", dtype="M8[D]")
    if "date" in fields:
        dated = clean.dates(table, fields["date"], day_first=day_first)
        days, issues = dated.values, (*issues, *dated.issues)
    texts = {}
    for field in ("team", "segment", "quote", "theme"):
        texts[field] = np.full(n, "", dtype=object)
        if field in fields:
            texts[field] = clean.labels(table, fields[field]).values
    notes = tuple(
        FeedbackNote(
            None if np.isnat(days[i]) else days[i].item(),
            texts["team"][i],
            texts["segment"][i],
            texts["quote"][i],
            texts["theme"][i],
            int(who[i]),
        )
        for i in np.flatnonzero(texts["quote"] != "").tolist()
    )
    return notes, issues
