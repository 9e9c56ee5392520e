"""SEG_WHY: the reason of an error or an empty result, and what to keep in mind about a number."""

from __future__ import annotations

from mapseg_xl.errors import MapsegError
from mapseg_xl.excel.answering.answers import BadArguments
from mapseg_xl.excel.arguments.cells import one_cell, one_name
from mapseg_xl.excel.cell_function import CellFunction, Scalar, Spilled, Text, Value, cell_function
from mapseg_xl.excel.functions.families import FAMILIES

PREFIX = "SEG_"
FEWEST_WORDS = "Nothing to warn of."


def seg_why(
    function: Text,
    a1: Value = None,
    a2: Value = None,
    a3: Value = None,
    a4: Value = None,
    a5: Value = None,
    a6: Value = None,
    a7: Value = None,
    a8: Value = None,
    a9: Value = None,
) -> str:
    """Why a SEG function shows an error or nothing, and what to keep in mind about its number: how many, how sure.

    Parameters
    ----------
    function
        The function's name in quotes, e.g. "SEG_CONVERSION".
    a1
        Then the function's own arguments, in the same order.
    a2
        The function's second argument.
    a3
        The function's third argument.
    a4
        The function's fourth argument.
    a5
        The function's fifth argument.
    a6
        The function's sixth argument.
    a7
        The function's seventh argument.
    a8
        The function's eighth argument.
    a9
        The function's ninth argument.
    """
    given = (a1, a2, a3, a4, a5, a6, a7, a8, a9)
    try:
        entry = _entry(function)
        wanted, beyond = given[: len(entry.arguments)], given[len(entry.arguments) :]
        if any(value is not None for value in beyond):
            return f"{entry.usage} takes {len(entry.arguments)} arguments, more were given."
        if all(value is None for value in given):
            return (
                f'Give the arguments of {entry.usage} after its name: SEG_WHY("{entry.name}", ...).'
            )
        answer = entry.function(*wanted)
        return _about(entry, wanted, answer)
    except MapsegError as error:
        return str(error)


def _entry(function: Text) -> CellFunction:
    asked = str(one_cell(function, "function") or "").strip().upper()
    name = asked if asked.startswith(PREFIX) else PREFIX + asked
    for entry in FAMILIES:
        if entry.name == name:
            return entry
    raise BadArguments(
        f"There is no function '{asked}'. Give a function's name in quotes and then its arguments, as in "
        f"{FUNCTIONS[0].example}. The Functions tab lists them all."
    )


def _about(entry: CellFunction, given: tuple[Value, ...], answer: object) -> str:
    """What the table of a function says beside the number."""
    place = next((i for i, a in enumerate(entry.arguments) if a.name == "which"), None)
    if place is None:
        return _notes(answer) if isinstance(answer, list) else FEWEST_WORDS
    name = one_name(given[place], "which")
    if name is None:
        return _notes(answer) if isinstance(answer, list) else FEWEST_WORDS
    whole = entry.function(*(None if i == place else v for i, v in enumerate(given)))
    return _of_segment(whole, name)


def _of_segment(table: Spilled, name: str) -> str:
    """How many, the plausible range and the note of one line of a table."""
    head = table[0]
    key = " ".join(name.casefold().split())
    line = next((r for r in table[1:] if " ".join(str(r[0]).casefold().split()) == key), None)
    if line is None or "note" not in head:
        return FEWEST_WORDS
    counted = "rows" if head[1] == "n" else str(head[1]).lower()
    parts = [f"{line[1]:,} {counted}" if not isinstance(line[1], str) else ""]
    if "plausible range from" in head:
        at = head.index("plausible range from")
        low, high = line[at], line[at + 1]
        if low != "" and high != "":
            parts.append(f"plausible range {_text(low)} to {_text(high)}")
    parts.append(str(line[head.index("note")]))
    return f"{head[2]}: " + "; ".join(p for p in parts if p) + "."


def _text(value: Scalar) -> str:
    return value if isinstance(value, str) else f"{value:,.4g}"


def _notes(answer: object) -> str:
    """Every different note of a table, with the segments it concerns."""
    if not isinstance(answer, list) or not answer or "note" not in answer[0]:
        return FEWEST_WORDS
    at = answer[0].index("note")
    said: dict[str, list[str]] = {}
    for line in answer[1:]:
        if line[at]:
            said.setdefault(str(line[at]), []).append(str(line[0]))
    texts = [
        f"{', '.join(names[:3])}{' ...' if len(names) > 3 else ''}: {t}"
        for t, names in said.items()
    ]
    return ". ".join(texts) + "." if texts else FEWEST_WORDS


FUNCTIONS = (
    cell_function(
        seg_why,
        "Help",
        '=SEG_WHY("SEG_CONVERSION", Customers[Industry], Customers[Converted], "Agency")',
    ),
)
