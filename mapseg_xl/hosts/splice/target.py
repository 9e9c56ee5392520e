"""The workbook that our tabs go into, as far as that has to be known, and why some cannot be written into."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.splice.archive import Archive, key_of
from mapseg_xl.hosts.splice.book import Book
from mapseg_xl.hosts.splice.parts import TYPES_PART, ContentTypes, Relations, workbook_part

_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NOTHING = "nothing was changed."
_SAVE_AS = f"Save it in Excel as .xlsx and run again; {_NOTHING}"
_TABLE = re.compile(rb"<(?:\w+:)?table\s[^>]*>")
_TABLE_WORDS = re.compile(rb"\s(id|name|displayName)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_FORMS = (
    "spreadsheetml.sheet.main+xml",
    "spreadsheetml.template.main+xml",
    "ms-excel.sheet.macroenabled.main+xml",
    "ms-excel.template.macroenabled.main+xml",
)


class Target:
    """A workbook's package, opened; raises RefusedOutput where nothing may be written into it."""

    def __init__(self, package: bytes, name: str) -> None:
        _refuse_other_forms(package, name)
        self.name = name
        self.archive = Archive(package, name)
        if TYPES_PART not in self.archive:
            raise RefusedOutput(f"{name} is no .xlsx workbook. {_SAVE_AS}")
        self.types = ContentTypes(self.archive)
        self.part = workbook_part(self.archive)
        self._refuse_kind()
        self.book = Book(self.archive, self.part)
        self.relations = Relations(self.archive, self.part)
        self.archive.read(self.relations.part)  # says so where it is missing
        self._refuse_protected()

    def _refuse_kind(self) -> None:
        kind = self.types.of(self.part).casefold()
        if "binary" in kind or self.part.endswith(".bin"):
            raise RefusedOutput(
                f"{self.name} is a binary workbook (.xlsb), which mapseg reads but does not write. {_SAVE_AS}"
            )
        if not kind.endswith(_FORMS):
            raise RefusedOutput(f"{self.name} is no .xlsx or .xlsm workbook. {_SAVE_AS}")

    def _refuse_protected(self) -> None:
        package = Relations(self.archive, "")
        if any("digital-signature" in r.kind or r.kind == "origin" for r in package.found):
            raise RefusedOutput(
                f"{self.name} is digitally signed, and any change breaks the signature. "
                f"Write to a copy without it, or to a new workbook with --out; {_NOTHING}"
            )
        if self.book.locked:
            raise RefusedOutput(
                f"The structure of {self.name} is protected, so no sheet can be added. "
                f"Take that off under Review, Protect Workbook, and run again; {_NOTHING}"
            )
        if self.relations.of("revisionHeaders"):
            raise RefusedOutput(
                f"{self.name} is a shared workbook that tracks changes. "
                f"Stop sharing it under Review and run again; {_NOTHING}"
            )

    @property
    def where(self) -> str:
        """The folder of the workbook part, with a slash at its end; "" at the top."""
        head, slash, _ = self.part.rpartition("/")
        return head + slash

    def sheet_part(self, at: int) -> str:
        """Where a sheet lies; "" where its relation leads nowhere."""
        part = self.relations.target(self.book.sheets[at].relation)
        entry = self.archive.entry(part) if part else None
        return entry.name.replace("\\", "/").lstrip("/") if entry else ""

    def below(self, part: str) -> Iterator[str]:
        """A part and all that it leads to, each once."""
        seen, todo = {key_of(part)}, [part]
        while todo:
            source = todo.pop()
            yield source
            for relation in Relations(self.archive, source).found:
                if relation.target and key_of(relation.target) not in seen:
                    seen.add(key_of(relation.target))
                    todo.append(relation.target)

    def only_of(self, parts: Collection[str]) -> set[str]:
        """Keys of the parts that nothing but these parts leads to, these among them; relations not counted."""
        inside = {key_of(p) for part in parts for p in self.below(part)}
        outside = self._led_to(inside) | self._led_to_by_book(parts)
        kept = {key_of(p) for part in inside & outside for p in self.below(part)}
        return (inside - kept) | {key_of(part) for part in parts}

    def with_relations(self, keys: Collection[str]) -> set[str]:
        """Keys of parts and of what holds their relations."""
        sources = ((key_of(e.name), _source_of(e.name)) for e in self.archive.entries)
        return {*keys, *(key for key, source in sources if source and key_of(source) in keys)}

    def _led_to_by_book(self, but: Collection[str]) -> set[str]:
        apart = {key_of(part) for part in but}
        return {key_of(r.target) for r in self.relations.found if r.target} - apart

    def _led_to(self, inside: Collection[str]) -> set[str]:
        """Keys of what other parts than these lead to."""
        found: set[str] = set()
        for entry in self.archive.entries:
            source = _source_of(entry.name)
            if source is None or key_of(source) in inside or key_of(source) == key_of(self.part):
                continue
            found |= {key_of(r.target) for r in Relations(self.archive, source).found if r.target}
        return found

    def tables(self, but: Collection[str]) -> Iterator[tuple[int, str]]:
        """Number and name of every table, but for those in some parts."""
        for entry in self.archive.entries:
            if key_of(entry.name) in but or self.types.of(entry.name) != TABLE_TYPE:
                continue
            tag = _TABLE.search(self.archive.read(entry.name))
            words = (
                {k: (a or b).decode("utf-8", "replace") for k, a, b in _TABLE_WORDS.findall(tag[0])}
                if tag
                else {}
            )
            number = words.get(b"id", "")
            yield int(number) if number.isdecimal() else 0, words.get(b"displayName", "")


def _source_of(part: str) -> str | None:
    """The part whose relations a part holds; None where it holds none."""
    plain = part.replace("\\", "/").lstrip("/")
    folder, _, name = plain.rpartition("/")
    parent, _, last = folder.rpartition("/")
    if last != "_rels" or not name.endswith(".rels") or name == ".rels":
        return None
    return f"{parent}/{name[:-5]}" if parent else name[:-5]


def _refuse_other_forms(package: bytes, name: str) -> None:
    if package[:4] == _OLE:
        if _ENCRYPTED in package:
            raise RefusedOutput(
                f"{name} is protected by a password. Take that off in Excel and run again; {_NOTHING}"
            )
        raise RefusedOutput(f"{name} is an .xls workbook of old Excel. {_SAVE_AS}")
    if package[:2] != _ZIP:
        raise RefusedOutput(f"{name} is no .xlsx workbook, or is damaged. {_SAVE_AS}")
    if package[30:38] == b"mimetype":
        raise RefusedOutput(f"{name} is an OpenDocument workbook (.ods). {_SAVE_AS}")
