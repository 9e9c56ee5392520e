"""How wide a column is depends on the workbook's own font: the same number is wider where digits are."""

from __future__ import annotations

import re

from mapseg_xl.hosts.splice.markup import Markup

OURS = 7  # pixels of a digit in the font that our widths are reckoned in
_PIXELS_A_POINT = 96 / 72
# The advance of a digit as a share of the font's size, from the fonts' own tables.
_DIGITS = {
    "arial": 0.5562,
    "calibri": 0.5068,
    "courier new": 0.6001,
    "helvetica": 0.5562,
    "segoe ui": 0.5391,
    "tahoma": 0.5459,
    "times new roman": 0.5,
    "verdana": 0.6357,
}
_SIZE = re.compile(r"<(?:\w+:)?sz\s[^>]*?val=\"([\d.]+)\"")
_NAME = re.compile(r"<(?:\w+:)?name\s[^>]*?val=\"([^\"]*)\"")
_WIDTH = re.compile(r'(<col [^>]*? width=")([\d.]+)(")')


def digit_pixels(styles: Markup) -> int:
    """The width of a digit in a workbook's first font, which cells without a format have; ours where it is unknown."""
    fonts = styles.root.child("fonts")
    text = styles.text(fonts.children[0]) if fonts and fonts.children else ""
    size, name = _SIZE.search(text), _NAME.search(text)
    if not size or not name or name[1].casefold() not in _DIGITS:
        return OURS
    pixels = float(size[1]) * _PIXELS_A_POINT * _DIGITS[name[1].casefold()]
    return max(1, round(pixels))


def rewidened(xml: str, pixels: int) -> str:
    """A sheet of ours whose columns are as wide as meant where a digit has so many pixels.

    >>> rewidened('<col min="1" max="1" width="16" customWidth="1"/>', 8)
    '<col min="1" max="1" width="14" customWidth="1"/>'
    """
    if pixels == OURS:
        return xml
    return _WIDTH.sub(lambda m: f"{m[1]}{float(m[2]) * OURS / pixels:.10g}{m[3]}", xml)
