"""Cells of a worksheet's XML by numpy, for sheets of nothing but values; anything else is refused, not guessed.

A general reader takes four times as long; it stays the one for every sheet that this one refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mapseg_xl.intake.tables import Array

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]

NUMBER, SHARED, FLAG = 0, 1, 2
_START, _END = b"<sheetData>", b"</sheetData>"
_ROW, _CELL, _VALUE = b"rcv"
_NUMERIC = np.zeros(256, dtype=bool)
_NUMERIC[list(b"0123456789.eE+-")] = True
_KINDS = np.full(256, 255, dtype=np.uint8)
_KINDS[list(b"nsb")] = NUMBER, SHARED, FLAG
_LONGEST_ROW, _LONGEST_STYLE = 7, 5
_QUOTE, _LESS, _MORE, _SLASH, _ZERO = b'"<>/0'
_PAD = bytes(32)


class NotPlainError(Exception):
    """The sheet holds something that only the general reader knows."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Cells with a value, in the order of the file. `numbers`: the value, or the index of the shared text."""

    rows: NDArray[np.int32]  # from 1
    columns: NDArray[np.int16]  # from 1
    kinds: NDArray[np.uint8]
    styles: NDArray[np.int32]
    numbers: NDArray[np.float64]


_NOTHING = Found(
    np.zeros(0, dtype=np.int32),
    np.zeros(0, dtype=np.int16),
    np.zeros(0, dtype=np.uint8),
    np.zeros(0, dtype=np.int32),
    np.zeros(0),
)


def found_cells(blocks: Iterator[bytes]) -> Found:
    """Every cell that holds a number, a shared text or a flag; raises NotPlainError at anything else."""
    parts: list[Found] = []
    before, ended = True, False
    for block in blocks:
        inner = block
        if before:
            start = inner.find(_START)
            if start < 0 or b"<!" in inner[:start]:
                raise NotPlainError
            inner, before = inner[start + len(_START) :], False
        if not ended and (end := inner.find(_END)) >= 0:
            inner, ended = inner[:end], True
            parts.append(_cells(inner))
        elif not ended:
            parts.append(_cells(inner))
    if before or not ended:
        raise NotPlainError
    return _joined(parts)


def _joined(parts: list[Found]) -> Found:
    return Found(
        np.concatenate([p.rows for p in parts]),
        np.concatenate([p.columns for p in parts]),
        np.concatenate([p.kinds for p in parts]),
        np.concatenate([p.styles for p in parts]),
        np.concatenate([p.numbers for p in parts]),
    )


def _cells(block: bytes) -> Found:
    """The cells of whole rows."""
    data = np.frombuffer(block + _PAD, dtype=np.uint8)
    cells, opening, closing = _tags(data)
    if not opening.size:
        return _NOTHING
    if len(cells) > len(opening):  # cells of nothing but a format lie between
        cells = cells[np.searchsorted(cells, opening) - 1]
    _require(opening[0] > cells[0] and (opening > cells).all())
    _require((data[opening + 2] == _MORE).all())
    rows, columns, at = _addresses(data, cells)
    styles, at = _styles(data, at)
    kinds, at = _kinds(data, at)
    _require((at == opening - 1).all() and (data[at] == _MORE).all())
    return Found(rows, columns, kinds, styles, _numbers(data, opening + 3, closing))


def _tags(data: Bytes) -> tuple[Places, Places, Places]:
    """Where cells begin, values begin and values end; refuses every tag but those of rows, cells and values."""
    tag, first, second = data[:-2] == _LESS, data[1:-1], data[2:]
    ends = tag & (first == _SLASH)
    named = (first == _ROW) | (first == _CELL) | (first == _VALUE)
    named |= ends & ((second == _ROW) | (second == _CELL) | (second == _VALUE))
    _require((tag <= named).all())
    cells, opening = np.flatnonzero(tag & (first == _CELL)), np.flatnonzero(tag & (first == _VALUE))
    closing = np.flatnonzero(ends & (second == _VALUE))
    _require(len(cells) >= len(opening) == len(closing))
    return cells, opening, closing


