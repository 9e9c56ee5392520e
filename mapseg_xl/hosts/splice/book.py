"""The workbook part: its sheets, defined names and views, and how they are edited as text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.splice.archive import Archive
from mapseg_xl.hosts.splice.markup import (
    MAIN,
    RELATIONS,
    STRICT_MAIN,
    STRICT_RELATIONS,
    Edit,
    Markup,
    Node,
    quoted,
)

_TRUE = ("1", "true", "on")
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
_BEFORE_CALC = (*_BEFORE_NAMES, "definedNames")


@dataclass(frozen=True, slots=True, eq=False)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    id: int
    relation: str
    state: str
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class NameEntry:
    """A defined name, the place of the sheet it belongs to (None: the workbook), what it stands for."""

    name: str
    local: int | None
    text: str
    node: Node


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the new order of sheets: one that is there (`old`) or a new one; ours have a part of their own.

    `relation`: its id from now on; "" leaves a sheet that is there as it is.
    """

    name: str
    id: int
    old: int | None = None
    relation: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class NewName:
    """A defined name of ours, its attributes (but for the sheet) and its text as written, its slot or None."""

    name: str
    attributes: str
    text: str
    slot: int | None = None


class Book:
    """The workbook part, read down to its sheets and names."""

    def __init__(self, archive: Archive, part: str) -> None:
        self.part, where = part, f"{archive.name} ({part})"
        self.markup = Markup(archive.read(part), where, 2)
        self.root = self.markup.root
        if self.root.name != "workbook" or self.root.namespace not in (MAIN, STRICT_MAIN):
            raise RefusedOutput(f"{archive.name} has no workbook that mapseg can write into.")
        self.strict = self.root.namespace == STRICT_MAIN
        self.relations_uri = STRICT_RELATIONS if self.strict else RELATIONS
        sheets = self.root.child("sheets")
        if sheets is None or not sheets.children:
            raise RefusedOutput(f"{archive.name} has no sheets.")
        self.list = sheets
        self.sheets = tuple(self._sheet(node) for node in sheets.named("sheet"))
        self.names = tuple(self._names())

    def _sheet(self, node: Node) -> SheetEntry:
        keys = (f"{uri} id" for uri in (self.relations_uri, RELATIONS, STRICT_RELATIONS))
        relation = next((node.attributes[key] for key in keys if key in node.attributes), "")
        number = node.get("sheetId")
        identity = int(number) if number.isdecimal() else 0
        return SheetEntry(node.get("name"), identity, relation, node.get("state", "visible"), node)

    def _names(self) -> Iterator[NameEntry]:
        listed = self.root.child("definedNames")
        for node in listed.named("definedName") if listed else ():
            local = node.get("localSheetId")
            index = int(local) if local.isdecimal() else None
            yield NameEntry(node.get("name"), index, node.text, node)

    @property
    def from_1904(self) -> bool:
        """Whether days count from 1904."""
        properties = self.root.child("workbookPr")
        return properties is not None and properties.get("date1904") in _TRUE

    @property
    def locked(self) -> bool:
        """Whether its sheets are protected against being added and moved."""
        protection = self.root.child("workbookProtection")
        return protection is not None and protection.get("lockStructure") in _TRUE

    @property
    def active(self) -> int:
        """The place of the sheet that is looked at first."""
        views = self.root.child("bookViews")
        view = views.child("workbookView") if views else None
        at = view.get("activeTab", "0") if view else "0"
        return int(at) if at.isdecimal() else 0

    def edited(
        self,
        slots: Sequence[Slot],
        dropped: Collection[NameEntry],
        added: Sequence[NewName],
        *,
        calculate: bool,
    ) -> bytes:
        """The part with these sheets in this order, without some names and with new ones.

        `calculate`: Excel is to work out all formulas when it opens the file next.
        """
        places = {slot.old: at for at, slot in enumerate(slots) if slot.old is not None}
        edits = [*self._sheet_edits(slots, places), *self._view_edits(slots, places)]
        edits += self._name_edits(places, dropped, added)
        if calculate:
            edits += self._calculation()
        return self.markup.edited(edits)

    def _sheet_edits(self, slots: Sequence[Slot], places: Mapping[int, int]) -> Iterator[Edit]:
        for at, sheet in enumerate(self.sheets):
            if at not in places:
                yield Edit(sheet.node.start, sheet.node.end, "")
        waiting: list[Slot] = []
        for slot in slots:
            if slot.old is None:
                waiting.append(slot)
                continue
            node = self.sheets[slot.old].node
            if waiting:
                yield Edit(node.start, node.start, self._listed(waiting))
            waiting = []
            if slot.relation:
                yield self.markup.attribute(node, self._id_name(node), slot.relation)
        if waiting:
            yield self.markup.appended(self.list, self._listed(waiting))

    def _listed(self, slots: Sequence[Slot]) -> str:
        prefix = self.markup.prefix(self.list)
        known = self.list.prefixes.get(self.relations_uri)
        said = f"{known}:id" if known else f"xmlns:r={quoted(self.relations_uri)} r:id"
        return "".join(
            f"<{prefix}sheet name={quoted(slot.name)} sheetId={quoted(str(slot.id))}"
            + (f" state={quoted(slot.state)}" if slot.state else "")
            + f" {said}={quoted(slot.relation)}/>"
            for slot in slots
        )

    def _id_name(self, node: Node) -> str:
        for uri in (self.relations_uri, RELATIONS, STRICT_RELATIONS):
            if f"{uri} id" in node.attributes:
                return f"{node.prefixes[uri]}:id"
        return "r:id"

    def _view_edits(self, slots: Sequence[Slot], places: Mapping[int, int]) -> Iterator[Edit]:
        """Whoever opens the file looks at the same sheet as before."""
        shown = [at for at, slot in enumerate(slots) if not self._is_hidden(slot)]
        views = self.root.child("bookViews")
        for view in views.named("workbookView") if views else ():
            for attribute in ("activeTab", "firstSheet"):
                old = view.get(attribute)
                if not old.isdecimal() or places.get(int(old)) == int(old):
                    continue
                new = places.get(int(old), shown[0] if shown else 0)
                yield self.markup.attribute(view, attribute, str(new))

    def _is_hidden(self, slot: Slot) -> bool:
        state = slot.state if slot.old is None else self.sheets[slot.old].state
        return state not in ("", "visible")

    def _name_edits(
        self, places: Mapping[int, int], dropped: Collection[NameEntry], added: Sequence[NewName]
    ) -> Iterator[Edit]:
        gone = {id(name) for name in dropped}
        gone |= {
            id(n)
            for n in self.names
            if n.local is not None and n.local not in places and n.local < len(self.sheets)
        }
        listed = self.root.child("definedNames")
        if listed and len(gone) == len(self.names) and not added:
            yield Edit(listed.start, listed.end, "")
            return
        for name in self.names:
            if id(name) in gone:
                yield Edit(name.node.start, name.node.end, "")
            elif name.local is not None and places.get(name.local, name.local) != name.local:
                yield self.markup.attribute(name.node, "localSheetId", str(places[name.local]))
        if not added:
            return
        prefix = self.markup.prefix(self.root)
        said = "".join(
            f"<{prefix}definedName {name.attributes}"
            + (f' localSheetId="{name.slot}"' if name.slot is not None else "")
            + f">{name.text}</{prefix}definedName>"
            for name in added
        )
        if listed:
            yield self.markup.appended(listed, said)
        else:
            at = self._after(_BEFORE_NAMES)
            yield Edit(at, at, f"<{prefix}definedNames>{said}</{prefix}definedNames>")

    def _calculation(self) -> Iterator[Edit]:
        known = self.root.child("calcPr")
        if known is None:
            at = self._after(_BEFORE_CALC)
            yield Edit(at, at, f'<{self.markup.prefix(self.root)}calcPr fullCalcOnLoad="1"/>')
        elif known.get("calcMode") != "manual" and known.get("fullCalcOnLoad") not in _TRUE:
            yield self.markup.attribute(known, "fullCalcOnLoad", "1")

    def _after(self, names: Collection[str]) -> int:
        """The place after the last of these elements."""
        return max(child.end for child in self.root.children if child.name in names)
