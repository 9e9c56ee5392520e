"""Which values go together more or less often than chance, as a short list: the strongest pairs both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.measure.affinity import Affinity
from mapseg_xl.report import words
from mapseg_xl.report.spec import Column, Content, Formula, Row, Section, Table, Text

TABLE = "together"
MORE, LESS = 8, 6
_OF_ONE_PAIR = 2  # of the same two attributes: else one of them fills the list
_SAME = 0.95  # phi from which one value is the other in different words
_LONGEST = 34


def affinity_sections(findings: Findings) -> list[Section]:
    """The list, or in words that there is nothing to list; nothing with fewer than two attributes."""
    found = findings.clusters.affinities
    if not found:
        return []
    rows = [_row(at, a) for at, a in enumerate(strongest(findings), start=1)]
    if not rows:
        nothing = "No two values occur together more or less often than chance would have it."
        return [Section("What goes together", (Text((nothing,)),))]
    help_text = (
        "of the rows where both columns are filled; pairs expected fewer than 5 times left out"
    )
    return [Section("What goes together", (Table(TABLE, _COLUMNS, tuple(rows)),), help_text)]


def strongest(findings: Findings) -> list[Affinity]:
    """The pairs beyond chance, causes before what may follow from buying: most common first, then least."""
    rate = findings.settings.false_discovery_rate
    clear = [a for a in findings.clusters.affinities if a.q_value is not None and a.q_value <= rate]
    clear = [a for a in clear if a.n and a.phi is not None and abs(a.phi) < _SAME]
    followers = {table.attribute for table in findings.volumes if table.outcome_like}
    causes = [a for a in clear if not {a.first, a.second} <= followers] or clear
    more = sorted((a for a in causes if (a.phi or 0) > 0), key=lambda a: -(a.phi or 0))
    less = sorted((a for a in causes if (a.phi or 0) < 0), key=lambda a: a.phi or 0)
    chosen = _varied(more, MORE), _varied(less, LESS)
    return [a for part in chosen for a in sorted(part, key=lambda a: -(a.lift or 0.0))]


def _varied(ranked: Iterable[Affinity], room: int) -> list[Affinity]:
    """The first of them, few of the same two attributes."""
    seen: Counter[tuple[str, str]] = Counter()
    taken: list[Affinity] = []
    for one in ranked:
        pair = one.first, one.second
        if len(taken) < room and seen[pair] < _OF_ONE_PAIR:
            seen[pair] += 1
            taken.append(one)
    return taken


_COLUMNS = (
    Column("first", "Rows with", 0, "label"),
    Column("second", "that also have", 1, "text"),
    Column("n", "Rows", 4, "count"),
    Column("share", "Share of those", 5, "share"),
    Column("everyone", "Share of everyone", 6, "share"),
    Column("lift", "Times as common", 7, "ratio"),
    Column("way", "", 8, "chip"),
    Column("n_first", "Rows with the first", 13, "count"),
    Column("n_second", "Rows with the second", 14, "count"),
    Column("known", "Rows where both are known", 15, "count"),
)


def _row(at: int, a: Affinity) -> Row:
    """Live from the four counts of the pair."""
    cells: dict[str, Content] = {
        "first": _name(a.first, a.first_value),
        "second": _name(a.second, a.second_value),
        "n": a.n,
        "n_first": a.n_first,
        "n_second": a.n_second,
        "known": a.n_both_known,
        "share": _live('IF({n_first}>0,{n}/{n_first},"")', a.n / a.n_first),
        "everyone": _live('IF({known}>0,{n_second}/{known},"")', a.n_second / a.n_both_known),
        "lift": _live('IF({n_first}*{n_second}>0,{n}*{known}/({n_first}*{n_second}),"")', a.lift),
        "way": "▲ more common" if (a.phi or 0) > 0 else "▼ less common",
    }
    return Row(f"pair {at}", cells)


def _name(attribute: str, value: str) -> str:
    return words.short(f"{words.header(attribute)}: {value}", _LONGEST)


def _live(text: str, value: float | None) -> Formula:
    return Formula(text, value)
