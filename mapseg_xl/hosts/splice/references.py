"""Whether what people wrote refers to our tabs: such a tab may not go, and what refers to it is worked out anew."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from html import unescape

from mapseg_xl.hosts.splice.archive import key_of
from mapseg_xl.hosts.splice.target import Target

_LONGEST = 400  # bytes of a sheet's name as a formula writes it
_SKIPPED = ("sharedStrings", "styles", "theme", "calcChain")
_PLAIN_END = re.compile(r"[a-z0-9 _.-]*$")
_LONGEST_WORD = 80
_WORD = re.compile(rb"[^\s=(,+*/^<>\"-]*$")
_CLOSED = re.compile(rb"(?:'|&apos;|&#39;)$")
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
        self.plain_ends = tuple(_plain_end(name.lower()) for name in sheets)
        self.none: set[bytes] = (
            set()
        )  # what stood before an exclamation mark and is no sheet of these
        self.found: set[str] = set()

    def in_part(self, chunks: Iterable[bytes]) -> None:
        """Looks through a part."""
        rest = b""
        for chunk in chunks:
            block = rest + chunk
            for piece in block.split(b"!")[:-1]:
                token = _token(piece)
                if token not in self.none:
                    self._try(piece, token)
            self._sources(block)
            rest = block[-_LONGEST:]

    def _try(self, piece: bytes, token: bytes) -> None:
        if _CLOSED.sub(b"", token).lower().endswith(self.plain_ends):
            before = len(self.found)
            self._look(piece[-_LONGEST:])
            if len(self.found) > before or piece[: -len(token)].endswith(b"'"):
                return  # a doubled quote: the name goes on before it
        self.none.add(token)

    def _look(self, before: bytes) -> None:
        said = unescape(before.decode("utf-8", "replace")).casefold()
        is_quoted = said.endswith("'")
        said = said[:-1] if is_quoted else said
        if not said.endswith(self.endings):
            return
        for form, name in self.names.items():
            rest = said.removesuffix(form)
            if rest != said and (rest[-1:] in ("'", ":") if is_quoted else not _goes_on(rest)):
                self.found.add(name)

    def _sources(self, block: bytes) -> None:
        """A pivot names the sheet it reads."""
        if b"worksheetSource" in block:
            for found in _SOURCE.findall(block):
                name = unescape(found.decode("utf-8", "replace")).casefold()
                self.found |= {self.plain[name]} if name in self.plain else set()


def _token(piece: bytes) -> bytes:
    """The word, or the name in quotes, that a piece ends with."""
    if piece.endswith(b"'"):
        return piece[max(piece.rfind(b"'", 0, -1), 0) :]
    found = _WORD.search(piece[-_LONGEST_WORD:])
    return found[0] if found else b""


def _plain_end(name: str) -> bytes:
    """The last letters of a name, as far as every program writes them alike."""
    found = _PLAIN_END.search(name)
    return found[0].encode() if found else b""


def _goes_on(before: str) -> bool:
    """Whether a name without quotes began earlier, or is one of another workbook."""
    return bool(before) and (before[-1].isalnum() or before[-1] in "_.']")
