"""What a splice keeps, replaces, writes beside and refuses: everything told by the finished file."""

import io
import re
import zipfile

import pytest

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.splice.splicing import splice, without_ours
from mapseg_xl.report import memory
from tests.hosts.splice import checks, odd

A, B = checks.plan_a(), checks.plan_b()
BOOK, RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TABS = [sheet.name for sheet in A.sheets]


def spliced(package, plan=A):
    return splice(package, "team.xlsx", plan).content


def team(inside="", sheets='<sheet name="Data" sheetId="1" r:id="rId1"/>', **more):
    return odd.zipped(odd.parts({BOOK: odd.workbook(inside, sheets), **more}))


def book_of(package):
    return checks.contents(package)[BOOK].decode()


def sheets_of(package):
    return re.findall(r'<sheet name="([^"]*)"', book_of(package).replace("&quot;", "''"))


def names_of(package):
    found = re.findall(r"<definedName ([^>]*)>([^<]*)</definedName>", book_of(package))
    return [(re.search(r'name="([^"]*)"', said)[1], said, text) for said, text in found]


def part_of(package, sheet):
    """Where the sheet of that name lies."""
    said = re.search(rf'<sheet name="{re.escape(sheet)}"[^>]*r:id="([^"]*)"', book_of(package))[1]
    rels = checks.contents(package)[RELS].decode()
    return "xl/" + re.search(rf'Id="{said}"[^>]*Target="([^"]*)"', rels)[1]


def renamed(package, old, new):
    """As Excel leaves a workbook in which somebody has renamed a tab: its names follow, formulas on other tabs too."""
    held = checks.contents(package)
    for name in [BOOK, *(n for n in held if n.startswith(("xl/worksheets/s", "xl/charts")))]:
        text = held[name].decode().replace(f"'{old}'!", f"'{new}'!")
        text = re.sub(rf"(?<=[>,(=]){re.escape(old)}!", f"'{new}'!", text)
        held[name] = text.replace(f'name="{old}"', f'name="{new}"').encode()
    return odd.zipped(held)


def reordered(package, first):
    """As Excel leaves a workbook in which somebody has dragged a tab to the front: places of names follow."""
    text = book_of(package)
    sheets = re.findall(r"<sheet [^>]*/>", text)
    moved = next(sheet for sheet in sheets if f'name="{first}"' in sheet)
    order = [moved, *(sheet for sheet in sheets if sheet is not moved)]
    at = {sheets.index(sheet): place for place, sheet in enumerate(order)}
    text = text.replace("".join(sheets), "".join(order))
    text = re.sub(r'localSheetId="(\d+)"', lambda m: f'localSheetId="{at[int(m[1])]}"', text)
    return odd.zipped({**checks.contents(package), BOOK: text.encode()})


def test_a_tab_that_people_renamed_is_replaced_under_that_name():
    package = renamed(spliced(team()), "Volume", "How many")
    again = spliced(package)
    assert "Volume" not in sheets_of(again)
    assert sheets_of(again).count("How many") == 1
    held = checks.contents(again)
    assert not any(b"'Volume'!" in part for part in held.values())
    assert any(b"How many" in part for name, part in held.items() if "charts" in name)


def test_a_renamed_tab_stays_stable():
    package = renamed(spliced(team()), "Volume", "How many")
    again = spliced(package)
    assert spliced(again) == again
    assert spliced(spliced(again, B)) == again


def test_a_tab_dragged_elsewhere_stays_there_and_names_keep_their_sheets():
    package = reordered(spliced(team()), "Volume")
    again = spliced(package)
    assert sheets_of(again)[0] == "Volume"
    areas = [(said, text) for name, said, text in names_of(again) if name == "_xlnm.Print_Area"]
    for said, text in areas:
        at = int(re.search(r'localSheetId="(\d+)"', said)[1])
        name = sheets_of(again)[at]
        assert text.replace("''", "'").startswith((f"{name}!", f"'{name}'!")) or "&" in name


def test_a_sheet_of_theirs_keeps_the_name_that_a_tab_of_ours_would_have():
    package = team(sheets='<sheet name="volume" sheetId="4" r:id="rId1"/>')
    made = spliced(package)
    assert sheets_of(made)[0] == "volume"
    assert "Volume 2" in sheets_of(made)
    links = [part for name, part in checks.contents(made).items() if "worksheets/sheet" in name]
    assert any(b"'Volume 2'!" in part for part in links)
    assert not any(b"'Volume'!" in part for part in links)


