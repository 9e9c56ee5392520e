"""From the measures of a summary table to figures that a tally takes: who excludes whom, what is of whom.

What the sheet leaves open is decided by what it says itself (a total, a rate that only one reading gives), else by
a rule that is said in words. Nothing is made up: a figure that does not follow is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from mapseg_xl.intake.tables import EVERYBODY

Raw: TypeAlias = Mapping[str, float]  # one segment's measures by name, e.g. "leads", "price sum"
LIFE = ("leads", "trials", "customers", "churned")
_FUNNEL = ("leads", "trials", "customers")
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Resolved:
    """The figures of each segment in order, and how they were read, by figure."""

    figures: tuple[dict[str, float], ...]
    remarks: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()  # why a rate or sum of the sheet is not used, in words


def resolved(lines: Sequence[Raw], *, crossed: bool, leads: bool) -> Resolved:
    """The figures of all segments, read in one and the same way.

    `crossed`: the counts stand under the values of a field, so they exclude each other. `leads`: who is counted
    without more are leads.
    """
    remarks: dict[str, str] = {}
    missing: list[str] = []
    given = frozenset(name for line in lines for name in line)
    filled = [
        {name: line.get(name, 0.0) for name in given if not _is_mean(name)} | dict(line)
        for line in lines
    ]
    made = _life(filled, given, remarks, crossed=crossed, leads=leads)
    for figures, line in zip(made, filled, strict=True):
        _deals(figures, line)
    _rates(made, filled, given, remarks, missing)
    _money(made, filled, given, remarks, crossed=crossed)
    return Resolved(tuple(made), remarks, tuple(dict.fromkeys(missing)))


def _is_mean(name: str) -> bool:
    return name.endswith((" mean", " rate", " spread"))


def _life(
    lines: Sequence[Raw],
    given: frozenset[str],
    remarks: dict[str, str],
    *,
    crossed: bool,
    leads: bool,
) -> list[dict[str, float]]:
    """Counts by place in the life cycle that exclude each other, with their sum."""
    if "customers now" in given:
        lines = [{**line, "customers": line["customers now"]} for line in lines]
        given = given | {"customers"}
        crossed = True
    there = [name for name in LIFE if name in given]
    if not there or there == ["churned"]:
        return [_of_all(line, given, remarks, leads=leads) for line in lines]
    if not crossed and _is_funnel(lines, given, there):
        remarks["customers"] = (
            "read as a funnel: each column counts those who went on as well. Where the columns exclude each other, "
            "add a column Total"
        )
        return [_from_funnel(line, given) for line in lines]
    if "converted" in given and "customers" not in given:
        lines = [
            {**line, "customers": line["converted"] - line.get("churned", 0.0)} for line in lines
        ]
        there = [*there, "customers"]
    return [_exclusive(line, there, given) for line in lines]


def _exclusive(line: Raw, there: Sequence[str], given: frozenset[str]) -> dict[str, float]:
    figures = {name: line.get(name, 0.0) for name in there}
    inside = sum(figures.values())
    size = max(line.get("size", inside), inside)
    if size > inside and "leads" not in there:
        figures["leads"] = size - inside
    figures["size"] = size if "leads" not in there else inside
    if {"leads", "trials"} & figures.keys() and {"customers", "churned"} & figures.keys():
        figures["started"] = figures["size"]
        figures["converted"] = figures.get("customers", 0.0) + figures.get("churned", 0.0)
    return figures


def _is_funnel(lines: Sequence[Raw], given: frozenset[str], there: Sequence[str]) -> bool:
    """Whether the counts hold each other: told by the sheet's own total or rate, else by their order."""
    steps = [name for name in _FUNNEL if name in there]
    if len(steps) < 2 or "customers" not in steps:
        return False
    if "size" in given and all(_near(line["size"], sum(line[n] for n in there)) for line in lines):
        return False
    if "conversion rate" in given:
        alone = _gives(lines, "conversion rate", _paying, lambda line: sum(line[n] for n in there))
        within = any(
            _gives(lines, "conversion rate", _named("customers"), _named(n)) for n in steps[:-1]
        )
        if alone != within:
            return within
    return all(line[a] >= line[b] for line in lines for a, b in pairwise(steps))


def _named(name: str) -> Callable[[Raw], float]:
    return lambda line: line[name]


def _paying(line: Raw) -> float:
    return line["customers"] + line.get("churned", 0.0)


