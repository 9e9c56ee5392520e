"""Every threshold and default of a run, in one place. All of them are the user's to change."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mapseg_xl.errors import InputError

WINDOWS_DAYS = (7, 14, 30, 60, 90, 180, 365)
MODELS = ("self-serve", "sales-led", "repeat-purchase", "marketplace")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run may be told. Shares are fractions, money is in the workbook's currency.

    Values without a source are proposals of this project, not laws of the field.
    """

    model: str = ""  # one of MODELS; empty: told from the columns
    as_of: date | None = None  # empty: the latest plausible date in the data
    window_days: int | None = None  # empty: told from the conversions seen
    window_all: bool = False  # count every conversion so far, matured or not
    day_first: bool | None = None  # how 03/04/2025 is meant; empty: told from the column
    currency: str = ""  # empty: the symbol found in the cells, else "$"

    gross_margin: float | None = None  # share of revenue kept; empty: unknown
    annual_discount: float = 0.10
    horizon_months: int = 36
    rmst_months: float | None = None  # tau; empty: the longest follow-up in the base

    confidence: float = 0.95
    false_discovery_rate: float = 0.05
    min_units: int = (
        30  # matured trials or customers, on each side, before a share or mean is judged
    )
    min_decided: int = 10  # decided opportunities
    min_at_risk: int = 10  # for a point on a curve
    min_expected_events: int = 5  # for a rate per customer-month
    min_new_customers: int = 10  # for an acquisition cost
    margin_share: float = 0.10  # a difference that matters: this part of min(p, 1-p) ...
    margin_share_floor: float = 0.01  # ... and never less than one point
    margin_money: float = 0.10  # of the value: money, months, counts
    margin_rate_low: float = 0.80  # rates per customer-month: ratio within these is the same
    margin_rate_high: float = 1.25
    shrink_weight: int = 50  # of everyone else's rate in a cautious estimate
    open_share: float = 0.20  # of units still open, above which the all-data rate is shown beside
    skew_small_n: int = 200  # under this many customers a mean of money is bootstrapped
    skew_top_share: float = 0.20  # ... or when the top 1 % hold more than this
    thin_n: int = 100  # under this a skewed mean's range is probably too narrow

    folds: int = 200
    fold_rows_below: int = 1000  # under this many rows each row is a fold of its own
    bootstrap_draws: int = 2000
    salt: str = "mapseg"
    seed: int = 20260101
    max_values: int = 20  # a trait with more values is counted, and compared only when named

    @property
    def discount_monthly(self) -> float:
        """Monthly rate that compounds to the annual one."""
        return float((1 + self.annual_discount) ** (1 / 12) - 1)

    def with_values(self, values: Mapping[str, Any], where: str) -> Settings:
        """These settings with some changed; an unknown name or impossible value is an `InputError`."""
        known = {f.name for f in dataclasses.fields(self)}
        for name in values:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                hint = f" Did you mean '{near[0]}'?" if near else ""
                raise InputError(f"{where}: there is no setting '{name}'.{hint}")
        changed = dataclasses.replace(self, **values)
        changed.check(where)
        return changed

    def check(self, where: str) -> None:
        """Raise `InputError` for a value outside its range, naming the setting."""
        if self.model and self.model not in MODELS:
            raise InputError(f"{where}: model '{self.model}' is none of {', '.join(MODELS)}.")
        if self.day_first not in (None, True, False):
            raise InputError(f"{where}: day_first is {self.day_first!r}; write true or false.")
        ranges: dict[str, tuple[float, float]] = {
            "gross_margin": (-10, 1),
            "annual_discount": (0, 10),
            "horizon_months": (1, 240),
            "window_days": (1, 3650),
            "rmst_months": (0.5, 600),
            "confidence": (0.5, 0.999),
            "false_discovery_rate": (0.001, 0.5),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise InputError(f"{where}: {name} is {value!r}, which is not a number.")
            if not low <= value <= high:
                raise InputError(f"{where}: {name} is {value}; it must lie from {low} to {high}.")


def read_settings(path: Path) -> dict[str, Any]:
    """The values of a settings file (TOML, one `name = value` a line)."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"{path.name}: there is no such settings file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name}: not a settings file ({error}). Write one 'name = value' a line."
        ) from None