def test_charts_point_at_the_tab_under_its_other_name():
    made = spliced(team(sheets='<sheet name="Performance" sheetId="4" r:id="rId1"/>'))
    charts = [part for name, part in checks.contents(made).items() if "charts/" in name]
    assert any(b"'Performance 2'!" in part for part in charts)
    assert not any(b"<c:f>Performance!" in part for part in charts)


def test_a_pivot_on_our_tab_makes_it_the_team_s():
    package = spliced(team())
    rels = part_of(package, "Volume").replace("worksheets/", "worksheets/_rels/") + ".rels"
    held = checks.contents(package)
    target = ("rId9", "pivotTable", "../pivotTables/pivotTable1.xml")
    said = held.get(rels, odd.relations().encode()).decode()
    one = odd.relations(target).partition("<Relationship ")[2].partition("/>")[0]
    held[rels] = said.replace("</Relationships>", f"<Relationship {one}/></Relationships>").encode()
    held["xl/pivotTables/pivotTable1.xml"] = b"<pivotTableDefinition/>"
    package = odd.zipped(held)
    result = splice(package, "team.xlsx", A)
    assert result.beside == (("Volume", "Volume 2"),)
    assert {"Volume", "Volume 2"} <= set(sheets_of(result.content))
    after = checks.contents(result.content)
    assert after[part_of(package, "Volume")] == held[part_of(package, "Volume")]
    assert "xl/pivotTables/pivotTable1.xml" in after
    again = splice(result.content, "team.xlsx", A)
    assert again.content == result.content
    assert again.beside == ()


def test_a_tab_that_people_cleared_and_filled_with_their_own_is_theirs():
    package = spliced(team())
    part = part_of(package, "Volume")
    held = checks.contents(package) | {part: odd.SHEET.encode()}
    result = splice(odd.zipped(held), "team.xlsx", A)
    assert result.beside == (("Volume", "Volume 2"),)
    assert checks.contents(result.content)[part] == odd.SHEET.encode()


def test_a_note_beside_our_cells_does_not_make_the_tab_theirs():
    package = spliced(team())
    part = part_of(package, "Volume")
    note = '<row r="900"><c r="A900" t="inlineStr"><is><t>call them</t></is></c></row></sheetData>'
    result = splice(odd.edited(package, (part, "</sheetData>", note)), "team.xlsx", A)
    assert result.beside == ()
    assert result.content == package


def test_a_copy_of_our_tab_is_the_team_s():
    package = spliced(team())
    held = checks.contents(package)
    at, last = sheets_of(package).index("Volume"), len(sheets_of(package))
    held["xl/worksheets/sheet77.xml"] = held[part_of(package, "Volume")]
    one = odd.relations(("rId77", "worksheet", "worksheets/sheet77.xml"))
    held[RELS] = held[RELS].replace(
        b"</Relationships>",
        f"<Relationship {one.partition('<Relationship ')[2].partition('/>')[0]}/></Relationships>".encode(),
    )
    mark = f'<definedName name="_mapseg.tab" hidden="1" localSheetId="{at}">'
    other = mark.replace(f'"{at}"', f'"{last}"')
    text = book_of(package).replace(mark, f'{other}"Volume"</definedName>{mark}')
    copied = '<sheet name="Volume (2)" sheetId="99" r:id="rId77"/></sheets>'
    held[BOOK] = text.replace("</sheets>", copied).encode()
    again = spliced(odd.zipped(held))
    assert sheets_of(again) == [*sheets_of(package), "Volume (2)"]
    assert part_of(again, "Volume (2)") == "xl/worksheets/sheet77.xml"
    after = checks.contents(again)
    assert after["xl/worksheets/sheet77.xml"] == held["xl/worksheets/sheet77.xml"]


def test_a_tab_that_a_run_has_no_use_for_goes():
    again = spliced(spliced(team()), B)
    assert checks.GONE.replace("&", "&amp;").replace('"', "''") not in sheets_of(again)
    assert "Another" in sheets_of(again)
    assert b"Things" not in b"".join(checks.contents(again).values())


