"""The slides host: draws a Deck as a PowerPoint file with native tables and charts. The only import of pptx."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from mapseg_xl.report.deck import Body, Curves, Deck, Grid, Said, Slide
from mapseg_xl.report.layout.lettering import width_px
from mapseg_xl.report.styles import COLOURS

FONT, OURS = "Arial", "Customer segmentation by mapseg"
WIDE, HIGH = 13.333, 7.5  # inches
_LEFT, _TOP, _INSIDE = 0.6, 0.45, 12.13
_BODY_TOP, _FOOT = 1.75, 7.05
_LINE_COLOURS = ("accent", "second", "third")
_FIXED_DAY = datetime(2000, 1, 1)  # noqa: DTZ001  # file properties carry no zone
_PX_AN_INCH = 96
_MARK_WIDE = 1.35
_ROW_HIGH, _GAP = 0.36, 0.22


def to_bytes(deck: Deck) -> bytes:
    """The deck as the bytes of a .pptx file."""
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDE), Inches(HIGH)
    show.core_properties.title = deck.title
    show.core_properties.author = ""
    show.core_properties.category = OURS
    show.core_properties.created = show.core_properties.modified = _FIXED_DAY
    blank = show.slide_layouts[6]
    for number, slide in enumerate(deck.slides, start=1):
        _Page(show.slides.add_slide(blank)).draw(slide, deck.footer, number)
    buffer = BytesIO()
    show.save(buffer)
    return buffer.getvalue()


def is_ours(path: Path) -> bool:
    """Whether a file holds slides that we made; False for anything else."""
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    try:
        return bool(Presentation(str(path)).core_properties.category == OURS)
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        return False


class _Page:
    """One slide being drawn. Everything in inches from the top left corner."""

    def __init__(self, slide: Any) -> None:
        self.slide = slide
        self.row_high = _ROW_HIGH

    def draw(self, what: Slide, footer: str, number: int) -> None:
        opening = not what.bodies
        self._rule()
        top = 2.2 if opening else _TOP + 0.15
        points = 30 if opening else 22
        self.text(what.title, top, 1.0, points, bold=True)
        top += _rows(what.title, points, _INSIDE, bold=True) * points * 1.25 / 72 + 0.1
        for line in (what.about, what.note):
            if line:
                self.text(line, top, 0.35, 13, colour="secondary")
                top += 0.4
        below = max(top + 0.15, _BODY_TOP)
        self.row_high = _row_height(what.bodies, _FOOT - below)
        for body in what.bodies:
            below = self._body(body, below) + _GAP
        self.text(footer, _FOOT, 0.3, 9, colour="secondary")
        self.text(str(number), _FOOT, 0.3, 9, colour="secondary", right=True)

    def _rule(self) -> None:
        from pptx.util import Inches

        bar = self.slide.shapes.add_shape(
            1, Inches(_LEFT), Inches(0.35), Inches(_INSIDE), Inches(0.06)
        )
        bar.fill.solid()
        bar.fill.fore_color.rgb = _rgb("accent")
        bar.line.fill.background()

    def _body(self, body: Body, top: float) -> float:
        """Draws a body from `top` and gives where it ends."""
        match body:
            case Said():
                return self._said(body, top)
            case Grid():
                return self._grid(body, top)
            case Curves():
                return self._curves(body, top)

    def text(
        self,
        said: str,
        top: float,
        high: float,
        points: float,
        *,
        bold: bool = False,
        colour: str = "ink",
        left: float = _LEFT,
        right: bool = False,
    ) -> None:
        """A text box over the rest of the page's width."""
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Inches

        wide = _LEFT + _INSIDE - left
        box = self.slide.shapes.add_textbox(Inches(left), Inches(top), Inches(wide), Inches(high))
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        _write(paragraph, said, points, bold=bold, colour=colour)

    def _said(self, body: Said, top: float) -> float:
        points = 14.0 if len(body.lines) <= 9 else 12.0
        line = points * 1.25 / 72
        for mark, text in body.lines:
            if mark:
                self.text(mark, top, line, 11, bold=True, colour="accent")
            self.text(text, top, line, points, left=_LEFT + _MARK_WIDE)
            top += _rows(text, points, _INSIDE - _MARK_WIDE) * line + 0.14
        return top

    def _grid(self, body: Grid, top: float) -> float:
        from pptx.util import Inches

        rows, columns, high = len(body.rows) + 1, len(body.head), self.row_high
        shape = self.slide.shapes.add_table(
            rows, columns, Inches(_LEFT), Inches(top), Inches(_INSIDE), Inches(high * rows)
        )
        table = shape.table
        shape.element.graphic.graphicData.tbl[0][-1].text = _NO_STYLE
        table.first_row = table.horz_banding = False
        for at, wide in enumerate(_column_widths(body)):
            table.columns[at].width = Inches(wide)
        for row in table.rows:
            row.height = Inches(high)
        for at, head in enumerate(body.head):
            _cell(table.cell(0, at), head, 11, "secondary", right=_is_figure(body, at))
        for r, (texts, looks) in enumerate(zip(body.rows, body.looks, strict=True), start=1):
            for at, (text, look) in enumerate(zip(texts, looks, strict=True)):
                colour = look if look in ("better", "worse") else "ink"
                cell = table.cell(r, at)
                _cell(cell, text, 12, colour, bold=colour != "ink", right=_is_figure(body, at))
        return top + high * rows

    def _curves(self, body: Curves, top: float) -> float:
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
        from pptx.util import Inches, Pt

        data = CategoryChartData(number_format="0%")
        data.categories = [str(month) for month in body.months]
        for name, values in body.lines:
            data.add_series(name, values)
        high = _FOOT - top - 0.15
        place = Inches(_LEFT), Inches(top), Inches(_INSIDE), Inches(high)
        chart = self.slide.shapes.add_chart(XL_CHART_TYPE.LINE, *place, data).chart
        chart.font.size, chart.font.name = Pt(12), FONT
        chart.font.color.rgb = _rgb("secondary")
        chart.has_legend = True
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        axis = chart.value_axis
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, 1, 0.25
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0%", False
        axis.major_gridlines.format.line.color.rgb = _rgb("light")
        axis.format.line.fill.background()
        for series, colour in zip(chart.plots[0].series, _series_colours(body), strict=True):
            series.smooth = False
            series.format.line.color.rgb = _rgb(colour)
            series.format.line.width = Pt(2.5)
            series.marker.style = XL_MARKER_STYLE.NONE
        return _FOOT


