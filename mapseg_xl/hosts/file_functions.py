"""Named functions as the file format writes them: newer functions and variables carry prefixes there. Pure text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'  # a text
    r"|#(?:N/A|VALUE!|DIV/0!|NUM!|REF!|NAME\?|NULL!|CALC!|SPILL!)"
    r"|[A-Za-z_][A-Za-z0-9_.]*"  # a function or a variable
    r"|."
)
_OPTIONAL = re.compile(
    r"\[_xlpm\.([A-Za-z0-9_]+)\]"
)  # where it is declared; where it is used: _xlpm
_SORTED_BY_THEMSELVES = frozenset({"FILTER", "SORT"})  # these two carry a second prefix
# fmt: off
_NEWER = _SORTED_BY_THEMSELVES | {
    "BYCOL", "BYROW", "CHISQ.INV.RT", "CHOOSECOLS", "CHOOSEROWS", "DROP", "EXPAND", "HSTACK", "IFNA", "IFS",
    "ISOMITTED", "LAMBDA", "LET", "MAKEARRAY", "MAP", "NORM.S.INV", "REDUCE", "SCAN", "SEQUENCE", "SORTBY",
    "SWITCH", "T.INV.2T", "TAKE", "TOCOL", "TOROW", "UNICHAR", "UNIQUE", "VSTACK", "XLOOKUP", "XMATCH",
}
# fmt: on


def file_form(formula: str) -> str:
    """A formula as typed, with the prefixes that an .xlsx file wants.

    A parameter in square brackets may be left out.

    >>> file_form("LAMBDA(x,[y],IF(ISOMITTED(y),x,y))")
    '_xlfn.LAMBDA(_xlpm.x,_xlop.y,IF(_xlfn.ISOMITTED(_xlpm.y),_xlpm.x,_xlpm.y))'
    >>> file_form('LAMBDA(share,LET(rest,1-share,IF(rest<0,"share",rest)))')
    '_xlfn.LAMBDA(_xlpm.share,_xlfn.LET(_xlpm.rest,1-_xlpm.share,IF(_xlpm.rest<0,"share",_xlpm.rest)))'
    """
    pieces = _TOKEN.findall(formula)
    variables = set(_variables(pieces))
    plain = "".join(_prefixed(piece, variables) for piece in pieces)
    return _OPTIONAL.sub(r"_xlop.\1", plain)


def functions_used(formula: str) -> frozenset[str]:
    """The functions of Excel's own that a formula calls; variables that hold a function are none."""
    pieces = _TOKEN.findall(formula)
    called = {one for one, after in zip(pieces, [*pieces[1:], ""], strict=True) if after == "("}
    return frozenset(one for one in called if one[0].isalpha()) - set(_variables(pieces))


def variables_of(formula: str) -> tuple[str, ...]:
    """Every name that a LAMBDA or LET of the formula gives, in order."""
    return tuple(_variables(_TOKEN.findall(formula)))


def _prefixed(piece: str, variables: set[str]) -> str:
    if piece in variables:
        return f"_xlpm.{piece}"
    if piece in _SORTED_BY_THEMSELVES:
        return f"_xlfn._xlws.{piece}"
    return f"_xlfn.{piece}" if piece in _NEWER else piece


def _variables(pieces: list[str]) -> Iterator[str]:
    """LAMBDA names all its arguments but the last, LET every other one but the last."""
    for at, piece in enumerate(pieces):
        if piece in ("LAMBDA", "LET"):
            arguments = list(_arguments(pieces, at + 2))
            yield from arguments[:-1] if piece == "LAMBDA" else arguments[:-1:2]


def _arguments(pieces: list[str], start: int) -> Iterator[str]:
    """The arguments of the call whose first one starts at a piece, each as text."""
    depth, begun = 0, start
    for at in range(start, len(pieces)):
        if depth == 0 and pieces[at] in (",", ")"):
            yield "".join(pieces[begun:at]).strip(" []")
            begun = at + 1
            if pieces[at] == ")":
                return
        depth += (pieces[at] in "({") - (pieces[at] in ")}")
