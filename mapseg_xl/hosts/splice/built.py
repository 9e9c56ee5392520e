"""Our tabs as a package of their own, taken apart: each sheet with the parts that belong to it, names and formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.hosts.splice.archive import Archive
from mapseg_xl.hosts.splice.book import Book
from mapseg_xl.hosts.splice.markup import Markup
from mapseg_xl.hosts.splice.parts import ContentTypes, Relations, relations_part, workbook_part
from mapseg_xl.report.verbs import Plan

_LOCAL = re.compile(r"\s*localSheetId=\"(\d+)\"")
_NAME = "mapseg"


@dataclass(frozen=True, slots=True)
class BuiltName:
    """A defined name of ours, its attributes and text as written, the number of its sheet or None."""

    name: str
    attributes: str
    text: str
    local: int | None


class Built:
    """The package that the file host makes of a plan."""

    def __init__(self, plan: Plan, *, from_1904: bool = False) -> None:
        self.archive = Archive(to_bytes(plan, from_1904=from_1904), _NAME)
        self.types = ContentTypes(self.archive)
        self.part = workbook_part(self.archive)
        self.book = Book(self.archive, self.part)
        self.relations = Relations(self.archive, self.part)

    def sheet_part(self, at: int) -> str:
        """Where a sheet lies."""
        return self.relations.target(self.book.sheets[at].relation)

    @property
    def styles(self) -> bytes:
        """The stylesheet."""
        return self.archive.read(self.relations.of("styles")[0].target)

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """What the shared strings hold, as written between their tags."""
        found = self.relations.of("sharedStrings")
        if not found:
            return ()
        markup = Markup(self.archive.read(found[0].target), _NAME, 1)
        return tuple(markup.inside(node) for node in markup.root.children)

    def names(self) -> Iterator[BuiltName]:
        """The defined names."""
        for name in self.book.names:
            markup, node = self.book.markup, name.node
            tag = markup.content[node.start : node.inner].decode("utf-8", "surrogateescape")
            attributes = _LOCAL.sub("", tag[len("<definedName") : -1]).strip()
            yield BuiltName(name.name, attributes, markup.inside(node), name.local)

    def below(self, part: str) -> Iterator[str]:
        """The parts that a part leads to, and those they lead to, each once."""
        seen, todo = {part}, [part]
        while todo:
            for relation in Relations(self.archive, todo.pop(0)).found:
                if relation.target and relation.target not in seen:
                    seen.add(relation.target)
                    todo.append(relation.target)
                    yield relation.target

    def has_relations(self, part: str) -> bool:
        """Whether a part leads to others."""
        return relations_part(part) in self.archive
