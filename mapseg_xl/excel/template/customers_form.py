"""The template's Customers tab: an Excel table with a column for each thing a run can use, filled with examples."""

from __future__ import annotations

from dataclasses import astuple, fields
from datetime import date

from mapseg_xl.excel.template.example_customers import Example, example_customers
from mapseg_xl.report.parts.home.column_words import explained, plain_words
from mapseg_xl.report.parts.names import CUSTOMERS
from mapseg_xl.report.spec import Cell, Column, Content, Input, Row, Section, Tab, Table, Text

NAMED = "Customers"  # the Excel table, as formulas call it
STATUSES = ("Lead", "Trial", "Customer", "Churned")
_TRAITS = {"industry": "Industry", "employees": "Employees", "country": "Country"}
_SERIALS = (32_874.0, 73_050.0)  # 1990 to 2099, as a spreadsheet counts days
_DATES = ("trial_on", "converted_on", "churned_on")
_MONEY = ("revenue_monthly", "acquisition_cost")
_FIELDS = tuple(field.name for field in fields(Example))
WIDTHS = {
    0: 96,
    1: 100,
    2: 82,
    3: 90,
    4: 86,
    5: 86,
    6: 94,
    7: 94,
    8: 84,
    9: 88,
    10: 90,
}  # 990 in all
_NOTES = (  # above the table, which grows downwards
    "One row a customer, lead or trial, with a column that names them and one that tells who became a customer.",
    "Each further column answers more questions. Status or dates: one of the two is enough; dates win over it.",
)


def customers_tab() -> Tab:
    """The tab of the template."""
    rows = tuple(_row(example) for example in example_customers())
    table = Table("customers", tuple(map(_column, _FIELDS)), rows, named=NAMED)
    return Tab(
        CUSTOMERS,
        "SET UP",
        "These forty customers are made up: put your own in their place.",
        (
            "Paste over them, headers included; other headers and more columns are fine. Or leave this tab and press "
            "Add files: exports keep their own sheets."
        ),
        (Section("", (Text(_NOTES, "note"), table)),),
        widths=WIDTHS,
        theirs=True,
    )


def header(field: str) -> str:
    """The header of a field's column, which a run reads without doubt."""
    return _TRAITS.get(field) or plain_words(field)


def _column(field: str) -> Column:
    at = _FIELDS.index(field)
    kind = "label" if at == 0 else "text"
    if field in _MONEY or field == "employees":
        kind = "money.unit" if field in _MONEY else "count"
    return Column(field, header(field), at, kind, entry=_entry(field))


def _entry(field: str) -> Input:
    """What may be typed in a column, and what it is for."""
    said = explained(field)
    message = (
        f"{said[:1].upper()}{said[1:]}." if said else "Describes the customer: any column may."
    )
    if field == "status":
        return Input(None, "choice", message, choices=STATUSES)
    if field in _DATES:
        return Input(None, "date", f"{message} Empty if it has not happened.", *_SERIALS)
    if field in _MONEY:
        return Input(None, "money", message, 0)
    return (
        Input(None, "count", message, 0) if field == "employees" else Input(None, "text", message)
    )


def _row(example: Example) -> Row:
    cells: dict[str, Content | Cell] = {}
    for field, value in zip(_FIELDS, astuple(example), strict=True):
        if value is not None:
            cells[field] = Cell(value, "left") if isinstance(value, date) else value
    return Row(example.customer_id, cells)
