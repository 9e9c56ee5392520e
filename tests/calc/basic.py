"""Formulas in Excel's grammar, written and read by a macro inside LibreOffice: a call a cell would take minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.calc.office import service

Spot = tuple[int, int]  # row, column, counted from 0

_MODULE = "MapsegTests"
_SOURCE = """
Function Parser(doc)
  Parser = doc.createInstance("com.sun.star.sheet.FormulaParser")
  Parser.CompileEnglish = True
  Parser.FormulaConvention = com.sun.star.sheet.AddressConvention.XL_OOX
End Function

' A formula in a cell without a number format would take on that of the cells it reads, even after another was set
Sub WriteFormulas(doc, sheet, spots, formulas)
  Dim words, address As New com.sun.star.table.CellAddress, i, cell
  words = Parser(doc)
  address.Sheet = sheet.RangeAddress.Sheet
  For i = 0 To UBound(spots)
    address.Row = spots(i)(0)
    address.Column = spots(i)(1)
    cell = sheet.getCellByPosition(address.Column, address.Row)
    If cell.NumberFormat = 0 Then
      cell.NumberFormat = 1
      cell.setTokens(words.parseFormula(formulas(i), address))
      cell.NumberFormat = 0
    Else
      cell.setTokens(words.parseFormula(formulas(i), address))
    End If
  Next
End Sub

Function ReadFormulas(doc, sheet, spots)
  Dim words, address As New com.sun.star.table.CellAddress, i
  Dim texts(UBound(spots))
  words = Parser(doc)
  address.Sheet = sheet.RangeAddress.Sheet
  For i = 0 To UBound(spots)
    address.Row = spots(i)(0)
    address.Column = spots(i)(1)
    texts(i) = words.printFormula(sheet.getCellByPosition(address.Column, address.Row).getTokens(), address)
  Next
  ReadFormulas = texts
End Function

Function ReadErrors(sheet, spots)
  Dim codes(UBound(spots)), i
  For i = 0 To UBound(spots)
    codes(i) = sheet.getCellByPosition(spots(i)(1), spots(i)(0)).getError()
  Next
  ReadErrors = codes
End Function

Function ReadFormats(sheet, spots)
  Dim keys(UBound(spots)), i
  For i = 0 To UBound(spots)
    keys(i) = sheet.getCellByPosition(spots(i)(1), spots(i)(0)).NumberFormat
  Next
  ReadFormats = keys
End Function
"""


class Formulas:
    """The macro's functions. Formulas are without the equals sign, addresses as Excel writes them."""

    def __init__(self, context: Any) -> None:
        libraries = service(context, "script.ApplicationScriptLibraryContainer")
        libraries.loadLibrary("Standard")
        standard = libraries.getByName("Standard")
        if not standard.hasByName(_MODULE):
            standard.insertByName(_MODULE, _SOURCE)
        factory = service(context, "script.provider.MasterScriptProviderFactory")
        self._scripts = factory.createScriptProvider("")

    def write(self, doc: Any, sheet: Any, formulas: dict[Spot, str]) -> None:
        """Writes formulas into cells."""
        if formulas:
            texts = tuple(formulas.values())
            self._call("WriteFormulas", doc, sheet, tuple(formulas), texts)

    def read(self, doc: Any, sheet: Any, spots: Sequence[Spot]) -> tuple[str, ...]:
        """The formulas of cells that have one."""
        return self._call("ReadFormulas", doc, sheet, tuple(spots)) if spots else ()

    def errors(self, sheet: Any, spots: Sequence[Spot]) -> tuple[int, ...]:
        """LibreOffice's error codes of cells; 0 where there is none."""
        return self._call("ReadErrors", sheet, tuple(spots)) if spots else ()

    def formats(self, sheet: Any, spots: Sequence[Spot]) -> tuple[int, ...]:
        """Keys of the number formats that cells are shown with."""
        return self._call("ReadFormats", sheet, tuple(spots)) if spots else ()

    def _call(self, name: str, *arguments: Any) -> Any:
        place = f"vnd.sun.star.script:Standard.{_MODULE}.{name}?language=Basic&location=application"
        return self._scripts.getScript(place).invoke(arguments, (), ())[0]


def parser(doc: Any, convention: int = 3) -> Any:
    """LibreOffice's formula parser, set to Excel's grammar: 3 is XL_OOX, that of .xlsx files."""
    words = doc.createInstance("com.sun.star.sheet.FormulaParser")
    words.CompileEnglish = True
    words.FormulaConvention = convention
    return words


def to_own(doc: Any, formula: str, spot: Any) -> str:
    """A formula in Excel's grammar as LibreOffice's own doors want it: `Tab!A1` -> `$Tab.A1`."""
    return str(parser(doc, 0).printFormula(parser(doc).parseFormula(formula, spot), spot))


def from_own(doc: Any, formula: str, spot: Any) -> str:
    """A formula in LibreOffice's own grammar as Excel writes it."""
    return str(parser(doc).printFormula(parser(doc, 0).parseFormula(formula, spot), spot))