def _require(condition: bool | np.bool_) -> None:
    if not condition:
        raise NotPlainError


def _text(data: Bytes, at: Places, wanted: bytes) -> NDArray[np.bool_]:
    """Where these bytes stand."""
    here: NDArray[np.bool_] = data[at] == wanted[0]
    for offset, byte in enumerate(wanted[1:], start=1):
        here &= data[at + offset] == byte
    return here


def _addresses(data: Bytes, cells: Places) -> tuple[NDArray[np.int32], NDArray[np.int16], Places]:
    """Row, column and the place behind the address, of cells that begin with it: `<c r="AB12"`."""
    _require(_text(data, cells + 2, b' r="').all())
    at = cells + 6
    columns = np.zeros(len(at), dtype=np.int16)
    letter = np.ones(len(at), dtype=bool)
    for _ in range(3):
        code = data[at].astype(np.int16) - 64
        letter &= (code >= 1) & (code <= 26)
        if not letter.any():
            break
        columns = np.where(letter, columns * 26 + code, columns).astype(np.int16)
        at = at + letter
    rows, at = _digits(data, at, _LONGEST_ROW)
    _require((columns > 0).all() and (rows > 0).all() and (data[at] == _QUOTE).all())
    return rows, columns, at + 1


def _digits(data: Bytes, at: Places, most: int) -> tuple[NDArray[np.int32], Places]:
    """The whole numbers that stand here, and the places behind them."""
    number = np.zeros(len(at), dtype=np.int32)
    digit = np.ones(len(at), dtype=bool)
    for _ in range(most):
        code = data[at] - np.uint8(_ZERO)
        digit &= code < 10
        if not digit.any():
            break
        number = np.where(digit, number * np.int32(10) + code, number)
        at = at + digit
    return number, at


def _styles(data: Bytes, at: Places) -> tuple[NDArray[np.int32], Places]:
    """Style of each cell, 0 where none is named, and the place behind."""
    styles = np.zeros(len(at), dtype=np.int32)
    named = _text(data, at, b' s="')
    if not named.any():
        return styles, at
    number, behind = _digits(data, at[named] + 4, _LONGEST_STYLE)
    _require((data[behind] == _QUOTE).all())
    styles[named] = number
    at = at.copy()
    at[named] = behind + 1
    return styles, at


def _kinds(data: Bytes, at: Places) -> tuple[NDArray[np.uint8], Places]:
    """Kind of each cell and the place behind; kinds of text in the cell itself, errors and dates are refused."""
    kinds = np.zeros(len(at), dtype=np.uint8)
    named = _text(data, at, b' t="')
    if not named.any():
        return kinds, at
    place = at[named] + 4
    kind = _KINDS[data[place]]
    _require((kind != 255).all() and (data[place + 1] == _QUOTE).all())
    kinds[named] = kind
    return kinds, at + named * 6


def _numbers(data: Bytes, starts: Places, ends: Places) -> NDArray[np.float64]:
    """The numbers between these places, each read to the nearest float."""
    sizes = ends - starts
    _require((sizes > 0).all())
    offsets = np.zeros(len(sizes) + 1, dtype=np.int32)
    np.cumsum(sizes, out=offsets[1:])
    text = data[np.repeat(starts - offsets[:-1], sizes) + np.arange(offsets[-1])]
    _require(_NUMERIC[text].all())
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(text)]
    try:
        numbers = pa.Array.from_buffers(pa.string(), len(sizes), buffers).cast(pa.float64())
    except pa.ArrowInvalid as error:
        raise NotPlainError from error
    values: NDArray[np.float64] = numbers.to_numpy()
    _require(np.isfinite(values).all())
    return values


def by_column(found: Found) -> Iterator[tuple[int, Array]]:
    """Each column that has cells, with the positions of its cells; a cell named twice is refused."""
    order = np.argsort(found.columns, kind="stable")
    columns = found.columns[order]
    cuts = np.flatnonzero(np.diff(columns)) + 1
    for positions in np.split(order, cuts):
        _require((np.diff(found.rows[positions]) > 0).all())
        yield int(found.columns[positions[0]]), positions
