"""The converters of one column, together. Which column gets which is for roles to say."""

from __future__ import annotations

from mapseg_xl.intake.cleaning.cells import Cleaned
from mapseg_xl.intake.cleaning.clean_dates import dates
from mapseg_xl.intake.cleaning.clean_labels import flags, labels
from mapseg_xl.intake.cleaning.clean_numbers import numbers

__all__ = ["Cleaned", "dates", "flags", "labels", "numbers"]
