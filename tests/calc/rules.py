"""Data validation and conditional formats of cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlwings import base_classes

from tests.calc.addresses import Rectangle, text_of
from tests.calc.basic import from_own, to_own
from tests.calc.bridge import enum, struct
from tests.calc.strict import ExcelRefuses, Native

_TYPES = {
    "whole_number": "WHOLE", "decimal": "DECIMAL", "list": "LIST", "date": "DATE", "time": "TIME",
    "text_length": "TEXT_LEN", "custom": "CUSTOM",
}  # fmt: skip
_TYPES_BACK = {value: name for name, value in _TYPES.items()} | {"ANY": "none"}
_OPERATORS = {
    "between": "BETWEEN", "not_between": "NOT_BETWEEN", "equal_to": "EQUAL",
    "not_equal_to": "NOT_EQUAL", "greater_than": "GREATER", "less_than": "LESS",
    "greater_than_or_equal": "GREATER_EQUAL", "less_than_or_equal": "LESS_EQUAL",
}  # fmt: skip
_OPERATORS_BACK = {value: name for name, value in _OPERATORS.items()}
_ALERTS = {"STOP": "stop", "WARNING": "warning", "INFO": "information", "MACRO": "stop"}


class DataValidation(base_classes.DataValidation):
    """The rule of cells. Messages can be read, not written, as in xlwings' desktop engines."""

    def __init__(self, cells: Any, at: Rectangle, document: Any) -> None:
        self.cells, self.at, self.document = cells, at, document

    @property
    def api(self) -> Native:
        return Native("data_validation")

    @property
    def _rule(self) -> Any:
        return self.cells.Validation

    @property
    def type(self) -> str:
        rule = self._rule
        return "inconsistent" if rule is None else _TYPES_BACK[rule.Type.value]

    @property
    def operator(self) -> str | None:
        rule = self._rule
        if rule.Type.value in ("ANY", "LIST", "CUSTOM"):
            return None
        return _OPERATORS_BACK[rule.getOperator().value]

    @property
    def formula1(self) -> str | None:
        return self._formula(0)

    @property
    def formula2(self) -> str | None:
        return self._formula(1) if self.operator in ("between", "not_between") else None

    @property
    def formula(self) -> str | None:
        return self._formula(0) if self.type == "custom" else None

    @property
    def source(self) -> str | None:
        """Literal choices with commas between, or a reference with its equals sign."""
        if self.type != "list":
            return None
        text = self._rule.getFormula1()  # in LibreOffice's own form: "one";"two"
        if not text.startswith('"'):
            return self._formula(0)
        return ",".join(part.replace('""', '"') for part in text[1:-1].split('";"'))

    @property
    def in_cell_dropdown(self) -> bool:
        return bool(self._rule.ShowList)

    @property
    def ignore_blank(self) -> bool:
        return bool(self._rule.IgnoreBlankCells)

    @property
    def input_title(self) -> str:
        return self._rule.InputTitle

    @property
    def input_message(self) -> str:
        return self._rule.InputMessage

    @property
    def show_input(self) -> bool:
        return self._rule.ShowInputMessage

    @property
    def error_title(self) -> str:
        return self._rule.ErrorTitle

    @property
    def error_message(self) -> str:
        return self._rule.ErrorMessage

    @property
    def show_error(self) -> bool:
        return self._rule.ShowErrorMessage

    @property
    def alert_style(self) -> str:
        return _ALERTS[self._rule.ErrorAlertStyle.value]

    def set_list(self, source: Any, in_cell_dropdown: bool) -> None:
        """Choices written out, in cells, or behind a name."""
        if isinstance(source, list):
            # in Excel's grammar no formula can say it: LibreOffice's own form, quoted items
            text = ";".join('"' + item.replace('"', '""') + '"' for item in source)
            self._set("list", None, lambda rule: rule.setFormula1(text), in_cell_dropdown)
            return
        formula = source.refers_to if hasattr(source, "refers_to") else source.reference
        self._set("list", None, self._bounds(formula, None), in_cell_dropdown)

    def set_rule(self, rule_type: str, operator: str | None, formula1: str, formula2: Any) -> None:
        """A rule with one or two bounds, as formulas with their equals sign."""
        self._set(rule_type, operator, self._bounds(formula1, formula2), True)

    def delete(self) -> None:
        """No rule any more."""
        rule = self.document.empty_validation()
        self.cells.Validation = rule

    def _set(self, kind: str, operator: str | None, fill: Any, dropdown: bool) -> None:
        rule = self._rule
        if rule is None:
            raise ExcelRefuses(f"{text_of(self.at)}: cells with different rules; delete them first")
        rule.Type = enum("sheet.ValidationType", _TYPES[kind])
        rule.ErrorAlertStyle = enum("sheet.ValidationAlertStyle", "STOP")
        rule.ShowErrorMessage, rule.IgnoreBlankCells = True, True
        rule.ShowList = 1 if dropdown else 0
        rule.setSourcePosition(self._corner())
        rule.setOperator(enum("sheet.ConditionOperator", _OPERATORS.get(operator or "", "NONE")))
        fill(rule)
        self.cells.Validation = rule

    def _bounds(self, formula1: str, formula2: str | None) -> Any:
        doc, corner = self.document.doc, self._corner()

        def fill(rule: Any) -> None:
            rule.setFormula1(to_own(doc, formula1.lstrip("="), corner))
            if formula2 is not None:
                rule.setFormula2(to_own(doc, formula2.lstrip("="), corner))

        return fill

    def _formula(self, index: int) -> str | None:
        rule = self._rule
        if rule is None or rule.Type.value == "ANY":
            return None
        text = rule.getFormula2() if index else rule.getFormula1()
        return "=" + from_own(self.document.doc, text, self._corner()) if text else None

    def _corner(self) -> Any:
        sheet = self.cells.RangeAddress.Sheet
        return struct("table.CellAddress", Sheet=sheet, Column=self.at.left, Row=self.at.top)


