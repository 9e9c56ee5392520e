"""Makes the sample team workbook of Lessonry, a made-up company: `python -m examples.make_sample`."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

import numpy as np

from examples.lessonry.truth import TRAITS, Truth, make_truth

HERE = Path(__file__).parent
FLAT = (
    "customer_id", "created_on", "trial_on", "converted_on", "churned_on", "revenue_monthly",
    "gross_margin", "acquisition_cost", "channel", "owner", *TRAITS,
)  # fmt: skip


def write_flat(truth: Truth, path: Path) -> None:
    """One row a customer with every column, for tests and for whoever wants to check the stories."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(FLAT)
        lines.writerows(zip(*([_shown(v) for v in truth[name]] for name in FLAT), strict=True))


def _shown(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return "" if np.isnat(value) else str(value)
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.10g}"
    return value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flat", type=Path, help="also write one row a customer to this csv")
    options = parser.parse_args()
    truth = make_truth()
    if options.flat:
        write_flat(truth, options.flat)


if __name__ == "__main__":
    main()
