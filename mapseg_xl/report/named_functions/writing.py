"""How a named function is written: a LAMBDA in plain English, its guards before its formula."""

from __future__ import annotations

from mapseg_xl.report.verbs import NamedFunction

PREFIX = "SEG_"


def named(name: str, parameters: str, body: str, comment: str) -> NamedFunction:
    """The function `SEG_<name>`; parameters apart by blanks, those that may be left out in square brackets.

    >>> named("TWICE", "number [times]", "number * 2", "Twice a number.").formula
    'LAMBDA(number,[times],number * 2)'
    """
    given = parameters.split()
    text = "".join(line.strip() for line in body.splitlines())
    plain = tuple(parameter.strip("[]") for parameter in given)
    return NamedFunction(PREFIX + name, plain, f"LAMBDA({','.join(given)},{text})", comment)


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
    """The body with `<name>_given`: an option, its default where it is left out or blank."""
    return (
        f'LET({name}_given,IF(ISOMITTED({name}),{default},IF({name}="",{default},{name})),{body})'
    )


def maybe(name: str, body: str) -> str:
    """The body with `<name>_given`: cells that may be left out, "" where they are."""
    return f'LET({name}_given,IF(ISOMITTED({name}),"",{name}),{body})'
