"""Lays a table on the page grid: head, rows, looks, figure formats, rules. Internal to the layout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapseg_xl.report.layout.columns import (
    HEAD_PADDING_PX,
    PADDING_PX,
    RUNNING_ON,
    Laid,
    lay_columns,
)
from mapseg_xl.report.layout.draft import BODY, COUNTS_FIRST, NOTE, TABLE_HEAD, Draft, bare, current
from mapseg_xl.report.layout.lettering import wrap
from mapseg_xl.report.spec import Cell, Content, Formula, Input, Link, Row, Scalar, Section, Table
from mapseg_xl.report.styles import LOOKS, WORDS, aired, dashed, figure_format
from mapseg_xl.report.verbs import DataTable, NumberFormat, Rect, Rule

_LINE_POINTS, _AIR_POINTS, _TALLEST = {9: 11.5, 10: 12.75, 12: 15.0}, 5.0, 408.0
_MOST_LINES = 12  # longer texts wrap in their own cell, so that a page stays readable
_INPUT_FORMATS = {"money": "money.live", "text": "text", "choice": "text"}


def lay_table(draft: Draft, section: Section, table: Table, row: int) -> int:
    """Places a table with its first row at `row`; returns the first row below it."""
    return _Pen(draft, section, table, lay_columns(draft, section, table)).lay(row)


@dataclass(frozen=True, slots=True)
class _Pen:
    """One table on its way to the page."""

    draft: Draft
    section: Section
    table: Table
    columns: tuple[Laid, ...]

    def lay(self, row: int) -> int:
        if self.table.group_heads:
            row = self._group_heads(row)
        head_row = row
        if self.table.head:
            row = self._head(row)
        rows = self.table.rows
        for index, content in enumerate(rows):
            row = self._row(content, rows[index + 1].look if index + 1 < len(rows) else "", row)
        self.draft.orders[self.table.id] = tuple(content.key for content in rows)
        if self.table.filter and self.table.head and rows:
            last = self.columns[-1].column.at
            first = self.columns[0].column.at
            self.draft.filters.append(Rect(head_row, first + 1, row - 1, last + 1))
        if self.table.named:
            self._name(head_row, row - 1)
        return row

    def _name(self, head_row: int, last_row: int) -> None:
        """Makes it an Excel table, with what may be typed in each of its columns."""
        places = [laid.column.at + 1 for laid in self.columns]
        rect = Rect(head_row, places[0], last_row, places[-1])
        self.draft.named.append(DataTable(rect, self.table.named))
        for laid in self.columns:
            if laid.column.entry is not None:
                at = laid.column.at + 1
                cells = Rect(head_row + 1, at, last_row, at)
                self.draft.filled.append((cells, laid.column.entry))

    def _group_heads(self, row: int) -> int:
        self.draft.height(row, TABLE_HEAD)
        for text, first, last in self.table.group_heads:
            self.draft.put(row, first, text)
            self.draft.style(row, first, last, "head", "across")
            self.draft.rule(row, first, last, "rule")
        return row + 1

    def _head(self, row: int) -> int:
        draft, lines = self.draft, 1
        draft.style(row, self.section.first, self.section.last, "head")
        silent = False  # the column right of a title that is centred across both
        for laid in self.columns:
            at, title = laid.column.at, str(current(laid.column.title) or "")
            if laid.across:
                draft.style(row, at, at + 1, "across")
            elif not silent:
                draft.style(row, at, at, *_counts_look(at, "head"), *laid.looks)
            if title and not silent:
                head = draft.key(self.table.id, "", laid.column.key)
                draft.put(row, at, laid.column.title, head)
                needed = len(wrap(title, laid.room_px + PADDING_PX - HEAD_PADDING_PX, 9))
                if needed > 1 and not laid.across and at < COUNTS_FIRST:
                    draft.style(row, at, at, "wrap")
                    lines = max(lines, needed)
            silent = laid.across
        draft.height(row, {1: TABLE_HEAD, 2: 28.5}.get(lines, 4.5 + 12 * lines))
        draft.rule(row, self.section.first, self.section.last, "rule")
        return row + 1

    def _row(self, content: Row, following: str, row: int) -> int:
        """Places one row and, where a text runs out of its cells, the rows it continues on."""
        sub = content.look == "sub"
        self.draft.style(row, self.section.first, self.section.last, "sub" if sub else "body")
        self.draft.height(row, NOTE + 1.5 if sub else BODY)
        more = 0
        for laid in self.columns:
            if laid.column.key in content.cells:
                more = max(more, self._cell(laid, content, row))
        for extra in range(row + 1, row + more + 1):
            self.draft.height(extra, NOTE)
        self._rules(content, following, row + more)
        for laid in self.columns:
            entry = bare(content.cells.get(laid.column.key))
            if isinstance(entry, Input):
                reach = laid.cells if laid.column.format in RUNNING_ON else 1
                last = laid.column.at + reach - 1
                self.draft.rule(row, laid.column.at, last, "input.rule")
                self._hairline(row, last)
        if content.look == "total":
            self.draft.totals.add((self.table.id, content.key))
        self.draft.rows[self.table.id, content.key] = row, row + more
        return row + more + 1

    def _hairline(self, row: int, at: int) -> None:
        """White at the right end of an input, so that two beside each other are seen as two."""
        if at < self.section.last:
            place = Rect.cell(row, at + 1)
            self.draft.looks.append(Rule(place, "right", "white"))

    def _rules(self, content: Row, following: str, row: int) -> None:
        if following == "sub" or (content.look == "total" and not following):
            return
        colour = "base" if following == "total" else "light"
        self.draft.rule(row, self.section.first, self.section.last, colour)

    def _cell(self, laid: Laid, content: Row, row: int) -> int:
        """Places one cell; returns the number of rows below that its text needs."""
        draft, at = self.draft, laid.column.at
        cell = content.cells[laid.column.key]
        size, lines, cells = self._lines(laid, content)
        runs_on = len(lines) > 1 and cells > 1
        looks = (*_counts_look(at, "body"), *_looks(laid, content, cell))
        draft.style(row, at, at, *looks)
        if cells > 1 and (laid.column.format == "chip" or isinstance(bare(cell), Input)):
            draft.style(row, at, at + cells - 1, *looks, "across" if "centre" in looks else "")
        shown = lines[0] if runs_on else _shown(laid, cell)
        draft.put(row, at, shown, draft.key(self.table.id, content.key, laid.column.key))
        code = _format(laid, cell, draft.symbol)
        if code:
            draft.looks.append(NumberFormat(Rect.cell(row, at + 1), code))
        if runs_on:
            for extra, line in enumerate(lines[1:], start=row + 1):
                draft.put(extra, at, line)
                draft.style(extra, at, at, "body", *looks)
            return len(lines) - 1
        if len(lines) > 1:
            draft.style(row, at, at, "wrap")
            points = _LINE_POINTS.get(size, size * 1.3) * len(lines) + _AIR_POINTS
            draft.height(row, min(round(points / 0.75) * 0.75, _TALLEST))
        return 0

    def _lines(self, laid: Laid, content: Row) -> tuple[int, list[str], int]:
        """Font size, lines and reach of a cell's text: it runs over empty cells, else wraps in its own.

        Text too long for its run of cells goes on in rows below, because only one cell can wrap;
        not in a list with filter arrows, whose rows must stay whole, and not if it is live.
        """
        cell = content.cells[laid.column.key]
        text = current(cell)
        if isinstance(bare(cell), Input) and text is None and laid.column.format in RUNNING_ON:
            return 10, [""], laid.cells  # to be typed into
        if not isinstance(text, str) or laid.column.format not in WORDS:
            return 10, [""], 1
        look = LOOKS[cell.look] if isinstance(cell, Cell) and cell.look else None
        small = content.look == "sub" or laid.column.format == "chip"
        size = (look.size if look else None) or (9 if small else 10)
        heavy = laid.column.bold or content.look in ("chosen", "total") or bool(look and look.bold)
        cells, room = self._reach(laid, content)
        lines = wrap(text, room, size, bold=heavy)
        may_run_on = cells > 1 and isinstance(bare(cell), str) and not self.table.filter
        if len(lines) == 1 or (may_run_on and len(lines) <= _MOST_LINES):
            return size, lines, cells
        own = self.draft.column_px(laid.column.at) - (laid.cells_px - laid.room_px)
        return size, wrap(text, own, size, bold=heavy), 1

    def _reach(self, laid: Laid, content: Row) -> tuple[int, float]:
        """How many grid columns a row's text may run over, and their pixels: up to the next filled cell."""
        at = laid.column.at
        if laid.column.format not in RUNNING_ON:
            return 1, laid.room_px
        filled = [
            other.column.at
            for other in self.columns
            if at < other.column.at <= self.section.last
            and content.cells.get(other.column.key) is not None
        ]
        last = min(filled, default=self.section.last + 1) - 1 if content.look == "sub" else None
        last = at + laid.cells - 1 if last is None else last
        return last - at + 1, self.draft.span_px(at, last) - (laid.cells_px - laid.room_px)


