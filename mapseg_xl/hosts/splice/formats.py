"""The stylesheet of a splice: theirs, without what the last splice put after it, and with what this one needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from mapseg_xl.hosts.splice.archive import key_of
from mapseg_xl.hosts.splice.built import Built
from mapseg_xl.hosts.splice.known import Known, others_print
from mapseg_xl.hosts.splice.parts import TYPES_PART, relations_part
from mapseg_xl.hosts.splice.stylesheet import Looks, empty_stylesheet, merged
from mapseg_xl.hosts.splice.target import Target
from mapseg_xl.hosts.splice.undoing import Patch, digest, taken_back

_STYLES, _CALC_CHAIN = "styles", "calcChain"


@dataclass(frozen=True, slots=True)
class Formats:
    """The stylesheet from now on (None: no part at all), where our formats are in it, what to note of it.

    `part`: the part that is there, "" where there is none.
    """

    part: str
    content: bytes | None
    others: str
    looks: Looks = field(default_factory=Looks)
    patch: Patch | None = None

    @property
    def print(self) -> str:
        """A print of the stylesheet."""
        return digest(self.content) if self.content is not None else ""


def formats_of(
    target: Target,
    known: Known,
    removed: Collection[str],
    built: Built | None,
    *,
    may_take_back: bool,
) -> Formats:
    """The stylesheet of a splice. What ours had is taken back only where nothing else can have come to use it."""
    part = _part(target)
    others = others_print(target, {*removed, *_edited(target, part)})
    base = target.archive.read(part) if part else None
    notes = known.notes
    untouched = base is not None and notes.others == others and digest(base) == notes.styles
    if may_take_back and base is not None and untouched:
        base = None if notes.patch is None else taken_back(base, notes.patch)
    if built is None:
        return Formats(part, base, others)
    was_there = base is not None
    theirs = base if base is not None else empty_stylesheet(strict=target.book.strict)
    made = merged(theirs, built.styles, f"{target.name} ({part or _STYLES})")
    return Formats(part, made.content, others, made.looks, made.patch if was_there else None)


def _part(target: Target) -> str:
    found = [r.target for r in target.relations.of(_STYLES) if r.target in target.archive]
    return found[0] if found else ""


def _edited(target: Target, styles: str) -> set[str]:
    """Keys of the parts that a splice edits."""
    chain = [r.target for r in target.relations.of(_CALC_CHAIN)]
    parts = (TYPES_PART, target.part, relations_part(target.part), styles, *chain)
    return {key_of(part) for part in parts if part}
