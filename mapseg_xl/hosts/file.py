"""The file host: executes a Plan as an .xlsx workbook. The only import of xlsxwriter; decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from mapseg_xl.hosts.file_charts import Cells, add_chart
from mapseg_xl.hosts.file_functions import file_form
from mapseg_xl.hosts.finishes import Finish, laid_over, step
from mapseg_xl.report.styles import COLOURS
from mapseg_xl.report.verbs import (
    Block,
    Chart,
    DataTable,
    Entry,
    Filter,
    Height,
    Live,
    Name,
    NamedFunction,
    NumberFormat,
    Page,
    Plan,
    Rect,
    Rule,
    Scale,
    Sheet,
    Style,
    Value,
    Verb,
    View,
    Width,
    sheet_reference,
)

FONT = "Arial"
_ALIGN = {"left": "left", "right": "right", "centre": "center", "across": "center_across"}
_VALIGN = {"middle": "vcenter", "bottom": "bottom", "top": "top"}
_MARGINS = {"left": 0.45, "right": 0.45, "top": 0.5, "bottom": 0.6}
_A4, _LONGEST_FOOTER = 9, 255
_VALIDATIONS = {"count": "integer", "choice": "list", "text": "any"}


def to_bytes(plan: Plan, *, from_1904: bool = False) -> bytes:
    """The plan as the bytes of an .xlsx file: the same plan gives the same bytes. `from_1904`: how days are counted."""
    buffer = BytesIO()
    book = _Book(buffer, _options() | {"date_1904": from_1904})
    book.set_properties(
        {"title": plan.title, "subject": plan.subject, "author": "", "created": plan.created}
        | {"keywords": "segmentation, customers"}
    )
    sheets = [(book.add_worksheet(sheet.name), sheet) for sheet in plan.sheets]
    formats = _Formats(book)
    for worksheet, sheet in sheets:
        _Writer(book, worksheet, sheet, formats).write()
    for function in plan.functions:
        book.define_function(function)
    sheets[0][0].activate()
    book.close()
    return buffer.getvalue()


class _Book(xlsxwriter.Workbook):  # type: ignore[misc]  # xlsxwriter has no types
    """A workbook whose named functions say what they are for: Excel shows it while one is typed."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.comments: dict[str, str] = {}

    def define_function(self, function: NamedFunction) -> None:
        """Carry a LAMBDA under its name."""
        self.define_name(function.name, "=" + file_form(function.formula))
        self.comments[function.name] = function.comment

    def _write_defined_name(self, defined_name: list[Any]) -> None:
        """As xlsxwriter writes it, and the comment, which it has no option for."""
        name, sheet, formula, hidden = defined_name
        attributes = [("name", name)]
        if self.comments.get(name):
            attributes.append(("comment", self.comments[name]))
        if sheet != -1:
            attributes.append(("localSheetId", sheet))
        if hidden:
            attributes.append(("hidden", 1))
        self._xml_data_element("definedName", formula, attributes)


def _options() -> dict[str, Any]:
    """Options of a new workbook. Made anew each time: xlsxwriter writes into what it is given."""
    return {
        "in_memory": True,
        "default_format_properties": {"font_name": FONT, "font_size": 10, "font_scheme": "none"},
        "default_row_height": 17,  # pixels, of Arial 10: rows of 15 points must be written out
    }


@dataclass(slots=True)
class _Formats:
    """One xlsxwriter format a finish. A workbook has few of them: cells hold their numbers, 0 for an untouched cell."""

    book: Any
    finishes: list[Finish] = field(default_factory=lambda: [Finish()])
    numbers: dict[Finish, int] = field(default_factory=lambda: {Finish(): 0})
    over: dict[tuple[int, str, str], int] = field(default_factory=dict)
    made: dict[int, Any] = field(default_factory=dict)

    def laid_over(self, number: int, verb: Style | NumberFormat | Rule) -> int:
        """The finish of a cell once the verb has been carried out on it."""
        key = (number, *step(verb))
        if key not in self.over:
            finish = laid_over(self.finishes[number], verb)
            if finish not in self.numbers:
                self.numbers[finish] = len(self.finishes)
                self.finishes.append(finish)
            self.over[key] = self.numbers[finish]
        return self.over[key]

    def of(self, number: int) -> Any:
        if number not in self.made:
            self.made[number] = self.book.add_format(_properties(self.finishes[number]))
        return self.made[number]


