"""Cell values: what Excel hands over and takes through xlwings' desktop engine, done by LibreOffice Calc."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.calc.addresses import Rectangle, text_of
from tests.calc.basic import Formulas, Spot
from tests.calc.looks import uniform
from tests.calc.strict import ExcelRefuses

_FORMULA = 16  # com.sun.star.sheet.CellFlags
_DAY_OR_TIME, _CURRENCY, _TEXT, _LOGICAL = 6, 8, 256, 1024  # com.sun.star.util.NumberFormat
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # cells carry no zone
_LONGEST_TEXT, _LONGEST_IN_BLOCK, _LONGEST_FORMULA = 32_767, 8_203, 8_192
# what Excel reads as something else than text when it comes without an apostrophe
_READ = re.compile(r"[\s]*([-+$(.%]?[\s$(]*[.]?[0-9]|true\s*$|false\s*$)", re.IGNORECASE)
_REFUSED = re.compile(r"[+\-@]")

# Error values of Excel as COM hands them over, by LibreOffice's error code
_NAMES = {
    521: "#NULL!", 532: "#DIV/0!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?", 503: "#NUM!",
    502: "#NUM!", 523: "#NUM!", 32767: "#N/A",
}  # fmt: skip
_CODES = {
    "#DIV/0!": -2146826281, "#N/A": -2146826246, "#NAME?": -2146826259, "#NULL!": -2146826288,
    "#NUM!": -2146826252, "#REF!": -2146826265, "#VALUE!": -2146826273,
}  # fmt: skip
_TEXTS = {code: name for name, code in _CODES.items()}
_BROKEN = range(501, 517)  # a formula that does not parse: Excel does not take it at all
_HARMLESS = {502, 503}


class Moment(datetime):
    """A date on its way through `.value =`, where xlwings converts it; raw values never hold one."""


def prepared(value: Any) -> Any:
    """A value as xlwings' `.value =` hands it on."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if value.__class__.__module__ in ("pandas._libs.tslibs.nattype", "pandas._libs.missing"):
        return ""
    if isinstance(value, datetime):
        return Moment(*value.timetuple()[:6], value.microsecond)
    if isinstance(value, date):
        return Moment(value.year, value.month, value.day)
    if isinstance(value, bool | str):
        return value
    return float(value)


def cleaned(value: Any, dates: Any, empty: Any, numbers: Any, err_to_str: bool) -> Any:
    """A raw value as xlwings' `.value` hands it over."""
    if value is None or value == "":
        return empty
    if isinstance(value, datetime):
        parts = {name: getattr(value, name) for name in ("year", "month", "day", "hour", "minute")}
        return dates(**parts, second=value.second, microsecond=value.microsecond, tzinfo=None)
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in _TEXTS:
        return _TEXTS[value] if err_to_str else None
    if numbers is not None and isinstance(value, float):
        return numbers(value)
    return value


