"""Plain sheets of an .xlsx as columns: values, texts, dates. What is not plain is left to the general reader."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.reading.package import (
    FEW_CELLS,
    MAX_CELLS,
    ZIP_ERRORS,
    Package,
    entry,
)
from mapseg_xl.intake.reading.plain_cells import (
    FLAG,
    SHARED,
    Found,
    NotPlainError,
    by_column,
    found_cells,
)
from mapseg_xl.intake.reading.sheet_facts import SheetFacts, row_blocks, scan_hidden
from mapseg_xl.intake.tables import Array

_TEXT = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_FORMATS, _FORMATS_END = b"<cellXfs", b"</cellXfs>"
_FORMAT = re.compile(rb"<xf\s[^<>]*+>")
_CODE = re.compile(rb'<numFmt numFmtId="(\d{1,9})" formatCode="([^"]*+)"\s*+/>')
_NUMBER_IDS = frozenset([*range(5), *range(9, 14), *range(37, 41), 48, 49])
_DATE_IDS = frozenset([*range(14, 18), 22])
_NUMBER_CODE = re.compile(rb"[0#?.,%E+$() _*;@\-]*|General")
_DATE_CODE = re.compile(rb"(?:\[\$-\w+\])?(?=[^;]*[yd])[ymdhs/.:, \-\\]+(?: ?AM/PM)?(?:;@)?")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # sheets know no zones
_FIRST_DAY, _LAST_DAY = 61, 2_958_465  # before the first, Excel counts a 29 February 1900
_DAY_MS = 86_400_000
_LOOSE = 50  # cells between the first and the last for each that holds something
_BLOCK_BYTES = 1 << 19  # arrays of one block stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class PlainSheet:
    """A sheet's columns as the general reader would give them, and its facts."""

    columns: list[Array]
    top: int
    left: int
    facts: SheetFacts


@dataclass(slots=True)
class PlainBook:
    """What plain sheets of one workbook share; read when the first asks for it."""

    archive: zipfile.ZipFile
    parts: Package
    _texts: Array | None = None

    def sheet(self, name: str) -> PlainSheet | None:
        """The sheet, or None where it holds something not plain: formulas, errors, rich text, odd formats."""
        part = entry(self.archive, self.parts.sheets.get(name, ""))
        if self.parts.date_1904 or part not in self.archive.NameToInfo:
            return None
        facts = SheetFacts()
        try:
            with self.archive.open(part) as xml:
                found = found_cells(_noting_hidden(row_blocks(xml, _BLOCK_BYTES), facts))  # type: ignore[arg-type]
            return self._laid(found, facts)
        except (NotPlainError, *ZIP_ERRORS):
            return None  # the general reader says what is wrong

    def _laid(self, found: Found, facts: SheetFacts) -> PlainSheet:
        if not found.rows.size:
            raise NotPlainError
        top, bottom = int(found.rows.min()), int(found.rows.max())
        left, right = int(found.columns.min()), int(found.columns.max())
        facts.last_row, facts.last_column = bottom, right
        if bottom * max(right, 26) > max(FEW_CELLS, min(MAX_CELLS, _LOOSE * found.rows.size)):
            raise NotPlainError
        columns = [np.full(bottom - top + 1, None, dtype=object) for _ in range(right - left + 1)]
        dated = self._dated(found)
        for column, positions in by_column(found):
            self._fill(columns[column - left], found, positions, dated, top)
        return PlainSheet(columns, top, left, facts)

    def _fill(
        self, column: Array, found: Found, positions: Array, dated: NDArray[np.bool_], top: int
    ) -> None:
        rows, kinds = found.rows[positions] - top, found.kinds[positions]
        numbers, dates = found.numbers[positions], dated[found.styles[positions]]
        shared, flags = kinds == SHARED, kinds == FLAG
        plain = ~(shared | flags | dates)
        dates &= ~(shared | flags)
        if plain.any():
            column[rows[plain]] = numbers[plain].astype(object)
        if shared.any():
            column[rows[shared]] = self._text_of(numbers[shared])
        if flags.any():
            column[rows[flags]] = _flags(numbers[flags])
        if dates.any():
            column[rows[dates]] = _dates(numbers[dates])

    def _text_of(self, numbers: NDArray[np.float64]) -> Array:
        if self._texts is None:
            self._texts = _shared_texts(self.archive)
        index = numbers.astype(np.int64)
        if (index != numbers).any() or index.min() < 0 or index.max() >= len(self._texts):
            raise NotPlainError
        texts: Array = self._texts[index]
        return texts

    def _dated(self, found: Found) -> NDArray[np.bool_]:
        """Whether a number of each style is a date."""
        used = np.unique(found.styles)
        dated = np.zeros(int(used[-1]) + 1, dtype=bool)
        if used[-1] == 0 and "xl/styles.xml" not in self.archive.NameToInfo:
            return dated
        formats, codes = _formats(self.archive)
        for style in used.tolist():
            if style >= len(formats):
                raise NotPlainError
            dated[style] = _is_date(formats[style], codes)
        return dated