def _properties(finish: Finish) -> dict[str, Any]:
    look = finish.look
    properties: dict[str, Any] = {
        "font_name": FONT,
        "font_scheme": "none",  # else Excel takes the theme's font, whatever the name says
        "font_size": look.size or 10,
        "font_color": COLOURS[look.colour or "ink"],
        "bold": bool(look.bold),
        "italic": bool(look.italic),
        "valign": _VALIGN[look.valign or "middle"],
        "text_wrap": bool(look.wrap),
        "locked": not look.unlocked,
    }
    if look.align:
        properties["align"] = _ALIGN[look.align]
    if look.indent:
        properties["indent"] = look.indent
    if look.fill:
        properties |= {"bg_color": COLOURS[look.fill], "pattern": 1}
    if finish.code:
        properties["num_format"] = finish.code
    for side in ("top", "bottom", "right"):
        colour = getattr(finish, side)
        if colour:
            properties |= {side: 1, f"{side}_color": COLOURS[colour]}
    return properties


@dataclass(slots=True)
class _Writer:
    """Collects what the verbs say about each cell, then writes it: xlsxwriter takes value and format at once."""

    book: Any
    worksheet: Any
    sheet: Sheet
    formats: _Formats
    values: dict[tuple[int, int], Value] = field(default_factory=dict)
    finishes: dict[tuple[int, int], int] = field(default_factory=dict)

    def write(self) -> None:
        if self.sheet.visibility == "very_hidden":
            self.worksheet.very_hidden()
        if self.sheet.colour:
            self.worksheet.set_tab_color(COLOURS[self.sheet.colour])
        for verb in self.sheet.verbs:
            self._execute(verb)
        for place in sorted(self.values.keys() | self.finishes.keys()):
            self._write_cell(place)

    def _execute(self, verb: Verb) -> None:
        match verb:
            case Block():
                self._block(verb)
            case Style() | NumberFormat() | Rule():
                self._finish(verb)
            case Width() | Height() | View() | Page():
                self._arrange(verb)
            case Entry():
                self._entry(verb)
            case Name():
                self._name(verb)
            case Filter():
                self.worksheet.autofilter(*_corners(verb.rect))
            case DataTable():
                self._table(verb)
            case Scale():
                self._scale(verb)
            case Chart():
                add_chart(self.book, self.worksheet, Cells(self.sheet.name, self.values), verb)

    def _arrange(self, verb: Width | Height | View | Page) -> None:
        match verb:
            case Width():
                self.worksheet.set_column_pixels(verb.first, verb.last, verb.pixels)
            case Height():
                self.worksheet.set_row(verb.row, verb.points)
            case View():
                self._view(verb)
            case Page():
                self._page(verb)

    def _block(self, verb: Block) -> None:
        for row, contents in enumerate(verb.rows, start=verb.rect.top):
            for column, value in enumerate(contents, start=verb.rect.left):
                if value is not None:
                    self.values[row, column] = value

    def _finish(self, verb: Style | NumberFormat | Rule) -> None:
        rect = verb.rect
        for row in range(rect.top, rect.bottom + 1):
            for column in range(rect.left, rect.right + 1):
                before = self.finishes.get((row, column), 0)
                self.finishes[row, column] = self.formats.laid_over(before, verb)

    def _write_cell(self, place: tuple[int, int]) -> None:
        value, finish = self.values.get(place), self.finishes.get(place)
        sheet, style = self.worksheet, None if finish is None else self.formats.of(finish)
        match value:
            case None:
                sheet.write_blank(*place, None, style)
            case Live(array=True):
                where = (*place, *place)
                sheet.write_dynamic_array_formula(*where, "=" + value.formula, style, value.value)
            case Live():
                sheet.write_formula(*place, "=" + value.formula, style, value.value)
            case bool():
                sheet.write_boolean(*place, value, style)
            case int() | float():
                sheet.write_number(*place, value, style)
            case date():
                sheet.write_datetime(*place, datetime.combine(value, time()), style)
            case str():
                sheet.write_string(*place, value, style)

    def _entry(self, verb: Entry) -> None:
        rules: dict[str, Any] = {"validate": _VALIDATIONS.get(verb.kind, "decimal")}
        if verb.kind == "choice":
            rules["source"] = "=" + verb.source.absolute if verb.source else list(verb.choices)
        elif verb.kind != "text":
            rules |= _bounds(verb)
        rules |= {"input_title": verb.title, "input_message": verb.message}
        rules |= {"error_title": "This does not fit", "error_message": verb.message or verb.title}
        self.worksheet.data_validation(*_corners(verb.rect), rules)

    def _name(self, verb: Name) -> None:
        target = f"={sheet_reference(self.sheet.name)}{verb.rect.absolute}"
        self.book.define_name(verb.name, target)
        self.book.defined_names[-1][3] = verb.hidden  # define_name has no argument for it

    def _table(self, verb: DataTable) -> None:
        """The cells themselves are written like all others; xlsxwriter wants the heads named a second time."""
        top, left, _, right = _corners(verb.rect)
        heads = [{"header": str(self.values[top, at])} for at in range(left, right + 1)]
        self.worksheet.add_table(
            *_corners(verb.rect), {"name": verb.name, "style": None, "columns": heads}
        )

    def _scale(self, verb: Scale) -> None:
        """One rule over all its cells."""
        names = ("min", "max") if len(verb.points) == 2 else ("min", "mid", "max")
        rules: dict[str, Any] = {"type": f"{len(verb.points)}_color_scale"}
        for name, (figure, colour) in zip(names, verb.points, strict=True):
            rules |= {f"{name}_type": "num", f"{name}_value": figure}
            rules |= {f"{name}_color": COLOURS[colour]}
        if len(verb.rects) > 1:
            rules["multi_range"] = " ".join(rect.a1 for rect in verb.rects)
        self.worksheet.conditional_format(*_corners(verb.rects[0]), rules)

    def _view(self, verb: View) -> None:
        self.worksheet.hide_gridlines(2)
        self.worksheet.set_zoom(verb.zoom)
        self.worksheet.freeze_panes(verb.freeze_row, 0)

    def _page(self, verb: Page) -> None:
        sheet = self.worksheet
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(**_MARGINS)
        sheet.center_horizontally()
        sheet.print_area(*_corners(verb.area))
        sheet.repeat_rows(*verb.repeat)
        if verb.one_page:
            sheet.fit_to_pages(1, 1)
        else:
            sheet.set_print_scale(verb.scale)
            sheet.set_h_pagebreaks(list(verb.breaks))
        sheet.set_footer(_footer(verb), {"margin": 0.3})


def _corners(rect: Rect) -> tuple[int, int, int, int]:
    return rect.top, rect.left, rect.bottom, rect.right


def _bounds(verb: Entry) -> dict[str, Any]:
    """Excel wants a condition: without bounds any number does."""
    low, high = verb.low, verb.high
    if low is not None and high is not None:
        return {"criteria": "between", "minimum": low, "maximum": high}
    if high is not None:
        return {"criteria": "<=", "value": high}
    return {"criteria": ">=", "value": low if low is not None else -1e15}


def _footer(verb: Page) -> str:
    """Left, middle, right in 8 grey; an ampersand is doubled, the rest is text."""
    font = f'&"{FONT},Regular"&8&K{COLOURS["secondary"][1:]}'
    left, middle = verb.footer_left, verb.footer_centre.replace("&", "&&")
    while True:
        footer = f"&L{font}{left.replace('&', '&&')}&C{font}{middle}&R{font}&P / &N"
        if len(footer) <= _LONGEST_FOOTER:
            return footer
        left = left[:-1]
