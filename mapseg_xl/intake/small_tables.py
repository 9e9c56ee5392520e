"""Tables that tell of no single customer: spend, market, feedback, my segments. What was left is said."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.intake.classify import Classified
from mapseg_xl.intake.key_columns import Keyed
from mapseg_xl.intake.readings import IntakeOptions
from mapseg_xl.intake.tables import Sources


def with_small_tables(
    sources: Sources, tables: Sequence[Classified], keys: Keyed, options: IntakeOptions
) -> Sources:
    """The sources with what the small tables say."""
    return sources
