"""How a named function is written: a LAMBDA in plain English, its guards before its formula."""

from __future__ import annotations

from mapseg_xl.report.verbs import NamedFunction

PREFIX = "SEG_"


def named(name: str, parameters: str, body: str, comment: str) -> NamedFunction:
    """The function `SEG_<name>`; parameters apart by blanks, the body over as many lines as it likes.

    >>> named("TWICE", "number", "number * 2", "Twice a number.").formula
    'LAMBDA(number,number * 2)'
    """
    given = tuple(parameters.split())
    text = "".join(line.strip() for line in body.splitlines())
    return NamedFunction(PREFIX + name, given, f"LAMBDA({','.join(given)},{text})", comment)


def guarded(numbers: str, value: str, *, bad: str = "FALSE", undefined: str = "FALSE") -> str:
    """A formula over single numbers: #N/A where one is blank, #VALUE! where one is no number or `bad` holds,
    #N/A where `undefined` holds.
    """
    names = numbers.split()
    blank = ",".join(f'{name}=""' for name in names)
    number = ",".join(f"ISNUMBER({name})" for name in names)
    return (
        f"IF(OR({blank}),NA(),IF(NOT(AND({number})),#VALUE!,"
        f"IF({bad},#VALUE!,IF({undefined},NA(),{value}))))"
    )


def otherwise(name: str, default: str, body: str) -> str:
    """The body with an option that is left blank at its default."""
    return f'LET({name}_given,IF({name}="",{default},{name}),{body})'
