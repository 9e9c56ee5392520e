"""A workbook as a team keeps it, with everything in it that must outlast a run: formulas, a chart, a table, macros."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.typed_book import Team, write_team

SMALL_TEAM = Team(n=240)
MACROS = b"\xd0\xcf\x11\xe0 not really macros, but bytes that must stay \x00\x01\x02"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def write_own_book(path: Path, team: Team = SMALL_TEAM) -> Path:
    """Customers and feedback beside a sheet of their own with a chart, a table, a rule, a list, a comment and sums."""
    write_team(path, team)
    book = openpyxl.load_workbook(path)
    notes = book.create_sheet("Our notes")
    for row in (("Team", "Heads"), ("Sales", 4), ("Success", 3)):
        notes.append(row)
    notes["D1"] = "=SUM(B2:B3)"
    notes["D2"] = "=COUNTA(Customers!A:A)-1"
    notes["D4"] = "ask Kim"
    notes["D4"].comment = Comment("really?", "Ann")
    notes.add_table(Table(displayName="Heads", ref="A1:B3"))
    listed = DataValidation("list", formula1='"yes,no"')
    listed.add("E1")
    notes.add_data_validation(listed)
    red = PatternFill("solid", bgColor="FFC7CE")
    notes.conditional_formatting.add("B2:B3", CellIsRule("lessThan", ["4"], fill=red))
    chart = BarChart()
    chart.add_data(Reference(notes, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    notes.add_chart(chart, "G2")
    book.save(path)
    return path


def with_macros(path: Path) -> Path:
    """The same workbook as an .xlsm with a macro part, beside it."""
    made = path.with_suffix(".xlsm")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(_BOOK_TYPE.encode(), _MACRO_TYPE.encode()).replace(
                    b"</Types>",
                    b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                )
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rIdVba" Target="vbaProject.bin" Type="http://schemas.microsoft.com/office/'
                    b'2006/relationships/vbaProject"/></Relationships>',
                )
            new.writestr(name, content)
        new.writestr("xl/vbaProject.bin", MACROS)
    return made


def parts_of(content: bytes) -> dict[str, bytes]:
    """Every part of a package by its name."""
    with zipfile.ZipFile(BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


MAY_CHANGE = re.compile(
    r"\[Content_Types\]\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml"
)


def assert_theirs_stayed(before: bytes, after: bytes) -> None:
    """Every part of the workbook before is there with the same bytes, but for the four that list what is in it."""
    old, new = parts_of(before), parts_of(after)
    for name, content in old.items():
        if not MAY_CHANGE.fullmatch(name):
            assert new[name] == content, name