class Cells:
    """Reads and writes the cells of one sheet of a document in bulk. `kinds`: what its number formats are, by key."""

    def __init__(self, doc: Any, sheet: Any, formulas: Formulas, kinds: dict[int, int]) -> None:
        self.doc, self.sheet, self.formulas, self.kinds = doc, sheet, formulas, kinds

    def range(self, at: Rectangle) -> Any:
        """LibreOffice's object for cells."""
        return self.sheet.getCellRangeByPosition(at.left, at.top, at.right, at.bottom)

    def read(self, at: Rectangle) -> tuple[tuple[Any, ...], ...]:
        """Values: numbers, texts, booleans, dates where the format is one, None, error codes as COM has them."""
        rows = [list(row) for row in self.range(at).getDataArray()]
        formulas = set(self._formula_spots(at))
        self._dress(at, rows, formulas)
        wrong = []
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is None:
                    wrong.append((at.top + r, at.left + c))
                elif value == "" and (at.top + r, at.left + c) not in formulas:
                    row[c] = None
        for (r, c), code in zip(wrong, self.formulas.errors(self.sheet, wrong), strict=True):
            rows[r - at.top][c - at.left] = _CODES[_NAMES.get(code, "#VALUE!")]
        return tuple(map(tuple, rows))

    def read_formulas(self, at: Rectangle) -> tuple[tuple[str, ...], ...]:
        """Formulas with their equals sign; constants as text."""
        rows = [[_plain(value) for value in row] for row in self.range(at).getDataArray()]
        spots = self._formula_spots(at)
        for (r, c), text in zip(
            spots, self.formulas.read(self.doc, self.sheet, spots), strict=True
        ):
            rows[r - at.top][c - at.left] = "=" + text
        return tuple(map(tuple, rows))

    def write(self, at: Rectangle, rows: Sequence[Sequence[Any]]) -> None:
        """Writes a block as Excel takes it through xlwings: see `raw_value` in docs/testing-live.md."""
        if (len(rows), *{len(row) for row in rows}) != at.shape:
            raise ExcelRefuses(
                f"{text_of(at)} and the rows written to it differ in size: Excel fills the rest with #N/A"
            )
        block = _Block(at)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                block.take((at.top + r, at.left + c), value)
        self._refuse_text_format(at, block)
        self.range(at).setDataArray(tuple(map(tuple, block.plain)))
        for (r, c), text in block.typed.items():
            self.sheet.getCellByPosition(c, r).setFormula(text)
        for (r, c), key in block.formats.items():
            cell = self.sheet.getCellByPosition(c, r)
            if key == _LOGICAL or cell.NumberFormat == 0:
                cell.NumberFormat = self.doc.NumberFormats.getStandardFormat(key, _us())
        self.formulas.write(self.doc, self.sheet, block.formulas)
        self._refuse_broken(block.formulas)
        if block.formulas and not self.doc.isAutomaticCalculationEnabled():
            self.doc.calculate()  # a formula is calculated when it is entered, in manual mode too

    def fill_formula(self, at: Rectangle, formula: str) -> None:
        """One formula for all cells, its relative addresses moving along as in Excel."""
        corner = (at.top, at.left)
        self.formulas.write(self.doc, self.sheet, {corner: formula[1:]})
        self._refuse_broken({corner: formula})
        tokens = self.sheet.getCellByPosition(at.left, at.top).getTokens()
        for row in range(at.top, at.bottom + 1):
            for column in range(at.left, at.right + 1):
                self.sheet.getCellByPosition(column, row).setTokens(tokens)

    def _formula_spots(self, at: Rectangle) -> list[Spot]:
        found = self.range(at).queryContentCells(_FORMULA).RangeAddresses
        return [
            (row, column)
            for part in found
            for row in range(part.StartRow, part.EndRow + 1)
            for column in range(part.StartColumn, part.EndColumn + 1)
        ]

    def _dress(self, at: Rectangle, rows: list[list[Any]], formulas: set[Spot]) -> None:
        """Numbers whose format makes them a date, an amount of money or a truth value, as COM hands them over."""
        for kind, part in self._kinds(at):
            for row in range(max(part.StartRow, at.top), min(part.EndRow, at.bottom) + 1):
                line = rows[row - at.top]
                for column in range(
                    max(part.StartColumn, at.left), min(part.EndColumn, at.right) + 1
                ):
                    value = line[column - at.left]
                    if isinstance(value, float):
                        line[column - at.left] = _dressed(value, kind)
        maybe = [s for s in formulas if rows[s[0] - at.top][s[1] - at.left] in (0.0, 1.0)]
        for spot, key in zip(maybe, self.formulas.formats(self.sheet, maybe), strict=True):
            if self._type(key) & _LOGICAL:
                row, column = spot[0] - at.top, spot[1] - at.left
                rows[row][column] = bool(rows[row][column])

    def _kinds(self, at: Rectangle) -> Iterator[tuple[int, Any]]:
        whole = self.range(at)
        if (key := uniform(whole, "NumberFormat")) is not None:
            kind = self._type(key)
            if kind & (_DAY_OR_TIME | _CURRENCY | _LOGICAL):
                yield kind, whole.RangeAddress
            return
        groups = whole.getUniqueCellFormatRanges()
        for index in range(groups.Count):
            group = groups.getByIndex(index)
            kind = self._type(group.NumberFormat)
            if kind & (_DAY_OR_TIME | _CURRENCY | _LOGICAL):
                for part in group.RangeAddresses:
                    yield kind, part

    def _type(self, key: int) -> int:
        if key not in self.kinds:
            self.kinds[key] = int(self.doc.NumberFormats.getByKey(key).Type) if key else 0
        return self.kinds[key]

    def _refuse_text_format(self, at: Rectangle, block: _Block) -> None:
        if not block.formulas and not block.numbers:
            return
        key = uniform(self.range(at), "NumberFormat")
        if key is not None and self._type(key) & _TEXT:
            raise ExcelRefuses(
                f"{text_of(at)} has the number format @: Excel keeps formulas and numbers there as text"
            )

    def _refuse_broken(self, formulas: dict[Spot, str]) -> None:
        spots = list(formulas)
        for spot, code in zip(spots, self.formulas.errors(self.sheet, spots), strict=True):
            if code in _BROKEN and code not in _HARMLESS:
                where = text_of(Rectangle(*spot, *spot), False, False)
                raise ExcelRefuses(
                    f"{self.sheet.Name}!{where}: Excel does not take the formula ={formulas[spot]} (Err:{code})"
                )


