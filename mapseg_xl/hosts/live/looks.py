"""Lays the looks of a tab over its cells in an open workbook, rectangle by rectangle, with what xlwings offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mapseg_xl.hosts.finishes import Finish
from mapseg_xl.hosts.live.finish import Finishing
from mapseg_xl.hosts.live.grid import Grid, Spot, cover, spots
from mapseg_xl.report.memory import runs
from mapseg_xl.report.styles import COLOURS
from mapseg_xl.report.verbs import Rect

FONT = "Arial"
_PLAIN = {"size": 10, "colour": "ink", "valign": "middle"}  # of a cell whose looks say nothing
_ALIGN = {
    "left": "left",
    "right": "right",
    "centre": "center",
    "across": "center_across_selection",
}
_INDENTED = "General;-General;General;_m@"
_VALIGN = {"middle": "center", "bottom": "bottom", "top": "top"}


def paint(sheet: Any, grid: Grid, finishing: Finishing) -> None:
    """Every look of a tab whose cells have been cleared: the plain one over each area, then what differs."""
    for zone in grid.zones:
        rng = sheet.range(zone.a1)
        rng.font.set(name=FONT, size=_PLAIN["size"], color=COLOURS["ink"])
        rng.vertical_alignment = "center"
        for what, value, rect in _differing(grid, zone):
            _SETTERS[what](sheet.range(rect.a1), value, finishing)
        for side, colour, rect in _rules(grid, zone):
            sheet.range(rect.a1).borders.set(
                _sides(side, rect), weight="thin", color=COLOURS[colour]
            )


def _differing(grid: Grid, zone: Rect) -> Iterator[tuple[str, Any, Rect]]:
    """What is unlike the plain look, as few rectangles. Empty cells may be covered by any look that does not show."""
    inside = [spot for spot in grid.finishes if zone.left <= spot[1] <= zone.right]
    seen = [spot for spot in inside if _shows(grid, spot)]
    for what in _SETTERS:
        cells = spots(zone) if what == "fill" else seen
        labels: dict[Any, list[Spot]] = {}
        for spot in cells:
            labels.setdefault(_said(grid.finishes.get(spot), what), []).append(spot)
        kept = {spot for group in labels.values() for spot in group}
        for value, wanted in labels.items():
            if value not in (None, "", False, 0, _PLAIN.get(what)):
                for rect in cover(wanted, kept.difference(wanted), zone):
                    yield what, value, rect


def _shows(grid: Grid, spot: Spot) -> bool:
    """Whether anybody can see more of a cell than its fill and its rules."""
    across = grid.finishes[spot].look.align == "across"
    return spot in grid.values or spot in grid.inputs or across


def _said(finish: Finish | None, what: str) -> Any:
    if finish is None:
        return _PLAIN.get(what)
    if what == "code":
        return "" if finish.code == "General" else finish.code
    if what == "indent":
        return (finish.look.indent, bool(finish.code)) if finish.look.indent else None
    said = getattr(finish.look, what)
    return _PLAIN.get(what) if said is None else said


def _rules(grid: Grid, zone: Rect) -> Iterator[tuple[str, str, Rect]]:
    for side in ("top", "bottom", "right"):
        colours: dict[str, list[Spot]] = {}
        for spot, finish in grid.finishes.items():
            colour = getattr(finish, side)
            if colour and zone.left <= spot[1] <= zone.right:
                colours.setdefault(colour, []).append(spot)
        for colour, wanted in colours.items():
            for rect in runs(wanted):
                yield side, colour, rect


def _sides(side: str, rect: Rect) -> list[str]:
    """The borders that draw a line on this side of every cell of a rectangle."""
    sides = [f"edge_{side}"]
    if side == "right" and rect.right > rect.left:
        sides.append("inside_vertical")
    if side != "right" and rect.bottom > rect.top:
        sides.append("inside_horizontal")
    return sides


def _font(name: str) -> Callable[[Any, Any, Finishing], None]:
    def put(rng: Any, value: Any, _: Finishing) -> None:
        rng.font.set(**{name: COLOURS[value] if name == "color" else value})

    return put


def _fill(rng: Any, value: Any, _: Finishing) -> None:
    rng.color = COLOURS[value]


def _align(rng: Any, value: Any, _: Finishing) -> None:
    rng.horizontal_alignment = _ALIGN[value]


def _valign(rng: Any, value: Any, _: Finishing) -> None:
    rng.vertical_alignment = _VALIGN[value]


def _wrap(rng: Any, value: Any, _: Finishing) -> None:
    rng.wrap_text = value


def _code(rng: Any, value: Any, _: Finishing) -> None:
    rng.number_format = value


def _indent(rng: Any, value: Any, finishing: Finishing) -> None:
    """Room before a text. Where Excel has no indent for us, a number format makes it, if the cells have no other."""
    steps, has_code = value
    if not finishing.do("indent", rng, steps) and not has_code:
        rng.number_format = _INDENTED


def _unlock(rng: Any, _: Any, finishing: Finishing) -> None:
    finishing.do("unlocked cells", rng)


_SETTERS: Mapping[str, Callable[[Any, Any, Finishing], None]] = {
    "size": _font("size"),
    "bold": _font("bold"),
    "italic": _font("italic"),
    "colour": _font("color"),
    "fill": _fill,
    "align": _align,
    "valign": _valign,
    "wrap": _wrap,
    "code": _code,
    "indent": _indent,
    "unlocked": _unlock,
}