def _from_funnel(line: Raw, given: frozenset[str]) -> dict[str, float]:
    steps = [line[name] for name in _FUNNEL if name in given]
    names = [name for name in _FUNNEL if name in given]
    figures: dict[str, float] = {}
    for name, here, after in zip(names, steps, [*steps[1:], 0.0], strict=True):
        figures[name] = max(here - after, 0.0)
    gone = line.get("churned")
    if gone is not None:
        figures["customers"], figures["churned"] = max(line["customers"] - gone, 0.0), gone
    figures["size"] = steps[0]
    figures["started"], figures["converted"] = steps[0], line["customers"]
    return figures


def _of_all(
    line: Raw, given: frozenset[str], remarks: dict[str, str], *, leads: bool
) -> dict[str, float]:
    """Counts told by who converted or left, of everybody; nothing else known: customers, or leads where called so."""
    figures: dict[str, float] = {}
    gone, won, size = line.get("churned"), line.get("converted"), line.get("size")
    if size is None and won is None:
        if gone is not None:
            figures["churned"] = gone
        return figures
    if won is not None:
        figures["customers"] = won - (gone or 0.0)
        if size is not None:
            figures |= {"leads": size - won, "started": size, "converted": won}
            tried = line.get("tried")
            if tried is not None and tried >= won:
                figures |= {"trials": tried - won, "leads": size - tried}
    elif size is not None:
        figures["leads" if leads else "customers"] = size - (gone or 0.0)
        if not leads and gone is None:
            remarks.setdefault("customers", EVERYBODY)
    if gone is not None:
        figures["churned"] = gone
    figures["size"] = size if size is not None else won or 0.0
    return figures


def _deals(figures: dict[str, float], line: Raw) -> None:
    """Opportunities by outcome; where nothing else tells the life cycle, the won ones are customers."""
    known = {name: line[name] for name in ("won", "lost", "open") if name in line}
    if "won" not in known or "lost" not in known:
        return
    figures |= known
    if not any(name in figures for name in LIFE):
        n = sum(known.values())
        figures |= {"customers": known["won"], "leads": n - known["won"], "size": n}
        figures |= {"started": n, "converted": known["won"]}


def _rates(
    made: Sequence[dict[str, float]],
    lines: Sequence[Raw],
    given: frozenset[str],
    remarks: dict[str, str],
    missing: list[str],
) -> None:
    """Counts from a rate and the count it is a share of, where no count says so itself."""
    if "conversion rate" in given:
        _refine_started(made, lines, remarks)
    wanted = (
        ("conversion rate", "converted", ("trials", "leads", "size"), "leads or trials"),
        ("win_rate rate", "won", ("decided",), "decided opportunities"),
        ("churned rate", "churned", ("customers", "size"), "customers"),
    )
    for rate, count, bases, of in wanted:
        if rate not in given or any(count in figures for figures in made):
            continue
        base = next((b for b in bases if b in given), None)
        if base is None:
            missing.append(
                f"the {rate.removesuffix(' rate').replace('_', ' ')} share without the number of {of}"
            )
            continue
        _from_rate(made, lines, (rate, count, base), remarks, missing)


def _refine_started(
    made: Sequence[dict[str, float]], lines: Sequence[Raw], remarks: dict[str, str]
) -> None:
    """Whether the sheet's own rate is of trials and not of leads: then conversion is counted so, too."""
    if not all(
        "converted" in figures and "trials" in line
        for figures, line in zip(made, lines, strict=True)
    ):
        return
    pairs = [
        {**line, "won": figures["converted"]} for figures, line in zip(made, lines, strict=True)
    ]
    of_trials = _gives(
        pairs, "conversion rate", lambda line: line["won"], lambda line: line["trials"]
    )
    of_all = all(
        _fits(line.get("conversion rate"), figures["converted"], figures["started"])
        for figures, line in zip(made, lines, strict=True)
    )
    if of_trials and not of_all:
        for figures, line in zip(made, lines, strict=True):
            figures["started"] = line["trials"]
        remarks["converted"] = "of trials, as the sheet's own rate is"


def _from_rate(
    made: Sequence[dict[str, float]],
    lines: Sequence[Raw],
    names: tuple[str, str, str],
    remarks: dict[str, str],
    missing: list[str],
) -> None:
    rate, count, base = names
    known = [(line.get(rate), line[base]) for line in lines]
    if not all(p is None or _fits(p, round(p * n), n) for p, n in known):
        missing.append(
            f"the {rate.removesuffix(' rate')} share: times {base} it gives no whole numbers"
        )
        return
    remarks[count] = f"the share times {base}, to whole numbers"
    for figures, (p, n) in zip(made, known, strict=True):
        if p is None:
            continue
        part = float(round(p * n))
        figures[count] = part
        if count == "converted":
            figures["started"] = n
            figures.setdefault("size", n)
            figures["customers"] = part - figures.get("churned", 0.0)
            figures["trials" if base == "trials" else "leads"] = n - part
        elif count == "churned" and "customers" in figures:
            figures["customers"] = max(figures["customers"] - part, 0.0)


