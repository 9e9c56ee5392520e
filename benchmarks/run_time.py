"""CPU seconds of a whole run on made-up customers, children too: `python benchmarks/run_time.py [ROWS]`."""

import csv
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

CHOICES = {
    "industry": ["Agencies", "Dentist", "Realtor", "Retail", "Software"],
    "country": ["US", "UK", "DE", "FR", "IN", "BR"],
    "channel": ["Search", "Social", "Partner", "Event"],
    "plan": ["Free", "Basic", "Pro"],
    "size": ["1-10", "11-50", "51-200", "200+"],
}


def write_customers(path: Path, rows: int) -> None:
    """A csv of 15 columns; the same for the same number of rows."""
    draw = random.Random(1)
    numbers = ["seats", "logins", "tickets", "visits", "age"]
    head = ["customer_id", *CHOICES, *numbers, "tenure_months", "churned", "revenue_monthly"]
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow([*head, "converted"])
        for row in range(rows):
            texts = [draw.choice(values) for values in CHOICES.values()]
            counts = [draw.randrange(200) for _ in numbers]
            life = [draw.randrange(60), draw.randrange(2), round(draw.lognormvariate(4, 1), 2)]
            out.writerow([f"C{row}", *texts, *counts, *life, draw.randrange(2)])


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "customers.csv"
        write_customers(source, rows)
        command = [str(Path(sys.executable).with_name("mapseg")), "run", str(source)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{rows:,} rows: {used.ru_utime + used.ru_stime:.1f} CPU s, {used.ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