class _Block:
    """Sorts the values of a block by how they are written."""

    def __init__(self, at: Rectangle) -> None:
        rows, columns = at.shape
        self.at = at
        self.plain: list[list[Any]] = [[""] * columns for _ in range(rows)]
        self.formulas: dict[Spot, str] = {}
        self.typed: dict[Spot, str] = {}
        self.formats: dict[Spot, int] = {}
        self.numbers = 0

    def take(self, spot: Spot, value: Any) -> None:
        match value:
            case str():
                self._text(spot, value)
            case bool():
                self._set(spot, float(value))
                self.formats[spot] = _LOGICAL
            case Moment():
                self._set(spot, (value - _EPOCH) / timedelta(days=1))
                self.formats[spot] = 2 if value.time() == datetime.min.time() else 6
            case float() if math.isfinite(value) and type(value) is float:
                self._set(spot, value)
                self.numbers += 1
            case _:
                raise ExcelRefuses(
                    f"raw_value takes str, float and bool on Windows and macOS alike, not {value!r}"
                    f" ({type(value).__name__})"
                )

    def _set(self, spot: Spot, value: Any) -> None:
        self.plain[spot[0] - self.at.top][spot[1] - self.at.left] = value

    def _text(self, spot: Spot, value: str) -> None:
        if len(value) > _LONGEST_TEXT:
            raise ExcelRefuses(f"a cell holds {_LONGEST_TEXT} characters, not {len(value)}")
        if len(value) > _LONGEST_IN_BLOCK and self.at.shape != (1, 1):
            raise ExcelRefuses(f"a text of a block has at most {_LONGEST_IN_BLOCK} characters")
        if value.startswith("'"):
            self._set(spot, value[1:])
        elif value.startswith("=") and len(value) > 1:
            if len(value) > _LONGEST_FORMULA:
                raise ExcelRefuses(f"a formula has at most {_LONGEST_FORMULA} characters")
            self.formulas[spot] = value[1:]
        elif _READ.match(value):
            self.typed[spot] = value  # a number, a day, a truth value: as if it were typed
        elif _REFUSED.match(value):
            raise ExcelRefuses(f"Excel reads {value!r} as a formula; put an apostrophe before it")
        else:
            self._set(spot, value)


def _dressed(value: float, kind: int) -> Any:
    if kind & _LOGICAL:
        return bool(value)
    if kind & _CURRENCY:
        return Decimal(value).quantize(Decimal("0.0001"))
    if value < 0:
        return value
    return _EPOCH + timedelta(seconds=round(value * 86400))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else f"{value:.15g}"


def _us() -> Any:
    from tests.calc.bridge import struct

    return struct("lang.Locale", Language="en", Country="US")
