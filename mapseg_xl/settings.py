"""Every threshold and default of a run, in one place. All of them are the user's to change."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mapseg_xl.errors import InputError
from mapseg_xl.repairs import NAMES

WINDOWS_DAYS = (7, 14, 30, 60, 90, 180, 365)
MODELS = ("self-serve", "sales-led", "repeat-purchase", "marketplace")
UNDER_CONTRACT = ("self-serve", "sales-led")  # there an invoice is no purchase
CRITERIA = ("conversion", "value", "stickiness", "cost", "market", "winnability")
SCORED = (  # what anchors are given for: figures, and answers about the market
    *("conversion", "value", "stickiness", "payback_months", "cost_index"),
    *("reachable", "growth", "scalable_channel", "headroom_used", "competition", "roadmap_fit"),
)


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
    repairs_off: tuple[str, ...] = ()  # names of repairs that are not made; Data health lists them
    leave_out_test_accounts: bool = (
        False  # rows whose name speaks of a test; else counted, and named
    )
    merge_likely_typos: bool = False  # Helathcare as Healthcare; else only proposed

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

    most_segments: int = 3  # that we can serve at once: so many may be called Focus
    weights: Mapping[str, float] = field(default_factory=dict)  # criterion -> weight; else by model
    anchors: Mapping[str, tuple[float, float]] = field(
        default_factory=dict
    )  # what is scored -> its worst and best figure
    plan_growth: float = 0.50  # customers the plan adds in a segment, as a share of those it has
    max_headroom_used: float = 1.0  # customers the plan needs over those left to win
    max_payback_months: float | None = None  # empty: by model
    min_candidate_units: int | None = None  # trials, decided or customers; empty: by model
    reruns: int = 10_000  # draws of weights and figures
    ordered_weights: bool = False  # draw only weights in the preset's order of importance

    add_up_both_ways: bool = False  # several matches both ways are one customer each
    accept_pairs_from: float | None = None  # likely pairs joined unasked; empty: none

    folds: int = 200
    fold_rows_below: int = 1000  # under this many rows each row is a fold of its own
    bootstrap_draws: int = 2000
    salt: str = "mapseg"
    seed: int = 20260101
    proposal_size_exponent: float = (
        0.5  # a in n^a (p - p0): 1 favours large segments (WRAcc), 0 small
    )
    proposal_conditions: int = 3  # most conditions of a rule
    proposal_beam: int = 40  # rules of two conditions that are tried with a third
    proposal_chance: float = 0.05  # of proposing anything where no segment differs
    proposal_margin: float = 0.01  # ... of a condition more where the shorter rule is all there is
    proposal_least_base: int = 200  # units: below, nothing is proposed
    proposal_least_units: int = 60  # units a rule needs in all ...
    proposal_least_half: int = 30  # ... and on each half, of which one finds and the other judges
    proposal_most_share: float = 0.6  # of the units: above, a rule is nearly everybody
    proposal_new: float = 0.5  # of a rule's customers that must be in no rule found before it
    proposal_most: int = 5  # proposals
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
        _check_switches(self, where)
        if self.day_first not in (None, True, False):
            raise InputError(f"{where}: day_first is {self.day_first!r}; write true or false.")
        if not isinstance(self.add_up_both_ways, bool):
            wrong = self.add_up_both_ways
            raise InputError(f"{where}: add_up_both_ways is {wrong!r}; write true or false.")
        ranges: dict[str, tuple[float, float]] = {
            "gross_margin": (-10, 1),
            "annual_discount": (0, 10),
            "horizon_months": (1, 240),
            "window_days": (1, 3650),
            "rmst_months": (0.5, 600),
            "confidence": (0.5, 0.999),
            "false_discovery_rate": (0.001, 0.5),
            "proposal_size_exponent": (0, 1),
            "proposal_conditions": (1, 3),
            "proposal_beam": (1, 1000),
            "proposal_chance": (0.0001, 0.5),
            "proposal_margin": (0.0001, 0.5),
            "proposal_least_base": (20, 1_000_000),
            "proposal_least_units": (10, 1_000_000),
            "proposal_least_half": (5, 1_000_000),
            "proposal_most_share": (0.01, 1),
            "proposal_new": (0, 1),
            "proposal_most": (0, 20),
            "most_segments": (1, 3),
            "plan_growth": (0, 100),
            "max_headroom_used": (0, 100),
            "max_payback_months": (0, 240),
            "min_candidate_units": (1, 1_000_000),
            "reruns": (100, 100_000),
            "accept_pairs_from": (70, 99),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise InputError(f"{where}: {name} is {value!r}, which is not a number.")
            if not low <= value <= high:
                raise InputError(f"{where}: {name} is {value}; it must lie from {low} to {high}.")
        check_priorities(self.weights, self.anchors, where)


def _check_switches(settings: Settings, where: str) -> None:
    """Raise `InputError` for a repair nobody knows, or a yes or no that is neither."""
    off = settings.repairs_off
    if not isinstance(off, tuple | list) or not all(isinstance(name, str) for name in off):
        raise InputError(f'{where}: repairs_off is a list of names: repairs_off = ["{NAMES[0]}"].')
    for name in off:
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, 1)
            hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(NAMES)}."
            raise InputError(f"{where}: repairs_off: there is no repair '{name}'. {hint}")
    for name in ("leave_out_test_accounts", "merge_likely_typos"):
        if not isinstance(value := getattr(settings, name), bool):
            raise InputError(f"{where}: {name} is {value!r}; write true or false.")


def check_priorities(weights: Any, anchors: Any, where: str) -> None:
    """Raise `InputError` for weights or anchors of the scoring that cannot be used."""

    def number(value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    if not isinstance(weights, Mapping) or not isinstance(anchors, Mapping):
        raise InputError(f"{where}: weights and anchors are tables: weights = {{value = 25}}.")
    for name, weight in weights.items():
        if name not in CRITERIA:
            raise InputError(f"{where}: weights: '{name}' is none of {', '.join(CRITERIA)}.")
        if not number(weight) or weight < 0:
            raise InputError(f"{where}: the weight of {name} is {weight!r}; write 0 or more.")
    for name, pair in anchors.items():
        if name not in SCORED:
            raise InputError(f"{where}: anchors: '{name}' is none of {', '.join(SCORED)}.")
        two = isinstance(pair, list | tuple) and len(pair) == 2 and all(map(number, pair))
        if not two or pair[0] == pair[1]:
            raise InputError(f"{where}: anchors of {name}: write [worst, best], two numbers.")


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
