"""The validation and message of input cells. Internal to the layout."""

from __future__ import annotations

from mapseg_xl.report.layout.draft import Draft
from mapseg_xl.report.layout.lettering import wrap
from mapseg_xl.report.spec import Input
from mapseg_xl.report.verbs import Entry, Rect

_LONGEST_LIST, _LONGEST_MESSAGE, _LONGEST_TITLE = 255, 255, 32
_UNITS = {
    "share": "A share, such as 25%",
    "money": "An amount of money",
    "months": "A number of months",
    "days": "A number of days",
    "count": "A whole number",
    "number": "A number",
    "date": "A day, such as 2026-06-30",
    "text": "Text",
    "choice": "One of the list",
}


def entry(draft: Draft, rect: Rect, content: Input) -> Entry:
    """The entry of an input cell; a list that Excel cannot hold as text goes to helper cells."""
    choices, source = content.choices, None
    if choices and (
        len(",".join(choices)) > _LONGEST_LIST or any(set(c) & {",", ";"} for c in choices)
    ):
        block = draft.helper([["Choices"], *([choice] for choice in choices)])
        source = Rect(block.top + 1, block.left, block.bottom, block.left)
    message = " ".join(part for part in (content.message, expectation(content)) if part)
    return Entry(
        rect=rect,
        kind=content.kind,
        low=content.low,
        high=content.high,
        choices=choices,
        source=source,
        title=wrap(_UNITS[content.kind], 220, 9)[0][:_LONGEST_TITLE],
        message=message[:_LONGEST_MESSAGE],
    )


def expectation(content: Input) -> str:
    """What may be typed, as a sentence: unit and range.

    >>> expectation(Input(0.3, "share", low=0, high=1))
    'A share, such as 25%, from 0% to 100%.'
    """
    unit = _UNITS[content.kind]
    if content.kind == "date":
        return f"{unit}."
    if content.low is None and content.high is None:
        return "" if content.kind in ("text", "choice") else f"{unit}."
    if content.high is None:
        return f"{unit}, at least {_bound(content, content.low)}."
    if content.low is None:
        return f"{unit}, at most {_bound(content, content.high)}."
    return f"{unit}, from {_bound(content, content.low)} to {_bound(content, content.high)}."


def _bound(content: Input, value: float | None) -> str:
    if content.kind == "share":
        return f"{(value or 0) * 100:g}%"
    return f"{value or 0:,.10g}"
