"""Two stylesheets into one: ours goes after theirs, which keeps its numbers; what both have is written once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.splice.markup import MAIN, STRICT_MAIN, Edit, Markup, quoted, with_prefix
from mapseg_xl.hosts.splice.undoing import Patch, patch_of
from mapseg_xl.hosts.splice.widths import OURS, digit_pixels

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
_POOLS = ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs")
_FIRST_OWN_FORMAT = 164
_MOST_XFS = 65_490
# What Excel takes for granted where a stylesheet says nothing: cells without a style use the first of each.
_GRANTED = {
    "fonts": ('<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',),
    "fills": (
        '<fill><patternFill patternType="none"/></fill>',
        '<fill><patternFill patternType="gray125"/></fill>',
    ),
    "borders": ("<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellStyleXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
    "cellXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
    "cellStyles": ('<cellStyle name="Normal" xfId="0" builtinId="0"/>',),
}
_APPLIED = ("Font", "Fill", "Border", "NumberFormat", "Alignment", "Protection")
_ANY_TAG = re.compile(
    r"<(/?)(?:[\w.-]+:)?([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>"
)
_ATTRIBUTE = re.compile(r"(?:[\w.-]+:)?([\w.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TRUE, _FALSE = ("1", "true"), ("0", "false")
_DXF_FORMAT = re.compile(r"numFmtId=\"(\d+)\"")


@dataclass(frozen=True, slots=True)
class Looks:
    """Where our formats are from now on: cell formats and those of conditions, by the number they had.

    `digit`: how many pixels wide a digit is in the workbook's own font.
    """

    cells: Sequence[int] = ()
    conditions: Sequence[int] = ()
    digit: int = OURS


@dataclass(slots=True)
class _Pool:
    """A list of formats: those that are there, and those put after them."""

    name: str
    count: int = 0
    known: dict[tuple[object, ...], int] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)

    def place(self, text: str) -> int:
        """The number of a format, a new one where there is none that is the same."""
        key = canonical(text)
        if key not in self.known:
            self.known[key] = self.count
            self.count += 1
            self.new.append(text)
        return self.known[key]


def empty_stylesheet(*, strict: bool) -> bytes:
    """Of a workbook that has none."""
    uri = STRICT_MAIN if strict else MAIN
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<styleSheet xmlns="{uri}"></styleSheet>'.encode()


@dataclass(frozen=True, slots=True)
class Merged:
    """Their stylesheet with what ours needs after it, where our formats are in it, and how to take that back."""

    content: bytes
    looks: Looks
    patch: Patch


def merged(theirs: bytes, ours: bytes, where: str) -> Merged:
    """Both stylesheets as one; theirs keeps all its numbers."""
    base, own = Markup(theirs, where, 2), Markup(ours, "mapseg", 2)
    pools = {name: _pool(base, name) for name in _POOLS}
    if pools["cellStyleXfs"].new and base.root.child("cellStyles") is None:
        pools["cellStyles"] = _pool(base, "cellStyles")
    codes, new_codes = _formats(base, own)
    places = {
        name: [pools[name].place(text) for text in _texts(own, name)]
        for name in ("fonts", "fills", "borders")
    }
    cells = [
        pools["cellXfs"].place(_refitted(text, codes, places)) for text in _texts(own, "cellXfs")
    ]
    conditions = [
        pools["dxfs"].place(_DXF_FORMAT.sub(lambda m: f'numFmtId="{codes.get(m[1], m[1])}"', text))
        for text in _texts(own, "dxfs")
    ]
    if pools["cellXfs"].count > _MOST_XFS:
        raise RefusedOutput(
            f"{where} has no room for more cell formats: Excel allows {_MOST_XFS:,}. "
            "Write to a new workbook with --out; nothing was changed."
        )
    edits = [*_new_formats(base, new_codes)]
    for pool in pools.values():
        edits += _grown(base, pool)
    edits = _in_order(edits)
    if not base.root.close:  # the whole sheet is written as empty
        edits = [base.appended(base.root, "".join(edit.text for edit in edits))]
    return Merged(
        base.edited(edits),
        Looks(cells, conditions, digit_pixels(base)),
        patch_of(base.content, edits),
    )


def _pool(base: Markup, name: str) -> _Pool:
    pool = _Pool(name)
    for text in _texts(base, name):
        pool.known.setdefault(canonical(text), pool.count)
        pool.count += 1
    if not pool.count:
        for text in _GRANTED.get(name, ()):
            pool.place(text)
    return pool


def _texts(markup: Markup, name: str) -> list[str]:
    collection = markup.root.child(name)
    return [markup.text(node) for node in collection.children] if collection else []


def canonical(text: str) -> tuple[object, ...]:
    """What a format says, however a program writes it.

    >>> canonical('<x:b val="true"></x:b>') == canonical("<b val='1'/>")
    True
    """
    tokens: list[object] = []
    for closing, name, attributes, empty in _ANY_TAG.findall(text):
        if closing:
            tokens.append(None)
            continue
        tokens.append((name, _said(attributes)))
        if empty:
            tokens.append(None)
    return tuple(tokens)


def _said(attributes: str) -> tuple[tuple[str, str], ...]:
    found = []
    for name, double, single in _ATTRIBUTE.findall(attributes):
        value = unescape(double or single)
        if name.startswith("apply") and value in _FALSE:
            continue
        found.append((name, "1" if value in _TRUE else value))
    return tuple(sorted(found))


def _formats(base: Markup, own: Markup) -> tuple[dict[str, str], dict[str, str]]:
    """The numbers of our number formats in their stylesheet, and the codes that are new there."""
    listed = base.root.child("numFmts")
    theirs = {n.get("formatCode"): n.get("numFmtId") for n in (listed.children if listed else ())}
    numbers = [int(number) for number in theirs.values() if number.isdecimal()]
    following = max([_FIRST_OWN_FORMAT - 1, *numbers]) + 1
    ours, places, new = own.root.child("numFmts"), dict[str, str](), dict[str, str]()
    for node in ours.children if ours else ():
        code = node.get("formatCode")
        if code not in theirs:
            theirs[code] = new[code] = str(following)
            following += 1
        places[node.get("numFmtId")] = theirs[code]
    return places, new


def _refitted(text: str, codes: Mapping[str, str], places: Mapping[str, Sequence[int]]) -> str:
    """A cell format of ours with the numbers that its parts have in their stylesheet."""
    tag_end = text.index(">")
    known = {name: value for name, value, _ in _ATTRIBUTE.findall(text[:tag_end])}
    known["numFmtId"] = codes.get(known["numFmtId"], known["numFmtId"])
    for name, pool in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
        known[name] = str(places[pool][int(known[name])])
    known["xfId"] = "0"
    children = "" if text[tag_end - 1] == "/" else text[tag_end + 1 : text.index("</xf>")]
    for what in _APPLIED[:4] + tuple(n for n in _APPLIED[4:] if f"<{n.lower()}" in children):
        known[f"apply{what}"] = "1"
    said = " ".join(f'{name}="{value}"' for name, value in known.items())
    return f"<xf {said}>{children}</xf>" if children else f"<xf {said}/>"


def _new_formats(base: Markup, codes: Mapping[str, str]) -> list[Edit]:
    pool = _Pool("numFmts")
    listed = base.root.child("numFmts")
    pool.count = (len(listed.children) if listed else 0) + len(codes)
    pool.new = [
        f"<numFmt numFmtId={quoted(number)} formatCode={quoted(code)}/>"
        for code, number in codes.items()
    ]
    return _grown(base, pool)


def _grown(base: Markup, pool: _Pool) -> list[Edit]:
    """A list with its new formats at the end, the list itself where there is none."""
    if not pool.new:
        return []
    listed = base.root.child(pool.name)
    prefix = base.prefix(base.root)
    said = with_prefix("".join(pool.new), prefix)
    if listed is None:
        text = f'<{prefix}{pool.name} count="{pool.count}">{said}</{prefix}{pool.name}>'
        at = _place_of(base, pool.name)
        return [Edit(at, at, text)]
    if not listed.close:  # written as empty
        text = f'<{prefix}{pool.name} count="{pool.count}">{said}</{prefix}{pool.name}>'
        return [Edit(listed.start, listed.end, text)]
    edits = [base.appended(listed, said)]
    if listed.get("count"):
        edits.append(base.attribute(listed, "count", str(pool.count)))
    return edits


def _place_of(base: Markup, name: str) -> int:
    """Where a list that is missing belongs: after all that come before it."""
    before = set(_ORDER[: _ORDER.index(name)])
    ends = [child.end for child in base.root.children if child.name in before]
    return max(ends, default=base.root.inner)


def _in_order(edits: list[Edit]) -> list[Edit]:
    """New lists that belong at one place, in the order that the format wants."""

    def rank(edit: Edit) -> int:
        name = re.match(r"<(?:[\w.-]+:)?([\w.-]+)", edit.text)
        return _ORDER.index(name[1]) if name and name[1] in _ORDER else -1

    return sorted(edits, key=lambda edit: (edit.start, edit.end, rank(edit)))
