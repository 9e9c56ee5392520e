"""Writes the VBA module of cell functions from the catalogue: one Public Function each, with Excel's help text.

A wrapper only hands its arguments on, ranges unread: `addin/vba/MapsegCells.bas`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from mapseg_xl.excel.cell_function import MOST_HELP, Argument, CellFunction

MODULE = (
    "MapsegWrappers"  # no macro may have the name of a module: a button is called MapsegFunctions
)
_BRIDGE = "MapsegCells.CallFunction"
_LINE = 90  # letters of a line of VBA; 1,023 are allowed
_MOST_CONTINUED = 24  # lines that one statement may run on
_USER_DEFINED = 14  # the number of Excel's category for functions of others
# Letters VBA's text cannot hold, in letters it can.
_PLAIN = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "×": "x", "≥": ">=", "≤": "<=", "’": "'", "“": '"', "”": '"'}
)
# Words of the language that cannot name an argument (VBA language specification 3.3.5.2).
_WORDS = """
    abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur cdate cdbl cdec cdecl
    cint circle clng clnglng clngptr close const csng cstr currency cvar cverr date debug decimal declare defbool
    defbyte defcur defdate defdbl defint deflng defobj defsng defstr defvar dim do double doevents each else elseif
    empty end endif enum eqv erase event exit false fix for friend function get global go gosub goto if imp implements
    in inputb input instr int integer is lbound len lenb let like line linput lock long longlong longptr loop lset me
    mid mod new next not nothing null on open option optional or paramarray preserve print private pset public put
    raiseevent redim rem resume return rset scale seek select set sgn shared single spc static stop string sub tab
    then to true type typeof ubound unlock until variant wend while width with withevents write xor
"""
RESERVED = frozenset(_WORDS.split())


def functions_module(functions: Sequence[CellFunction]) -> str:
    """The text of MapsegWrappers.bas."""
    head = [
        f'Attribute VB_Name = "{MODULE}"',
        "' Written by `mapseg addin build` from the catalogue of cell functions: do not edit.",
        "Option Explicit",
    ]
    return "\n".join([*head, *(_wrapper(function) for function in functions)]) + "\n"


def argument_name(name: str) -> str:
    """The argument's name in VBA, which has words of its own.

    >>> argument_name("segment"), argument_name("date")
    ('segment', 'date_')
    """
    return f"{name}_" if name.lower() in RESERVED else name


def description(function: CellFunction) -> str:
    """The help Excel shows in its function dialog, in letters VBA can hold."""
    text = function.help.translate(_PLAIN).replace("`", "")
    if not text.isascii() or not text or len(text) > MOST_HELP:
        raise ValueError(
            f"{function.name}: help must be 1 to {MOST_HELP} plain letters, not {text!r}"
        )
    return text


def _wrapper(function: CellFunction) -> str:
    name = function.name
    names = ", ".join(argument_name(argument.name) for argument in function.arguments)
    call = f'{name} = {_BRIDGE}("{function.python_name}", Array({names}))'
    parameters = ", ".join(_parameter(argument) for argument in function.arguments)
    quoted = description(function).replace('"', '""')
    lines = [
        "",
        _continued(f"Public Function {name}({parameters}) As Variant", ""),
        f'Attribute {name}.VB_Description = "{quoted}"',
        f'Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n{_USER_DEFINED}"',
        _continued(call, "    "),
        "End Function",
    ]
    return "\n".join(lines)


def _parameter(argument: Argument) -> str:
    return f"{'Optional ' if argument.optional else ''}{argument_name(argument.name)} As Variant"


def _continued(statement: str, indent: str) -> str:
    """A statement over as many lines as it takes; broken at commas only."""
    lines = textwrap.wrap(
        statement.replace(", ", ",\n").replace(" ", "\0").replace("\n", " "),
        _LINE,
        initial_indent=indent,
        subsequent_indent=indent + "    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    if len(lines) > _MOST_CONTINUED:
        raise ValueError(f"a statement of {len(lines)} lines: VBA takes {_MOST_CONTINUED}")
    return " _\n".join(lines).replace("\0", " ")
