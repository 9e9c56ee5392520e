"""Sheets of a Plan as text and back, so that a workbook can remember what stood on its tabs. Pure."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from mapseg_xl.report import verbs

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in vars(verbs).values()
    if isinstance(kind, type) and is_dataclass(kind)
}
_KIND, _DATE = "~", "date"


def stored(sheet: verbs.Sheet) -> str:
    """A sheet as a line of letters and digits."""
    return packed(sheet)


def restored(text: str) -> verbs.Sheet:
    """The sheet that was stored. Builds nothing but verbs: the text may have come with a stranger's workbook."""
    sheet = unpacked(text)
    if not isinstance(sheet, verbs.Sheet):
        raise TypeError("this is no stored sheet")
    return sheet


def packed(value: object) -> str:
    """Rows, verbs, days and plain values as letters and digits; the same value gives the same text."""
    text = json.dumps(_plain(value), separators=(",", ":"))
    return base64.b85encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def unpacked(text: str) -> Any:
    """The inverse of `packed`; rows come back as tuples."""
    return _built(json.loads(zlib.decompress(base64.b85decode(text))))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        held = [_plain(getattr(value, field.name)) for field in fields(value)]
        return {_KIND: type(value).__name__, "v": held}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return {_KIND: _DATE, "v": value.isoformat()[:10]}
    return value


def _built(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_built(item) for item in value)
    if isinstance(value, dict):
        if value[_KIND] == _DATE:
            return date.fromisoformat(value["v"])
        return _KINDS[value[_KIND]](*(_built(item) for item in value["v"]))
    return value
