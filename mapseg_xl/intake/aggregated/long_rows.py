"""Cohort tables in long rows: a cohort, an age and a figure in each. They are laid out as triangles first."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.intake.aggregated.ages import age_of, month_of
from mapseg_xl.intake.aggregated.blocks import Block, text_of
from mapseg_xl.intake.aggregated.triangles import Grid
from mapseg_xl.intake.columns.role_words import header_key, key_set

_COHORT = key_set(
    "cohort; cohort month; signup month; start month; cohorte; kohorte; acquisition month; joined; start; started"
)
_AGE = key_set(
    "age; month; period; months; month number; month no; months since start; period number; age in months; tenure;"
    " cohort age; cohort index; month index; months since signup; week; quarter; monat; mois; mes; alter; n months"
)
_SIZE = key_set(
    "size; cohort size; new; new customers; starters; started; cohort customers; total users; users at start"
)
_FIGURE = key_set(
    "active; retained; customers; users; active customers; remaining; still here; retention; retention rate; retained"
    " customers; survival; share; percent; customers left; count; n; active users; revenue; mrr; churned; lost; churn;"
    " value; kept; share here; share active"
)


def long_grids(block: Block) -> tuple[Grid, ...]:
    """A grid for each segment of a block in long rows; none where it is not one."""
    for head in range(min(3, len(block.rows) - 1)):
        keys = [header_key(text_of(v)) for v in block.rows[head]]
        cohort = _first(keys, _COHORT)
        age = _first(keys, _AGE, but=cohort)
        figure = _figure(block, head, keys, (cohort, age))
        if (
            cohort is not None
            and age is not None
            and figure is not None
            and _is_long(block, head, cohort, age)
        ):
            return _grids(block, head, keys, (cohort, age, figure))
    return ()


def _first(keys: Sequence[str], words: frozenset[str], but: int | None = None) -> int | None:
    return next((i for i, k in enumerate(keys) if k in words and i != but), None)


def _figure(
    block: Block, head: int, keys: Sequence[str], taken: tuple[int | None, ...]
) -> int | None:
    """The column of figures: counts before shares."""
    found = [i for i, k in enumerate(keys) if k in _FIGURE and i not in taken]
    found = [
        i for i in found if any(block.is_number(r, i) for r in range(head + 1, len(block.rows)))
    ]
    whole = [i for i in found if _most(block, head, i) > 1]
    return next(iter([*whole, *found]), None)


def _most(block: Block, head: int, column: int) -> float:
    return max(
        (block.number(r, column) or 0.0 for r in range(head + 1, len(block.rows))), default=0.0
    )


def _is_long(block: Block, head: int, cohort: int, age: int) -> bool:
    """Whether cohorts repeat, and ages are ages."""
    rows = range(head + 1, len(block.rows))
    cohorts = [text_of(block.rows[r][cohort]) for r in rows if block.rows[r][cohort] is not None]
    ages = [block.rows[r][age] for r in rows if block.rows[r][age] is not None]
    aged = sum(age_of(v) is not None or month_of(v) is not None for v in ages)
    several = len({text_of(v) for v in ages}) > 2
    return several and aged == len(ages) > 0 and (len(set(cohorts)) < len(ages))


def _grids(
    block: Block, head: int, keys: Sequence[str], at: tuple[int, int, int]
) -> tuple[Grid, ...]:
    cohort, age, figure = at
    size = _first(keys, _SIZE)
    others = [
        c
        for c in range(block.width)
        if c not in (cohort, age, figure, size) and _is_words(block, head, c)
    ]
    field = others[0] if others else None
    held: dict[str, dict[str, dict[int, int]]] = {}
    last = ("", "")
    for r in range(head + 1, len(block.rows)):
        cells = block.rows[r]
        found = _age(cells[age], cells[cohort])
        name = text_of(cells[field]) if field is not None else ""
        last = (name or last[0], text_of(cells[cohort]) or last[1])
        if found is not None and block.is_number(r, figure):
            held.setdefault(last[0], {}).setdefault(last[1], {})[found] = r
    ages = sorted({a for by in held.values() for rows in by.values() for a in rows})
    unit = next(
        (
            u[1]
            for r in range(head + 1, len(block.rows))
            if (u := age_of(block.rows[r][age])) and u[1]
        ),
        "",
    )
    head_unit = {"week": "week", "quarter": "quarter"}.get(keys[age], unit)
    words = " ".join(
        [
            block.sheet.sheet,
            *(text_of(v) for row in block.above for v in row),
            text_of(block.rows[head][figure]),
        ]
    )
    name = text_of(block.rows[head][field]) if field is not None else ""
    return tuple(
        _laid_out(
            block,
            by,
            ages,
            (cohort, figure, size),
            (name if value else "", value, words, head_unit),
        )
        for value, by in held.items()
    )


def _age(value: object, cohort: object) -> int | None:
    """The age in a row; of a calendar month the months since the cohort's."""
    found = age_of(value)
    if found is not None:
        return found[0]
    month, start = month_of(value), month_of(cohort)
    return None if month is None or start is None else month - start


def _is_words(block: Block, head: int, column: int) -> bool:
    known = [
        block.rows[r][column]
        for r in range(head + 1, len(block.rows))
        if block.rows[r][column] is not None
    ]
    return bool(known) and sum(isinstance(v, str) for v in known) * 2 > len(known)


def _laid_out(
    block: Block,
    by: dict[str, dict[int, int]],
    ages: Sequence[int],
    at: tuple[int, int, int | None],
    said: tuple[str, str, str, str],
) -> Grid:
    """The rows of one segment with a row a cohort and a column an age."""
    cohort, figure, size = at
    attribute, segment, words, unit = said
    first = [found[min(found)] for found in by.values()]
    return Grid(
        block.sheet,
        block.area,
        tuple(block.rows[r][cohort] for r in first),
        [None if size is None else block.number(r, size) for r in first],
        [[block.number(f[a], figure) if a in f else None for a in ages] for f in by.values()],
        tuple(ages),
        tuple(tuple(block.cell(f[a], figure) if a in f else "" for a in ages) for f in by.values()),
        unit,
        any(block.percent(r, figure) for f in by.values() for r in f.values()),
        attribute,
        segment,
        words,
    )
