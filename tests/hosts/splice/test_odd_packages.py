"""Workbooks as other programs write them: our tabs go in, nothing else changes, a second run changes nothing."""

import pytest

from mapseg_xl.hosts.splice.splicing import splice, without_ours
from tests.hosts.splice import checks, odd
from tests.tools import validator

MINE = "xl/worksheets/sheet1.xml"
BOOK, RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STRICT_PARTS = {
    "_rels/.rels": odd.relations(
        ("rId1", "officeDocument", "xl/workbook.xml"), base=odd.STRICT_RELATIONS
    ),
    BOOK: odd.strict(odd.workbook()),
    RELS: odd.strict(odd.parts()[RELS]),
    MINE: odd.strict(odd.SHEET),
    "xl/styles.xml": odd.strict(odd.STYLES),
}
NO_STYLES = {
    "[Content_Types].xml": odd.types({"/xl/styles.xml": ""}),
    RELS: odd.relations(("rId1", "worksheet", "worksheets/sheet1.xml")),
    MINE: odd.SHEET.replace(' s="1"', ""),
    "xl/styles.xml": None,
}
AT_THE_TOP = {
    "[Content_Types].xml": odd.types().replace("/xl/", "/"),
    "_rels/.rels": odd.relations(("rId1", "officeDocument", "/workbook.xml")),
    "workbook.xml": odd.workbook(),
    "_rels/workbook.xml.rels": odd.parts()[RELS],
    "worksheets/sheet1.xml": odd.SHEET,
    "styles.xml": odd.STYLES,
}
ODD = {
    "plain": odd.parts(),
    "prefixed": {
        name: odd.prefixed(part) if name in (BOOK, MINE, "xl/styles.xml") else part
        for name, part in odd.parts().items()
    },
    "types and relations prefixed": {
        name: odd.prefixed(part) if name.endswith(".rels") or "Types" in name else part
        for name, part in odd.parts().items()
    },
    "strict": odd.parts(STRICT_PARTS),
    "no styles": odd.parts(NO_STYLES),
    "strict, no styles": odd.parts(
        {**STRICT_PARTS, **NO_STYLES, RELS: odd.strict(NO_STYLES[RELS])}
        | {MINE: odd.strict(NO_STYLES[MINE])}
    ),
    "the barest styles": odd.parts(
        {"xl/styles.xml": f'<styleSheet xmlns="{odd.MAIN}"/>', MINE: NO_STYLES[MINE]}
    ),
    "empty lists of styles": odd.parts(
        {
            "xl/styles.xml": odd.STYLES.replace(
                "</cellStyles>", '</cellStyles><dxfs count="0" /><tableStyles/>'
            ).replace("<fonts", '<numFmts count="0"/><fonts')
        }
    ),
    "absolute targets": odd.parts(
        {
            RELS: odd.relations(
                ("rId1", "worksheet", "/xl/worksheets/sheet1.xml"),
                ("rId2", "styles", "/xl/styles.xml"),
            )
        }
    ),
    "a relation without an id": odd.parts(
        {
            RELS: odd.relations(
                ("rId1", "worksheet", "worksheets/sheet1.xml"),
                ("", "theme", "theme/theme1.xml"),
                ("rId2", "styles", "styles.xml"),
            )
        }
    ),
    "ids that are no numbers": odd.parts(
        {
            BOOK: odd.workbook(sheets='<sheet name="Data" sheetId="7" r:id="Rf00d"/>'),
            RELS: odd.relations(
                ("Rf00d", "worksheet", "worksheets/sheet1.xml"), ("Rbeef", "styles", "styles.xml")
            ),
        }
    ),
    "names in other cases": {
        {"xl/styles.xml": "XL/Styles.xml", MINE: "xl/WorkSheets/Sheet1.XML"}.get(name, name): part
        for name, part in odd.parts().items()
    },
    "the workbook at the top": AT_THE_TOP,
    "the workbook elsewhere": {
        name.replace("xl/", "office/book/"): part.replace("xl/", "office/book/")
        for name, part in odd.parts().items()
    },
    "another prefix for relations, on the sheet itself": odd.parts(
        {
            BOOK: odd.workbook(
                sheets=f'<sheet name="Data" sheetId="1" q:id="rId1" xmlns:q="{odd.RELATIONS}"/>'
            ).replace(f' xmlns:r="{odd.RELATIONS}"', "")
        }
    ),
    "no entry for relations among the types": odd.parts(
        {
            "[Content_Types].xml": odd.types(
                {
                    f"/{part}": "application/vnd.openxmlformats-package.relationships+xml"
                    for part in (RELS, "_rels/.rels")
                }
            ).replace('<Default Extension="rels"', '<Default Extension="other"')
        }
    ),
    "names, a view, order of calculation, extensions": odd.parts(
        {
            BOOK: odd.workbook(
                '<definedNames><definedName name="rate" localSheetId="0">Data!$A$1</definedName></definedNames>'
                '<calcPr calcId="191029" calcMode="manual"/><extLst><ext uri="{x}" xmlns:y="urn:y"><y:a b="&gt;"/>'
                "</ext></extLst>"
            ).replace("<sheets>", '<bookViews><workbookView activeTab="0"/></bookViews><sheets>')
        }
    ),
    "in 1904": odd.parts(
        {BOOK: odd.workbook().replace("<sheets>", '<workbookPr date1904="1"/><sheets>')}
    ),
    "in UTF-16": odd.parts() | {BOOK: odd.workbook().replace("UTF-8", "UTF-16").encode("utf-16")},
}
VALID = [name for name in ODD if name not in ("a relation without an id", "the barest styles")]


