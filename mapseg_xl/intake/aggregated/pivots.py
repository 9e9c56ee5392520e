"""Pivots and summary tables of a sheet, as typed tables. Not cohort tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mapseg_xl.intake.aggregated.blocks import Block, text_of
from mapseg_xl.intake.aggregated.columns import (
    ROW_LABELS,
    Known,
    is_crossed,
    known_columns,
    measures_over,
)
from mapseg_xl.intake.aggregated.counts import LIFE, Resolved, resolved
from mapseg_xl.intake.aggregated.layout import Layout, layout_of
from mapseg_xl.intake.aggregated.measures import (
    is_function,
)
from mapseg_xl.intake.columns.kind_words import MARKET
from mapseg_xl.intake.columns.role_words import header_key, header_words
from mapseg_xl.intake.tables import BLANK, Issue, Pivot, PivotLine

MOST_SEGMENTS = 500
FEWEST_SEGMENTS = 2
_LEAD_WORDS = frozenset(["lead", "leads", "prospect", "prospects", "signup", "signups"])
_BY = re.compile(
    r"\b(?:by|per|nach|par|por)\s+(?P<what>[^-–|:,(]{2,40}?)\s*(?:[-–|:,(].*)?$", re.IGNORECASE
)
_FILTER_ALL = re.compile(r"\(?(?:all|alle|tous|todas?)\)?|- all -", re.IGNORECASE)
_ROUND = 1e-6
_ANSWERS = (
    "reachable",
    "winnable",
    "average_contract_value",
    "growth",
    "competition",
    "roadmap_fit",
)
_FEWEST_ANSWERS = 2
_TOLD = frozenset(["size", "customers", "churned", "won", "price", "revenue"])


@dataclass(frozen=True, slots=True)
class ReadPivot:
    """A pivot with what was noticed on the way."""

    pivot: Pivot
    issues: tuple[Issue, ...] = ()


def read_pivot(block: Block, *, forced: bool = False) -> ReadPivot | None:
    """The block as a pivot; None where it is none, or counts nobody.

    A list of customers has columns of counts too. So it must say what a pivot says (`Count of`, `Row Labels`), or
    count people at two places of their life cycle. `forced`: the user named the sheet.
    """
    found = layout_of(block)
    if found is None or not FEWEST_SEGMENTS <= len(found.segments) <= MOST_SEGMENTS:
        return None
    known = known_columns(found)
    across = [k for k in known if k.value and not k.total]
    if not _is_summary(found, known) and not forced:
        return None
    parts = across or [k for k in known if not k.total and not k.value]
    parts = parts or [k for k in known if k.total]
    if not parts:
        return None
    fields = _named_fields(found, across)
    raw, cells, keys = _raw_lines(found, parts)
    made = resolved(raw, crossed=is_crossed(found), leads=_speaks_of_leads(found))
    if not any(_TOLD & f.keys() for f in made.figures):
        return None
    lines = tuple(
        PivotLine(key, figures, held)
        for key, figures, held in zip(keys, made.figures, cells, strict=True)
    )
    lines, twice = _once(lines, block)
    headers = {k.name.split()[0]: " ".join(k.column.path) for k in parts}
    pivot = Pivot(
        block.sheet.source, block.sheet.sheet, block.area, fields, lines, headers, made.remarks
    )
    issues = (
        *twice,
        *_sums_off(found, known, pivot),
        *_unused(pivot, made),
        *_filters(block, pivot),
    )
    return ReadPivot(pivot, issues)


def _is_market(found: Layout) -> bool:
    """Whether the columns are the answers of a market, whose `Average contract value` is no mean of customers."""
    names = {header_key(text) for column in found.columns for text in column.path}
    return sum(not names.isdisjoint(MARKET[field]) for field in _ANSWERS) >= _FEWEST_ANSWERS


def _is_summary(found: Layout, known: Sequence[Known]) -> bool:
    if _is_market(found):
        return False
    if found.corner or any(not m.plain and m.how != "other" for m in measures_over(found)):
        return True
    if any(is_function(text) for c in found.columns for text in c.path[:-1]):
        return bool(known)
    if any(ROW_LABELS.fullmatch(f) for f in found.fields):
        return True
    names = {k.name for k in known}
    places = names & {*LIFE, "customers now", "converted", "won", "lost"}
    rates = {n for n in names if n.endswith(" rate")}
    people = [n for n in (*places, "size") if n in names]
    counted = [k for k in known if k.name in people]
    return len(people) + len(rates) >= 2 and bool(places) and _counts_people(found, counted)


def _counts_people(found: Layout, counted: Sequence[Known]) -> bool:
    """Whether figures are whole numbers, more than flags of rows: a list of customers has yes and no there."""
    values = [
        n
        for k in counted
        for line in found.segments
        if (n := found.block.number(line.row, k.column.at)) is not None
    ]
    return bool(values) and all(n >= 0 and n.is_integer() for n in values) and max(values) > 1


def _named_fields(found: Layout, across: Sequence[Known]) -> tuple[str, ...]:
    """Names of the fields, `Row Labels` by what title or sheet call them where they do."""
    names = list(found.fields)
    said = next((b for row in found.block.above for v in row if (b := _by(text_of(v)))), "") or _by(
        found.block.sheet.sheet
    )
    if said and len(names) == 1 and ROW_LABELS.fullmatch(names[0]):
        names[0] = said
    if across:
        names.append(found.column_field or "Column Labels")
    return tuple(names)


def _by(text: str) -> str:
    found = _BY.search(text)
    return found["what"].strip() if found else ""


def _raw_lines(
    found: Layout, parts: Sequence[Known]
) -> tuple[list[dict[str, float]], list[dict[str, str]], list[tuple[str, ...]]]:
    """Measures by segment; with a field across, a segment for each pair of values."""
    block = found.block
    values = list(dict.fromkeys(k.value for k in parts))
    raw, cells, keys = [], [], []
    for line in found.segments:
        for value in values:
            own = [k for k in parts if k.value == value]
            figures: dict[str, float] = {}
            where: dict[str, str] = {}
            for k in own:
                n = block.number(line.row, k.column.at)
                if n is None:
                    continue
                if k.name.endswith(" rate"):
                    n = n / 100 if _in_percent(found, k) else n
                name = _summed_name(k.name)
                figures[name] = figures.get(name, 0.0) + n if _adds(k.name) else n
                where.setdefault(name, block.cell(line.row, k.column.at))
            if not figures:
                continue
            raw.append(_with_marks(figures, own))
            cells.append({name.split("|")[0].split()[0]: cell for name, cell in where.items()})
            keys.append((*(v or BLANK for v in line.values), *([value] if value else [])))
    return raw, cells, keys


def _summed_name(name: str) -> str:
    return name.removesuffix(" by hand").split("|")[0]


def _adds(name: str) -> bool:
    """Whether several columns of one name are parts of a whole: money of customers and of churned ones."""
    return "|customers" in name or "|churned" in name


def _with_marks(figures: dict[str, float], own: Sequence[Known]) -> dict[str, float]:
    """Marks a sum that somebody wrote by hand, and leaves out money of leads."""
    for k in own:
        if k.name.endswith(" by hand"):
            figures[f"{_summed_name(k.name).split()[0]} by hand"] = 1.0
    return figures


def _in_percent(found: Layout, k: Known) -> bool:
    """Whether a column of shares holds 12 for 12%."""
    values = [found.block.number(line.row, k.column.at) or 0.0 for line in found.segments]
    typed = any(found.block.percent(line.row, k.column.at) for line in found.segments)
    return not typed and max(values, default=0.0) > 1.0


def _speaks_of_leads(found: Layout) -> bool:
    texts = [found.corner, found.block.sheet.sheet, *(t for c in found.columns for t in c.path)]
    words = {w for text in texts for w in header_words(text)}
    return bool(words & _LEAD_WORDS)


def _once(
    lines: tuple[PivotLine, ...], block: Block
) -> tuple[tuple[PivotLine, ...], tuple[Issue, ...]]:
    """Lines of one segment added up, where a sheet names it twice."""
    kept: dict[tuple[str, ...], PivotLine] = {}
    issues: list[Issue] = []
    for line in lines:
        key = tuple(v.casefold().strip() for v in line.values)
        before = kept.get(key)
        if before is None:
            kept[key] = line
            continue
        figures = {
            n: before.figures.get(n, 0.0) + line.figures.get(n, 0.0)
            for n in {*before.figures, *line.figures}
        }
        kept[key] = PivotLine(before.values, figures, before.cells)
        where = next(iter(line.cells.values()), "")
        issues.append(
            _issue(
                block,
                "warning",
                where,
                "segment_twice",
                f"'{' | '.join(line.values)}' stands here again",
                "Read as one segment, added up",
            )
        )
    return tuple(kept.values()), tuple(issues)


def _issue(block: Block, severity: str, cell: str, kind: str, text: str, action: str) -> Issue:
    return Issue(
        severity,
        block.sheet.source,
        block.sheet.sheet,
        cell or block.area,
        "",
        text,
        action,
        kind=kind,
    )


def _sums_off(found: Layout, known: Sequence[Known], pivot: Pivot) -> Iterator[Issue]:
    """Totals and subtotals that are not the sum of their segments, by cell."""
    block = found.block
    for line in found.lines:
        if line.levels in (-1, len(found.fields)):
            continue
        inside = [s for s in found.segments if s.values[: line.levels] == line.values]
        for k in known:
            written = block.number(line.row, k.column.at)
            if (
                written is None
                or k.distinct
                or (not k.name.endswith(("sum", "by hand")) and " " in k.name)
            ):
                continue
            added = sum(block.number(s.row, k.column.at) or 0.0 for s in inside)
            if inside and abs(added - written) > max(_ROUND * abs(written), 0.5 * _digits(written)):
                text = f"total {written:,.10g}, but the segments add up to {added:,.10g}"
                yield _issue(
                    block,
                    "warning",
                    block.cell(line.row, k.column.at),
                    "total_off",
                    text,
                    "Read without it: the base is the sum of its segments",
                )


def _digits(value: float) -> float:
    """One of the last digit a total was rounded to; nothing for whole numbers."""
    return 0.0 if value.is_integer() else 0.02


def _unused(pivot: Pivot, made: Resolved) -> Iterator[Issue]:
    for why in made.missing:
        yield Issue(
            "note",
            pivot.source,
            pivot.sheet,
            pivot.area,
            "",
            f"{why}: no plausible range can be given",
            "Left out of the figures. Add the counts to have it compared",
            kind="share_without_count",
        )


def _filters(block: Block, pivot: Pivot) -> Iterator[Issue]:
    """Filters over a pivot: it speaks of a part of the customers."""
    for row in block.above:
        if (
            len(row) == 2
            and isinstance(row[1], str)
            and isinstance(row[0], str)
            and not _FILTER_ALL.fullmatch(row[1].strip())
        ):
            text = f"filtered: {row[0].strip()} = {row[1].strip()}"
            yield Issue(
                "note",
                pivot.source,
                pivot.sheet,
                pivot.area,
                "",
                text,
                "Counted as it stands: of these customers only",
                kind="pivot_filtered",
            )
