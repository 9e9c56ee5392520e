"""Turns contents into values at addresses: formula templates, links, text. Internal to the layout."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime

from mapseg_xl.report.layout.draft import Draft, Known, clean_text, current
from mapseg_xl.report.spec import Content, Formula, Input, Link, Ref, Scalar, Span, quoted
from mapseg_xl.report.verbs import Key, Live, Place, Rect, Value, sheet_reference

_HOLE = re.compile(r'"(?:[^"]|"")*"|\{([A-Za-z_][\w.]*)\}')
_COMMAND = re.compile(r"""(?:^"|[\s“:;,(])[=＝+@-]\s*[A-Za-z]""")
_LONGEST_LITERAL = 255  # of a text inside a formula
_FIRST_DAY = date(1900, 3, 1)  # before it Excel's calendar is wrong


class UnplacedReference(LookupError):
    """A formula or link points at a cell that the report does not have: a bug in a tab."""


def bind(content: Content, draft: Draft, known: Known, key: Key | None) -> Value:
    """What a host writes for a content."""
    if isinstance(content, Formula):
        if _holds_a_command(content.text):
            return _scalar(content.value)
        formula = _formula(content, draft, known, key)
        return Live(formula, _cached(content.value), content.array)
    if isinstance(content, Link):
        return _link(content, draft, known)
    value = content.value if isinstance(content, Input) else content
    return _scalar(value)


def _holds_a_command(text: str) -> bool:
    """Whether a literal of a formula, mostly a segment's name, would be computed if it stood alone.

    Such words stay out of formulas altogether, though they do no harm there: the cell then holds what it shows.

    >>> _holds_a_command('"=HYPERLINK(1)"&{n}'), _holds_a_command('{n}&" non-profits, 20 - 99"')
    (True, False)
    """
    literals = (hole[0] for hole in _HOLE.finditer(text) if hole[1] is None)
    return any(_COMMAND.search(literal) for literal in literals)


def _scalar(value: Scalar) -> Value:
    if isinstance(value, str):
        return clean_text(value) or None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return day if day >= _FIRST_DAY else day.isoformat()
    return value


def _cached(value: Scalar) -> str | float | int | bool:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return (value - date(1899, 12, 30)).days
    return clean_text(value) if isinstance(value, str) else value


def _formula(content: Formula, draft: Draft, known: Known, key: Key | None) -> str:
    """The template with addresses; what stands between quotes is left alone."""

    def fill(hole: re.Match[str]) -> str:
        name = hole[1]
        if name is None:
            return hole[0]
        if name in content.refs:
            return _address(content.refs[name], draft, known)
        if key is None:
            raise UnplacedReference(f"{draft.tab.name}: {{{name}}} in '{content.text}' has no ref")
        place = _place(known.places, (*key[:3], name), content.text)
        return place.rect.a1

    return _HOLE.sub(fill, content.text)


def _place(places: Mapping[Key, Place], key: Key, where: str) -> Place:
    if key not in places:
        raise UnplacedReference(f"no cell {key} in the report, needed by '{where}'")
    return places[key]


def _address(target: Ref | Span, draft: Draft, known: Known) -> str:
    place = (
        _place(known.places, ref_key(target, draft), str(target))
        if isinstance(target, Ref)
        else _span_place(target, draft, known)
    )
    prefix = "" if place.sheet == draft.sheet else sheet_reference(place.sheet)
    return prefix + place.rect.absolute


def ref_key(ref: Ref, draft: Draft) -> Key:
    """The full key of a reference made on a draft's tab."""
    return ref.tab or draft.tab.name, ref.block, ref.row, ref.column


def _span_place(span: Span, draft: Draft, known: Known) -> Place:
    tab = span.tab or draft.tab.name
    order = known.orders.get((tab, span.block), ())
    if not order:
        raise UnplacedReference(f"no table {span.block} on tab {tab}, needed by {span}")
    first, last = span.rows or (order[0], order[-1])
    top = _place(known.places, (tab, span.block, first, span.column), str(span))
    bottom = _place(known.places, (tab, span.block, last, span.column), str(span))
    rect = Rect(top.rect.top, top.rect.left, bottom.rect.bottom, bottom.rect.right)
    return Place(top.sheet, rect)


def _link(link: Link, draft: Draft, known: Known) -> Value:
    if link.tab not in known.sheets:
        raise UnplacedReference(f"{draft.tab.name}: link to tab {link.tab}, which the report lacks")
    address = "A1"
    if link.target:
        target = Ref(link.target.block, link.target.row, link.target.column, link.tab)
        address = _place(known.places, ref_key(target, draft), str(link)).rect.a1
    text = str(current(link))[:_LONGEST_LITERAL]
    if _holds_a_command(quoted(text)):
        return _scalar(text)
    goal = f"#{sheet_reference(known.sheets[link.tab])}{address}"
    return Live(f"HYPERLINK({quoted(goal)},{quoted(text)})", text)
