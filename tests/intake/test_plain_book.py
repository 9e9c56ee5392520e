"""Plain sheets are read by numpy: the same cells as the general reader gives, or none at all."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from mapseg_xl.intake.reading import spreadsheet
from mapseg_xl.intake.reading.package import package
from mapseg_xl.intake.reading.plain_book import PlainBook, PlainSheet

FORMATS = ("General", "0.00", "#,##0", "0.0%", "@", "yyyy-mm-dd", "dd/mm/yyyy hh:mm", "mmm yyyy")
NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(-1e300, 1e300, allow_nan=False),
    st.sampled_from([0.1, 1 / 3, 2**53 + 2, 1e-7, 123456.789]),
)
TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12)
SERIALS = st.one_of(
    st.integers(61, 60_000), st.integers(61 * 96, 60_000 * 96).map(lambda q: q / 96)
)
CELLS = st.one_of(
    st.none(),
    NUMBERS.map(lambda v: (v, "General")),
    st.booleans().map(lambda v: (v, "General")),
    TEXTS.map(lambda v: (v, "General")),
    st.tuples(SERIALS, st.sampled_from(FORMATS)),
)


def book_of(cells: dict[tuple[int, int], tuple[Any, str]]) -> bytes:
    """A workbook of one sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Customers")
        formats = {code: book.add_format({"num_format": code}) for code in FORMATS}
        for place, (value, code) in cells.items():
            if isinstance(value, str):
                sheet.write_string(*place, value)
            elif isinstance(value, bool):
                sheet.write_boolean(*place, value)
            else:
                sheet.write_number(*place, value, None if code == "General" else formats[code])
    return buffer.getvalue()


def plainly(content: bytes) -> PlainSheet | None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return PlainBook(archive, package(archive, "book.xlsx")).sheet("Customers")


def shape(sheet: Any) -> tuple[int, int, list[list[tuple[type, Any]]]]:
    return sheet.top, sheet.left, [[(type(v), v) for v in c.tolist()] for c in sheet.columns]


def generally(content: bytes, monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr(spreadsheet, "_plain_sheet", lambda *_: None)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            path.write_bytes(content)
            return spreadsheet.read_spreadsheet(io.BytesIO(content), path, "xlsx", ())[0]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 30)), CELLS, min_size=1))
def test_the_cells_are_those_of_the_general_reader(cells: dict[Any, Any]) -> None:
    cells = {place: cell for place, cell in cells.items() if cell is not None} | {(0, 3): ("x", "")}
    content = book_of(cells)
    plain = plainly(content)
    if plain is None:  # texts Excel escapes are left to the general reader
        assert any(
            isinstance(v, str) and ("_x" in v or not v.isprintable()) for v, _ in cells.values()
        )
        return
    with pytest.MonkeyPatch.context() as patch:
        assert shape(plain) == shape(generally(content, patch))


def changed(old: bytes, new: bytes) -> bytes:
    """A plain workbook whose sheet says something else in one place."""
    content = book_of({(0, 0): ("name", ""), (1, 0): (4, "General"), (2, 1): (True, "General")})
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(result, "w") as after:
        for part in before.namelist():
            text = before.read(part)
            if part.endswith("sheet1.xml"):
                assert old in text
                text = text.replace(old, new)
            after.writestr(part, text)
    return result.getvalue()


def test_the_workbook_of_the_next_test_is_plain() -> None:
    assert plainly(changed(b"<v>4</v>", b"<v>5</v>")) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<v>4</v>", b"<f>2+2</f><v>4</v>"),
        (b"<v>4</v>", b"<v>4 </v>"),
        (b"<v>4</v>", b"<v>4-4</v>"),
        (b"<v>4</v>", b"<v>nan</v>"),
        (b"<v>4</v>", b"<v>1e999</v>"),
        (b"<v>4</v>", b"<v></v>"),
        (b"<v>4</v>", b"<v><!-- 4 -->4</v>"),
        (b'<c r="A2"><v>4</v>', b'<c r="A2" t="e"><v>#N/A</v>'),
        (b'<c r="A2"><v>4</v>', b'<c r="A2" t="str"><v>4</v>'),
        (b'<c r="A2"><v>4</v>', b'<c r="A2" t="d"><v>2026-01-31</v>'),
        (b'<c r="A2"><v>4</v>', b'<c r="A2" t="s"><v>7</v>'),
        (b'<c r="A2"><v>4</v>', b'<c r="A2" t="s"><v>0.5</v>'),
        (b'<c r="A2"><v>4</v>', b'<c r="A2" s="99"><v>4</v>'),
        (b'<c r="A2"><v>4</v>', b'<c r="A2" t="inlineStr"><is><t>4</t></is>'),
        (b'<c r="A2">', b"<c>"),
        (b'<c r="A2">', b'<c r="2">'),
        (b'<c r="A2">', b'<c r="A1">'),
        (b'<c r="A2">', b'<c r="A2" cm="1">'),
        (b"</sheetData>", b""),
    ],
)
def test_whatever_is_not_plain_is_left_to_the_general_reader(old: bytes, new: bytes) -> None:
    assert plainly(changed(old, new)) is None


def test_hidden_rows_are_noted() -> None:
    sheet = plainly(changed(b'<row r="2"', b'<row r="2" hidden="1"'))
    assert sheet is not None
    assert sheet.facts.hidden_rows == [2]
