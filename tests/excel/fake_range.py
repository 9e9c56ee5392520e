"""Ranges as xlwings hands them over on Windows, in an Excel that counts how often it is asked for cells."""

from dataclasses import dataclass, field
from types import SimpleNamespace

SHEET_ROWS = 1_048_576


@dataclass
class FakeSheet:
    """A sheet with columns of cells; `reads` counts the cells it has handed over, a range at a time."""

    columns: dict
    name: str = "Customers"
    book: object = field(default_factory=lambda: SimpleNamespace(name="team.xlsx"))
    reads: list = field(default_factory=list)
    table: object = None

    @property
    def used_range(self):
        last = max(map(len, self.columns.values()))
        return SimpleNamespace(last_cell=SimpleNamespace(row=last))

    def column(self, letter, first=1, last=SHEET_ROWS):
        return FakeRange(self, letter, first, last)


@dataclass
class FakeRange:
    """One column's cells from a row to a row. COM gives one cell as itself, several as tuples of rows."""

    sheet: FakeSheet
    letter: str
    row: int
    last: int

    @property
    def table(self):
        return self.sheet.table

    @property
    def shape(self):
        return (self.last - self.row + 1, 1)

    @property
    def address(self):
        return f"${self.letter}${self.row}:${self.letter}${self.last}"

    def resize(self, rows, _):
        return FakeRange(self.sheet, self.letter, self.row, self.row + rows - 1)

    @property
    def raw_value(self):
        self.sheet.reads.append((self.address, self.shape[0]))
        cells = self.sheet.columns[self.letter]
        held = [cells[r - 1] if r <= len(cells) else None for r in range(self.row, self.last + 1)]
        return held[0] if len(held) == 1 else tuple((v,) for v in held)
