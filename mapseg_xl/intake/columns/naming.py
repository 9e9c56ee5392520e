"""Which columns say a customer's name, also where no header that is known says so."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mapseg_xl.intake.columns.profiles import Profile
from mapseg_xl.intake.columns.role_words import header_words, word_set
from mapseg_xl.intake.columns.roles import RoleMap
from mapseg_xl.intake.tables import RawTable

_DIFFERENT = 0.8
_FILLED = 0.95
_LONGEST = 40.0  # letters of a name in the mean; notes are longer
_SHORTEST = 4.0
_NO_NAMES = word_set(
    "address street adresse strasse rue city stadt ville note notes comment comments remark remarks description phone"
    " telefon tel mobile url link path file token hash code key id uuid invoice order title subject quote"
)


def name_column(table: RawTable, found: RoleMap) -> int | None:
    """The column of the customers' names: the company, an id that is words, else short texts that nearly all differ."""
    if "company" in found.columns:
        return found.columns["company"]
    own = found.columns.get("customer_id")
    if own is not None and _is_words(found.profiles[own]) and _has_spaces(table, own):
        return own
    traits = (i for i, g in enumerate(found.guesses) if g.role == "trait")
    return next((i for i in traits if _is_name(table, i, found.profiles[i])), None)


def _is_name(table: RawTable, index: int, seen: Profile) -> bool:
    return (
        seen.filled >= _FILLED
        and _is_words(seen)
        and not set(header_words(table.headers[index])) & _NO_NAMES
        and seen.distinct >= _DIFFERENT * seen.seen
        and _has_spaces(table, index)
    )


def _is_words(seen: Profile) -> bool:
    mails = max(seen.emails, seen.domains)
    return seen.texts >= 0.9 and mails < 0.1 and _SHORTEST <= seen.mean_length <= _LONGEST


def _has_spaces(table: RawTable, index: int) -> bool:
    """Whether most texts are several words, as names are and codes are not."""
    texts = [v for v in pd.unique(table.columns[index]) if isinstance(v, str)]
    return bool(texts) and float(np.mean([" " in t.strip() for t in texts])) >= 0.5
