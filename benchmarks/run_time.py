"""A whole `mapseg run` beside what an analyst would write instead, in one run: `python benchmarks/run_time.py [ROWS]`.

Each is its own process; CPU seconds and peak memory are the operating system's. Three rounds in turn, the median
is printed. Ratios are worth quoting, single seconds are not.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

CHOICES = {
    "industry": ["Agencies", "Dentist", "Realtor", "Retail", "Software"],
    "country": ["US", "UK", "DE", "FR", "IN", "BR"],
    "channel": ["Search", "Social", "Partner", "Event"],
    "plan": ["Free", "Basic", "Pro"],
    "size": ["1-10", "11-50", "51-200", "200+"],
}
ROUNDS = 3
BY_HAND = """
import sys, pandas as pd
d = pd.read_excel(sys.argv[1], engine="openpyxl")
for by in ("industry", "country", "channel", "plan", "size"):
    d.groupby(by).agg(n=("converted", "size"), won=("converted", "mean"), lost=("churned", "mean"),
                      price=("revenue_monthly", "mean"))
"""


def write_customers(path: Path, rows: int) -> None:
    """A workbook of 15 columns; the same for the same number of rows."""
    draw = random.Random(1)
    numbers = ["seats", "logins", "tickets", "visits", "age"]
    head = ["customer_id", *CHOICES, *numbers, "tenure_months", "churned", "revenue_monthly"]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Customers")
        sheet.write_row(0, 0, [*head, "converted"])
        for row in range(rows):
            texts = [draw.choice(values) for values in CHOICES.values()]
            counts = [draw.randrange(200) for _ in numbers]
            life = [draw.randrange(60), draw.randrange(2), round(draw.lognormvariate(4, 1), 2)]
            sheet.write_row(row + 1, 0, [f"C{row}", *texts, *counts, *life, draw.randrange(2)])


def measured(command: list[str]) -> tuple[float, float]:
    """CPU seconds and peak megabytes of one process."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "customers.xlsx"
        write_customers(source, rows)
        by = [option for name in CHOICES for option in ("--segment-by", name)]
        mapseg = str(Path(sys.executable).with_name("mapseg"))
        contestants = {
            "mapseg run, whole workbook": [mapseg, "run", str(source), *by],
            "pandas + openpyxl, five group-bys": [sys.executable, "-c", BY_HAND, str(source)],
        }
        seen: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            for name, command in contestants.items():
                seen[name].append(measured(command))
    print(f"{rows:,} rows x 15 columns of .xlsx, median of {ROUNDS}")
    base = statistics.median(cpu for cpu, _ in seen["pandas + openpyxl, five group-bys"])
    for name, runs in seen.items():
        cpu = statistics.median(c for c, _ in runs)
        peak = max(m for _, m in runs)
        print(f"{name:36}{cpu:6.1f} CPU s  {cpu / base:5.2f} x  {peak:5.0f} MB")


if __name__ == "__main__":
    main()
