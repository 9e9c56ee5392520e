"""XML edited as text: where its elements lie, so that a change touches nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from mapseg_xl.errors import RefusedOutput

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SEPARATOR = " "
_ENCODING = re.compile(rb"(<\?xml[^>]*?encoding\s*=\s*)([\"'])([^\"']*)\2")
_NAME = re.compile(rb"<([^\s/>]+)")
_TAG = re.compile(r"<(/?)(?=[A-Za-z])")
_REST_OF_TAG = re.compile(rb"[^\"'>]*(?:\"[^\"]*\"[^\"'>]*|'[^']*'[^\"'>]*)*>")


@dataclass(slots=True, eq=False)
class Node:
    """An element and where it lies: from `start` to `end`, its content from `inner` to `close`."""

    name: str
    namespace: str
    attributes: Mapping[str, str]  # those of a namespace as "namespace name"
    start: int
    inner: int = 0
    close: int = 0
    end: int = 0
    prefixes: Mapping[str, str] = field(default_factory=dict)  # by namespace, never an empty one
    text: str = ""  # directly inside it
    children: list[Node] = field(default_factory=list)

    def get(self, attribute: str, default: str = "") -> str:
        """The value of an attribute without a namespace."""
        return self.attributes.get(attribute, default)

    def child(self, name: str) -> Node | None:
        """The first child of the node's own namespace; None where there is none."""
        return next(iter(self.named(name)), None)

    def named(self, name: str) -> list[Node]:
        """The children of that name in the node's own namespace."""
        return [c for c in self.children if c.name == name and c.namespace == self.namespace]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces what lies from `start` to `end`."""

    start: int
    end: int
    text: str


class Markup:
    """One part's XML and its elements down to a depth: the root is at depth 0."""

    def __init__(self, content: bytes, where: str, depth: int) -> None:
        self.content = in_utf8(content)
        self.root = _outline(self.content, where, depth)

    def text(self, node: Node) -> str:
        """The element as it is written."""
        return self.content[node.start : node.end].decode("utf-8", "surrogateescape")

    def prefix(self, node: Node) -> str:
        """What stands before the element's name: `x:`, or nothing."""
        found = _NAME.match(self.content, node.start)
        name = found[1].decode("utf-8", "surrogateescape") if found else ""
        return name.rpartition(":")[0] + ":" if ":" in name else ""

    def inside(self, node: Node) -> str:
        """What is written between its tags."""
        return self.content[node.inner : node.close].decode("utf-8", "surrogateescape")

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The part with these edits, which do not overlap; those at one place in their order."""
        pieces, at = [], 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            pieces += [self.content[at : edit.start], edit.text.encode("utf-8", "surrogateescape")]
            at = edit.end
        return b"".join([*pieces, self.content[at:]])

    def appended(self, node: Node, text: str) -> Edit:
        """Puts text last into an element, opening it where it is written as empty."""
        if node.close:
            return Edit(node.close, node.close, text)
        return Edit(node.end - 2, node.end, f">{text}</{self.prefix(node)}{node.name}>")

    def attribute(self, node: Node, name: str, value: str | None) -> Edit:
        """Sets, adds or (None) removes an attribute of an element."""
        stop = node.inner or node.end
        tag = self.content[node.start : stop].decode("utf-8", "surrogateescape")
        found = re.search(rf"\s{re.escape(name)}\s*=\s*(?:\"[^\"]*\"|'[^']*')", tag)
        said = "" if value is None else f" {name}={quoted(value)}"
        if found:
            before = len(tag[: found.start()].encode("utf-8", "surrogateescape"))
            length = len(found[0].encode("utf-8", "surrogateescape"))
            return Edit(node.start + before, node.start + before + length, said)
        at = stop - (1 if node.inner else 2)
        return Edit(at, at, said)


def quoted(value: str) -> str:
    """An attribute's value in double quotes."""
    return '"' + escape(value, {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}) + '"'


def escaped(text: str) -> str:
    """Text between tags."""
    return escape(text)


def in_utf8(content: bytes) -> bytes:
    """A part in UTF-8, saying so."""
    found = _ENCODING.search(content[:200])
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        declared = "utf-16"
    elif not found or found[3].lower() == b"utf-8":
        return content
    else:
        declared = found[3].decode("ascii", "replace")
    try:
        content = content.decode(declared).encode("utf-8")
    except (LookupError, UnicodeError):  # the parser says so in its words
        return content
    return _ENCODING.sub(rb"\1\2UTF-8\2", content, count=1)


def with_prefix(text: str, prefix: str) -> str:
    """Elements written without a prefix, with one.

    >>> with_prefix("<font><b/></font>", "x:")
    '<x:font><x:b/></x:font>'
    """
    return _TAG.sub(rf"<\1{prefix}", text) if prefix else text


def _outline(content: bytes, where: str, depth: int) -> Node:
    outline = _Outline(where, depth)
    try:
        outline.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise RefusedOutput(
            f"{where} cannot be read as XML. Open the workbook in Excel, save it again and repeat; nothing was changed."
        ) from error
    outline.ends(content)
    return outline.top[0]


class _Outline:
    """Follows a parser and notes where elements begin and end."""

    def __init__(self, where: str, depth: int) -> None:
        self.where, self.depth, self.level = where, depth, 0
        self.open: list[Node] = []
        self.top: list[Node] = []
        self.scopes: list[dict[str, str]] = [{}]
        self.new: dict[str, str] = {}
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartNamespaceDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        self.parser = parser

    def _declared(self, prefix: str | None, uri: str | None) -> None:
        if prefix:
            self.new[uri or ""] = prefix

    def _doctype(self, *_: object) -> None:
        raise RefusedOutput(
            f"{self.where} has a DOCTYPE, which no workbook has. "
            "Open the workbook in Excel, save it again and repeat; nothing was changed."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        scope = {**self.scopes[-1], **self.new} if self.new else self.scopes[-1]
        self.new = {}
        self.scopes.append(scope)
        self.level += 1
        if self.level - 1 > self.depth:
            return
        namespace, _, local = name.rpartition(_SEPARATOR)
        node = Node(local, namespace, attributes, self.parser.CurrentByteIndex, prefixes=scope)
        (self.open[-1].children if self.open else self.top).append(node)
        self.open.append(node)

    def _end(self, _: str) -> None:
        self.level -= 1
        self.scopes.pop()
        if self.level <= self.depth:
            self.open.pop().close = self.parser.CurrentByteIndex

    def _text(self, text: str) -> None:
        if self.level - 1 <= self.depth and self.open:
            self.open[-1].text += text

    def ends(self, content: bytes) -> None:
        """Where tags end: the parser only says where they begin."""
        todo = list(self.top)
        while todo:
            node = todo.pop()
            todo += node.children
            tag_end = _tag_end(content, node.start)
            if content[tag_end - 2 : tag_end] == b"/>":
                node.inner = node.close = 0
                node.end = tag_end
            else:
                node.inner, node.end = tag_end, _tag_end(content, node.close)


def _tag_end(content: bytes, start: int) -> int:
    """Just after the bracket that ends a tag; one inside quotes does not."""
    found = _REST_OF_TAG.match(content, start)
    return found.end() if found else len(content)
