"""The slides: what the workbook says, in a file that PowerPoint's own library reads back; no customer is named."""

from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from pptx import Presentation

from mapseg_xl.cli import main
from mapseg_xl.hosts.slides import HIGH, WIDE, to_bytes
from mapseg_xl.pipeline import find
from mapseg_xl.report.deck import Curves, Deck, Grid, Said, Slide, deck_of, printed
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Cell, Formula
from mapseg_xl.request import Request, intake

SAMPLE = Path("examples/lessonry-team.xlsx")


@cache
def findings():
    return find(Request((SAMPLE,)))


@cache
def deck():
    return deck_of(build_report(findings()), findings())


@cache
def show():
    return Presentation(BytesIO(to_bytes(deck())))


def texts(slide):
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def test_the_first_slide_is_the_headline_of_the_summary():
    said = " ".join(texts(show().slides[0]))
    assert "FOCUS ON “Agency · Netherlands”" in said


def test_every_text_of_the_deck_is_on_its_slide():
    for slide, drawn in zip(deck().slides, show().slides, strict=True):
        there = texts(drawn)
        assert slide.title in there
        for body in slide.bodies:
            if isinstance(body, Said):
                assert {text for _, text in body.lines} <= set(there)
            elif isinstance(body, Grid):
                assert {text for row in body.rows for text in row} <= set(there)


def test_a_chosen_segment_has_a_slide():
    titles = [slide.title for slide in deck().slides]
    for chosen in findings().profiles.chosen:
        assert [t for t in titles if t.startswith(f"{chosen.letter}: ")]


def test_the_curves_are_those_of_the_result_table():
    (curves,) = [b for s in deck().slides for b in s.bodies if isinstance(b, Curves)]
    drawn = next(s.chart for slide in show().slides for s in slide.shapes if s.has_chart)
    whole = {p.month: p.survival for p in findings().survival if p.segment_id == "ALL"}
    line = drawn.plots[0].series[len(curves.lines) - 1]
    assert list(line.values) == pytest.approx([whole[m] for m in curves.months])


def test_no_customer_is_named():
    roles = intake(Request((SAMPLE,))).customers.roles
    said = " ".join(text for slide in show().slides for text in texts(slide))
    named = [name for role in ("company", "email") for name in roles[role].tolist() if name]
    assert named
    assert not [name for name in named if name in said]


def test_nothing_stands_outside_its_slide():
    inch = 914_400
    for slide in show().slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= (WIDE + 0.01) * inch
            assert shape.top + shape.height <= (HIGH + 0.01) * inch


def test_a_base_without_a_candidate_has_slides_too(tmp_path):
    path = tmp_path / "plain.csv"
    path.write_text("Customer ID,Status,Plan\n" + "".join(f"{n},customer,a\n" for n in range(60)))
    found = find(Request((path,)))
    made = deck_of(build_report(found), found)
    assert len(Presentation(BytesIO(to_bytes(made))).slides) == len(made.slides) >= 1


def test_the_same_deck_gives_the_same_bytes():
    one = Deck("t", "f", (Slide("A title", "about", (Said((("WHY", "because"),)),)),))
    assert to_bytes(one) == to_bytes(one)


def test_an_unknown_figure_is_a_dash_and_a_formula_its_value():
    assert printed(None, "money", "€") == "–"
    assert printed(Formula("{a}", None), "share", "€") == "–"
    assert printed(Cell(Formula("{a}", 1234.5), "", "money.down"), "count", "€") == "▼ €1,235"


def test_slides_of_an_earlier_run_are_replaced_and_anybody_elses_refused(tmp_path, capsys):
    source, out = tmp_path / "plain.csv", tmp_path / "plain.pptx"
    source.write_text("Customer ID,Status,Plan\n" + "".join(f"{n},customer,a\n" for n in range(60)))
    asked = ["run", str(source), "--slides", str(out)]
    assert main(asked) == main(asked) == 0
    Presentation().save(out)
    assert main(asked) == 1
    assert "is there already" in capsys.readouterr().err
    out.write_bytes(b"not slides at all")
    assert main(asked) == 1
