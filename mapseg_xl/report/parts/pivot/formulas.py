"""The live figures of a cluster pivot: share, rate, index and its range, each from two counts and those of all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.metrics.base import Metric
from mapseg_xl.report.spec import Formula, Ref, Span, quoted
from mapseg_xl.report.spoken import fixed, spoken
from mapseg_xl.settings import Settings
from mapseg_xl.stats.intervals import normal_quantile


@dataclass(frozen=True, slots=True)
class Sums:
    """Numerator and denominator of a rate."""

    events: float
    n: float


@dataclass(frozen=True, slots=True)
class Base:
    """The metric, and where the numerator and denominator of everybody stand."""

    metric: Metric
    settings: Settings
    sums: Sums
    table: str
    events: str  # column keys
    n: str

    @property
    def least(self) -> int:
        """What a side must reach to be compared: its denominator, or the events expected of it."""
        least: int = getattr(self.settings, self.metric.least)
        return least


def sum_of(refs: Sequence[Ref], value: float) -> Formula:
    """Cells added one by one, for others stand between them."""
    names: dict[str, Ref | Span] = {f"a{at}": ref for at, ref in enumerate(refs)}
    return Formula("+".join(f"{{{name}}}" for name in names), value, names)


def share_of(part: Ref, whole: Ref, value: float) -> Formula:
    """A count over that of everybody."""
    return Formula('IF({whole}>0,{part}/{whole},"")', value, {"part": part, "whole": whole})


@dataclass(frozen=True, slots=True)
class Counted:
    """A cell of the page with its two counts."""

    base: Base
    row: str  # row key
    column: str  # number of the column
    sums: Sums

    @property
    def refs(self) -> dict[str, Ref | Span]:
        """Its counts and those of everybody."""
        table = self.base.table
        return {
            "e": Ref(table, self.row, f"e{self.column}"),
            "d": Ref(table, self.row, f"d{self.column}"),
            "E": Ref(table, "ALL", self.base.events),
            "D": Ref(table, "ALL", self.base.n),
        }

    def rate(self) -> Formula:
        """Numerator over denominator."""
        value = self.sums.events / self.sums.n if self.sums.n else None
        return Formula('IF({d}>0,{e}/{d},"")', value, self.refs)

    def rate_words(self, format_: str, counted: tuple[str, str]) -> Formula:
        """The rate in words; of a small cell how many it has."""
        said = spoken(self.rate(), format_)
        few, too_few = self._few(*counted)
        small = self._sides_now()[0] < self.base.least
        if not isinstance(said, Formula):
            return Formula(few, self._few_now(counted), self.refs)
        value = self._few_now(counted) if small else said.value
        return Formula(f"IF({too_few},{few},{said.text})", value, self.refs)

    def index(self) -> Formula:
        """The rate over everyone else's, 100 = the same; nothing where a side is too small."""
        text = f'IF(AND({self._enough()},{{E}}>{{e}}),{_INDEX},"")'
        return Formula(text, self._index_now(), self.refs)

    def range_words(self, counted: tuple[str, str]) -> Formula:
        """The plausible range of the index in words; for a small cell how many it has."""
        z = normal_quantile(self.base.settings.confidence)
        low, high = (f"FIXED({_INDEX}*EXP({sign}{z!r}*{self._error()}),0)" for sign in ("-", ""))
        few, too_few = self._few(*counted)
        text = (
            f'IF({too_few},{few},IF(OR({{e}}<=0,{{E}}<={{e}},NOT({self._others_enough()})),"",'
            f'{low}&" – "&{high}))'
        )
        return Formula(text, self._range_now(counted), self.refs)

    # The same in numbers, for the cached values.

    def _by_events(self) -> bool:
        return self.base.metric.by_events

    def _enough(self) -> str:
        own = "{d}*{E}/{D}" if self._by_events() else "{d}"
        return f"{own}>={self.base.least},{self._others_enough()}"

    def _others_enough(self) -> str:
        others = "({D}-{d})*{E}/{D}" if self._by_events() else "{D}-{d}"
        return f"{others}>={self.base.least}"

    def _few(self, one: str, many: str) -> tuple[str, str]:
        """How few there are in words, and when that is said."""
        if self._by_events():
            return 'FIXED({e},0)&" left"', f"{{d}}*{{E}}/{{D}}<{self.base.least}"
        words = f"IF({{d}}=1,{quoted(f'1 {one}')},FIXED({{d}},0)&{quoted(f' {many}')})"
        return words, f"{{d}}<{self.base.least}"

    def _sides_now(self) -> tuple[float, float]:
        own, whole = self.sums, self.base.sums
        scale = whole.events / whole.n if self._by_events() else 1.0
        return own.n * scale, (whole.n - own.n) * scale

    def _index_now(self) -> float | None:
        own, whole = self.sums, self.base.sums
        if min(self._sides_now()) < self.base.least or whole.events <= own.events:
            return None
        return 100 * (own.events / own.n) / ((whole.events - own.events) / (whole.n - own.n))

    def _range_now(self, counted: tuple[str, str]) -> str | None:
        own = self.sums
        if self._sides_now()[0] < self.base.least:
            return self._few_now(counted)
        index = self._index_now()
        if index is None or own.events <= 0:
            return None
        spread = math.exp(normal_quantile(self.base.settings.confidence) * self._error_now())
        return f"{fixed(index / spread, 0)} – {fixed(index * spread, 0)}"

    def _few_now(self, counted: tuple[str, str]) -> str:
        if self._by_events():
            return f"{fixed(self.sums.events, 0)} left"
        return f"{fixed(self.sums.n, 0)} {counted[0] if self.sums.n == 1 else counted[1]}"

    def _error(self) -> str:
        """Standard error of the index's logarithm (Katz et al. 1978; of rates the events alone)."""
        if self._by_events():
            return "SQRT(1/{e}+1/({E}-{e}))"
        return "SQRT(MAX(0,1/{e}-1/{d}+1/({E}-{e})-1/({D}-{d})))"

    def _error_now(self) -> float:
        own, whole = self.sums, self.base.sums
        error = 1 / own.events + 1 / (whole.events - own.events)
        if not self._by_events():
            error -= 1 / own.n + 1 / (whole.n - own.n)
        return math.sqrt(max(0.0, error))


_INDEX = "100*({e}/{d})/(({E}-{e})/({D}-{d}))"
