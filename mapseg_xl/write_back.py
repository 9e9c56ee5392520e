"""The team's own workbook as the place of a run: looked over, our tabs put in, saved with a backup. No printing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.hosts.backup import back_up, thin_out
from mapseg_xl.hosts.previous import book_of
from mapseg_xl.hosts.save import (
    Stamp,
    is_unchanged,
    locks_of,
    read_stamped,
    refuse_changed,
    refuse_read_only,
    save_bytes,
    stamp_of,
    told,
)
from mapseg_xl.hosts.splice.known import known_tabs
from mapseg_xl.hosts.splice.splicing import Spliced, splice, without_ours
from mapseg_xl.hosts.splice.target import Target
from mapseg_xl.report.carried import carried
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.verbs import Plan
from mapseg_xl.runs import COUNTED_STEPS, STEPS, Chosen

BOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Place:
    """The workbook that gets our tabs, and where the result goes: the same file where nothing else is said."""

    workbook: Path
    out: Path

    @property
    def is_copy(self) -> bool:
        """Whether the workbook itself stays as it is."""
        return self.workbook.resolve() != self.out.resolve()


@dataclass(frozen=True, slots=True, eq=False)
class OpenedPlace:
    """A workbook as a run found it. `taken`: names of its sheets that are not ours; `replaced`: what lies at `out`."""

    place: Place
    content: bytes
    stamp: Stamp
    earlier: Previous | None
    taken: frozenset[str]
    replaced: bytes | None
    replaced_stamp: Stamp | None

    @property
    def chosen(self) -> Chosen:
        """Every tab, beside the sheets that are there, and every step of Start here as done."""
        return Chosen(
            taken=self.taken,
            steps=COUNTED_STEPS,
            memory={STEPS: json.dumps(sorted(COUNTED_STEPS))},
        )


@dataclass(frozen=True, slots=True)
class Written:
    """What was written where. `beside`: sentences about tabs that people changed; `notes`: about what else is new."""

    out: Path
    changed: bool
    backup: Path | None = None
    removed: tuple[Path, ...] = ()
    beside: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def place_of(sources: Sequence[Path], into: Path | None, out: Path | None) -> Place:
    """The workbook that was named, else the one among the sources; raises InputError where that cannot be written."""
    workbook = into or _own(sources)
    place = Place(workbook, out or workbook)
    said = ("--into " if sources else "") if into else "--in-place "
    if not workbook.is_file():
        raise InputError(f"{said}{workbook}: there is no such file.")
    if workbook.suffix.lower() not in BOOKS:
        raise InputError(
            f"{said}{workbook.name}: tabs can be put into .xlsx and .xlsm workbooks only. Open it in Excel and "
            "save it as .xlsx."
        )
    _refuse_out(place, sources)
    return place


def _own(sources: Sequence[Path]) -> Path:
    books = {p.resolve(): p for p in sources if p.suffix.lower() in BOOKS}
    if not books:
        raise InputError(
            f"--in-place {sources[0].name}: tabs can be put into .xlsx and .xlsm workbooks only. Save it as .xlsx in "
            "Excel, or name the workbook with --into."
        )
    if len(books) > 1:
        listed = " and ".join(f"'{path.name}'" for path in books.values())
        raise InputError(
            f"--in-place: {listed} are workbooks. Say which gets the tabs with --into."
        )
    return next(iter(books.values()))


def _refuse_out(place: Place, sources: Sequence[Path]) -> None:
    out = place.out
    if out.suffix.lower() != place.workbook.suffix.lower():
        raise InputError(
            f"--out {out.name}: a copy of {place.workbook.name} ends in {place.workbook.suffix} too."
        )
    if out.is_dir() or not out.parent.is_dir():
        raise InputError(f"--out {out}: there is no such folder to write into.")
    if place.is_copy and out.resolve() in {path.resolve() for path in sources}:
        raise RefusedOutput(f"--out {out.name} is a source. Name another file.")


def opened(place: Place) -> OpenedPlace:
    """The workbook looked over, and what an earlier run of ours and people since left in it.

    Raises RefusedOutput where the result could not be put in its place later.
    """
    with told(place.out):
        _refuse_locked(place.out)
        refuse_read_only(place.out)
        return _opened(place)


def _opened(place: Place) -> OpenedPlace:
    content, stamp = read_stamped(place.workbook)
    taken, earlier = _seen(content, place.workbook.name)
    if not place.is_copy:
        return OpenedPlace(place, content, stamp, earlier, taken, content, stamp)
    if stamp_of(place.out) is None:
        return OpenedPlace(place, content, stamp, earlier, taken, None, None)
    copy, copy_stamp = read_stamped(place.out)
    earlier = carried(earlier, _copy_before(place, copy, taken))
    return OpenedPlace(place, content, stamp, earlier, taken, copy, copy_stamp)


def _seen(content: bytes, name: str) -> tuple[frozenset[str], Previous | None]:
    """The sheets of a workbook that are not ours, and what an earlier run left there: None where it holds nothing."""
    target = Target(content, name)
    known = known_tabs(target)
    sheets = enumerate(sheet.name for sheet in target.book.sheets)
    taken = frozenset(sheet for at, sheet in sheets if at not in known.places)
    book = book_of(content, name)
    if book is None:
        return taken, None
    if book.is_half_written:
        raise RefusedOutput(
            f"{name} was left by a run of the ribbon that was stopped half-way. Open it in Excel and press Run all "
            "or Undo last run there first; nothing was changed."
        )
    # what people wrote on tabs that are theirs now stays there
    strays = (s for s in book.previous.strays if s.where.rpartition("!")[0] not in taken)
    return taken, replace(book.previous, strays=tuple(strays))


def _refuse_locked(path: Path) -> None:
    locks = locks_of(path)
    if locks:
        raise RefusedOutput(
            f"{path.name} is open in Excel or another program: use the ribbon there, or close it and run again. "
            f"Nothing was changed. (If nobody has it open, delete '{locks[0].name}' beside it.)"
        )


def _copy_before(place: Place, content: bytes, theirs: frozenset[str]) -> Previous:
    """What an earlier run left in the copy at `out`; one that holds anything else is nobody's to replace."""
    taken, earlier = _seen(content, place.out.name)
    if earlier is None:
        raise RefusedOutput(
            f"{place.out.name} is there already and was not made by mapseg. Name another file with --out; nothing "
            "was changed."
        )
    others = ", ".join(f"'{name}'" for name in sorted(taken - theirs))
    if others:
        raise RefusedOutput(
            f"{place.out.name} holds sheets that {place.workbook.name} does not have: {others}. Name another file "
            "with --out; nothing was changed."
        )
    return earlier


