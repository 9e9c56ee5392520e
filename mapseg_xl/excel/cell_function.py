"""What a cell function is: its name in Excel, the Python function, and the help Excel shows.

All of it is read off the Python function: name, signature, annotations, docstring.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

MOST_HELP = 255  # letters Excel shows of a description, and of an argument's

# What Excel hands over. The names are the kinds of arguments; the wrappers and the Functions tab read them.
Column: TypeAlias = Any  # one value a row: a list of one-item lists, a row, or one cell
Table: TypeAlias = Any  # a block of cells: a list of rows
Name: TypeAlias = Any  # one cell: which segment
Text: TypeAlias = Any  # one cell: a word
Number: TypeAlias = Any  # one cell: a number
Day: TypeAlias = Any  # one cell: a date
Value: TypeAlias = Any  # anything: a cell, a column, a block

Scalar: TypeAlias = float | int | str | bool
Spilled: TypeAlias = list[list[Scalar]]  # rows of cells; "" where a figure is not defined
Answer: TypeAlias = float | Spilled  # a number, or a table with a header row

KINDS = ("column", "table", "name", "text", "number", "day", "value")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument as Excel's dialog shows it. `kind`: one of KINDS."""

    name: str
    help: str
    kind: str
    optional: bool


@dataclass(frozen=True, slots=True)
class CellFunction:
    """A function of a cell. `python_name` is what `mapseg_xl.excel.udfs` calls it, and the Python function's own."""

    name: str  # SEG_CONVERSION
    function: Callable[..., Any]
    help: str
    arguments: tuple[Argument, ...]
    group: (
        str  # "Count" "Convert" "Pay" "Stay" "Cost" "Compare" ...: as the Functions tab groups them
    )
    example: str  # a formula as it stands in a cell, with its =

    @property
    def python_name(self) -> str:
        """The Python function: `seg_conversion`."""
        return self.name.lower()

    @property
    def usage(self) -> str:
        """The call with its arguments, optional ones in brackets.

        The argument list is flat: Excel writes it the same way.
        """
        shown = [f"[{a.name}]" if a.optional else a.name for a in self.arguments]
        return f"{self.name}({', '.join(shown)})"


def cell_function(function: Callable[..., Any], group: str, example: str) -> CellFunction:
    """The entry of a function that is named `seg_...`, annotated with the kinds above and documented in numpy style."""
    signature = inspect.signature(function)
    text = inspect.getdoc(function) or ""
    helps = _argument_helps(text)
    arguments = tuple(
        Argument(p.name, helps.get(p.name, ""), _kind(p), p.default is not p.empty)
        for p in signature.parameters.values()
    )
    return CellFunction(
        function.__name__.upper(), function, _paragraph(text), arguments, group, example
    )


def _kind(parameter: inspect.Parameter) -> str:
    """The kind its annotation names: `Column` -> column."""
    return str(parameter.annotation).rsplit(".", 1)[-1].lower()


def _paragraph(text: str) -> str:
    return " ".join(text.split("\n\n", 1)[0].split())


def _argument_helps(text: str) -> dict[str, str]:
    """The texts of the section Parameters by argument."""
    _, _, rest = text.partition("\nParameters\n----------\n")
    section = re.split(r"\n\n\w+\n-+\n", rest, maxsplit=1)[0]
    parts = re.split(r"(?m)^(\w+)\n(?=[ ]{4})", section)
    return {name: _paragraph(help_) for name, help_ in zip(parts[1::2], parts[2::2], strict=True)}
