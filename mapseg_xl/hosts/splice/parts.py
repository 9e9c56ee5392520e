"""How the parts of a workbook's package hang together: content types and relations, read and edited as text."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.splice.archive import Archive, key_of
from mapseg_xl.hosts.splice.markup import Edit, Markup, Node, quoted

TYPES_PART = "[Content_Types].xml"
OFFICE_DOCUMENT = "officeDocument"
_EXTERNAL = "external"


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """A relation of a part: its id, the last word of its type, the part it leads to ("" outside the package)."""

    id: str
    kind: str
    target: str
    node: Node


class Relations:
    """The relations of one part."""

    def __init__(self, archive: Archive, source: str) -> None:
        self.source, self.part = source, relations_part(source)
        self.found: list[Relation] = []
        self.markup: Markup | None = None
        if self.part in archive:
            self.markup = Markup(archive.read(self.part), f"{archive.name} ({self.part})", 1)
            self.found = list(self._read(self.markup))

    def _read(self, markup: Markup) -> Iterator[Relation]:
        for node in markup.root.named("Relationship"):
            kind = node.get("Type").rpartition("/")[2]
            outside = node.get("TargetMode").casefold() == _EXTERNAL
            target = "" if outside else resolved(self.source, node.get("Target"))
            yield Relation(node.get("Id"), kind, target, node)

    def of(self, kind: str) -> list[Relation]:
        """Those of one kind."""
        return [relation for relation in self.found if relation.kind == kind]

    def target(self, key: str) -> str:
        """The part that an id leads to; "" where there is none."""
        return next((r.target for r in self.found if r.id == key and key), "")

    def edited(self, removed: Collection[str], added: Collection[tuple[str, str, str]]) -> bytes:
        """The part without the relations of some ids, and with new ones: id, whole type, part."""
        if self.markup is None:
            return b""
        root = self.markup.root
        edits = [Edit(r.node.start, r.node.end, "") for r in self.found if r.id in removed]
        prefix = self.markup.prefix(root)
        said = "".join(
            f"<{prefix}Relationship Id={quoted(key)} Type={quoted(kind)} "
            f"Target={quoted(relative(self.source, part))}/>"
            for key, kind, part in added
        )
        return self.markup.edited([*edits, self.markup.appended(root, said)])


class ContentTypes:
    """What each part is."""

    def __init__(self, archive: Archive) -> None:
        self.markup = Markup(archive.read(TYPES_PART), f"{archive.name} ({TYPES_PART})", 1)
        root = self.markup.root
        self.overrides = {key_of(n.get("PartName")): n for n in root.named("Override")}
        self.defaults = {
            n.get("Extension").casefold(): n.get("ContentType") for n in root.named("Default")
        }

    def of(self, part: str) -> str:
        """The content type of a part; "" where nothing says it."""
        override = self.overrides.get(key_of(part))
        if override is not None:
            return override.get("ContentType")
        return self.defaults.get(part.rpartition(".")[2].casefold(), "")

    def edited(self, removed: Collection[str], added: dict[str, str]) -> bytes:
        """The part without some parts, and with new ones: content type by part."""
        gone = {key_of(part) for part in removed}
        edits = [Edit(n.start, n.end, "") for key, n in self.overrides.items() if key in gone]
        prefix = self.markup.prefix(self.markup.root)
        said = "".join(
            f"<{prefix}Override PartName={quoted('/' + part)} ContentType={quoted(kind)}/>"
            for part, kind in added.items()
        )
        return self.markup.edited([*edits, self.markup.appended(self.markup.root, said)])


def relations_part(source: str) -> str:
    """Where the relations of a part are kept.

    >>> relations_part("xl/workbook.xml"), relations_part("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolved(source: str, target: str) -> str:
    """The part that a target leads to, as seen from its source."""
    plain = unquote(target.replace("\\", "/").partition("#")[0])
    if plain.startswith("/"):
        return posixpath.normpath(plain).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), plain))


def relative(source: str, part: str) -> str:
    """How a source names a part as its target.

    >>> relative("xl/workbook.xml", "xl/worksheets/sheet4.xml")
    'worksheets/sheet4.xml'
    """
    return posixpath.relpath(part, posixpath.dirname(source) or ".")


def workbook_part(archive: Archive) -> str:
    """Where the workbook lies: the part that the package says it is about."""
    for relation in Relations(archive, "").of(OFFICE_DOCUMENT):
        entry = archive.entry(relation.target)
        if entry is not None:
            return entry.name.replace("\\", "/").lstrip("/")
    raise RefusedOutput(f"{archive.name} is a zip archive without a workbook in it.")