def put_in(there: OpenedPlace, plan: Plan) -> Written:
    """Puts the tabs of a plan into the workbook and saves that whole or not at all, after a backup of what it replaces.

    Raises RefusedOutput in one sentence where that cannot be done; the workbook is then as it was.
    """
    return saved(there, splice(there.content, there.place.workbook.name, plan))


def taken_out(place: Place) -> Written:
    """Takes our tabs out of a workbook, after a backup; see `put_in`."""
    there = opened(place)
    if there.earlier is None:
        raise InputError(f"{place.workbook.name} holds no tabs of mapseg. Nothing was changed.")
    return saved(there, without_ours(there.content, place.workbook.name))


def saved(there: OpenedPlace, spliced: Spliced) -> Written:
    """Saves what became of a workbook whole or not at all, after a backup of what it replaces."""
    with told(there.place.out):
        return _saved(there, spliced)


def _saved(there: OpenedPlace, spliced: Spliced) -> Written:
    place = there.place
    beside = (
        *(
            f"'{theirs}' was changed too much to be written over and stays; the new tab is '{ours}'."
            for theirs, ours in spliced.beside
        ),
        *(
            f"'{name}' is not brought up to date any more; it stays because formulas point at it."
            for name in spliced.left
        ),
    )
    refuse_changed(place.workbook, there.stamp)
    if spliced.content == there.replaced:
        return Written(place.out, changed=False, beside=beside)
    backup = None if there.replaced is None else back_up(place.out, there.replaced)
    try:
        notes = save_bytes(place.out, spliced.content, there.replaced_stamp)
    except RefusedOutput:
        if backup is not None and backup.is_new:
            _drop(backup.path, there)
        raise
    removed = thin_out(place.out)
    return Written(place.out, True, backup.path if backup else None, removed, beside, notes)


def _drop(backup: Path, there: OpenedPlace) -> None:
    """Removes the backup of a file that certainly stands as it was."""
    with suppress(OSError):
        if is_unchanged(there.place.out, there.replaced_stamp):
            backup.unlink()
