"""The cluster pivots: which two attributes are worth crossing, and how each pair of values performs."""

from __future__ import annotations

from mapseg_xl.intake.tables import Customers
from mapseg_xl.measure.pivots import Clusters
from mapseg_xl.metrics.base import Context
from mapseg_xl.tally.rows import Rows
from mapseg_xl.tally.tally import Tally


def find_clusters(customers: Customers, rows: Rows, whole: Tally, context: Context) -> Clusters:
    """Pivots of the traits that say most, and the affinities between all pairs of values."""
    return Clusters()
