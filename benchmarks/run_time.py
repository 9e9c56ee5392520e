"""A whole `mapseg run` beside what an analyst would write instead, in one run: `python benchmarks/run_time.py [ROWS]`.

Each is its own process; CPU seconds and peak memory are the operating system's. Three rounds in turn, the median
is printed and written to `docs/speed.md`. Ratios are worth quoting, single seconds are not.
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
ROWS = 100_000
TEAM = "mapseg run, the sample team's sheets, 6,000 customers"
NAIVE = "pandas + openpyxl, five group-bys"
OTHERS = "200 cells that each ask"  # where the page goes on with what another benchmark measured
PAGE = Path(__file__).parents[1] / "docs" / "speed.md"
SAMPLE = Path(__file__).parents[1] / "examples" / "lessonry-team.xlsx"
TOKENS = """
import sys, zipfile
from xml.parsers import expat
with zipfile.ZipFile(sys.argv[1]) as book:
    for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        expat.ParserCreate().Parse(book.read(part), True)
"""
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
    with xlsxwriter.Workbook(path) as book:  # texts shared, as Excel saves them
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


def table(rows: int, seen: dict[str, list[tuple[float, float]]]) -> str:
    """The page of `docs/`: a line a contestant, seconds beside those of the script by hand."""
    cpu = {name: statistics.median(c for c, _ in runs) for name, runs in seen.items()}
    peak = {name: max(m for _, m in runs) for name, runs in seen.items()}
    lines = [
        "# Speed",
        "",
        (
            f"{rows:,} rows x 15 columns of .xlsx, whole processes, median of {ROUNDS}; measured by "
            "`python benchmarks/run_time.py`."
        ),
        "",
        "| what | CPU seconds | times the script by hand | peak MB |",
        "|---|---|---|---|",
        *(
            f"| {name} | {cpu[name]:.1f} | {'–' if name == TEAM else f'{cpu[name] / cpu[NAIVE]:.2f}'} "
            f"| {peak[name]:.0f} |"
            for name in seen
        ),
        "",
        (
            "From the second round on both runs of mapseg also read the workbook of the round before, as they do "
            "for people who run again."
        ),
        "",
        (
            "A sheet of nothing but values (numbers, texts, yes or no, dates) is read by numpy, a column at a "
            "time; one with formulas, errors or rich text by the general reader, which takes three times as long."
        ),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "customers.xlsx"
        write_customers(source, rows)
        by = [option for name in CHOICES for option in ("--segment-by", name)]
        mapseg = str(Path(sys.executable).with_name("mapseg"))
        contestants = {
            "mapseg run, whole workbook": [mapseg, "run", str(source), *by],
            TEAM: [mapseg, "run", str(SAMPLE), "--out", str(Path(folder) / "team.xlsx")],
            "expat, tokens of the XML alone": [sys.executable, "-c", TOKENS, str(source)],
            NAIVE: [sys.executable, "-c", BY_HAND, str(source)],
        }
        seen: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            for name, command in contestants.items():
                seen[name].append(measured(command))
    page = table(rows, seen)
    print(page)
    if rows == ROWS:
        _, mark, cells = PAGE.read_text(encoding="utf-8").partition(OTHERS)
        PAGE.write_text(page + (f"\n{mark}{cells}" if mark else ""), encoding="utf-8")


if __name__ == "__main__":
    main()