@pytest.fixture(params=ODD)
def package(request):
    return odd.zipped(ODD[request.param])


def test_everything_else_keeps_its_bytes(package):
    made = splice(package, "team.xlsx", checks.plan_a()).content
    changed = [p for p in checks.changed_parts(package, made) if not checks.may_change(package, p)]
    assert changed == []
    assert checks.in_order(package, made)


def test_the_team_s_sheet_reads_as_before(package):
    made = splice(package, "team.xlsx", checks.plan_a()).content
    readers = checks.readers_of(package)
    assert readers
    for values in readers:
        assert values(made)["Data"] == values(package)["Data"]


def test_every_tab_of_ours_is_there(package):
    content = splice(package, "team.xlsx", checks.plan_a()).content
    made = checks.readers_of(package)[0](content)
    sheets = [name for name in made if not name.startswith("name ")]
    assert sheets == ["Data", *(sheet.name for sheet in checks.plan_a().sheets)]


def test_a_second_run_changes_nothing(package):
    once = splice(package, "team.xlsx", checks.plan_a()).content
    assert splice(once, "team.xlsx", checks.plan_a()).content == once


def test_another_run_in_between_leaves_no_trace(package):
    once = splice(package, "team.xlsx", checks.plan_a()).content
    other = splice(once, "team.xlsx", checks.plan_b()).content
    assert other != once
    assert splice(other, "team.xlsx", checks.plan_a()).content == once


def test_taken_out_again_the_workbook_is_as_it_was(package):
    made = splice(package, "team.xlsx", checks.plan_a()).content
    left = checks.contents(without_ours(made, "team.xlsx").content)
    before = checks.contents(package)
    assert set(left) == set(before)
    book = [name for name in before if name.casefold().endswith("workbook.xml")]
    assert {n for n in before if before[n] != left[n]} <= set(book)  # one that was in UTF-16 is not


@pytest.mark.validator
@pytest.mark.parametrize("name", VALID)
def test_the_validator_has_no_new_complaint(name, tmp_path):
    validator.need_validator()
    package = odd.zipped(ODD[name])
    said = []
    for at, content in enumerate((package, splice(package, name, checks.plan_a()).content)):
        path = tmp_path / f"{at}.xlsx"
        path.write_bytes(content)
        said.append(len(validator.complaints(path)))
    assert said[1] <= said[0]
