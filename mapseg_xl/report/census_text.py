"""The census of a run as text for the workbook's memory, and back. Pure."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Any

from mapseg_xl.analyze.census import Census, StartMonth
from mapseg_xl.analyze.footprints import Footprint, Layer
from mapseg_xl.analyze.mixes import Mix


def census_text(census: Census, *, footprint: bool) -> dict[str, Any]:
    """A census as plain values; without its footprint where only shares are compared later."""
    held = census.footprint if footprint else None
    money = census.monthly_money
    return {
        "footprint": None if held is None else _footprint(held),
        "mixes": [astuple(mix) for mix in census.mixes],
        "months": [astuple(month) for month in census.months],
        "money": None if money is None else float(f"{money:.12g}"),
    }


def _mix_read(held: Sequence[Any]) -> Mix:
    parts: Any = (tuple(part) if isinstance(part, list) else part for part in held)
    return Mix(*parts)


def census_read(held: Mapping[str, Any] | None) -> Census:
    """The inverse; an earlier version took no census."""
    if held is None:
        return Census()
    mixes = (_mix_read(mix) for mix in held["mixes"])
    return Census(
        None if held["footprint"] is None else _footprint_read(held["footprint"]),
        tuple(mixes),
        tuple(StartMonth(*month) for month in held["months"]),
        held["money"],
    )


def _footprint(made: Footprint) -> dict[str, Any]:
    return {
        "n": made.n,
        "keyed": made.keyed,
        "salt": made.salt,
        "rows": _text(made.rows),
        "ids": _text(made.ids),
        "layers": _layers(made.layers),
        "traits": _layers(made.traits),
    }


def _layers(layers: Mapping[str, Layer]) -> dict[str, list[str]]:
    return {name: [f"{layer.total:x}", _text(layer.sums)] for name, layer in layers.items()}


def _footprint_read(held: Mapping[str, Any]) -> Footprint:
    return Footprint(
        held["n"],
        held["keyed"],
        held["salt"],
        b64decode(held["rows"]),
        b64decode(held["ids"]),
        _layers_read(held["layers"]),
        _layers_read(held["traits"]),
    )


def _layers_read(held: Mapping[str, list[str]]) -> dict[str, Layer]:
    return {name: Layer(int(total, 16), b64decode(sums)) for name, (total, sums) in held.items()}


def _text(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")
