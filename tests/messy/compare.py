"""A run without options held against the truth. `python -m tests.messy.compare 1 200` tells where they differ."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from math import fsum
from pathlib import Path

import numpy as np

from mapseg_xl.errors import MapsegError
from mapseg_xl.intake.customers import read_sources
from mapseg_xl.intake.tables import Sources

from .truth import Truth
from .workbook import make_workbook


def differences(sources: Sources, truth: Truth) -> list[str]:
    """What a run found that is not so; empty where all is equal."""
    customers = sources.customers
    found = tuple(np.bincount(customers.status, minlength=4).tolist())
    wrong = []
    if found != truth.counts:
        wrong.append(f"counts {found}, true {truth.counts}")
    if truth.mrr is not None:
        wrong += _money("mrr", customers.roles.get("revenue_monthly"), truth.mrr)
    if truth.revenue is not None:
        held = customers.roles.get("revenue_total")
        if held is not None and "outcome" in customers.roles:
            held = held[customers.roles["outcome"] == 1]
        wrong += _money("revenue", held, truth.revenue)
    for header, counts in truth.segments.items():
        trait = customers.trait(header)
        if trait is None:
            wrong.append(f"segment {header} is no trait")
            continue
        n = np.bincount(trait.codes, minlength=len(trait.values))
        got = Counter({v: int(k) for v, k in zip(trait.values, n, strict=True) if k})
        if _folded(got) != _folded(counts):
            wrong.append(f"segment {header} {dict(got - counts)}, true {dict(counts - got)}")
    return wrong


def _folded(counts: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, n in counts.items():
        found[value.strip().casefold()] += n
    return found


def _money(name: str, held: object, true: float) -> list[str]:
    if held is None:
        return [f"{name} is nowhere, true {true:,.2f}"]
    got = fsum(np.nan_to_num(np.asarray(held, dtype=float)).tolist())
    return [] if abs(got - true) < 0.005 else [f"{name} {got:,.2f}, true {true:,.2f}"]


def judged(seed: int, folder: Path) -> tuple[Truth, list[str], tuple[str, ...]]:
    """One workbook: its truth, what differs, and what the run said of its sheets."""
    content, truth = make_workbook(seed)
    path = folder / f"team{seed}.xlsx"
    path.write_bytes(content)
    try:
        sources = read_sources([path])
    except MapsegError as error:
        return truth, [f"stopped: {error}"], ()
    return truth, differences(sources, truth), sources.taken


def main() -> None:
    """Seeds FROM to TO."""
    first, last = int(sys.argv[1]), int(sys.argv[2])
    began, bad = time.monotonic(), 0
    causes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, last):
            truth, wrong, taken = judged(seed, Path(folder))
            if wrong:
                bad += 1
                causes[f"{truth.layout}/{wrong[0].split()[0]}"] += 1
                sys.stdout.write(f"{seed} {truth.language} {truth.layout} {truth.sheets}\n")
                for text in wrong:
                    sys.stdout.write(f"    {text}\n")
                if "-v" in sys.argv:
                    sys.stdout.write("".join(f"      . {t}\n" for t in taken))
    sys.stdout.write(
        f"{bad} of {last - first} differ, {time.monotonic() - began:.0f} s; {causes}\n"
    )


if __name__ == "__main__":
    main()