def _counts_look(at: int, look: str) -> tuple[str, ...]:
    """Columns right of the page are grey: they are not part of the printed table."""
    return (look, "chart data") if at >= COUNTS_FIRST else ()


def _shown(laid: Laid, cell: Content | Cell) -> Content:
    """The content to write: a dash for a figure that there is none of."""
    content = cell.content if isinstance(cell, Cell) else cell
    if content is not None and not (isinstance(content, float) and current(content) is None):
        return content
    return None if laid.column.format in (*WORDS, "low", "high", "input") else "–"


def _looks(laid: Laid, row: Row, cell: Content | Cell) -> tuple[str, ...]:
    """The looks of a cell from weak to strong: column, row, kind, its own."""
    column, content, value = laid.column, bare(cell), current(cell)
    looks = [*laid.looks, "bold" if column.bold else ""]
    if row.look in ("total", "muted", "gone", "sub"):
        looks.append(row.look)
    if row.look == "chosen" and column.format == "label":
        looks.append("chosen")
    if column.format in ("low", "high"):
        looks.append("interval")
    if column.format == "chip" and isinstance(value, str):
        looks.append(_chip_look(value))
    if value is None and column.format not in (*WORDS, "low", "high", "input"):
        looks += ["dash", "centre" if "centre" in laid.looks else ""]
    if (isinstance(value, date) and column.format in WORDS) or _is_aired(laid, value):
        looks.append("flush")
    if isinstance(content, Link):
        looks.append("link")
    if isinstance(content, Input):
        looks += ["input", "left" if content.kind in ("text", "choice") else "right"]
    if isinstance(cell, Cell):
        looks.append(cell.look)
    return tuple(look for look in looks if look)


def _chip_look(text: str) -> str:
    """The tint of a verdict, by its words."""
    if text.startswith("?"):
        return "chip.unsure"
    for word in ("better", "worse"):
        if text.endswith(word):
            return f"chip.{word}"
    return "chip"


def _format(laid: Laid, cell: Content | Cell, symbol: str) -> str:
    """The number format of a cell, "" for words."""
    content, name, largest = bare(cell), laid.column.format, laid.largest
    if isinstance(content, Input):
        name = _INPUT_FORMATS.get(content.kind, content.kind)
    if isinstance(cell, Cell) and cell.format:
        name = cell.format
    if name in WORDS:
        return figure_format("date", "", 0.0, symbol) if isinstance(current(cell), date) else ""
    code = figure_format(name, laid.column.unit, largest, symbol)
    on_page = laid.column.at < COUNTS_FIRST and name not in ("low", "high")
    code = dashed(code) if on_page and isinstance(content, Formula) else code
    return aired(code) if _is_aired(laid, current(cell)) else code


def _is_aired(laid: Laid, value: Scalar) -> bool:
    """Whether the air between a figure and the chip after it is in its format: programs indent words only."""
    return (
        {"right", "indent"} <= set(laid.looks) and value is not None and not isinstance(value, str)
    )
