"""How wide Arial text is and where to cut it. An estimate from the font's advance widths; no font is read."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NARROW = "".join(chr(code) for code in range(32, 127))
_ADVANCES = (  # Arial, thousandths of the size, from space to ~
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_WIDTHS = dict(zip(_NARROW, _ADVANCES, strict=True))
_BOLD = 1.07  # Arial Bold is wider by about this
_PX_PER_POINT = 96 / 72
HEADLINE_CHARACTERS = 70


def _advance(character: str) -> int:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    return 0 if unicodedata.combining(character) else 600


def width_px(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text in pixels at 100 %.

    >>> round(width_px("Segment", 10))
    53
    """
    return _thousandths(text) / 1000 * size * _PX_PER_POINT * (_BOLD if bold else 1.0)


@lru_cache(maxsize=1 << 14)  # words repeat
def _thousandths(text: str) -> int:
    return sum(map(_advance, text))


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The text cut at words into lines of at most `width` pixels; a longer word is cut where it must be."""
    lines: list[str] = []
    space = width_px(" ", size, bold=bold)
    for paragraph in text.splitlines() or [""]:
        words: list[str] = []
        used = 0.0
        for word in paragraph.split(" "):
            for piece in _pieces(word, width, (size, bold)):
                wide = width_px(piece, size, bold=bold)
                if words and used + space + wide > width:
                    lines.append(" ".join(words))
                    words, used = [], 0.0
                used += wide + (space if words else 0.0)
                words.append(piece)
        lines.append(" ".join(words))
    return lines


def _pieces(word: str, width: float, font: tuple[float, bool]) -> list[str]:
    """A word in pieces that fit into a line; each is cut from the next by the line's end."""
    size, bold = font
    if width_px(word, size, bold=bold) < width - 1e-6:  # more than rounding can add
        return [word]
    pieces, start, used = [], 0, 0.0
    for at, character in enumerate(word):
        wide = width_px(character, size, bold=bold)
        if used + wide > width and at > start:
            pieces.append(word[start:at])
            start, used = at, 0.0
        used += wide
    return [*pieces, word[start:]]


def headline_rows(text: str) -> tuple[str, ...]:
    """A headline cut at a word into rows of at most 70 characters, two where they suffice; first at ; : or ,.

    >>> headline_rows("US agencies beat everyone else on all three; enterprise pays most and leaves first.")
    ('US agencies beat everyone else on all three;', 'enterprise pays most and leaves first.')
    """
    text = " ".join(text.split())
    if len(text) <= HEADLINE_CHARACTERS:
        return (text,)
    cuts = [place.start() for place in re.finditer(" ", text)]
    cuts = [cut for cut in cuts if max(cut, len(text) - cut - 1) <= HEADLINE_CHARACTERS]
    cuts = [cut for cut in cuts if not _is_quoted(text, cut)] or cuts
    if not cuts:
        return _rows_of(text)
    after_stop = [cut for cut in cuts if text[cut - 1] in ";:,"]
    best = min(after_stop or cuts, key=lambda cut: abs(cut - len(text) / 2 - 4))
    return text[:best], text[best + 1 :]


def _is_quoted(text: str, at: int) -> bool:
    """Whether a place lies inside a quoted name."""
    return text.count("“", 0, at) > text.count("”", 0, at)


def _rows_of(text: str) -> tuple[str, ...]:
    """A text too long for two rows, or with a word too long for one: as many rows as it takes."""
    rows = [""]
    for word in text.split(" "):
        joined = f"{rows[-1]} {word}" if rows[-1] else word
        if len(joined) <= HEADLINE_CHARACTERS or not rows[-1]:
            rows[-1] = joined
        else:
            rows.append(word)
    pieces: list[str] = []
    for row in rows:
        pieces += [
            row[at : at + HEADLINE_CHARACTERS] for at in range(0, len(row), HEADLINE_CHARACTERS)
        ]
    return tuple(pieces)
