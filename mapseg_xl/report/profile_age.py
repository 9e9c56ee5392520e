"""On which data the words of each Profile were written: remembered by a print of them, never the words. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from zlib import crc32

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.names import profile

WRITTEN = "profiles written"  # in the workbook's memory


def written_profiles(
    earlier: Previous | None, letters: Mapping[str, str], last: date | None
) -> dict[str, tuple[str, date]]:
    """By letter: a print of what is typed on the Profile, and the day of the data its writer had before them.

    Words that are new since `last`, the last run, were written on its workbook.
    """
    if earlier is None or last is None:
        return {}
    known = json.loads(earlier.memory.get(WRITTEN, "{}"))
    homes = earlier.homes
    found: dict[str, tuple[str, date]] = {}
    for letter in letters.values():
        words = sorted(
            f"{key[1:]} {value}"
            for key, value in homes.items()
            if key[0] == profile(letter) and value not in (None, "")
        )
        if words:
            made = f"{crc32('|'.join(words).encode('utf-8', 'surrogatepass')):08x}"
            before = known.get(letter, ["", ""])
            day = date.fromisoformat(before[1]) if before[0] == made else last
            found[letter] = made, day
    return found


def written_memory(findings: Findings) -> dict[str, str]:
    """What to remember of the Profiles' words."""
    rows = {k: [made, day.isoformat()] for k, (made, day) in sorted(findings.written.items())}
    return {WRITTEN: json.dumps(rows, separators=(",", ":"))} if rows else {}