def _noting_hidden(blocks: Iterator[bytes], facts: SheetFacts) -> Iterator[bytes]:
    for block in blocks:
        scan_hidden(block, facts)
        yield block


def _flags(numbers: NDArray[np.float64]) -> Array:
    if not np.isin(numbers, (0.0, 1.0)).all():
        raise NotPlainError
    return numbers.astype(bool).astype(object)


def _dates(numbers: NDArray[np.float64]) -> Array:
    """Serial days as dates, with the time of day where they have one, to the millisecond."""
    different, where = np.unique(numbers, return_inverse=True)
    if different[0] < _FIRST_DAY or different[-1] >= _LAST_DAY + 1:
        raise NotPlainError
    known = np.empty(len(different), dtype=object)
    known[:] = [_date(serial) for serial in different.tolist()]
    dates: Array = known[where]
    return dates


def _date(serial: float) -> Any:
    moment = _EPOCH + timedelta(milliseconds=round(serial * _DAY_MS))
    return moment if moment.time() != datetime.min.time() else moment.date()


def _shared_texts(archive: zipfile.ZipFile) -> Array:
    """The workbook's texts by number; rich text, phonetics and escaped characters are not plain."""
    part = "xl/sharedStrings.xml"
    if part not in archive.NameToInfo:
        raise NotPlainError
    content = archive.read(part)
    if any(mark in content for mark in (b"_x", b"\r", b"<!", b"&#", b":si")):
        raise NotPlainError
    found = _TEXT.findall(content)
    if len(found) != content.count(b"<si") - content.count(b"<sis") or _REFERENCE.search(content):
        raise NotPlainError
    try:
        texts = b"\0".join(found).decode("utf-8").split("\0")
    except UnicodeDecodeError as error:
        raise NotPlainError from error
    if b"&" in content:
        texts = [_unescaped(t) if "&" in t else t for t in texts]
    known = np.empty(len(texts), dtype=object)
    known[:] = [t or None for t in texts]
    return known


def _unescaped(text: str) -> str:
    for name, character in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("apos", "'"), ("amp", "&")):
        text = text.replace(f"&{name};", character)
    return text


def _formats(archive: zipfile.ZipFile) -> tuple[list[int], dict[int, bytes]]:
    """Number format of each cell style, and the codes of the workbook's own formats."""
    part = "xl/styles.xml"
    if part not in archive.NameToInfo:
        raise NotPlainError
    content = archive.read(part)
    start = content.find(_FORMATS)
    end = content.find(_FORMATS_END, start)
    if start < 0 or end < 0:
        raise NotPlainError
    ids = [re.search(rb'\snumFmtId="(\d{1,9})"', t) for t in _FORMAT.findall(content, start, end)]
    codes = {int(number): code for number, code in _CODE.findall(content)}
    return [int(i[1]) if i else 0 for i in ids], codes


def _is_date(number: int, codes: dict[int, bytes]) -> bool:
    """Whether a number format shows dates; NotPlainError where that is not certain."""
    code = codes.get(number)
    if code is None:
        if number in _NUMBER_IDS or number in _DATE_IDS:
            return number in _DATE_IDS
        raise NotPlainError
    if _NUMBER_CODE.fullmatch(code):
        return False
    if _DATE_CODE.fullmatch(code):
        return True
    raise NotPlainError