def test_a_tab_that_their_formulas_refer_to_stays_and_is_said():
    reference = checks.GONE.replace("&", "&amp;").replace("'", "''")
    sheet = odd.SHEET.replace("</row>", f"<c r=\"C1\"><f>'{reference}'!B9</f><v>1</v></c></row>")
    package = spliced(odd.zipped(odd.parts({"xl/worksheets/sheet1.xml": sheet})))
    result = splice(package, "team.xlsx", B)
    assert result.left == (checks.GONE,)
    assert splice(result.content, "team.xlsx", B).content == result.content
    assert splice(result.content, "team.xlsx", A).left == ()
    assert without_ours(package, "team.xlsx").left == (checks.GONE,)


def refers(calc):
    sheet = odd.SHEET.replace("</row>", '<c r="C1"><f>Volume!B9*2</f><v>1</v></c></row>')
    return odd.zipped(odd.parts({"xl/worksheets/sheet1.xml": sheet, BOOK: odd.workbook(calc)}))


def test_excel_works_out_anew_what_refers_to_our_tabs():
    made = book_of(spliced(refers('<calcPr calcId="191029"/>')))
    assert '<calcPr calcId="191029" fullCalcOnLoad="1"/>' in made
    assert 'fullCalcOnLoad="1"' in book_of(spliced(refers("")))


def test_the_way_they_calculate_is_left_alone():
    by_hand = '<calcPr calcId="191029" calcMode="manual"/>'
    assert by_hand in book_of(spliced(refers(by_hand)))
    assert "fullCalc" not in book_of(spliced(team('<calcPr calcId="191029"/>')))


def test_the_order_of_calculation_loses_our_cells_and_keeps_theirs():
    package = spliced(team())
    number = re.search(r'name="Volume" sheetId="(\d+)"', book_of(package))[1]
    cells = f'<c r="A1" i="1"/><c r="B2" i="{number}"/><c r="B3"/><c r="A2" i="1"/><c r="A3"/>'
    held = checks.contents(package)
    held["xl/calcChain.xml"] = f'<calcChain xmlns="{odd.MAIN}">{cells}</calcChain>'.encode()
    one = odd.relations(("rId90", "calcChain", "calcChain.xml")).partition("<Relationship ")[2]
    said = f"<Relationship {one.partition('/>')[0]}/></Relationships>"
    held[RELS] = held[RELS].replace(b"</Relationships>", said.encode())
    again = checks.contents(spliced(odd.zipped(held)))
    left = re.findall(rb"<c [^>]*/>", again["xl/calcChain.xml"])
    assert left == [b'<c r="A1" i="1"/>', b'<c r="A2" i="1"/>', b'<c r="A3"/>']
    cells = f'<c r="B2" i="{number}"/>'
    held["xl/calcChain.xml"] = f'<calcChain xmlns="{odd.MAIN}">{cells}</calcChain>'.encode()
    again = checks.contents(spliced(odd.zipped(held)))
    assert "xl/calcChain.xml" not in again
    assert b"calcChain" not in again[RELS]


def test_whoever_opens_the_file_looks_at_the_same_sheet():
    package = odd.edited(
        spliced(team()),
        (BOOK, "<sheets>", '<bookViews><workbookView activeTab="3"/></bookViews><sheets>'),
    )
    looked_at = sheets_of(package)[3]
    again = spliced(package, B)
    at = int(re.search(r'activeTab="(\d+)"', book_of(again))[1])
    assert sheets_of(again)[at] == looked_at
    parts = checks.contents(again)
    selected = [s for s in sheets_of(again)[1:-1] if b"tabSelected" in parts[part_of(again, s)]]
    assert selected == [looked_at]


def test_no_tab_of_ours_is_selected_beside_theirs():
    made = spliced(team())
    ours = [part for name, part in checks.contents(made).items() if "worksheets/sheet" in name]
    assert not any(b"tabSelected" in part for part in ours)


def test_their_names_move_along_when_a_tab_before_them_goes():
    package = spliced(team())
    text = book_of(package)
    last = len(sheets_of(package))
    text = text.replace(
        "</sheets>", '<sheet name="Later" sheetId="70" r:id="rId1"/></sheets>'
    ).replace(
        "</definedNames>",
        f'<definedName name="theirs" localSheetId="{last}">Later!$A$1</definedName></definedNames>',
    )
    package = odd.zipped({**checks.contents(package), BOOK: text.encode()})
    for after in (spliced(package, B), without_ours(package, "team.xlsx").content):
        said = next(said for name, said, _ in names_of(after) if name == "theirs")
        at = int(re.search(r'localSheetId="(\d+)"', said)[1])
        assert sheets_of(after)[at] == "Later"


