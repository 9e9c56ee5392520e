import json

from mapseg_xl.intake.reading.our_tabs import marked_tabs, our_tabs

HEAD = ("key", "value")


def test_tabs_copies_and_sheets_that_are_no_customers_hold_no_data():
    copies = json.dumps([{"sheet": "Customers", "source": ""}])
    rows = [
        HEAD,
        ("written", "'" + json.dumps(["Volume", [[0, 1, 0, 11]]])),
        ("memory combined sheet", "'" + copies),
        ("memory sheets left out", "'" + json.dumps(["Old CRM"])),
        ("memory steps", "'" + json.dumps(["measure"])),
    ]
    assert our_tabs(rows) == {"Volume", "Customers", "Old CRM"}


def test_a_long_value_goes_on_in_the_next_rows():
    text = json.dumps(["Volume", [[0, 1, 0, 11]]])
    rows = [HEAD, ("written", "'" + text[:9]), ("+written", "'" + text[9:])]
    assert our_tabs(rows) == {"Volume"}


def test_what_somebody_wrote_over_the_memory_does_no_harm():
    broken = ("{", "[", "7", "null", '"x"', "[]", '[{"a": 1}]')
    rows = [(key, text) for key in ("written", "memory combined sheet") for text in broken]
    assert not {"Volume"} & our_tabs([*rows, (None, None), ("written",)])


def test_marks_are_found_whatever_else_the_workbook_names():
    book = (
        b'<definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">A!$A$1</definedName>'
        b'<definedName hidden="1" localSheetId="2" name="_mapseg.tab">"Volume"</definedName>'
        b'<definedName name="_mapseg.tab.0a1b" hidden="1">CRM!$A$1</definedName>'
        b'<definedName name="_mapseg.tab" localSheetId="9">"gone"</definedName></definedNames>'
    )
    assert marked_tabs(book, ["CRM", "Notes", "Who"]) == {"Who"}
