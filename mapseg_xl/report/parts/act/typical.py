"""What is typical of a chosen segment, as tables: share, and how many times more common, live from counts."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.report import words
from mapseg_xl.report.spec import Column, Formula, Row, Section, Table, Text
from mapseg_xl.rollout.profiles import FEWEST, Profile, Typical

TRAITS, CHANNELS = "traits", "channels"
MOST_TRAITS, MOST_CHANNELS = 5, 3
_LAST = 4  # grid column: the left half of the page


def who(profile: Profile) -> Section:
    """The commonest value of each trait, those first that tell it apart most."""
    title = "Who they are"
    if not profile.traits:
        few = f"Under {FEWEST} rows, or no other columns: too few to say what is typical."
        return Section(title, (Text((few,), "note"),), "", 0, _LAST)
    lines = profile.traits[:MOST_TRAITS]
    table = _table(TRAITS, [_row(line, line.trait) for line in lines])
    return Section(title, (table,), _help("commonest · ", lines), 0, _LAST)


def where(profile: Profile) -> Section:
    """The channels most came from."""
    title = "Where they come from"
    if not profile.channels:
        nothing = "No column says by which channel they came, or too few rows do."
        return Section(title, (Text((nothing,), "note"),), "", 0, _LAST)
    lines = profile.channels[:MOST_CHANNELS]
    table = _table(CHANNELS, [_row(line, line.value) for line in lines])
    return Section(title, (table,), _help("", lines), 0, _LAST)


def _help(start: str, lines: Sequence[Typical]) -> str:
    """How a table reads, and what a dash in it means where there is one."""
    dash = " · – only they" if any(line.times is None for line in lines) else ""
    return f"{start}times as common as everyone else{dash}"


def _table(block: str, rows: Sequence[Row]) -> Table:
    named = block == TRAITS
    columns = (
        Column("name", "" if named else "Channel", 0, "label"),
        Column("value", "", 1, "text"),
        Column("share", "Share", 3, "share0"),
        Column("times", "Times", 4, "ratio"),
        Column("n", "with it", 13, "count"),
        Column("known", "of", 14, "count"),
        Column("rest_n", "others with it", 15, "count"),
        Column("rest_known", "of others", 16, "count"),
    )
    return Table(block, columns, tuple(rows))


def _row(line: Typical, key: str) -> Row:
    times = None
    if line.times is not None:
        text = 'IF({rest_n}*{known}>0,({n}/{known})/({rest_n}/{rest_known}),"")'
        times = Formula(text, line.times)
    named = key == line.trait
    name = words.sentence_case(words.header(line.trait)) if named else line.value
    return Row(
        key,
        {
            "name": words.short(name, 30),
            "value": words.short(line.value, 26) if named else None,
            "share": Formula('IF({known}>0,{n}/{known},"")', line.share),
            "times": times,
            "n": line.n,
            "known": line.known,
            "rest_n": line.rest_n,
            "rest_known": line.rest_known,
        },
    )
