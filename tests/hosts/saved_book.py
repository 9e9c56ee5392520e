"""A save of the team's own workbook with its backup, as small as it can be: what is killed and failed in tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.hosts.splice.splicing import Spliced
from mapseg_xl.report.identity import keep
from mapseg_xl.report.plan import lay_out
from mapseg_xl.write_back import Place, Written, opened, saved
from tests.report.small_report import BIG, SMALL, TOTAL, report


def book_of_ours(note: str) -> bytes:
    """A small workbook; another note makes another one."""
    return to_bytes(lay_out(keep(report(BIG, SMALL, TOTAL, memory={"note": note}), None)))


@dataclass(frozen=True)
class Change:
    """An old and a new workbook, and the file that is to become the new one."""

    path: Path
    old: bytes
    new: bytes

    def save(self) -> Written:
        """From reading the workbook to the end of the save."""
        return saved(opened(Place(self.path, self.path)), Spliced(self.new))

    @property
    def backups(self) -> list[Path]:
        """The backups that lie there."""
        return sorted(self.path.parent.glob("*.backup-*"))

    @property
    def leftovers(self) -> list[Path]:
        """What a save did not clear away."""
        return [p for p in self.path.parent.iterdir() if p.name.startswith(".")]

    def check(self) -> None:
        """The file is the old one or the new one; a backup is the old one, and there where the file is new."""
        now = self.path.read_bytes()
        assert now in (self.old, self.new), f"torn: {len(now)} bytes"
        for backup in self.backups:
            assert backup.read_bytes() == self.old
        assert now == self.old or self.backups


def change_in(folder: Path) -> Change:
    """A workbook in a folder, about to be changed."""
    change = Change(folder / "team.xlsx", book_of_ours("old"), book_of_ours("new"))
    change.path.write_bytes(change.old)
    return change
