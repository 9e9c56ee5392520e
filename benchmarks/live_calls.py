"""How many round trips to Excel the ribbon's run takes, tab by tab: `python benchmarks/live_calls.py`.

xlwings' own Windows code runs over stand-ins for Excel, which count; the seconds they take mean nothing. A round trip
to a real Excel takes a third of a millisecond to a few, by machine.
"""

import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "examples" / "lessonry-team.xlsx"


def main() -> None:
    """Counts a first run of the sample team's workbook, then one in which nothing has changed."""
    sys.path.insert(0, str(ROOT))
    from mapseg_xl.hosts.live import host as live
    from mapseg_xl.pipeline import find
    from mapseg_xl.report.identity import keep
    from mapseg_xl.report.plan import lay_out
    from mapseg_xl.report.report import build_report
    from mapseg_xl.request import Request
    from tests.hosts import com_excel

    report = build_report(find(Request((SAMPLE,))))
    with com_excel.windows() as engine, com_excel.book_in(engine) as (book, trips):
        marks: list[tuple[str, int]] = []
        live.write(
            lay_out(keep(report, None)), book, lambda what, _: marks.append((what, trips.total()))
        )
        marks.append(("", trips.total()))
        for (what, before), (_, after) in pairwise(marks):
            print(f"{after - before:7,}  {what}")
        print(f"{trips.total():7,}  all of a first run")
        trips.clear()
        found = live.previous_of(book)
        print(f"{trips.total():7,}  reading what was typed")
        trips.clear()
        again = live.write(lay_out(keep(report, found)), book)
        print(
            f"{trips.total():7,}  a second run in which nothing has changed; drawn again: {again.sheets}"
        )


if __name__ == "__main__":
    main()