def test_their_own_function_of_our_name_stays():
    mine = '<definedNames><definedName name="SEG_CONVERSION">Data!$A$1</definedName></definedNames>'
    made = names_of(spliced(team(mine)))
    assert [text for name, _, text in made if name == "SEG_CONVERSION"] == ["Data!$A$1"]


def test_a_table_of_theirs_keeps_name_and_number():
    table = f'<table xmlns="{odd.MAIN}" id="7" name="Things" displayName="Things" ref="A1:A2"/>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
    package = odd.zipped(
        odd.parts(
            {
                "xl/tables/table3.xml": table,
                "xl/worksheets/_rels/sheet1.xml.rels": odd.relations(
                    ("rId1", "table", "../tables/table3.xml")
                ),
                "[Content_Types].xml": odd.types({"/xl/tables/table3.xml": kind}),
            }
        )
    )
    made = checks.contents(spliced(package))
    assert made["xl/tables/table3.xml"] == table.encode()
    ours = made["xl/tables/table4.xml"].decode()
    assert 'id="8"' in ours
    assert 'displayName="Things_2"' in ours
    assert any(b"Things_2[How many]" in part for part in made.values())


def test_our_formats_look_the_same_among_theirs():
    import openpyxl

    def looks(package):
        book = openpyxl.load_workbook(io.BytesIO(package))
        return {
            (sheet.title, cell.coordinate): (
                cell.font.name, cell.font.sz, cell.font.b, cell.font.color and cell.font.color.rgb,
                cell.fill.fgColor.rgb, cell.number_format, cell.alignment.horizontal,
                cell.alignment.wrap_text, cell.border.bottom.style, cell.border.top.style,
                cell.protection.locked, str(cell.value).replace("_x005F_", "_"),
            )
            for sheet in book if sheet.title not in ("Data", memory.SHEET)
            for row in sheet.iter_rows() for cell in row
            if cell.has_style or cell.value is not None
        }  # fmt: skip

    from mapseg_xl.hosts.file import to_bytes

    alone, among = looks(to_bytes(A)), looks(spliced(team()))
    assert among == alone


def test_days_count_from_1904_where_theirs_do():
    from datetime import datetime

    import openpyxl

    package = odd.zipped(
        odd.parts({BOOK: odd.workbook().replace("<sheets>", '<workbookPr date1904="1"/><sheets>')})
    )
    book = openpyxl.load_workbook(io.BytesIO(spliced(package)))
    days = {
        cell.value
        for row in book["Bob's & co"].iter_rows()
        for cell in row
        if isinstance(cell.value, datetime)
    }
    assert datetime(2026, 1, 1) in days  # noqa: DTZ001


def test_widths_and_validations_are_those_of_the_plan():
    import openpyxl

    from mapseg_xl.hosts.file import to_bytes

    one, other = (
        openpyxl.load_workbook(io.BytesIO(package))["Bob's & co"]
        for package in (to_bytes(A), spliced(team()))
    )
    assert {k: d.width for k, d in one.column_dimensions.items()} == {
        k: d.width for k, d in other.column_dimensions.items()
    }
    rules = [
        [(str(v.sqref), v.type, v.formula1) for v in sheet.data_validations.dataValidation]
        for sheet in (one, other)
    ]
    assert rules[0] == rules[1]
    assert len(one.conditional_formatting) == len(other.conditional_formatting) == 1
    assert one.print_title_rows == other.print_title_rows


@pytest.mark.parametrize(
    ("font", "points", "digit"),
    # the pixels that Excel's own default column of 64 tells: 8.43 wide at 7, 7.38 at 8
    [
        ("Calibri", 11, 7),
        ("Arial", 10, 7),
        ("Arial", 11, 8),
        ("Verdana", 10, 8),
        ("Wingdings", 30, 7),
    ],
)
def test_columns_are_as_wide_as_meant_whatever_the_workbook_s_own_font(font, points, digit):
    import openpyxl

    from mapseg_xl.hosts.file import to_bytes

    said = f'<sz val="{points}"/><name val="{font}"/>'
    styles = odd.STYLES.replace('<sz val="12"/><name val="Courier"/>', said)
    made = spliced(odd.zipped(odd.parts({"xl/styles.xml": styles})))
    alone, among = (
        openpyxl.load_workbook(io.BytesIO(package))["Volume"].column_dimensions["B"].width
        for package in (to_bytes(A), made)
    )
    assert among * digit == pytest.approx(alone * 7)