def _money(
    made: Sequence[dict[str, float]],
    lines: Sequence[Raw],
    given: frozenset[str],
    remarks: dict[str, str],
    *,
    crossed: bool,
) -> None:
    if "price a year sum" in given and "price sum" not in given:
        lines = [{**line, "price sum": line["price a year sum"] / 12} for line in lines]
        given = given | {"price sum"}
        remarks["price"] = "a twelfth of the yearly figure"
    for what in ("price", "revenue", "months", "spend"):
        if not {f"{what} sum", f"{what} mean"} & given:
            continue
        count, who = _payers(what, made, lines, given, crossed=crossed)
        if count is None:
            continue
        if what in ("price", "revenue") and f"{what}_n" not in given:
            remarks[f"{what}_n"] = who
        for figures, line in zip(made, lines, strict=True):
            _sums(what, figures, line, count(figures, line))


def _payers(
    what: str,
    made: Sequence[dict[str, float]],
    lines: Sequence[Raw],
    given: frozenset[str],
    *,
    crossed: bool,
) -> tuple[Callable[[Raw, Raw], float | None] | None, str]:
    """Of how many customers a sum or mean is, and in words. A mean beside the sum tells; a count of prices, too."""
    if f"{what}_n" in given:
        return (lambda _, line: line.get(f"{what}_n")), "of those with an amount"
    ways: list[tuple[Callable[[Raw, Raw], float | None], str]] = [
        (
            lambda f, _: f.get("customers", 0.0) + f.get("churned", 0.0),
            "of all who ever became customers",
        ),
        (lambda f, _: f.get("customers"), "of those who are customers now"),
        (lambda f, _: f.get("size"), "of everybody counted"),
    ]
    if not any("customers" in figures for figures in made):
        ways = ways[2:]
    if {f"{what} sum", f"{what} mean"} <= given:
        for way, who in ways:
            pairs = [
                (line.get(f"{what} mean"), line[f"{what} sum"], way(f, line))
                for f, line in zip(made, lines, strict=True)
            ]
            if all(
                m is None or (n is not None and _mean_fits(m, total, n)) for m, total, n in pairs
            ):
                return way, who
    by_hand = f"{what} by hand" in given
    gone = any(f.get("churned") for f in made)
    return ways[1] if by_hand and gone and what == "price" and len(ways) > 1 else ways[0]


def _sums(what: str, figures: dict[str, float], line: Raw, n: float | None) -> None:
    total, mean = line.get(f"{what} sum"), line.get(f"{what} mean")
    if total is None and mean is not None and n is not None:
        total = mean * n
    if total is None:
        return
    figures[what] = total
    if what not in ("price", "revenue") or n is None:
        return
    figures[f"{what}_n"] = n
    spread = line.get(f"{what} spread")
    if spread is not None and n:
        figures[f"{what}_squares"] = (n - 1) * spread**2 + total**2 / n


def _gives(
    lines: Sequence[Raw],
    rate: str,
    above: Callable[[Raw], float],
    below: Callable[[Raw], float],
) -> bool:
    """Whether a rate of the sheet is this quotient in every line, as far as it was rounded."""
    return all(_fits(line.get(rate), above(line), below(line)) for line in lines)


def _fits(rate: float | None, part: float, whole: float) -> bool:
    """Whether a share as written is part of whole.

    >>> _fits(0.12, 41, 340), _fits(0.12, 45, 340), _fits(None, 1, 2)
    (True, False, True)
    """
    if rate is None or not whole:
        return True
    return abs(part / whole - rate) <= _rounding(rate) + 1e-9


def _mean_fits(mean: float, total: float, n: float) -> bool:
    return (n > 0 and abs(total / n - mean) <= max(_rounding(mean), 1e-6 * abs(mean)) + 1e-9) or (
        not n and not total
    )


def _rounding(value: float) -> float:
    """Half of the last digit that a number has.

    >>> _rounding(0.12), _rounding(41.0)
    (0.005, 0.5)
    """
    digits = f"{value:.12f}".rstrip("0")
    return _HALF * 10.0 ** -len(digits.split(".")[1])


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(1.0, abs(a))