_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid" of PowerPoint


def _row_height(bodies: Sequence[Body], room: float) -> float:
    """Of all tables of a slide: as usual, or what lets them end above its foot."""
    rows = sum(len(body.rows) + 1 for body in bodies if isinstance(body, Grid))
    return min(_ROW_HIGH, (room - _GAP * len(bodies)) / rows) if rows else _ROW_HIGH


def _rows(text: str, points: float, wide: float, *, bold: bool = False) -> int:
    """How many rows a text takes over a width in inches, with some air: programs break lines differently."""
    return 1 + int(width_px(text, points, bold=bold) / (wide * _PX_AN_INCH * 0.95))


def _series_colours(body: Curves) -> list[str]:
    return [*_LINE_COLOURS[: len(body.lines) - 1], "base"]


def _is_figure(body: Grid, column: int) -> bool:
    """Whether a column holds figures, which stand right."""
    said = [row[column] for row in body.rows if row[column] not in ("", "–")]
    return column > 0 and bool(said) and all(any(c.isdigit() for c in s[:4]) for s in said)


def _column_widths(body: Grid) -> list[float]:
    """The page's width shared by what the columns hold, in inches."""
    wanted = [
        max([width_px(text, 12) for text in texts] + [min(width_px(head, 11), 90.0)]) + 22
        for head, texts in zip(body.head, zip(*body.rows, strict=True), strict=True)
    ]
    return [_INSIDE * px / sum(wanted) for px in wanted]


def _cell(
    cell: Any, text: str, points: float, colour: str, *, bold: bool = False, right: bool = False
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    cell.margin_left = cell.margin_right = 60_000
    cell.margin_top = cell.margin_bottom = 20_000
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    _write(paragraph, text, points, bold=bold, colour=colour)
    _underline(cell)


def _underline(cell: Any) -> None:
    """A hairline below the cell, which python-pptx has no word for."""
    from lxml import etree

    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001
    line = etree.SubElement(properties, f"{{{space}}}lnB", w="6350")
    fill = etree.SubElement(line, f"{{{space}}}solidFill")
    etree.SubElement(fill, f"{{{space}}}srgbClr", val=COLOURS["rule"][1:])


def _write(paragraph: Any, text: str, points: float, *, bold: bool, colour: str) -> None:
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(points), bold, FONT
    run.font.color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(COLOURS[colour][1:])
