"""The recording host: keeps what a Plan says as plain text lines, for tests and for comparing two plans."""

from __future__ import annotations

from collections.abc import Iterator

from mapseg_xl.report.verbs import Block, Live, Plan, Sheet, Value, Verb


def cells(sheet: Sheet) -> dict[tuple[int, int], Value]:
    """The values a sheet's blocks write, by row and column from 0."""
    written: dict[tuple[int, int], Value] = {}
    for verb in sheet.verbs:
        if isinstance(verb, Block):
            for row, contents in enumerate(verb.rows, start=verb.rect.top):
                for column, value in enumerate(contents, start=verb.rect.left):
                    if value is not None:
                        written[row, column] = value
    return written


def record(plan: Plan) -> tuple[str, ...]:
    """Every verb of a plan as one line, in order: sheet, verb, what it says."""
    return tuple(line for sheet in plan.sheets for line in _sheet_lines(sheet))


def _sheet_lines(sheet: Sheet) -> Iterator[str]:
    yield f"{sheet.name}: tab {sheet.visibility} {sheet.colour}".rstrip()
    for verb in sheet.verbs:
        if isinstance(verb, Block):
            yield from _block_lines(sheet.name, verb)
        else:
            yield f"{sheet.name}: {_line(verb)}"


def _block_lines(sheet: str, verb: Block) -> Iterator[str]:
    yield f"{sheet}: block {verb.rect.a1}"
    for row in verb.rows:
        yield f"{sheet}:   " + " | ".join(_shown(value) for value in row)


def _shown(value: Value) -> str:
    return f"={value.formula} -> {value.value!r}" if isinstance(value, Live) else repr(value)


def _line(verb: Verb) -> str:
    return repr(verb)
