"""Whether what people wrote refers to our tabs: such a tab may not go, and what refers to it is worked out anew."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from html import unescape

from mapseg_xl.hosts.splice.archive import key_of
from mapseg_xl.hosts.splice.target import Target

_LONGEST = 400  # bytes of a sheet's name as a formula writes it
_SKIPPED = ("sharedStrings", "styles", "theme", "calcChain")
_SOURCE = re.compile(rb"<(?:\w+:)?worksheetSource\s[^>]*?\ssheet\s*=\s*\"([^\"]*)\"")


def referred(target: Target, sheets: Collection[str], ours: Collection[str]) -> set[str]:
    """Which of these sheets anything of theirs refers to: any part but ours, whose keys are given."""
    sought = _Sought(sheets)
    skipped = {key_of(r.target) for kind in _SKIPPED for r in target.relations.of(kind)}
    skipped |= {*ours, key_of(target.part)}
    for entry in target.archive.entries:
        key = key_of(entry.name)
        if key in skipped or not key.endswith(".xml") or key.startswith("docprops/"):
            continue
        sought.in_part(target.archive.chunks(entry))
        if len(sought.found) == len(sheets):
            break
    return sought.found


def called(target: Target, functions: Collection[str], ours: Collection[str]) -> set[str]:
    """Which of these named functions a formula of theirs calls."""
    forms = {name: f"{name}(".encode() for name in functions}
    found: set[str] = set()
    for entry in target.archive.entries if forms else ():
        key = key_of(entry.name)
        if key in ours or not key.endswith(".xml") or "/worksheets/" not in f"/{key}":
            continue
        rest = b""
        for chunk in target.archive.chunks(entry):
            block = rest + chunk
            found |= {name for name, form in forms.items() if name not in found and form in block}
            rest = block[-_LONGEST:]
    return found


def named_in(text: str, sheets: Collection[str]) -> set[str]:
    """Which of these sheets the formula of a defined name refers to."""
    sought = _Sought(sheets)
    sought.in_part([text.encode("utf-8", "surrogatepass")])
    return sought.found


class _Sought:
    """Names of sheets, looked for before every exclamation mark."""

    def __init__(self, sheets: Collection[str]) -> None:
        self.names = {name.replace("'", "''").casefold(): name for name in sheets}
        self.plain = {name.casefold(): name for name in sheets}
        self.endings = tuple(self.names)
        lasts = {form[-1:] for form in self.names}
        self.lasts = {byte for last in lasts for byte in (last + last.upper()).encode()} | {
            ord(";")
        }
        self.found: set[str] = set()

    def in_part(self, chunks: Iterable[bytes]) -> None:
        """Looks through a part."""
        rest = b""
        for chunk in chunks:
            block = rest + chunk
            at = block.find(b"!", len(rest))
            while at >= 0:
                if self._may_be(block, at):
                    self._look(block[max(0, at - _LONGEST) : at])
                at = block.find(b"!", at + 1)
            self._sources(block)
            rest = block[-_LONGEST:]

    def _may_be(self, block: bytes, at: int) -> bool:
        last = block[at - 1] if at else 0
        if last == ord("'") and at > 1:
            last = block[at - 2]
        return last in self.lasts

    def _look(self, before: bytes) -> None:
        said = unescape(before.decode("utf-8", "replace")).casefold()
        is_quoted = said.endswith("'")
        said = said[:-1] if is_quoted else said
        if not said.endswith(self.endings):
            return
        for form, name in self.names.items():
            rest = said.removesuffix(form)
            if rest != said and (rest[-1:] in ("'", "]", ":") if is_quoted else not _goes_on(rest)):
                self.found.add(name)

    def _sources(self, block: bytes) -> None:
        """A pivot names the sheet it reads."""
        if b"worksheetSource" in block:
            for found in _SOURCE.findall(block):
                name = unescape(found.decode("utf-8", "replace")).casefold()
                self.found |= {self.plain[name]} if name in self.plain else set()


def _goes_on(before: str) -> bool:
    """Whether a name without quotes began earlier."""
    return bool(before) and (before[-1].isalnum() or before[-1] in "_.'")
