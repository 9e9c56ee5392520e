"""A block as a pivot or summary table: its label columns, what stands over each column, its rows by level.

Tells segments from totals and subtotals. What the figures mean is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapseg_xl.intake.aggregated.blocks import Block, text_of
from mapseg_xl.intake.aggregated.measures import measure_of
from mapseg_xl.intake.finding.leftouts import is_total

_CAPTIONS = re.compile(
    r"column labels|values|spaltenbeschriftungen|werte|étiquettes de colonnes|valeurs|etiquetas de columna|valores"
    r"|data|daten",
    re.IGNORECASE,
)
_TOTALS = re.compile(
    r"total result|gesamt|grand total|all segments|overall|company|alle|everyone", re.IGNORECASE
)
_TOTAL_OF = re.compile(
    r"(?:sub-?total|total|summe|gesamt)\s*[:–-]?\s+(?P<after>.+)|(?P<before>.+?)\s*[:–-]?\s+"
    r"(?:sub-?total|total|totals|result|ergebnis|summe|gesamt)",
    re.IGNORECASE,
)
_YEARS = (1990, 2100)
_NEAR = 1e-6
MOST_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: the words over it from top to bottom, and where it stands."""

    at: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row: the values of its fields, outer ones first. `levels` under the table's: a subtotal; 0: a grand total."""

    row: int
    values: tuple[str, ...]
    levels: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything of a summary table stands. `fields`: headers of its label columns."""

    block: Block
    fields: tuple[str, ...]
    column_field: str  # caption of the field whose values stand across; ""
    corner: str  # measure written in the corner; ""
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def segments(self) -> tuple[Line, ...]:
        """The finest lines."""
        return tuple(line for line in self.lines if line.levels == len(self.fields))


def layout_of(block: Block) -> Layout | None:
    """The layout of a block with headers, labels and figures; None where one of them is missing."""
    first = _first_figures(block)
    if first is None or first == 0:
        return None
    labels = _label_columns(block, first)
    if labels >= block.width:
        return None
    head = _header_rows(block, first)
    while len(head) > 1 and _heads_a_group(block, head):
        first = head.pop()
    if not head:
        return None
    columns, caption = _columns(block, head, labels)
    if not columns:
        return None
    fields = _fields(block, head[-1], labels)
    corner = next(
        (t for r in head for c in range(labels) if _is_measure(t := text_of(block.rows[r][c]))), ""
    )
    rows = _body(block, first, [c.at for c in columns])
    if labels == 1:
        fields, lines = _one_column(block, rows, [c.at for c in columns], fields)
    else:
        lines = _several_columns(block, rows, labels)
    if not any(line.levels == len(fields) for line in lines):
        return None
    return Layout(block, fields, caption, corner, tuple(columns), tuple(lines))


def is_grand_total(text: str) -> bool:
    """Whether a row or column of this name holds the total of all others.

    >>> is_grand_total("Grand Total"), is_grand_total("Total Result"), is_grand_total("Total Wine")
    (True, True, False)
    """
    return is_total(text) or bool(_TOTALS.fullmatch(text.strip()))


def subtotal_of(text: str) -> str | None:
    """The group whose total a row of this name may be: `Spain` of `Spain Total`."""
    found = _TOTAL_OF.fullmatch(text.strip())
    return (found["before"] or found["after"]).strip() if found else None


def _is_measure(text: str) -> bool:
    made = measure_of(text) if text else None
    return made is not None and not made.plain


def _first_figures(block: Block) -> int | None:
    """The first row with a label and figures that are no years or ages over columns."""
    for row in range(len(block.rows)):
        figures = [n for c in range(1, block.width) if (n := block.number(row, c)) is not None]
        if not figures or (block.rows[row][0] is None and not _label_to_the_right(block, row)):
            continue
        if row + 1 < len(block.rows) and _are_heads(block, row, figures):
            continue
        return row
    return None


def _label_to_the_right(block: Block, row: int) -> bool:
    """Whether a row that leaves its first label out has another one, as pivots in tabular form do."""
    return block.width > 2 and isinstance(block.rows[row][1], str) and not block.is_number(row, 1)


def _are_heads(block: Block, row: int, figures: Sequence[float]) -> bool:
    """Whether numbers are the values of a field over the columns: years, rising, all whole."""
    years = all(_YEARS[0] <= n <= _YEARS[1] and n.is_integer() for n in figures)
    below = [n for c in range(1, block.width) if (n := block.number(row + 1, c)) is not None]
    words = measure_of(text_of(block.rows[row][0])) is None
    return (
        years and words and len(figures) > 1 and not all(_YEARS[0] <= n <= _YEARS[1] for n in below)
    )


def _label_columns(block: Block, first: int) -> int:
    """How many columns on the left hold labels: the first, and each further one that is mostly words."""
    labels = 1
    while labels < min(block.width, MOST_LEVELS):
        known = [
            block.is_number(r, labels)
            for r in range(first, len(block.rows))
            if block.rows[r][labels] is not None
        ]
        if not known or sum(known) * 2 >= len(known):
            break
        labels += 1
    return labels


def _header_rows(block: Block, first: int) -> list[int]:
    """Rows over the figures that name columns: not a title that stands alone on the left."""
    rows: list[int] = []
    for row in range(first - 1, -1, -1):
        filled = [c for c, v in enumerate(block.rows[row]) if v is not None]
        title = filled == [0] and rows and not _is_measure(text_of(block.rows[row][0]))
        long = len(filled) == 1 and len(text_of(block.rows[row][filled[0]])) > 60
        if title or long:
            break
        rows.insert(0, row)
    return rows


def _heads_a_group(block: Block, head: Sequence[int]) -> bool:
    """Whether the last of the rows is a label over the first segments, and not the name of the field itself."""
    alone = [c for c, v in enumerate(block.rows[head[-1]]) if v is not None] == [0]
    return alone and any(block.rows[r][0] is not None for r in head[:-1])


def _columns(block: Block, head: Sequence[int], labels: int) -> tuple[list[Column], str]:
    """The figure columns with the words over them, and the caption of the field that stands across."""
    paths: dict[int, list[str]] = {c: [] for c in range(labels, block.width)}
    caption = ""
    for place, row in enumerate(head):
        last = place == len(head) - 1
        cells = {c: text_of(block.rows[row][c]) for c in paths}
        named = [c for c, text in cells.items() if text]
        if not last and named == [labels] and not _is_measure(cells[labels]):
            caption = "" if _CAPTIONS.fullmatch(cells[labels]) else cells[labels]
            continue
        held = ""
        for c, text in cells.items():
            held = text or ("" if last else held)
            if held and held not in paths[c]:
                paths[c].append(held)
    first = head[-1] + 1
    made = [
        Column(c, tuple(path))
        for c, path in paths.items()
        if path and _has_figures(block, first, c)
    ]
    return made, caption


def _has_figures(block: Block, first: int, column: int) -> bool:
    known = [r for r in range(first, len(block.rows)) if block.rows[r][column] is not None]
    figures = sum(block.is_number(r, column) for r in known)
    return figures > 0 and figures * 2 >= len(known)


def _fields(block: Block, row: int, labels: int) -> tuple[str, ...]:
    names = [text_of(block.rows[row][c]) for c in range(labels)]
    return tuple(name or f"Column {place + 1}" for place, name in enumerate(names))


def _body(block: Block, first: int, columns: Sequence[int]) -> list[int]:
    """Rows from the first figures on, down to the last row with any."""
    with_figures = [
        r for r in range(first, len(block.rows)) if any(block.is_number(r, c) for c in columns)
    ]
    return [
        r for r in range(first, with_figures[-1] + 1) if any(v is not None for v in block.rows[r])
    ]


def _several_columns(block: Block, rows: Sequence[int], labels: int) -> list[Line]:
    """Tabular or outline form: a label left out repeats the one above; a row without its last label is a subtotal."""
    held: list[str] = [""] * labels
    lines = []
    known = {text_of(block.rows[r][c]) for r in rows for c in range(labels)}
    for row in rows:
        texts = [text_of(v) for v in block.rows[row][:labels]]
        filled = [c for c, text in enumerate(texts) if text]
        if not filled:
            continue
        word = texts[filled[0]]
        if is_grand_total(word):
            # a level up from where the word stands: `Total` in the second column is one of the first's value
            lines.append(Line(row, tuple(held[: filled[0]]), filled[0]))
            continue
        group = subtotal_of(word)
        if group is not None and group in known and filled[-1] < labels - 1:
            lines.append(Line(row, (*held[: filled[0]], group), filled[0] + 1))
            continue
        for c in filled:
            held[c] = texts[c]
            held[c + 1 :] = [""] * (labels - c - 1)
        for c in filled:
            held[c] = texts[c]
        lines.append(Line(row, tuple(held[: filled[-1] + 1]), filled[-1] + 1))
    return lines


def _one_column(
    block: Block, rows: Sequence[int], columns: Sequence[int], fields: tuple[str, ...]
) -> tuple[tuple[str, ...], list[Line]]:
    """One column of labels: a flat list, or the compact form with further levels below their subtotals."""
    totals = [r for r in rows if is_grand_total(text_of(block.rows[r][0]))]
    body = [r for r in rows if r not in totals]
    depth = _indented(block, body) or _by_sums(block, body, columns)
    if depth is None:
        lines = _flat(block, body)
    else:
        lines = _nested(block, body, depth)
        name = fields[0]
        fields = (name, *(f"{name} ({level})" for level in range(2, max(depth) + 2)))
    lines += [Line(r, (), 0) for r in totals]
    return fields, lines


def _flat(block: Block, body: Sequence[int]) -> list[Line]:
    """Every row a segment, but rows without figures and totals of a part."""
    lines = []
    labels = {text_of(block.rows[r][0]).strip() for r in body}
    for row in body:
        word = text_of(block.rows[row][0]).strip()
        if not word or not any(block.is_number(row, c) for c in range(1, block.width)):
            continue
        group = subtotal_of(word)
        part = group is not None and group in labels
        lines.append(Line(row, () if part else (word,), -1 if part else 1))
    return lines


def _indented(block: Block, body: Sequence[int]) -> list[int] | None:
    """The level of each row by the spaces before its label; None where all begin alike."""
    texts = [block.rows[r][0] for r in body]
    spaces = [len(t) - len(t.lstrip()) if isinstance(t, str) else 0 for t in texts]
    steps = sorted(set(spaces))
    if len(steps) < 2 or len(steps) > MOST_LEVELS or spaces[0] != steps[0]:
        return None
    return [steps.index(s) for s in spaces]


def _by_sums(block: Block, body: Sequence[int], columns: Sequence[int]) -> list[int] | None:
    """The level of each row where rows are the sums of those below them, without a rest; else None.

    So pivots in compact form are told apart, whose indents are no characters.
    """
    values = np.array(
        [[block.number(r, c) or 0.0 for c in _additive(block, columns)] for r in body], dtype=float
    )
    blank = [not any(block.is_number(r, c) for c in columns) for r in body]
    if not values.size or (len(body) < 3 and not any(blank)):
        return None
    if any(blank):
        return _under_headings(blank)
    depth = _parents(values)
    if depth is None or len(body) - sum(d == 0 for d in depth) < 2:
        return None
    return depth if _alike(block, body, depth) else None


def _additive(block: Block, columns: Sequence[int]) -> list[int]:
    """Columns that may add up: no shares and means."""
    kept = [c for c in columns if not any(block.percent(r, c) for r in range(len(block.rows)))]
    heads = {c: [text_of(row[c]) for row in block.rows[:4]] for c in kept}
    found = []
    for c in kept:
        made = [m for text in heads[c] if text and (m := measure_of(text))]
        if not any(m.how not in ("count", "sum") or m.distinct for m in made):
            found.append(c)
    return found


def _under_headings(blank: Sequence[bool]) -> list[int] | None:
    """Levels where subtotals are switched off: a row without figures heads those below it."""
    if not blank[0] or blank[-1]:
        return None
    return [0 if empty else 1 for empty in blank]


def _parents(values: Any) -> list[int] | None:
    """0 for each row that is the sum of those right below it, 1 for these; None where any row is neither."""
    depth: list[int] = []
    while len(depth) < len(values):
        at = len(depth)
        sums = np.cumsum(values[at + 1 :], axis=0)
        same = np.flatnonzero(np.isclose(sums, values[at], rtol=_NEAR, atol=_NEAR).all(axis=1))
        if not len(same):
            return None
        depth += [0] + [1] * (int(same[0]) + 1)
    return depth


def _alike(block: Block, body: Sequence[int], depth: Sequence[int]) -> bool:
    """Whether the inner labels are those of a field: they come again under another parent, or there are several."""
    inner = [text_of(block.rows[r][0]).strip() for r, d in zip(body, depth, strict=True) if d]
    parents = sum(d == 0 for d in depth)
    return parents == 1 or len(set(inner)) < len(inner) or len(inner) >= 2 * parents


def _nested(block: Block, body: Sequence[int], depth: Sequence[int]) -> list[Line]:
    """Rows of the compact form with their parents' labels before their own."""
    deepest = max(depth)
    held = [""] * (deepest + 1)
    lines = []
    for place, (row, level) in enumerate(zip(body, depth, strict=True)):
        held[level] = text_of(block.rows[row][0]).strip()
        following = depth[place + 1] if place + 1 < len(depth) else 0
        leaf = level == deepest or following <= level
        figures = any(block.is_number(row, c) for c in range(1, block.width))
        if not figures:
            continue
        if (
            leaf and level < deepest
        ):  # a branch that ends early: its own value stands for what is below it
            values = (*held[: level + 1], *[held[level]] * (deepest - level))
            lines.append(Line(row, values, deepest + 1))
            continue
        lines.append(Line(row, tuple(held[: level + 1]), level + 1))
    return lines