class ConditionalFormats(base_classes.ConditionalFormats):
    """The rules that colour cells: colour scales, which is what a plan has; others are refused.

    They are kept here and not drawn: LibreOffice 7.4 cannot be told the points of a new colour scale.
    """

    def __init__(self, at: Rectangle, rules: list[ColourScale]) -> None:
        self.at, self.rules = at, rules

    @property
    def api(self) -> Native:
        return Native("conditional_formats")

    def __len__(self) -> int:
        return len(self._here())

    def __iter__(self) -> Iterator[ColourScale]:
        return iter(self._here())

    def __call__(self, key: int) -> ColourScale:
        return self._here()[key - 1]

    def __contains__(self, key: int) -> bool:
        return 1 <= key <= len(self)

    def add_color_scale(self, spec: dict[str, Any]) -> ColourScale:
        """Two or three colours at figures; a new rule goes on top."""
        rule = ColourScale(self.at, spec, self.rules)
        self.rules.insert(0, rule)
        return rule

    def clear(self) -> None:
        """No rules on these cells; those that reach outside stay there (whole, here)."""
        for rule in self._here():
            if _inside(rule.at, self.at):
                rule.delete()

    def _here(self) -> list[ColourScale]:
        return [rule for rule in self.rules if _meet(rule.at, self.at)]


class ColourScale(base_classes.ConditionalFormat):
    """A colour scale as it lies on cells."""

    type = "color_scale"
    stop_if_true = False

    def __init__(self, at: Rectangle, spec: dict[str, Any], rules: list[ColourScale]) -> None:
        self.at, self.spec, self.rules = at, spec, rules

    @property
    def api(self) -> Native:
        return Native("conditional_format")

    @property
    def colors(self) -> tuple[tuple[int, int, int], ...]:
        return tuple(self.spec["colors"])

    @property
    def threshold_types(self) -> tuple[str, ...]:
        return tuple(self.spec["threshold_types"])

    @property
    def thresholds(self) -> tuple[float | None, ...]:
        return tuple(self.spec["thresholds"])

    def delete(self) -> None:
        self.rules.remove(self)


def _inside(part: Rectangle, whole: Rectangle) -> bool:
    down = whole.top <= part.top and part.bottom <= whole.bottom
    return down and whole.left <= part.left and part.right <= whole.right


def _meet(one: Rectangle, other: Rectangle) -> bool:
    down = one.top <= other.bottom and other.top <= one.bottom
    return down and one.left <= other.right and other.left <= one.right