def test_a_workbook_of_another_zip_program_is_copied_as_it_lies():
    package = odd.zipped(odd.parts(), described=True)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert all(info.flag_bits & 8 for info in archive.infolist())
        starts = [info.header_offset for info in archive.infolist()]
        whole = package[starts[4] : starts[5]]  # header, data, and the sizes after it
        assert archive.infolist()[4].filename == "xl/worksheets/sheet1.xml"
    made = spliced(package)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
    assert whole in made
    assert spliced(made) == made


def test_without_anything_of_ours_nothing_is_taken_away():
    package = team()
    assert without_ours(package, "team.xlsx").content is package


SIGNED = odd.relations(
    ("rId1", "officeDocument", "xl/workbook.xml"),
    ("rId2", "digital-signature/origin", "_xmlsignatures/origin.sigs"),
)
LOCKED = odd.workbook().replace("<sheets>", '<workbookProtection lockStructure="1"/><sheets>')
SHARED = odd.relations(
    ("rId1", "worksheet", "worksheets/sheet1.xml"),
    ("rId9", "revisionHeaders", "revisions/revisionHeaders.xml"),
)
BINARY = odd.types().replace(
    "openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "ms-excel.sheet.binary.macroEnabled.main",
)


def twice():
    out = io.BytesIO(odd.zipped(odd.parts()))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/styles.xml", odd.STYLES)
    return out.getvalue()


REFUSED = {
    "no zip": (lambda: b"Name,City\n", "is no .xlsx workbook"),
    "nothing": (lambda: b"", "is no .xlsx workbook"),
    "cut short": (lambda: odd.zipped(odd.parts())[:900], "is damaged"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel"),
    "a password": (
        lambda: b"\xd0\xcf\x11\xe0" + bytes(60) + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "OpenDocument": (
        lambda: odd.zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "OpenDocument",
    ),
    "binary": (lambda: odd.zipped(odd.parts({"[Content_Types].xml": BINARY})), ".xlsb"),
    "signed": (lambda: odd.zipped(odd.parts({"_rels/.rels": SIGNED})), "digitally signed"),
    "protected": (lambda: odd.zipped(odd.parts({BOOK: LOCKED})), "is protected"),
    "shared": (lambda: odd.zipped(odd.parts({RELS: SHARED})), "shared workbook"),
    "two parts of one name": (twice, "two parts of one name"),
    "two parts that differ in case": (
        lambda: odd.zipped({**odd.parts(), "XL/STYLES.xml": odd.STYLES}),
        "two parts of one name",
    ),
    "a DOCTYPE": (
        lambda: odd.zipped(
            odd.parts({BOOK: odd.workbook().replace("<workbook", "<!DOCTYPE a []><workbook")})
        ),
        "DOCTYPE",
    ),
    "no XML": (lambda: odd.zipped(odd.parts({"xl/styles.xml": "<a>"})), "cannot be read as XML"),
    "no workbook": (lambda: odd.zipped(odd.parts({BOOK: None})), "without a workbook"),
    "no relations": (lambda: odd.zipped(odd.parts({RELS: None})), "damaged"),
    "a document of another program": (
        lambda: odd.zipped({"[Content_Types].xml": odd.types(), "word/document.xml": "<a/>"}),
        "without a workbook",
    ),
    "a name that climbs": (
        lambda: odd.zipped({**odd.parts(), "../../evil": "x"}),
        "not a sound workbook",
    ),
    "the hidden sheet's name": (
        lambda: team(sheets='<sheet name="_MapSeg" sheetId="1" r:id="rId1"/>'),
        "remembers its own work",
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_written_into_is_refused_in_a_sentence(why):
    package, said = REFUSED[why]
    with pytest.raises(RefusedOutput, match=re.escape(said)) as error:
        spliced(package())
    assert "team.xlsx" in str(error.value)
    assert len(str(error.value)) < 260


def test_no_damage_to_a_file_ends_in_anything_but_a_sentence():
    import random

    whole = spliced(team())
    dice = random.Random(20261122)
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(dice.randint(1, 12)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        if dice.random() < 0.3:
            del content[dice.randrange(len(content)) :]
        try:
            made = spliced(bytes(content))
        except RefusedOutput:
            continue
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            assert memory.SHEET in archive.read(BOOK).decode()
